// The regions on the heat map's ground: coloured by figures, tied to their table, silent about what is hidden.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
    api, assertAccessible, closeBrowser, coloursOf, demo, drawnMap, exact, measuredCampaign, openBrowser, origin, record, shot,
    tableRows, withPage,
} from './support.mjs'
import { path, serveWorld } from './map-world.mjs'

before(openBrowser)
after(closeBrowser)

const legend = (page) => page.getByRole('group', { name: /^Legend/ })
const rows = (page) => page.getByRole('region', { name: 'Regions', exact: true }).last().locator('tbody tr')
const parameter = (page, name) => new URL(page.url()).searchParams.get(name)

async function openMap(page, address) {
    await page.goto(origin + address)
    const map = page.locator('[data-map]')
    await map.locator('canvas').waitFor()
    await legend(page).waitFor()
    await drawnMap(page)
    return map
}

/** The campaign's map of regions, with the answers of the API that it shows. */
async function openRegions(page, search = '') {
    const campaign = await measuredCampaign()
    const asked = record(page, /\/(regions|shapes|legend)$/)
    const map = await openMap(page, `/campaigns/${campaign.id}?layer=regions${search}`)
    const answer = (ending) => api(asked.find(({ path }) => path.split('?')[0].endsWith(ending)).path)
    const [{ items }, shapes, { view: bounds }] = await Promise.all(['/regions', '/shapes', '/legend'].map(answer))
    return { map, items, shapes, bounds }
}

/** A place inside a region: the middle of its widest part half way up its largest ring. */
function insideOf({ geometry: { type, coordinates } }) {
    const rings = type === 'Polygon' ? coordinates : coordinates.flat()
    const span = (ring) => Math.max(...ring.map(([, lat]) => lat)) - Math.min(...ring.map(([, lat]) => lat))
    const largest = rings.reduce((most, ring) => (span(ring) > span(most) ? ring : most))
    const lat = Math.min(...largest.map((point) => point[1])) + span(largest) / 2
    const crossings = rings.flatMap((ring) => ring.slice(1).flatMap(([x, y], i) => {
        const [px, py] = ring[i]
        return (y > lat) === (py > lat) ? [] : [px + ((lat - py) / (y - py)) * (x - px)]
    })).sort((a, b) => a - b)
    const widths = crossings.flatMap((x, i) => (i % 2 === 0 ? [[crossings[i + 1] - x, (crossings[i + 1] + x) / 2]] : []))
    return [widths.reduce((most, one) => (one[0] > most[0] ? one : most))[1], lat]
}

const mercator = ([lon, lat]) => [lon / 360, -Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI)]

/** Where a place lies on a map that was just opened on these bounds, with room around them and for the legend. */
function placeOn({ width, height }, [west, south, east, north], place) {
    const room = { left: 260, right: 60, top: 60, bottom: 60 }
    const [[left, bottom], [right, top], [x, y]] = [[west, south], [east, north], place].map(mercator)
    const scale = Math.min(
        (width - room.left - room.right) / (right - left), (height - room.top - room.bottom) / (bottom - top), 512 * 2 ** 14)
    return {
        x: (room.left + width - room.right) / 2 + (x - (left + right) / 2) * scale,
        y: (room.top + height - room.bottom) / 2 + (y - (top + bottom) / 2) * scale,
    }
}

/** Those of the regions that lie on the map with room to point at, and where. */
async function pointable({ map, shapes, bounds }, codes) {
    await map.evaluate((element) => element.scrollIntoView({ block: 'center' }))
    const box = await map.boundingBox()
    return shapes.features.filter(({ properties }) => codes.has(properties.code)).flatMap((shape) => {
        const at = placeOn(box, bounds, insideOf(shape))
        const isOn = at.x > 240 && at.x < box.width - 60 && at.y > 60 && at.y < box.height - 60
        return isOn ? [{ code: shape.properties.code, name: shape.properties.name, at }] : []
    })
}

const card = (page) => page.locator('[data-cell-card]')
async function cardAt(page, map, at) {
    await map.hover({ position: at })
    await card(page).waitFor()
    return card(page).innerText()
}

test('hexagons give way to regions by the choice above the map, and the address says so', () =>
    withPage({ as: demo.owner }, async (page) => {
        const campaign = await measuredCampaign()
        const shapes = record(page, /\/shapes$/)
        await openMap(page, `/campaigns/${campaign.id}`)
        assert.deepEqual(shapes, [], 'shapes were fetched for a map of hexagons')
        const play = page.getByRole('button', { name: 'Play day by day' })
        await play.waitFor()
        const choice = page.getByRole('group', { name: 'Shown by' })
        await choice.getByRole('button', { name: 'Regions' }).press('Enter')
        await page.waitForURL((url) => url.searchParams.get('layer') === 'regions')
        await legend(page).getByText('reached').waitFor()
        await drawnMap(page)
        assert.ok(shapes.length > 0 && shapes.every(({ status }) => status === 200))
        assert.equal(await play.count(), 0)
        assert.ok(await coloursOf(page) >= 5, 'the map is as good as blank')
        await assertAccessible(page, 'regions on the map')
        await shot(page, 'regions-map')
        await choice.getByRole('button', { name: 'Hexagons' }).click()
        await play.waitFor()
        assert.equal(parameter(page, 'layer'), null)
    }))

test('the busiest region has its figures beside the pointer', () =>
    withPage({ as: demo.owner }, async (page) => {
        const opened = await openRegions(page)
        const shown = opened.items.filter(({ hidden }) => !hidden)
        const busiest = shown.reduce((most, one) => (one.visits > most.visits ? one : most))
        const [{ at }] = await pointable(opened, new Set([busiest.code]))
        const said = await cardAt(page, opened.map, at)
        for (const word of [busiest.name, exact(busiest.ots), exact(busiest.visits), exact(busiest.lts)]) {
            assert.ok(said.includes(word), `${word} is missing in: ${said}`)
        }
        await shot(page, 'regions-map-pointed')
    }))

test('a hidden region says that it is hidden, and one without a visit that nothing was measured', () =>
    withPage({ as: demo.owner }, async (page) => {
        // Whether the demo hides a region depends on the day; the fixed world hides its first and leaves out its last.
        const world = await serveWorld(page)
        const map = await openMap(page, `${path}?layer=regions`)
        const said = async (code) => {
            const [{ at, name }] = await pointable({ map, ...world }, new Set([code]))
            const words = await cardAt(page, map, at)
            await page.mouse.move(0, 0)
            await card(page).waitFor({ state: 'detached' })
            return words.replace(name, '').trim()
        }
        assert.equal(await said('r0'), 'Hidden for privacy')
        assert.equal(await said('r11'), 'Nothing measured here')
        assert.match(await said('r10'), /Impressions\s*10,240/)
        // What is switched off no longer answers; what was not reached still does.
        await legend(page).getByRole('button', { name: /^Hidden/ }).click()
        await drawnMap(page)
        assert.equal(await said('r11'), 'Nothing measured here')
        const [{ at }] = await pointable({ map, ...world }, new Set(['r0']))
        await map.hover({ position: at })
        await drawnMap(page)
        assert.equal(await card(page).count(), 0)
    }))

test('the map stays where the reader put it when regions take the place of hexagons', () =>
    withPage({ as: demo.owner }, async (page) => {
        await serveWorld(page)
        const map = await openMap(page, path)
        const scale = () => page.locator('.maplibregl-ctrl-scale').innerText()
        const first = await scale()
        await page.getByRole('button', { name: 'Zoom in' }).click()
        await page.waitForFunction((words) => document.querySelector('.maplibregl-ctrl-scale').innerText !== words, first)
        await drawnMap(page)
        const near = await scale()
        for (const name of ['Regions', 'Hexagons']) {
            const old = await map.elementHandle()
            await page.getByRole('group', { name: 'Shown by' }).getByRole('button', { name }).click()
            await page.waitForFunction((element) => !element.isConnected, old)
            await drawnMap(page)
            assert.equal(await scale(), near, name)
        }
    }))

test('the legend has the classes of the regions that are shown, and switches them', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { items, map } = await openRegions(page, '&metric=visits')
        const visits = items.filter(({ hidden }) => !hidden).map((region) => region.visits).sort((a, b) => a - b)
        const bounds = new Set([0, 1, 2, 3, 4, 5, 6].map((i) => visits[Math.floor((i * visits.length) / 7)]))
        const hidden = items.filter((region) => region.hidden).length
        const entries = legend(page).getByRole('button')
        assert.equal(await entries.count(), bounds.size + (hidden > 0 ? 1 : 0))
        assert.ok((await legend(page).innerText()).includes(`${items.length} regions reached`))
        if (hidden > 0) assert.equal(await entries.last().innerText(), `Hidden for privacy (${hidden})`)
        const before = await map.screenshot()
        await entries.first().click()
        assert.equal(await entries.first().getAttribute('aria-pressed'), 'false')
        await page.mouse.move(0, 0)
        await drawnMap(page)
        assert.notDeepEqual(await map.screenshot(), before)
    }))

test('pointing at a row outlines its region, by pointer and by keyboard', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { map } = await openRegions(page)
        await page.setViewportSize({ width: 1360, height: 1800 })
        await drawnMap(page)
        await map.evaluate((element) => element.scrollIntoView({ block: 'start' }))
        const plain = await map.screenshot()
        const names = rows(page).getByRole('button')
        await names.first().hover()
        await drawnMap(page)
        const outlined = await map.screenshot()
        assert.notDeepEqual(outlined, plain)
        await page.mouse.move(0, 0)
        await names.first().focus()
        await drawnMap(page)
        assert.deepEqual(await map.screenshot(), outlined)
        await page.keyboard.press('ArrowDown')
        await drawnMap(page)
        assert.notDeepEqual(await map.screenshot(), outlined)
    }))

test('a click on a region shows its row, and a second one lets go of it', () =>
    withPage({ as: demo.owner }, async (page) => {
        const opened = await openRegions(page)
        const quietest = opened.items.filter(({ hidden }) => !hidden).sort((a, b) => a.visits - b.visits)
        const places = await pointable(opened, new Set(quietest.map(({ code }) => code)))
        const one = quietest.flatMap(({ code }) => places.filter((place) => place.code === code))[0]
        await opened.map.click({ position: one.at })
        await page.waitForURL((url) => url.searchParams.get('region') === one.code)
        const button = rows(page).getByRole('button', { pressed: true })
        await button.waitFor()
        assert.ok((await button.innerText()).includes(one.code))
        const [{ y, height }, table] = await Promise.all(
            [button, page.getByRole('region', { name: 'Regions', exact: true }).last()].map((part) => part.boundingBox()))
        assert.ok(y >= table.y && y + height <= table.y + table.height, 'the row is not in view')
        assert.ok(y >= 0 && y + height <= 900, 'the row is not on the screen')
        await assertAccessible(page, 'a chosen region')
        await button.click()
        await page.waitForURL((url) => !url.searchParams.has('region'))
        assert.equal((await tableRows(page, 'Regions')).length, opened.items.length)
    }))
