// What a page costs on its way to the reader, and that it stands still while it comes: research/frontend.md 6.1. Sizes of
// the build by route are in tests/sizes.test.ts; here is what the server really sends. Times are printed, not judged.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { closeBrowser, demo, drawnMap, measuredCampaign, openBrowser, origin, settle, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

const kib = 1024
const budgets = {
    // KiB of the first route and, after it, the menus of the top bar; brotli only where the connection is secure.
    scripts: { gzip: 200 + 35, br: 175 + 31 }, styles: 25, fonts: 140, shift: 0.02,
}

/** Counts what arrives, and what moves without having been asked to. */
async function weigh(page) {
    const files = []
    page.on('response', (response) => {
        const { 'content-length': length, 'content-encoding': encoding } = response.headers()
        files.push({ type: response.request().resourceType(), url: response.url(), size: Number(length) / kib, encoding })
    })
    await page.addInitScript(() => {
        globalThis.shift = 0
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value
        }).observe({ type: 'layout-shift', buffered: true })
    })
    return files
}
const stillness = (page) => page.evaluate(() => ({
    shift: globalThis.shift, paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
}))
const sum = (files, type) => files.filter((file) => file.type === type).reduce((total, { size }) => total + size, 0)

test('the first page arrives within its budget, without the map, the calendar or the palette', (t) =>
    withPage({ as: demo.owner }, async (page) => {
        // Signing in leads to the list as well: it comes to rest before anything is counted.
        await page.getByRole('table').waitFor()
        await settle(page)
        const files = await weigh(page)
        await page.goto(`${origin}/campaigns`)
        await page.getByRole('table').waitFor()
        await settle(page)
        const scripts = files.filter(({ type }) => type === 'script')
        // The smallest would grow by it.
        const large = scripts.filter(({ size }) => size > 2)
        assert.ok(large.length > 0)
        assert.deepEqual(large.filter((file) => !file.encoding).map(({ url }) => url), [])
        const { encoding } = large[0]
        t.diagnostic(`scripts ${sum(files, 'script').toFixed(1)} KiB (${encoding}), styles ${sum(files, 'stylesheet').toFixed(1)}, fonts ${sum(files, 'font').toFixed(1)}`)
        assert.ok(sum(files, 'script') <= budgets.scripts[encoding], `${sum(files, 'script')} KiB of scripts`)
        assert.ok(sum(files, 'stylesheet') <= budgets.styles)
        assert.ok(sum(files, 'font') <= budgets.fonts)
        for (const later of [/map-canvas|maplibre/, /range-picker/, /palette/]) assert.ok(!files.some(({ url }) => later.test(url)), String(later))
        const { shift, paint } = await stillness(page)
        t.diagnostic(`layout shift ${shift.toFixed(4)}, first paint after ${paint?.toFixed(0) ?? '—'} ms`)
        assert.ok(shift <= budgets.shift, `layout shift ${shift}`)
    }))

for (const look of ['desktop', 'phone']) {
    test(`a campaign's page stands still while its numbers and its map come (${look})`, (t) =>
        withPage({ as: demo.owner, look }, async (page) => {
            const campaign = await measuredCampaign()
            await weigh(page)
            await page.goto(`${origin}/campaigns/${campaign.id}`)
            await page.locator('[data-kpi=ots]').waitFor()
            await page.locator('[data-map] canvas').waitFor()
            await drawnMap(page)
            await settle(page)
            const { shift, paint } = await stillness(page)
            t.diagnostic(`layout shift ${shift.toFixed(4)}, first paint after ${paint?.toFixed(0) ?? '—'} ms`)
            assert.ok(shift <= budgets.shift, `layout shift ${shift}`)
        }))
}
