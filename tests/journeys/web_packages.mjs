// Packages of the web that journeys use as a browser would: Playwright and the readers of vector tiles.
import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './server.mjs'

const web = createRequire(path.join(root, 'web/package.json'))

export const fromWeb = (name) => import(pathToFileURL(web.resolve(name)).href)

/** A browser that reports every fault of the page and every request that leaves the machine. */
export async function openBrowser(origin) {
    const { default: playwright } = await fromWeb('playwright-core')
    const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((place) => existsSync(place))
    const args = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']
    const browser = await playwright.chromium.launch({ executablePath, args })
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, locale: 'en-CA' })
    const faults = []
    page.on('pageerror', (error) => faults.push(`page error: ${error.message}`))
    // A status is the page's to handle (nobody is signed in at first); anything else it complains of is a fault.
    page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(`console: ${message.text()}`)
    })
    page.on('request', (request) => {
        const url = new URL(request.url())
        if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== origin) faults.push(`left the machine: ${url.href}`)
    })
    page.on('response', (response) => {
        if (response.status() >= 500) faults.push(`${response.status()} from ${response.url()}`)
    })
    return { browser, page, faults }
}

/** The features of a vector tile's layer, as plain values. */
export async function featuresOf(bytes, layer) {
    const { default: Pbf, PbfReader = Pbf } = await fromWeb('pbf')
    const { VectorTile } = await fromWeb('@mapbox/vector-tile')
    const found = new VectorTile(new PbfReader(bytes)).layers[layer]
    return found ? Array.from({ length: found.length }, (_, index) => found.feature(index).properties) : []
}
