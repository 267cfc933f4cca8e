// Pictures of the map in each of its states, held against the ones in references/. MOBILYTICS_RENEW=1 takes new ones.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { artefacts, closeBrowser, demo, drawnMap, openBrowser, origin, withPage } from './support.mjs'
import { path, serveWorld } from './map-world.mjs'

before(openBrowser)
after(closeBrowser)

const references = fileURLToPath(new URL('references/', import.meta.url))
// Of all pixels: the rims of some letters, which another version of the browser may draw otherwise. One hexagon is more.
const tolerated = 0.001

const legend = (page, name) => page.getByRole('group', { name: /^Legend/ }).getByRole('button', { name })
const states = {
    whole: { act: async () => {} },
    'whole-dark': { theme: 'dark', act: async () => {} },
    'whole-phone': { look: 'phone', act: async () => {} },
    'classes-off': {
        act: async (page) => {
            await legend(page, /and more/).click()
            await legend(page, /^Hidden/).click()
        },
    },
    pointed: {
        act: async (page, map) => {
            const { width, height } = await map.boundingBox()
            await map.hover({ position: { x: Math.round(width * 0.62), y: Math.round(height * 0.5) } })
            await page.locator('[data-cell-card]').waitFor()
        },
    },
    regions: {
        search: '?layer=regions&region=r6',
        act: async (page, map) => {
            await legend(page, /^320 /).click()
            const { width, height } = await map.boundingBox()
            await map.hover({ position: { x: Math.round(width * 0.7), y: Math.round(height * 0.25) } })
            await page.locator('[data-cell-card]').waitFor()
        },
    },
    'regions-dark': { theme: 'dark', search: '?layer=regions', act: async () => {} },
    'played-dark': {
        theme: 'dark',
        act: async (page) => {
            await page.emulateMedia({ reducedMotion: 'reduce' })
            await page.getByRole('button', { name: 'Step through the days' }).click()
            await page.getByRole('button', { name: 'Next' }).click()
        },
    },
}

/** A picture of the map with its legend, once two in a row are the same. */
async function picture(page) {
    const box = page.locator('[data-map]').locator('../..')
    let last = await box.screenshot()
    for (let i = 0; i < 40; i++) {
        await drawnMap(page)
        const next = await box.screenshot()
        if (next.equals(last)) return next
        last = next
    }
    throw new Error('the map does not come to rest')
}

/** The share of pixels in which two pictures differ by more than a rounding; 1 when they are not of one size. */
const difference = (page, one, other) => page.evaluate(async (files) => {
    const [a, b] = await Promise.all(files.map(async (file) => {
        const bytes = Uint8Array.from(atob(file), (char) => char.charCodeAt(0))
        const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
        context.drawImage(image, 0, 0)
        return context.getImageData(0, 0, image.width, image.height)
    }))
    if (a.width !== b.width || a.height !== b.height) return 1
    let different = 0
    for (let i = 0; i < a.data.length; i += 4) {
        if ([0, 1, 2].some((channel) => Math.abs(a.data[i + channel] - b.data[i + channel]) > 4)) different++
    }
    return different / (a.width * a.height)
}, [one, other].map((file) => file.toString('base64')))

const taken = new Map()
for (const [name, { look, theme, search = '', act }] of Object.entries(states)) {
    test(`the map looks as it did: ${name}`, (t) =>
        withPage({ as: demo.owner, ...(look ? { look } : {}), ...(theme ? { theme } : {}) }, async (page) => {
            if (!look) await page.setViewportSize({ width: 960, height: 640 })
            await serveWorld(page)
            await page.goto(origin + path + search)
            const map = page.locator('[data-map]')
            await map.locator('canvas').waitFor()
            await legend(page, /and more/).waitFor()
            await map.evaluate((element) => element.scrollIntoView({ block: 'center' }))
            await drawnMap(page)
            await act(page, map)
            const now = await picture(page)
            taken.set(name, now)
            if (process.env['MOBILYTICS_RENEW']) {
                mkdirSync(references, { recursive: true })
                writeFileSync(`${references}map-${name}.png`, now)
                return
            }
            const share = await difference(page, readFileSync(`${references}map-${name}.png`), now)
            t.diagnostic(`${(share * 100).toFixed(4)} % of the pixels differ`)
            if (share > tolerated) {
                mkdirSync(artefacts, { recursive: true })
                writeFileSync(`${artefacts}map-${name}-now.png`, now)
            }
            assert.ok(share <= tolerated, `${(share * 100).toFixed(3)} % of the pixels differ`)
        }))
}

test('the comparison sees a class that is off, a cell that is pointed at, and another day', () =>
    withPage({ as: demo.owner }, async (page) => {
        for (const [one, other] of [['whole', 'classes-off'], ['whole', 'pointed'], ['whole', 'regions'], ['whole-dark', 'played-dark'], ['whole', 'whole-dark']]) {
            const share = await difference(page, taken.get(one), taken.get(other))
            assert.ok(share > tolerated, `${one} and ${other} differ in ${share}`)
        }
    }))
