// What was done, as an owner and as staff look it up.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, assertAccessible, closeBrowser, demo, openBrowser, origin, shot, unique, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

const dialog = (page) => page.getByRole('dialog')

async function makeAsset(page, name) {
    await page.goto(`${origin}/assets?open=new`)
    await dialog(page).getByLabel('Asset', { exact: true }).fill(name)
    await dialog(page).getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
}

test('an owner finds who made a vehicle, what was in it, and takes the list away', () =>
    withPage({ as: demo.owner }, async (page) => {
        const name = unique('Audited')
        await makeAsset(page, name)
        await page.getByRole('link', { name: 'Audit' }).click()
        await page.getByRole('row', { name: new RegExp(name) }).getByRole('button', { name: 'Asset created' }).click()
        await dialog(page).getByRole('row', { name: new RegExp(`name — ${name}`) }).waitFor()
        assert.match(page.url(), /event=evt_/)
        await assertAccessible(page, 'an event')
        await shot(page, 'audit-event')
        await dialog(page).getByRole('button', { name: 'Close' }).click()

        await page.getByRole('button', { name: 'Campaigns', exact: true }).click()
        await page.getByRole('row', { name: /Asset created/ }).first().waitFor({ state: 'detached' })
        await page.getByRole('row', { name: /Campaign launched/ }).first().waitFor()
        assert.match(page.url(), /noun=campaign/)

        await page.getByRole('button', { name: 'All', exact: true }).last().click()
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()])
        const chunks = []
        for await (const chunk of await download.createReadStream()) chunks.push(chunk)
        const lines = Buffer.concat(chunks).toString('utf8').split('\r\n')
        assert.ok(lines[0].startsWith('sequence,at,action,'))
        assert.ok(lines.some((line) => line.includes('"asset.created"') && line.includes(name)))
    }))

test('days and an id narrow the list, and nothing found can be undone', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { items: [launch] } = await api('/v1/audit-events?action=campaign.launched&limit=1')
        await page.goto(`${origin}/audit?q=${launch.resource_id}`)
        await page.getByRole('row', { name: /Asset created/ }).first().waitFor({ state: 'detached' })
        await page.getByRole('row', { name: /Campaign launched/ }).waitFor()
        await page.goto(`${origin}/audit?q=${launch.actor.id}`)
        await page.getByRole('row', { name: /Asset created/ }).first().waitFor()
        await page.goto(`${origin}/audit?from=2001-01-01&to=2001-01-02`)
        await page.getByRole('button', { name: 'Clear search and filter' }).click()
        await page.getByRole('row', { name: /Sign-in/ }).first().waitFor()
        assert.equal(new URL(page.url()).search, '')
    }))

test('staff see sign-ins that were refused, and no company’s events', () =>
    withPage({ as: demo.staff }, async (page) => {
        const refused = await fetch(`${origin}/v1/sessions`, {
            method: 'POST', headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ email: 'nobody@example.com', password: 'not the password' }),
        })
        assert.equal(refused.status, 401)
        await page.goto(`${origin}/audit`)
        await page.getByRole('button', { name: 'Refused', exact: true }).click()
        await page.getByRole('row', { name: /Sign-in .*Nobody signed in/ }).first().waitFor()
        await page.goto(`${origin}/audit?noun=campaign`)
        await page.getByRole('button', { name: 'Clear search and filter' }).waitFor()
    }))
