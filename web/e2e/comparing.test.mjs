// The days shown, what they are compared with, and what of it the browser remembers.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
    api, closeBrowser, demo, exact, liveCampaign, measuredCampaign, openBrowser, origin, record, shot, tableRows, withPage,
} from './support.mjs'

before(openBrowser)
after(closeBrowser)

const week = 7 * 86_400_000
const dayOf = (at, zone) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)

/** A day that lies a week after the first of the flight, so that there is something before it. */
async function comparable() {
    const campaign = await measuredCampaign()
    const at = Date.parse(campaign.from) + week
    assert.ok(at < Date.now(), 'the demo holds less than a week of its largest campaign')
    return { campaign, day: dayOf(at, campaign.zone), dayBefore: dayOf(at - week, campaign.zone) }
}

test('comparing shows the change against the same weekday and hours, in totals, chart and tables', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { campaign, day, dayBefore } = await comparable()
        const asked = record(page, /\/(summary|metrics)$/)
        await page.goto(`${origin}/campaigns/${campaign.id}?from=${day}&to=${day}&grain=hour`)
        await page.locator('[data-kpi=ots]').waitFor()
        assert.equal(await page.locator('[data-change]').count(), 0)

        await page.getByRole('button', { name: 'Compare', exact: true }).click()
        await page.waitForURL((url) => url.searchParams.get('compare') === 'before')
        await page.locator('[data-kpi=ots] [data-change]').waitFor()
        const spans = asked.filter(({ path }) => path.includes('/summary?')).map(({ path }) => new URLSearchParams(path.split('?')[1]))
        const past = spans.find((span) => Date.parse(span.get('from')) === Date.parse(spans[0].get('from')) - week)
        assert.ok(past, 'no summary of the week before was asked for')
        const last = spans.find((span) => Date.parse(span.get('to')) === Date.parse(past.get('to')) + week)
        assert.ok(last, 'the two spans are not equally long')
        const totals = async (span) => (await api(`/v1/campaigns/${campaign.id}/summary?${span}`)).totals
        const [then, now] = [await totals(past), await totals(last)]
        const percent = new Intl.NumberFormat('en-CA', { style: 'percent', maximumFractionDigits: 1 })
        for (const id of ['ots', 'visits', 'lts']) {
            const change = (now[id] - then[id]) / then[id]
            const shown = await page.locator(`[data-kpi=${id}] [data-change]`).innerText()
            assert.ok(shown.includes(percent.format(Math.abs(change))), `${id}: ${shown}`)
            assert.match(shown, change > 0.0005 ? /▲/ : change < -0.0005 ? /▼/ : /=/)
        }
        await page.locator('svg [data-before]').waitFor()
        await page.getByText(/Compared with .* the same weekday and hours/).waitFor()

        const panel = page.getByRole('region', { name: 'Impressions by hour', exact: true }).first()
        await panel.getByRole('button', { name: 'Table' }).click()
        const series = asked.findLast(({ path }) => path.includes('/metrics?') && path.includes(past.get('from').slice(0, 10)))
        const { buckets } = await api(series.path)
        const known = buckets.filter((bucket) => bucket.ots !== null)
        assert.ok(known.length > 0 && known.every((bucket) => bucket.local.startsWith(dayBefore)))
        const rows = (await tableRows(page, 'Impressions by hour')).filter((cells) => cells.length > 5)
        const shown = rows.map((cells) => cells[2]).filter((cell) => cell !== '—')
        assert.deepEqual(shown, known.map((bucket) => exact(bucket.ots)))
        await shot(page, 'compared')
    }))

test('the first days of a flight have nothing to be compared with, and the page says so', () =>
    withPage({ as: demo.owner }, async (page) => {
        const campaign = await measuredCampaign()
        const day = dayOf(Date.parse(campaign.from), campaign.zone)
        await page.goto(`${origin}/campaigns/${campaign.id}?from=${day}&to=${day}&compare=before`)
        await page.getByText(/Nothing to compare: the flight began on/).waitFor()
        assert.equal(await page.locator('[data-change]').count(), 0)
    }))

test('the days chosen last open with the next campaign, until the whole flight is chosen', () =>
    withPage({ as: demo.owner }, async (page) => {
        const campaign = await liveCampaign()
        const open = async () => {
            await page.goto(`${origin}/campaigns/${campaign.id}`)
            await page.locator('[data-kpi=ots]').waitFor()
        }
        const days = () => {
            const { searchParams } = new URL(page.url())
            return [searchParams.get('from'), searchParams.get('to')]
        }
        await open()
        assert.deepEqual(days(), [null, null])
        await page.getByRole('button', { name: /Which days/ }).click()
        await page.getByRole('option', { name: 'Yesterday' }).click()
        await page.waitForURL((url) => url.searchParams.has('from'))
        const chosen = days()
        await open()
        assert.deepEqual(days(), chosen)
        await page.getByRole('button', { name: /Yesterday/ }).click()
        await page.getByRole('option', { name: 'Whole flight' }).click()
        await page.waitForURL((url) => !url.searchParams.has('from'))
        await open()
        assert.deepEqual(days(), [null, null])
    }))
