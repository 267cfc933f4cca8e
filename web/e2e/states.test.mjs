// What a page says when it has nothing to show: each reason has its own words, and its own way on.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
    assertAccessible, closeBrowser, demo, drawnMap, measuredCampaign, openBrowser, origin, shot, withPage,
} from './support.mjs'

before(openBrowser)
after(closeBrowser)

const problem = (status, code, title) => ({
    status, contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', title, status, code, instance: 'request-of-the-test' }),
})
const nothing = { status: 200, contentType: 'application/json', body: '{"items":[],"next_cursor":null}' }
const devices = /\/v1\/devices(\?|$)/

test('none yet, none match, no access, source down, our fault and no such page are told apart', () =>
    withPage({ as: demo.owner }, async (page) => {
        const words = new Set()
        const say = async (what, text, then) => {
            await page.getByText(text, { exact: true }).first().waitFor()
            words.add(await page.locator('main').innerText())
            await then?.()
            await assertAccessible(page, what)
            await shot(page, `state-${what.replaceAll(' ', '-')}`)
        }
        const answering = async (answer, body) => {
            await page.route(devices, (route) => route.fulfill(answer))
            await page.goto(`${origin}/devices`)
            await body()
            await page.unroute(devices)
        }
        await answering(nothing, () => say('none yet', 'No devices yet', async () =>
            assert.equal(await page.getByRole('link', { name: 'New device' }).count(), 2)))
        await answering(problem(403, 'auth.forbidden', 'Forbidden'), () => say('no access', 'No access', async () =>
            assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0)))
        await answering(problem(503, 'db.away', 'Service Unavailable'), () => say('source down', 'The source does not answer'))
        await answering(problem(500, 'internal', 'Internal Server Error'), () => say('our fault', 'Something went wrong here', async () =>
            page.getByText('request-of-the-test').waitFor()))
        await page.getByRole('button', { name: 'Try again' }).click()
        await page.getByRole('table').waitFor()

        await page.goto(`${origin}/devices?q=zzzz&status=online`)
        await say('none match', 'None match')
        await page.getByRole('button', { name: 'Clear search and filter' }).click()
        await page.getByRole('table').waitFor()
        assert.equal(new URL(page.url()).search, '')

        await page.goto(`${origin}/no/such/page`)
        await say('no such page', 'This page does not exist')
        await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Campaigns' }).waitFor()
        assert.match(await page.title(), /^This page does not exist/)
        assert.equal(words.size, 6)
    }))

test('a page that the role may not use says so', () =>
    withPage({ as: demo.analyst }, async (page) => {
        await page.goto(`${origin}/companies`)
        await page.getByRole('heading', { name: 'No access' }).waitFor({ state: 'attached' })
        assert.match(await page.title(), /^No access/)
    }))

test('a lost connection is said on every page, and goes when it is back', () =>
    withPage({ as: demo.owner }, async (page, context) => {
        await page.goto(`${origin}/campaigns`)
        await page.getByRole('table').waitFor()
        await context.setOffline(true)
        await page.getByText('No connection. What is on the screen may be old.').waitFor()
        await page.getByRole('table').waitFor()
        await context.setOffline(false)
        await page.getByText('No connection').waitFor({ state: 'detached' })
    }))

test('what is coming has its own shape, and nothing jumps when it is there', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.addInitScript(() => {
            globalThis.shift = 0
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value
            }).observe({ type: 'layout-shift', buffered: true })
        })
        let answer
        const asked = new Promise((resolve) => { answer = resolve })
        await page.route(/\/v1\/campaigns\?/, async (route) => {
            await asked
            await route.continue()
        })
        await page.goto(`${origin}/campaigns`)
        await page.getByRole('status').getByText('Loading').first().waitFor({ state: 'attached' })
        await shot(page, 'skeleton')
        answer()
        await page.getByRole('table').waitFor()
        assert.equal(await page.getByText('Loading').count(), 0)
        const shift = await page.evaluate(() => globalThis.shift)
        assert.ok(shift <= 0.02, `layout shift ${shift}`)
    }))

test('on paper there are the numbers and not the buttons, and no table is cut', () =>
    withPage({ as: demo.owner, theme: 'dark' }, async (page) => {
        const campaign = await measuredCampaign()
        await page.goto(`${origin}/campaigns/${campaign.id}`)
        await page.getByRole('region', { name: 'Faces of this campaign' }).first().waitFor()
        await drawnMap(page)
        await page.emulateMedia({ media: 'print' })
        for (const role of ['navigation', 'banner', 'combobox']) assert.equal(await page.getByRole(role).count(), 0, role)
        assert.equal(await page.getByRole('button', { name: /Compare|Search|Pause|Chart/ }).count(), 0)
        await page.locator('[data-kpi=ots]').waitFor()
        await page.getByText(/^\w+ \d+, \d{4} to \w+ \d+, \d{4}$/).waitFor()
        const cut = await page.getByRole('region').evaluateAll((regions) => regions.filter(
            (region) => region.tabIndex === 0 && region.scrollHeight > region.clientHeight + 1).map((region) => region.getAttribute('aria-label')))
        assert.deepEqual(cut, [])
        assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)')
        assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), 'rgb(22, 24, 29)')
        await shot(page, 'print', { fullPage: true })
    }))
