// What was done, as an owner and as staff look it up.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newCompany } from './persons.mjs'
import { api, assertAccessible, closeBrowser, demo, openBrowser, origin, settle, shot, tableRows, unique, withPage } from './support.mjs'

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

const choose = async (page, field, option) => {
    await page.getByRole('button', { name: new RegExp(`. ${field}$`) }).click()
    await page.getByRole('option', { name: option, exact: true }).click()
}
const chips = (page) => page.getByRole('group', { name: 'About' }).getByRole('button').allInnerTexts()
/** Waits until the table of events is as wanted. */
async function until(page, wanted) {
    for (const end = Date.now() + 45_000;;) {
        const rows = await tableRows(page, 'Audit')
        if (rows.length > 0 && wanted(rows)) return rows
        assert.ok(Date.now() < end, `the list is not narrowed: ${JSON.stringify(rows.slice(0, 3))}`)
        await page.waitForTimeout(100)
    }
}

test('companies and staff choose among the nouns of their own trails', async () => {
    await withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/audit`)
        await settle(page)
        assert.ok(!(await chips(page)).includes('Staff keys'))
        await page.getByRole('button', { name: 'Region sets', exact: true }).click()
        await until(page, (rows) => rows.every(([action]) => action === 'Region set imported'))
    })
    await withPage({ as: demo.staff }, async (page) => {
        await page.goto(`${origin}/audit`)
        await settle(page)
        const shown = await chips(page)
        for (const noun of ['People', 'Staff', 'Accounts', 'Alerts', 'Jobs', 'Signing keys']) assert.ok(shown.includes(noun), noun)
        assert.ok(!shown.includes('Campaigns'))
        await page.getByRole('button', { name: 'Device models', exact: true }).click()
        await until(page, (rows) => rows.every(([action]) => /^Device model/.test(action)))
        await settle(page)
        await assertAccessible(page, 'the trail of staff')
        await shot(page, 'audit-staff')
    })
})

test('staff go from a company to what staff did there', async () => {
    const company = await newCompany(unique('Watched'))
    await company.set({ name: `${company.name} two` })
    await withPage({ as: demo.staff }, async (page) => {
        await page.goto(`${origin}/companies?company=${company.id}`)
        await dialog(page).getByRole('link', { name: 'What staff did here' }).click()
        await page.getByText(`What staff did in ${company.name} two`).waitFor()
        const rows = await until(page, (found) => found.some(([action]) => action === 'Company changed'))
        assert.ok(rows.every(([, , who]) => who === 'Sam Okafor'), JSON.stringify(rows))
        await settle(page)
        await assertAccessible(page, 'what staff did in one company')
        await shot(page, 'audit-of-company')
        await page.getByRole('button', { name: 'Show the events of no company' }).click()
        await until(page, (found) => found.every(([action]) => action !== 'Company changed'))
        assert.equal(new URL(page.url()).searchParams.get('company'), null)
    })
})

test('an owner asks for what one person did, and for one thing that happened', () =>
    withPage({ as: demo.owner }, async (page) => {
        const name = unique('Acted')
        await makeAsset(page, name)
        await page.goto(`${origin}/audit?noun=asset`)
        await page.getByRole('row', { name: new RegExp(name) }).getByRole('button', { name: 'Asset created' }).click()
        const { items: [event] } = await api('/v1/audit-events?action=asset.created&limit=1')
        // What programs write down about it is all there, to be taken to a log.
        await dialog(page).getByText('An open session').waitFor()
        for (const id of [event.actor.id, event.session, event.trace_id, event.request_id]) {
            assert.notEqual(id, '')
            await dialog(page).getByText(id, { exact: true }).waitFor()
        }
        const actor = dialog(page).getByText(event.actor.id, { exact: true })
        assert.equal(await actor.evaluate((element) => getComputedStyle(element).userSelect), 'all')
        await shot(page, 'audit-drawer')
        await dialog(page).getByRole('button', { name: `Only what ${event.actor.label} did` }).click()
        await dialog(page).waitFor({ state: 'detached' })
        await until(page, (rows) => rows.every(([, , who]) => who === event.actor.label))
        assert.equal(new URL(page.url()).searchParams.get('actor'), event.actor.id)
        await page.getByRole('button', { name: `${event.actor.label} Who` }).waitFor()

        await choose(page, 'Who', 'Anybody')
        await page.getByRole('button', { name: 'All', exact: true }).last().click()
        await choose(page, 'What happened', 'Campaign launched')
        const rows = await until(page, (found) => found.every(([action]) => action === 'Campaign launched'))
        const { items } = await api('/v1/audit-events?action=campaign.launched&limit=200')
        assert.equal(rows.length, items.length)
        assert.match(page.url(), /action=campaign\.launched/)
        assert.match(await page.getByRole('link', { name: 'CSV' }).getAttribute('href'), /action=campaign\.launched/)
        await choose(page, 'Who', event.actor.label)
        await page.goto(`${origin}/audit?actor=${event.actor.id}`)
        await page.getByRole('button', { name: `${event.actor.label} Who` }).waitFor()
        await settle(page)
        await assertAccessible(page, 'what one person did')
        await shot(page, 'audit-actor')
    }))
