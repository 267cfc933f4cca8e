// Two people at the same thing: the second is told, loses nothing that was typed, and can load what the first did.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bearer, newCompany, newPerson, sent } from './persons.mjs'
import { api, assertAccessible, closeBrowser, demo, openBrowser, origin, shot, unique, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

const dialog = (page) => page.getByRole('dialog')
const words = {
    'en-CA': { told: 'Somebody else changed this meanwhile', load: 'Load what is there now', loaded: 'This is what is there now', save: 'Save' },
    'fr-CA': { told: 'Quelqu’un d’autre l’a modifié entre-temps', load: 'Charger ce qu’il y a maintenant', loaded: 'Voici ce qu’il y a maintenant', save: 'Enregistrer' },
}

async function asked(path, body, method = 'POST') {
    const response = await sent(path, body, bearer(demo.owner), method)
    assert.ok(response.ok, `${method} ${path}: ${response.status}`)
    return response.json()
}
const changed = (path, body) => asked(path, body, 'PATCH')
const newTruck = () => asked('/v1/assets', { kind: 'vehicle', name: unique('Truck'), plate: 'CK 1' })

async function newDevice() {
    const { items: [model] } = await api('/v1/device-models?limit=1')
    return asked('/v1/devices', { serial: unique('S').replace(' ', '-'), model_id: model.id })
}

async function memberRow(page, { email }) {
    await page.goto(`${origin}/settings`)
    return page.getByRole('region', { name: 'Members' }).getByRole('row').filter({ hasText: email })
}

/** Presses the button that saves, is told that somebody was quicker, and loads what they did. */
async function toldAndLoads(page, { locale = 'en-CA', place = dialog(page), save = words[locale].save } = {}) {
    const { told, load, loaded } = words[locale]
    await place.getByRole('button', { name: save, exact: true }).click()
    await place.getByRole('alert').getByText(told).waitFor()
    await assertAccessible(page, 'an edit that came too late')
    await shot(page, `edit-too-late-${locale}`)
    await place.getByRole('button', { name: load }).click()
    await place.getByRole('status').getByText(loaded).waitFor()
    assert.equal(await place.getByRole('alert').count(), 0)
}

test('of two windows with the same vehicle the second is told, and both edits are kept', async () => {
    const truck = await newTruck()
    const address = `${origin}/assets/${truck.id}?open=edit`
    const [name, later] = [unique('Renamed'), unique('Again')]
    await withPage({ as: demo.owner }, (first) => withPage({ as: demo.owner }, async (second) => {
        for (const page of [first, second]) {
            await page.goto(address)
            await dialog(page).getByLabel('Plate').waitFor()
        }
        await dialog(second).getByLabel('Asset', { exact: true }).fill(name)
        await dialog(first).getByLabel('Plate').fill('CK 2')
        await dialog(first).getByRole('button', { name: 'Save' }).click()
        await dialog(first).waitFor({ state: 'detached' })

        await toldAndLoads(second)
        assert.equal(await dialog(second).getByLabel('Plate').inputValue(), 'CK 2', 'what the other changed')
        assert.equal(await dialog(second).getByLabel('Asset', { exact: true }).inputValue(), name, 'what was typed')
        assert.equal((await api(`/v1/assets/${truck.id}`)).name, truck.name, 'nothing was saved yet')
        await dialog(second).getByRole('button', { name: 'Save' }).click()
        await dialog(second).waitFor({ state: 'detached' })
        const both = await api(`/v1/assets/${truck.id}`)
        assert.deepEqual([both.name, both.plate], [name, 'CK 2'])

        // The first window's page may know the old name only; its form says so, rather than write it back.
        await first.goto(address)
        await dialog(first).getByLabel('Asset', { exact: true }).fill(later)
        await dialog(first).getByRole('button', { name: 'Save' }).click()
        await dialog(first).waitFor({ state: 'detached' })
        assert.equal((await api(`/v1/assets/${truck.id}`)).name, later)
    }))
})

test('a form names what it was opened with, whatever the page behind it has asked for since', async () => {
    const { webhook } = await asked('/v1/webhooks', { url: 'https://hooks.example.com/together', event_types: ['webhook.secret_rotated'] })
    const address = `/v1/webhooks/${webhook.id}`
    const theirs = unique('Theirs')
    await withPage({ as: demo.owner }, async (page) => {
        await page.clock.install()
        await page.goto(`${origin}/settings/webhooks/${webhook.id}?open=edit`)
        await dialog(page).getByLabel('Description').fill(unique('Mine'))
        await changed(address, { description: theirs })
        const askedAgain = page.waitForResponse(`${origin}${address}`)
        await page.clock.fastForward(31_000)
        await (await askedAgain).finished()
        await toldAndLoads(page)
        assert.equal(await dialog(page).getByLabel('Description').inputValue(), theirs, 'of two words for one thing the one that is there')
        assert.equal((await api(address)).description, theirs)
    })
    assert.equal((await sent(address, undefined, bearer(demo.owner), 'DELETE')).status, 204)
})

test('a device that somebody else changed', async () => {
    const device = await newDevice()
    const mine = unique('Mine')
    await withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/devices/${device.id}?open=edit`)
        await dialog(page).getByLabel('Device', { exact: true }).fill(mine)
        await changed(`/v1/devices/${device.id}`, { state: 'faulty' })
        await toldAndLoads(page)
        await dialog(page).getByRole('button', { name: /^Faulty/ }).waitFor()
        await dialog(page).getByRole('button', { name: 'Save' }).click()
        await dialog(page).waitFor({ state: 'detached' })
        const { name, state } = await api(`/v1/devices/${device.id}`)
        assert.deepEqual([name, state], [mine, 'faulty'])
    })
})

test('a campaign that somebody else changed, in French', async () => {
    const flight = { from: '2027-03-01T05:00:00Z', to: '2027-03-08T05:00:00Z' }
    const campaign = await asked('/v1/campaigns', { name: unique('Campagne'), ...flight })
    const advertiser = unique('Annonceur')
    await withPage({ as: demo.owner, locale: 'fr-CA' }, async (page) => {
        await page.goto(`${origin}/campaigns/${campaign.id}?open=edit`)
        await dialog(page).getByLabel('Annonceur').fill(advertiser)
        await changed(`/v1/campaigns/${campaign.id}`, { goal_impressions: 70_000 })
        await toldAndLoads(page, { locale: 'fr-CA' })
        await dialog(page).getByRole('button', { name: 'Enregistrer' }).click()
        await dialog(page).waitFor({ state: 'detached' })
    })
    const both = await api(`/v1/campaigns/${campaign.id}`)
    assert.deepEqual([both.advertiser, both.goal_impressions], [advertiser, 70_000])
})

test('an attachment that somebody else has ended is not ended again', async () => {
    const [truck, device] = [await newTruck(), await newDevice()]
    const made = await asked(`/v1/devices/${device.id}/attachments`, { asset_id: truck.id, from: '2026-01-01T00:00:00Z' })
    await withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/devices/${device.id}`)
        await page.getByRole('button', { name: `Actions for ${truck.name}` }).click()
        await page.getByRole('menuitem', { name: 'End the attachment now' }).click()
        const ended = await changed(`/v1/attachments/${made.id}`, { to: '2026-02-01T00:00:00Z' })
        const asking = page.getByRole('alertdialog')
        await asking.getByRole('button', { name: 'End the attachment now' }).click()
        await asking.getByText(words['en-CA'].told).waitFor()
        await asking.getByRole('button', { name: words['en-CA'].load }).click()
        await asking.waitFor({ state: 'detached' })
        await page.getByRole('row', { name: new RegExp(`${truck.name}.*2026`) }).waitFor()
        const { items } = await api(`/v1/devices/${device.id}/attachments`)
        assert.deepEqual(items.map(({ to, version }) => [to, version]), [[ended.to, ended.version]])
    })
})

test('a campaign that somebody else has changed is neither booked nor cancelled unseen', async () => {
    const flight = { from: '2027-03-01T05:00:00Z', to: '2027-03-08T05:00:00Z' }
    const campaign = await asked('/v1/campaigns', { name: unique('Stepped'), ...flight })
    const address = `/v1/campaigns/${campaign.id}`
    const { told, load } = words['en-CA']
    await withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/campaigns/${campaign.id}`)
        await page.getByRole('button', { name: 'Book', exact: true }).waitFor()
        const theirs = unique('Theirs')
        await changed(address, { name: theirs })
        await page.getByRole('button', { name: 'Book', exact: true }).click()
        await page.getByText('so nothing was done. This is what is there now').waitFor()
        await page.getByRole('heading', { level: 1, name: theirs }).waitFor()
        assert.equal((await api(address)).state, 'draft')
        await page.getByRole('button', { name: 'Book', exact: true }).click()
        await page.getByRole('button', { name: 'Launch', exact: true }).waitFor()

        await page.getByRole('button', { name: 'More actions' }).click()
        await page.getByRole('menuitem', { name: 'Cancel campaign' }).click()
        await changed(address, { advertiser: 'Somebody' })
        const asking = page.getByRole('alertdialog')
        await asking.getByRole('button', { name: 'Cancel campaign' }).click()
        await asking.getByText(told).waitFor()
        await assertAccessible(page, 'a step that came too late')
        await asking.getByRole('button', { name: load }).click()
        await asking.waitFor({ state: 'detached' })
        assert.equal((await api(address)).state, 'booked')
    })
})

test('what somebody else has deleted can be looked at as it is now', async () => {
    const person = await newPerson(unique('Gone'))
    await withPage({ as: demo.owner }, async (page) => {
        const row = await memberRow(page, person)
        await row.getByRole('button', { name: 'Remove' }).click()
        assert.equal((await sent(`/v1/members/${person.id}`, undefined, bearer(demo.owner), 'DELETE')).status, 204)
        const asking = page.getByRole('alertdialog')
        await asking.getByRole('button', { name: 'Remove' }).click()
        await asking.getByRole('button', { name: words['en-CA'].load }).click()
        await asking.waitFor({ state: 'detached' })
        await row.waitFor({ state: 'detached' })
    })
})

test('a member whose role somebody else has changed', async () => {
    const person = await newPerson(unique('Rita'))
    await withPage({ as: demo.owner }, async (page) => {
        const row = await memberRow(page, person)
        await row.getByRole('button', { name: 'Change role' }).click()
        await dialog(page).getByRole('button', { name: /^Viewer/ }).click()
        await page.getByRole('option', { name: 'Analyst' }).click()
        await changed(`/v1/members/${person.id}`, { role: 'manager' })
        await toldAndLoads(page)
        await dialog(page).getByRole('button', { name: /^Manager/ }).waitFor()
    })
})

test('one’s own edits of a company do not stand in each other’s way, somebody else’s do', async () => {
    const company = await newCompany(unique('Together'))
    const [mine, theirs] = [unique('Mine'), unique('Theirs')]
    await withPage({ as: demo.staff }, async (page) => {
        await page.goto(`${origin}/companies?company=${company.id}`)
        const name = dialog(page).getByLabel('Company', { exact: true })
        await name.fill(mine)
        const rule = dialog(page).getByRole('region', { name: 'Parked vehicles' })
        await rule.getByRole('button', { name: 'Visits near a parked vehicle' }).click()
        await page.getByRole('option', { name: 'None counts' }).click()
        await rule.getByRole('button', { name: 'Set the rule' }).click()
        await page.getByText(/^The rule holds from/).waitFor()
        assert.equal(await name.inputValue(), mine)
        await company.set({ zone: 'America/Halifax' })
        await toldAndLoads(page)
        await dialog(page).getByText('Halifax').first().waitFor()
        await dialog(page).getByRole('button', { name: 'Save' }).click()
        await dialog(page).waitFor({ state: 'detached' })
        const both = await api(`/v1/companies/${company.id}`, demo.staff)
        assert.deepEqual([both.name, both.zone, both.parked_policy.kind], [mine, 'America/Halifax', 'exclude'])

        await page.goto(`${origin}/companies?company=${company.id}`)
        await dialog(page).getByRole('button', { name: 'Suspend' }).click()
        await company.set({ name: theirs })
        const asking = page.getByRole('alertdialog')
        await asking.getByRole('button', { name: 'Suspend' }).click()
        await asking.getByText(words['en-CA'].told).waitFor()
        await asking.getByRole('button', { name: words['en-CA'].load }).click()
        await asking.waitFor({ state: 'detached' })
        assert.equal((await api(`/v1/companies/${company.id}`, demo.staff)).state, 'active')
    })
})
