// Webhooks in the browser, with a receiver on this machine that really is sent to.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Receiver } from '../../tests/journeys/receiver.mjs'
import { api, assertAccessible, closeBrowser, demo, openBrowser, origin, settle, shot, unique, withPage } from './support.mjs'

let receiver
before(async () => {
    receiver = await Receiver.start()
    await openBrowser()
})
after(async () => {
    await closeBrowser()
    await receiver?.end()
})

const dialog = (page) => page.getByRole('dialog')
const more = async (page, action) => {
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: action }).click()
}

/** An endpoint made by the API, told of tests only, and its page. */
async function openEndpoint(page, path) {
    const response = await fetch(new URL('/v1/webhooks', origin), {
        method: 'POST', headers: { authorization: `Bearer ${demo.owner.api_key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ url: `${receiver.url}/${path}`, description: unique('e2e'), event_types: ['webhook.secret_rotated'] }),
    })
    assert.equal(response.status, 201)
    const { webhook, secret } = await response.json()
    await page.goto(`${origin}/settings/webhooks/${webhook.id}`)
    await page.getByRole('heading', { level: 1, name: webhook.url }).waitFor()
    return { ...webhook, secret }
}

async function sendTest(page, state) {
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText('A test is on its way').waitFor()
    const row = page.getByRole('row', { name: new RegExp(`webhook.test ${state}`) }).first()
    await row.waitFor()
    return row
}

test('an owner adds an endpoint, keeps its secret, sends a test and reads what was sent', () =>
    withPage({ as: demo.owner }, async (page) => {
        const path = unique('made').replace(' ', '-')
        await page.goto(`${origin}/settings`)
        await page.getByRole('link', { name: 'Open webhooks' }).click()
        await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor()
        await page.getByRole('link', { name: 'New endpoint' }).first().click()
        await dialog(page).getByLabel('URL').fill(`${receiver.url}/${path}`)
        await dialog(page).getByLabel('Description').fill('Night shift')
        await dialog(page).getByText('All, also those to come').click()
        // Each event says what it is about in the reader's words, in the very name of its box.
        await dialog(page).getByRole('checkbox', { name: 'Campaign launched campaign.launched' }).waitFor()
        await dialog(page).getByText('webhook.secret_rotated').click()
        await settle(page)
        await assertAccessible(page, 'new webhook')
        await shot(page, 'new-webhook')
        await dialog(page).getByRole('button', { name: 'Create' }).click()
        const secret = await page.locator('[data-secret]').innerText()
        assert.match(secret, /^whsec_/)
        await page.getByRole('button', { name: 'I have kept it' }).click()
        await page.getByRole('heading', { level: 1, name: `${receiver.url}/${path}` }).waitFor()
        assert.ok(!(await page.locator('body').innerText()).includes(secret), 'the secret is still on the page')

        const row = await sendTest(page, 'Arrived')
        assert.equal(receiver.at(`/${path}`).length, 1)
        await row.getByRole('link').click()
        await dialog(page).getByText('webhook-signature: v1,').waitFor()
        await dialog(page).getByText('"type":"webhook.test"').waitFor()
        await assertAccessible(page, 'a delivery')
        await shot(page, 'webhook-delivery')
        await dialog(page).getByRole('button', { name: 'Send again now' }).click()
        await dialog(page).getByRole('heading', { name: 'Attempt 2' }).waitFor()
        const [first, second] = receiver.at(`/${path}`)
        assert.equal(first.headers['webhook-id'], second.headers['webhook-id'])
    }))

test('a URL that leads inside is refused beside its field', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/settings/webhooks?open=new`)
        await dialog(page).getByLabel('URL').fill('http://169.254.169.254/')
        await dialog(page).getByRole('button', { name: 'Create' }).click()
        await dialog(page).getByText('must not lead to an address that is not public').waitFor()
        await assertAccessible(page, 'a refused webhook')
    }))

test('an endpoint that is gone says so, and is enabled again', () =>
    withPage({ as: demo.owner }, async (page) => {
        const endpoint = await openEndpoint(page, 'gone')
        receiver.willAnswer({ status: 410 })
        await sendTest(page, 'Failed')
        await page.getByText(/the receiver answered that it is gone/).waitFor()
        await settle(page)
        await assertAccessible(page, 'a disabled webhook')
        await shot(page, 'webhook-disabled')
        await page.getByRole('button', { name: 'Enable' }).click()
        await page.getByRole('button', { name: 'Send a test' }).waitFor()
        assert.equal((await api(`/v1/webhooks/${endpoint.id}`)).enabled, true)
    }))

test('the secret is shown again, rotated, and the endpoint deleted', () =>
    withPage({ as: demo.owner }, async (page) => {
        const endpoint = await openEndpoint(page, 'rotated')
        await more(page, 'Show the secret')
        assert.equal(await page.locator('[data-secret]').innerText(), endpoint.secret)
        await page.getByRole('button', { name: 'I have kept it' }).click()
        await more(page, 'New secret')
        await page.getByRole('alertdialog').getByRole('button', { name: 'New secret' }).click()
        await page.locator('[data-secret]').waitFor()
        assert.notEqual(await page.locator('[data-secret]').innerText(), endpoint.secret)
        await page.getByRole('button', { name: 'I have kept it' }).click()
        await more(page, 'Send again')
        await dialog(page).getByRole('button', { name: 'Send again' }).click()
        await page.getByText('Nothing to send again').waitFor()
        await more(page, 'Delete')
        await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
        await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor()
        const { items } = await api('/v1/webhooks?limit=200')
        assert.ok(items.every(({ id }) => id !== endpoint.id))
    }))

test('what arrived within a chosen time is sent again, and deliveries are found by event', () =>
    withPage({ as: demo.owner }, async (page) => {
        const path = unique('again').replace(' ', '-')
        await openEndpoint(page, path)
        await sendTest(page, 'Arrived')
        await more(page, 'Send again')
        const drawer = dialog(page)
        await drawer.getByRole('button', { name: /Made within$/ }).click()
        await page.getByRole('option', { name: 'a time that you choose' }).click()
        await drawer.getByText('Also what arrived').click()
        const year = drawer.getByRole('spinbutton', { name: /^year, To/ })
        const present = await year.innerText()
        const turn = async (to) => {
            await year.click()
            await page.keyboard.type(to)
        }
        await turn('2020')
        await drawer.getByRole('button', { name: 'Send again' }).click()
        await drawer.getByText('must come after the beginning').waitFor()
        await assertAccessible(page, 'a refused span')
        await turn(present)
        // Gone as soon as another is typed: it must not move the button when the field is left.
        await drawer.getByText('must come after the beginning').waitFor({ state: 'detached' })
        await shot(page, 'webhook-replay')
        await drawer.getByRole('button', { name: 'Send again' }).click()
        await page.getByText('1 message is sent again').waitFor()
        for (const end = Date.now() + 45_000; receiver.at(`/${path}`).length < 2;) {
            assert.ok(Date.now() < end, 'it was not sent again')
            await page.waitForTimeout(100)
        }
        const [first, second] = receiver.at(`/${path}`)
        assert.equal(first.headers['webhook-id'], second.headers['webhook-id'])

        const choose = async (event) => {
            await page.getByRole('button', { name: /. Event$/ }).click()
            await page.getByRole('option', { name: event, exact: true }).click()
        }
        const row = page.getByRole('row', { name: /webhook.test Arrived/ })
        await choose('Campaign launched (campaign.launched)')
        await row.waitFor({ state: 'detached' })
        await page.getByText('None match').waitFor()
        assert.match(page.url(), /type=campaign\.launched/)
        await choose('A test (webhook.test)')
        await row.waitFor()
        await settle(page)
        await assertAccessible(page, 'deliveries of an event')
        await shot(page, 'webhook-by-event')
    }))

test('an analyst sees endpoints and deliveries and can change nothing', () =>
    withPage({ as: demo.analyst }, async (page) => {
        const endpoint = await openEndpoint(page, 'watched')
        await page.getByText('Deliveries', { exact: true }).first().waitFor()
        assert.equal(await page.getByRole('button', { name: 'Send a test' }).count(), 0)
        assert.equal(await page.getByRole('button', { name: 'More actions' }).count(), 0)
        await page.goto(`${origin}/settings/webhooks`)
        await page.getByRole('row', { name: new RegExp(endpoint.description) }).waitFor()
        assert.equal(await page.getByRole('link', { name: 'New endpoint' }).count(), 0)
    }))

for (const [look, theme, locale] of [['phone', 'light', 'en-CA'], ['desktop', 'dark', 'fr-CA'], ['phone', 'dark', 'fr-CA']]) {
    test(`webhooks on a ${look}, ${theme}, ${locale}`, () =>
        withPage({ as: demo.owner, look, theme, locale }, async (page) => {
            const endpoint = await openEndpoint(page, `${look}-${theme}-${locale}`)
            await settle(page)
            await assertAccessible(page, 'a webhook')
            await shot(page, `webhook-${look}-${theme}-${locale}`)
            if (locale === 'fr-CA') {
                await page.goto(`${origin}/settings/webhooks?open=new`)
                await dialog(page).getByText('Tous, même ceux à venir').click()
                await dialog(page).getByRole('checkbox', { name: 'Campagne lancée campaign.launched' }).waitFor()
                await shot(page, `webhook-events-${look}`)
            }
            await page.goto(`${origin}/settings/webhooks`)
            await page.getByRole('row', { name: new RegExp(endpoint.description) }).waitFor()
            await settle(page)
            await assertAccessible(page, 'webhooks')
            const [wide, page_width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
            assert.ok(wide <= page_width, 'the page is wider than the screen')
            await shot(page, `webhooks-${look}-${theme}-${locale}`)
        }))
}
