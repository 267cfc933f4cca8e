import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
    api, assertAccessible, closeBrowser, coloursOf, demo, drawnMap, exact, measuredCampaign, openBrowser, origin, record,
    shot, withPage,
} from './support.mjs'

before(openBrowser)
after(closeBrowser)

async function openMap(page, search = '') {
    const campaign = await measuredCampaign()
    const tiles = record(page, /\/tiles\/\d+\/\d+\/\d+\.mvt$/)
    await page.goto(`${origin}/campaigns/${campaign.id}${search}`)
    const map = page.locator('[data-map]')
    await map.locator('canvas').waitFor()
    await page.getByRole('group', { name: /^Legend/ }).waitFor()
    await drawnMap(page)
    return { campaign, tiles, map }
}

for (const theme of ['light', 'dark']) {
    test(`the heat map draws its tiles in the ${theme} theme`, () =>
        withPage({ as: demo.owner, theme }, async (page) => {
            const { tiles } = await openMap(page)
            // Ground and water make two; the classes of the cells make the rest.
            assert.ok(await coloursOf(page) >= 4, 'the map is as good as blank')
            assert.ok(tiles.some(({ status }) => status === 200), 'no tile was fetched')
            assert.deepEqual(tiles.filter(({ status }) => status !== 200 && status !== 204), [])
            assert.ok(tiles.every(({ path }) => /[?&]v=\d+/.test(path)), 'a tile without its data version')
            await shot(page, `heat-map-${theme}`)
        }))
}

test('the legend has the classes of the API and switches them', () =>
    withPage({ as: demo.owner }, async (page) => {
        const requests = record(page, /\/legend$/)
        await openMap(page, '?metric=visits')
        const group = page.getByRole('group', { name: /^Legend/ })
        const [, resolution] = /level (\d+)/.exec(await group.innerText())
        const legends = await Promise.all(requests.filter(({ path }) => path.includes('metric=visits')).map(({ path }) => api(path)))
        const legend = legends.find((one) => one.resolution === Number(resolution))
        const classes = new Set(legend.breaks).size + (legend.hidden_cells > 0 ? 1 : 0)
        assert.ok(new Set(legend.breaks).size <= 7)
        assert.equal(await group.getByRole('button').count(), classes)
        const highest = group.getByRole('button').first()
        await highest.click()
        assert.equal(await highest.getAttribute('aria-pressed'), 'false')
    }))

test('pointing at a cell shows its numbers, or that it is hidden', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { map } = await openMap(page)
        await map.evaluate((element) => element.scrollIntoView({ block: 'center' }))
        const box = await map.boundingBox()
        const card = page.locator('[data-cell-card]')
        // A walk over the middle of the map, until it meets a cell.
        for (let i = 0; i < 64 && (await card.count()) === 0; i++) {
            const [across, down] = [(i % 8) / 7, Math.floor(i / 8) / 7]
            await page.mouse.move(box.x + box.width * (0.25 + across * 0.5), box.y + box.height * (0.2 + down * 0.6))
            await page.waitForTimeout(250)
        }
        assert.match(await card.innerText(), /Impressions|Hidden for privacy/)
        await shot(page, 'heat-map-cell')
    }))

test('the heat map has a table twin, which needs no map', () =>
    withPage({ as: demo.owner }, async (page) => {
        const tiles = record(page, /\/tiles\/\d+\/\d+\/\d+\.mvt$/)
        const { campaign } = await openMap(page)
        const panel = page.getByRole('region', { name: 'Heat map' })
        await panel.getByRole('button', { name: 'Table' }).click()
        const rows = page.getByRole('region', { name: 'Hexagons of the heat map' }).locator('tbody tr')
        await rows.first().waitFor()
        assert.ok(tiles.length > 0)
        const query = new URLSearchParams(tiles[0].path.split('?')[1])
        const legend = await api(`/v1/campaigns/${campaign.id}/legend?z=9&metric=visits&from=${query.get('from')}&to=${query.get('to')}`)
        assert.equal(await rows.count(), legend.cells + legend.hidden_cells)
        const hidden = await rows.filter({ hasText: 'Hidden for privacy' }).count()
        assert.equal(hidden, legend.hidden_cells)
        await assertAccessible(page, 'cells')
        await shot(page, 'heat-map-table')
    }))

test('the vehicles are on the map and in the list beside it', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/map`)
        const { items } = await api('/v1/vehicles/positions')
        if (items.length === 0) {
            await page.getByText('No vehicle has a position yet').waitFor()
            return
        }
        await drawnMap(page)
        assert.ok(await coloursOf(page) >= 3, 'the map is as good as blank')
        const names = await page.getByRole('region', { name: 'Vehicles and where they are' }).locator('tbody tr th').allInnerTexts()
        assert.deepEqual(names.sort(), items.map((one) => one.name).sort())
        const late = items.filter((one) => one.stale).length
        assert.equal(await page.locator('tbody tr').filter({ hasText: 'Late' }).count(), late)
        assert.ok((await page.getByRole('status').allInnerTexts()).join().includes(exact(items.length)))
        await shot(page, 'vehicles')
    }))
