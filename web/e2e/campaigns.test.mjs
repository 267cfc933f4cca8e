import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
    api, closeBrowser, demo, exact, measuredCampaign, openBrowser, origin, record, shot, tableRows, withPage,
} from './support.mjs'

before(openBrowser)
after(closeBrowser)

const rowNames = (page) => page.locator('main tbody tr th').allInnerTexts()

test('the list holds the campaigns of the API', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/campaigns`)
        await page.getByRole('table').waitFor()
        const { items } = await api('/v1/campaigns?limit=200')
        assert.deepEqual((await rowNames(page)).sort(), items.map((campaign) => campaign.name).sort())
        await shot(page, 'campaigns')
    }))

test('filter and search live in the address and survive a reload', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { items } = await api('/v1/campaigns?limit=200')
        const [one] = items
        await page.goto(`${origin}/campaigns`)
        await page.getByLabel('Search campaigns').fill(one.name)
        await page.waitForURL((url) => url.searchParams.get('q') === one.name)
        await page.reload()
        await page.getByRole('link', { name: one.name, exact: true }).waitFor()
        assert.ok((await rowNames(page)).every((name) => name.toLowerCase().includes(one.name.toLowerCase())))
        await page.goto(`${origin}/campaigns`)
        const states = { draft: 'Draft', booked: 'Booked', live: 'Live', paused: 'Paused', finished: 'Finished', cancelled: 'Cancelled' }
        await page.getByRole('group', { name: 'State' }).getByRole('button', { name: states[one.state] }).click()
        await page.waitForURL((url) => url.searchParams.get('state') === one.state)
        await page.waitForFunction(
            (count) => document.querySelectorAll('main tbody tr').length === count,
            items.filter((campaign) => campaign.state === one.state).length)
    }))

test('an address that makes no sense shows the page as if it were not there', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { items } = await api('/v1/campaigns?limit=200')
        await page.goto(`${origin}/campaigns?state=gone&open=everything`)
        await page.getByRole('table').waitFor()
        assert.equal((await rowNames(page)).length, items.length)
        const campaign = await measuredCampaign()
        await page.goto(`${origin}/campaigns/${campaign.id}?from=2026-02-31&to=yesterday&grain=week&metric=money`)
        await page.locator('[data-kpi=ots]').waitFor()
    }))

test('a search that finds nothing says so, and not that there is nothing', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/campaigns?q=zzzz-no-such-campaign`)
        await page.getByText('None match').waitFor()
    }))

/** Opens a campaign and answers with what its own requests were, asked again with an API key. */
async function openMeasured(page, search = '') {
    const campaign = await measuredCampaign()
    const requests = record(page, /\/(summary|metrics|regions|legend)$/)
    await page.goto(`${origin}/campaigns/${campaign.id}${search}`)
    await page.locator('[data-kpi=ots]').waitFor()
    const again = async (kind) => {
        for (let i = 0; i < 100 && !requests.some(({ path }) => path.includes(`/${kind}?`)); i++) await page.waitForTimeout(100)
        return api(requests.findLast(({ path }) => path.includes(`/${kind}?`)).path)
    }
    return { campaign, again }
}

test('the numbers of the campaign page are those of the API', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { campaign, again } = await openMeasured(page)
        const { totals, reach } = await again('summary')
        assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), campaign.name)
        const shown = (id) => page.locator(`[data-kpi=${id}] [data-exact]`).getAttribute('data-exact')
        assert.equal(await shown('visits'), exact(totals.visits))
        assert.equal(await shown('ots'), exact(totals.ots))
        assert.equal(await shown('lts'), exact(totals.lts))
        assert.equal(await shown('dwell'), totals.mean_dwell_s === null ? '— s' : `${totals.mean_dwell_s.toFixed(1)} s`)
        assert.equal(await shown('reach'), reach.mean_daily_reach === null ? '—' : exact(reach.mean_daily_reach))
        await shot(page, 'campaign')
    }))

test('each number says how it was made', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { again } = await openMeasured(page)
        const { about } = await again('summary')
        await page.getByRole('button', { name: 'How Impressions was made' }).click()
        const dialog = page.getByRole('dialog')
        const words = await dialog.innerText()
        for (const name of ['Source', 'Method', 'Calibrated visits', 'Coverage', 'Placed visits', 'Visits without an asset', 'Left out while parked', 'Complete to', 'Final to']) {
            assert.ok(words.includes(name), name)
        }
        assert.ok(words.includes(`version ${about.method_version}`))
        await shot(page, 'how-made')
    }))

test('the time chart has a table twin with the values of the API, by hour and by day', () =>
    withPage({ as: demo.owner }, async (page) => {
        for (const [grain, title] of [['day', 'Impressions by day'], ['hour', 'Impressions by hour']]) {
            const { again } = await openMeasured(page, `?grain=${grain}`)
            const panel = page.getByRole('region', { name: title, exact: true }).first()
            await panel.getByRole('button', { name: 'Table' }).click()
            const { buckets } = await again('metrics')
            const rows = (await tableRows(page, title)).filter((cells) => cells.length >= 5)
            assert.equal(rows.length, buckets.length)
            rows.forEach((cells, i) => {
                assert.equal(cells[1], buckets[i].ots === null ? '—' : exact(buckets[i].ots), buckets[i].local)
            })
        }
    }))

test('the dwell bins have a table twin whose visits are those of the API', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { again } = await openMeasured(page)
        const { totals } = await again('summary')
        const panel = page.getByRole('region', { name: 'Visits by time near', exact: true }).first()
        await panel.getByRole('button', { name: 'Table' }).click()
        const rows = (await tableRows(page, 'Visits by time near')).filter((cells) => cells.length === 3)
        assert.deepEqual(rows.map((cells) => cells[1]), totals.bins.map((visits) => exact(visits)))
    }))

test('the regions are those of the API, hidden ones without a number', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { again } = await openMeasured(page)
        const { items } = await api('/v1/region-sets')
        if (items.length === 0) {
            await page.getByText('No region sets').waitFor()
            return
        }
        const regions = await again('regions')
        if (regions.items.length === 0) {
            await page.getByText('No region was reached').waitFor()
            return
        }
        await page.getByRole('region', { name: 'Regions' }).locator('tbody tr').first().waitFor()
        const rows = (await tableRows(page, 'Regions')).filter((cells) => cells.length === 6)
        assert.equal(rows.length, regions.items.length)
        for (const region of regions.items) {
            const cells = rows.find(([name]) => name === `${region.name} ${region.code}`)
            assert.ok(cells, region.code)
            assert.equal(cells[1], region.hidden ? 'Hidden for privacy' : exact(region.ots))
        }
    }))

test('the chosen days are in the address, and another browser shows the same', () =>
    withPage({ as: demo.owner }, async (page) => {
        const campaign = await measuredCampaign()
        const day = new Intl.DateTimeFormat('en-CA', { timeZone: campaign.zone }).format(new Date(campaign.from))
        const { again } = await openMeasured(page, `?from=${day}&to=${day}&grain=hour`)
        const { buckets } = await again('metrics')
        assert.ok(buckets.length >= 23 && buckets.length <= 25, `${buckets.length} hours`)
        assert.ok(buckets.every((bucket) => bucket.local.startsWith(day)))
        await page.getByRole('button', { name: /Which days/ }).click()
        await page.getByRole('option', { name: 'Whole flight' }).click()
        await page.waitForURL((url) => !url.searchParams.has('from'))
    }))

test('CSV and PNG come out of a chart', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { again } = await openMeasured(page, '?grain=day')
        const { buckets } = await again('metrics')
        await page.locator('section svg g rect').first().waitFor({ state: 'attached' })
        const saved = async (item) => {
            const download = page.waitForEvent('download')
            await page.getByRole('button', { name: 'Download Impressions by day' }).click()
            await page.getByRole('menuitem', { name: item }).click()
            const stream = await (await download).createReadStream()
            const chunks = []
            for await (const chunk of stream) chunks.push(chunk)
            return Buffer.concat(chunks)
        }
        const lines = (await saved('Download CSV')).toString('utf8').trim().split('\r\n')
        assert.equal(lines.length, buckets.length + 1)
        lines.slice(1).forEach((line, i) => assert.equal(line.split(',')[2], String(buckets[i].ots ?? '')))
        const png = await saved('Download PNG')
        assert.equal(png.subarray(1, 4).toString(), 'PNG')
        assert.ok(png.length > 4_000, `${png.length} bytes`)
    }))
