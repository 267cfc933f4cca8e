// What every browser test needs: the running server, a browser, and the walls around each page.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { faultsOf, operationOf } from '../../tests/journeys/api.mjs'

const require = createRequire(import.meta.url)
const file = process.env['MOBILYTICS_DEMO_JSON']
if (!file) throw new Error('MOBILYTICS_DEMO_JSON names no demo.json: start the product with its demo first')

export const demo = JSON.parse(readFileSync(file, 'utf8'))
export const origin = new URL(demo.url).origin
export const artefacts = fileURLToPath(new URL('../../build/artefacts/', import.meta.url))
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

let browser
export async function openBrowser() {
    browser = await chromium.launch({
        executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
        args: [
            '--headless', '--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
            '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
        ],
    })
}
export const closeBrowser = () => browser?.close()

/** Nothing may leave the machine, no script may fail, and the content security policy may stop nothing. `others` are servers on this machine. */
function watch(context, faults, others) {
    context.on('request', (request) => {
        const url = new URL(request.url())
        if (url.protocol.startsWith('http') && url.origin !== origin && !others.includes(url.origin)) faults.push(`request to ${url.origin}`)
    })
    context.on('console', (message) => {
        if (/content security policy/i.test(message.text())) faults.push(message.text())
    })
    context.on('weberror', (error) => faults.push(`script failed: ${error.error().stack ?? error.error()}`))
}

/** Whether an answer is as api/openapi.json says. Those that a test makes up come from no server. */
async function undocumented(response) {
    const { pathname } = new URL(response.url())
    const type = response.headers()['content-type'] ?? ''
    if (!pathname.startsWith('/v1/') || !type.includes('json') || !(await response.serverAddr())) return []
    const method = response.request().method()
    const operation = operationOf(method, pathname)
    if (!operation) return [`${method} ${pathname} is no operation of api/openapi.json`]
    // Of a page that has gone by then nothing can be read any more.
    const bytes = await response.body().catch(() => null)
    if (bytes === null) return []
    const answer = { status: response.status(), headers: response.headers(), bytes, body: bytes.length ? JSON.parse(bytes) : undefined }
    return faultsOf(operation, answer).map((fault) => `${method} ${pathname} answered ${answer.status}: ${fault}`)
}

/** Every answer that the page is given. */
function watchAnswers(context) {
    const checks = []
    context.on('response', (response) => checks.push(undocumented(response).catch((error) => [error.message])))
    return async () => (await Promise.all(checks)).flat()
}

const looks = {
    desktop: { viewport: { width: 1360, height: 900 } },
    phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
}

/** Runs `body` with a fresh page and then asks that nothing forbidden happened meanwhile. */
export async function withPage(options, body) {
    const { look = 'desktop', theme = 'light', locale = 'en-CA', as, others = [] } = options
    const context = await browser.newContext({ ...looks[look], colorScheme: theme, locale, timezoneId: 'Asia/Tokyo' })
    const faults = []
    watch(context, faults, others)
    const undocumentedAnswers = watchAnswers(context)
    // Chosen in this browser: the account may have another language.
    if (locale !== 'en-CA') await context.addInitScript((chosen) => location.protocol === 'http:' && localStorage.setItem('mobilytics.locale', chosen), locale)
    const page = await context.newPage()
    page.setDefaultTimeout(45_000)
    countRequests(page)
    try {
        if (as) await signIn(page, as)
        await body(page, context)
        faults.push(...await undocumentedAnswers())
    } catch (error) {
        await shot(page, `failed-${Date.now()}`).catch(() => undefined)
        throw error
    } finally {
        await context.close()
    }
    assert.deepEqual(faults, [])
}

export async function signIn(page, account) {
    await page.goto(`${origin}/sign-in`)
    await page.locator('input[name=email]').fill(account.email)
    await page.locator('input[name=password]').fill(account.password)
    await page.locator('button[type=submit]').click()
    await page.waitForURL((url) => url.pathname !== '/sign-in')
}

/** A device that holds passkeys and says yes when it is asked. */
export async function addAuthenticator(page, context) {
    const session = await context.newCDPSession(page)
    await session.send('WebAuthn.enable')
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
        options: {
            protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
            isUserVerified: true, automaticPresenceSimulation: true,
        },
    })
    return {
        verifies: (isUserVerified) => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
        credentials: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    }
}

/** The API as a program sees it: the page's numbers are held against its answers. */
export async function api(path, account = demo.owner) {
    const response = await fetch(new URL(path, origin), { headers: { authorization: `Bearer ${account.api_key}` } })
    assert.equal(response.status, 200, `${path}: ${response.status}`)
    return response.json()
}

/** The campaign with the most visits of those that the list holds under this query, found through the API. */
async function largest(query) {
    const { items } = await api(`/v1/campaigns?limit=200${query}`)
    const visits = await Promise.all(items.map(async ({ id }) => (await api(`/v1/campaigns/${id}/summary`)).totals.visits))
    const most = Math.max(0, ...visits)
    if (most === 0) throw new Error(`no campaign of the demo has a visit (${query})`)
    return items[visits.indexOf(most)]
}

const found = new Map()
const once = (query) => found.get(query) ?? found.set(query, largest(query)).get(query)
export const measuredCampaign = () => once('')
export const liveCampaign = () => once('&state=live')

export async function shot(page, name, options = {}) {
    mkdirSync(artefacts, { recursive: true })
    await page.screenshot({ path: join(artefacts, `${name}.png`), ...options })
}

const running = new WeakMap()
/** Knows at any moment which requests of the page are under way. */
function countRequests(page) {
    const requests = new Set()
    running.set(page, requests)
    page.on('request', (request) => requests.add(request))
    for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => requests.delete(request))
}

/** Waits until nothing is under way, three times in a row: what one answer sets off is under way by the next look. */
async function quiet(page) {
    for (let still = 0; still < 3; still = running.get(page).size === 0 ? still + 1 : 0) await page.waitForTimeout(50)
}

/** Waits until the page has what its address promises, and nothing on it moves. */
export async function settle(page) {
    await page.locator('h1').first().waitFor({ state: 'attached' })
    // What the address opens is fetched when it is opened.
    if (new URL(page.url()).searchParams.has('open')) await page.getByRole('dialog').waitFor()
    await page.waitForFunction(() => document.querySelector('.appear-late, [aria-busy=true]') === null)
    await quiet(page)
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'))
}

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What fades in has less contrast on the way. What turns for ever is not waited for. */
const stands = () => document.getAnimations().every(({ playState, effect }) =>
    playState !== 'running' || effect?.getComputedTiming().iterations === Infinity)

export async function assertAccessible(page, name) {
    await page.waitForFunction(stands)
    if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axeSource)
    const { violations, passes } = await page.evaluate((tags) => globalThis.axe.run(document, {
        runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'],
    }), standards)
    assert.ok(passes.length > 5, `axe looked at too little of ${name}`)
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
    assert.deepEqual(found, [], name)
}

/** Waits until the map has drawn all that belongs to its view. */
export async function drawnMap(page) {
    const map = page.locator('[data-map][data-state=idle]')
    await map.waitFor({ timeout: 240_000 })
    return map
}

/** How many different colours the map itself shows, sampled, without what lies on it; a blank canvas has one. */
export async function coloursOf(page) {
    const box = await page.evaluate(() => {
        const map = document.querySelector('[data-map]')
        map.scrollIntoView({ block: 'center' })
        const over = [map.querySelector('.maplibregl-control-container'), ...map.parentElement.querySelectorAll('[role=group]')]
        for (const element of over) element.style.visibility = 'hidden'
        const { x, y, width, height } = map.getBoundingClientRect()
        const bottom = Math.min(y + height, window.innerHeight)
        return { x, y: Math.max(y, 60), width, height: bottom - Math.max(y, 60) }
    })
    const bytes = await page.screenshot({ clip: box })
    return page.evaluate(async (base64) => {
        for (const element of document.querySelectorAll('.maplibregl-control-container, [role=group]')) element.style.visibility = ''
        const binary = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
        const bitmap = await createImageBitmap(new Blob([binary], { type: 'image/png' }))
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
        const context = canvas.getContext('2d')
        context.drawImage(bitmap, 0, 0)
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
        const count = new Map()
        for (let i = 0; i < data.length; i += 4) {
            const colour = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2]
            count.set(colour, (count.get(colour) ?? 0) + 1)
        }
        // Only fills count: a letter's rim has many colours, each of a few pixels.
        return [...count.values()].filter((pixels) => pixels > 200).length
    }, bytes.toString('base64'))
}

/** Collects the paths of API requests as the page makes them. */
export function record(page, pattern) {
    const seen = []
    page.on('response', (response) => {
        const url = new URL(response.url())
        if (pattern.test(url.pathname)) seen.push({ path: url.pathname + url.search, status: response.status() })
    })
    return seen
}

/** The cells of each row of a table, as texts. */
export async function tableRows(page, region) {
    return page.getByRole('region', { name: region, exact: true }).locator('tbody tr').evaluateAll(
        (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)))
}

export const exact = (value, locale = 'en-CA') => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(value)
export const unique = (word) => `${word} ${Date.now().toString(36)}${Math.floor(Math.random() * 1e4)}`
