// What people change in the browser, and what happens when something is wrong.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newCompany } from './persons.mjs'
import { api, assertAccessible, closeBrowser, demo, openBrowser, origin, shot, unique, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

const dialog = (page) => page.getByRole('dialog')

async function choose(page, label, option) {
    await dialog(page).getByRole('button', { name: label }).click()
    await page.getByRole('option', { name: option }).first().click()
}

async function typeDate(page, label, digits) {
    await dialog(page).getByRole('group', { name: label }).getByRole('spinbutton').first().focus()
    await page.keyboard.type(digits)
}

test('an owner makes a vehicle, a device on it, and a campaign that it carries', () =>
    withPage({ as: demo.owner }, async (page) => {
        const [truck, sensor, name] = [unique('Truck'), unique('S').replace(' ', '-'), unique('Journey')]

        await page.goto(`${origin}/assets?open=new`)
        await dialog(page).getByLabel('Asset', { exact: true }).fill(truck)
        await dialog(page).getByLabel('Plate').fill('CK 4401')
        await shot(page, 'new-asset')
        await dialog(page).getByRole('button', { name: 'Create' }).click()
        await page.getByRole('heading', { level: 1, name: truck }).waitFor()

        await page.goto(`${origin}/devices?open=new`)
        await dialog(page).getByLabel('Serial').fill(sensor)
        await dialog(page).getByRole('button', { name: 'Create' }).click()
        await page.getByRole('heading', { level: 1, name: sensor }).waitFor()

        await page.getByRole('button', { name: 'New token' }).click()
        const secret = await page.locator('[data-secret]').innerText()
        assert.match(secret, /^mob_dev_/)
        await page.getByRole('button', { name: 'I have kept it' }).click()
        assert.ok(!(await page.locator('body').innerText()).includes(secret), 'the secret is still on the page')

        await page.getByRole('button', { name: 'Attach', exact: true }).click()
        await choose(page, 'Vehicle or billboard', new RegExp(truck))
        await shot(page, 'attach')
        await dialog(page).getByRole('button', { name: 'Attach' }).click()
        await page.getByRole('row', { name: new RegExp(truck) }).waitFor()

        await page.goto(`${origin}/campaigns?open=new`)
        await dialog(page).getByLabel('Campaign', { exact: true }).fill(name)
        await typeDate(page, 'First day', '20270301')
        await typeDate(page, 'Last day', '20270307')
        await dialog(page).getByRole('button', { name: 'Create' }).click()
        await page.getByRole('heading', { level: 1, name }).waitFor()

        await page.getByRole('link', { name: 'Assign faces' }).click()
        const box = dialog(page).locator('div').filter({ hasText: new RegExp(`^${truck}`) }).getByRole('checkbox').first()
        await box.focus()
        await page.keyboard.press('Space')
        await dialog(page).getByRole('button', { name: 'Assign 1 face' }).click()
        await page.getByRole('row', { name: new RegExp(truck) }).waitFor()
        await shot(page, 'new-campaign-assigned')

        const made = (await api(`/v1/campaigns?q=${encodeURIComponent(name)}`)).items[0]
        assert.equal(made.state, 'draft')
        assert.equal((Date.parse(made.to) - Date.parse(made.from)) / 86_400_000, 7)
        const { items } = await api(`/v1/campaigns/${made.id}/assignments`)
        assert.equal(items.length, 1)
        assert.equal(items[0].asset_name, truck)

        await page.getByRole('button', { name: 'Book', exact: true }).click()
        await page.getByText('Booked', { exact: true }).waitFor()
        assert.equal((await api(`/v1/campaigns/${made.id}`)).state, 'booked')
    }))

test('a token that is revoked stays listed as such', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/devices?open=new`)
        await dialog(page).getByLabel('Serial').fill(unique('R').replace(' ', '-'))
        await dialog(page).getByRole('button', { name: 'Create' }).click()
        await page.getByRole('button', { name: 'New token' }).click()
        await page.getByRole('button', { name: 'I have kept it' }).click()
        await page.getByRole('button', { name: 'Revoke' }).click()
        await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
        await page.getByText(/^Revoked /).waitFor()
    }))

test('an API key is shown once and works until it is revoked', () =>
    withPage({ as: demo.owner }, async (page) => {
        const name = unique('key')
        await page.goto(`${origin}/settings?open=key`)
        const asked = (secret, path) => fetch(origin + path, { headers: { authorization: `Bearer ${secret}` } }).then(({ status }) => status)
        const kept = async () => {
            const secret = await page.locator('[data-secret]').innerText()
            await page.getByRole('button', { name: 'I have kept it' }).click()
            return secret
        }
        await dialog(page).getByLabel('Name').fill(name)
        await dialog(page).getByRole('checkbox', { name: 'All that the role may' }).uncheck({ force: true })
        await dialog(page).getByRole('checkbox', { name: 'See campaigns and what they are booked on' }).check({ force: true })
        await dialog(page).getByLabel('Only from these addresses').fill('127.0.0.1, ::1')
        await assertAccessible(page, 'new key')
        await shot(page, 'new-api-key')
        await dialog(page).getByRole('button', { name: 'Create' }).click()
        const secret = await kept()
        assert.deepEqual(await Promise.all(['/v1/campaigns', '/v1/assets'].map((path) => asked(secret, path))), [200, 403])
        const row = page.getByRole('row', { name: new RegExp(name) })
        await row.getByText(/^1 permission · 127/).waitFor()
        const act = async (action) => {
            await row.getByRole('button', { name: `More actions for ${name}` }).click()
            await page.getByRole('menuitem', { name: action }).click()
            if (action === 'New secret') {
                await dialog(page).getByRole('button', { name: /Expires/ }).click()
                await page.getByRole('option', { name: 'After 30 days' }).click()
            }
            await page.getByRole(action === 'Revoke' ? 'alertdialog' : 'dialog').getByRole('button', { name: action }).click()
        }
        await act('New secret')
        const next = await kept()
        assert.deepEqual(await Promise.all([secret, next].map((one) => asked(one, '/v1/campaigns'))), [200, 200], 'both for a day')
        const { items } = await (await fetch(`${origin}/v1/api-keys`, { headers: { authorization: `Bearer ${demo.owner.api_key}` } })).json()
        const rotated = items.find((one) => one.name === name)
        assert.equal(Math.round((Date.parse(rotated.expires_at) - Date.now()) / 86_400_000), 30)
        assert.equal(rotated.created_by, 'Claire Tremblay')
        await shot(page, 'api-key')
        await act('Revoke')
        await row.getByText(/^Revoked /).waitFor()
        assert.deepEqual(await Promise.all([secret, next].map((one) => asked(one, '/v1/campaigns'))), [401, 401])
    }))

test('staff make a company with its owner', () =>
    withPage({ as: demo.staff }, async (page) => {
        const name = unique('Company')
        await page.goto(`${origin}/companies?open=new`)
        await dialog(page).waitFor()
        await assertAccessible(page, 'new company')
        await dialog(page).getByRole('textbox', { name: 'Company', exact: true }).fill(name)
        const email = `${name.replaceAll(' ', '.').toLowerCase()}@company.test`
        await dialog(page).getByLabel('E-mail').fill(email)
        await dialog(page).getByRole('button', { name: 'Create' }).click()
        const drawer = page.getByRole('dialog', { name })
        await drawer.getByText(`${email} is invited`).waitFor()
        await assertAccessible(page, 'a company')
        await shot(page, 'company')
        await drawer.getByRole('button', { name: 'Send again, or to somebody else' }).click()
        await drawer.getByLabel('E-mail').fill(`other.${email}`)
        await drawer.getByRole('button', { name: 'Send the invitation' }).click()
        await drawer.getByText(`other.${email} is invited`).waitFor()
        await drawer.getByRole('textbox', { name: 'Company', exact: true }).fill(`${name} renamed`)
        await drawer.getByRole('button', { name: 'Save' }).click()
        await page.getByRole('link', { name: `${name} renamed` }).click()
        const renamed = page.getByRole('dialog', { name: `${name} renamed` })
        for (const [verb, state] of [['Suspend', 'Suspended'], ['Reinstate', 'Active']]) {
            await renamed.getByRole('button', { name: verb, exact: true }).click()
            await page.getByRole('alertdialog').getByRole('button', { name: verb, exact: true }).click()
            await renamed.getByText(state, { exact: true }).waitFor()
        }
        await renamed.getByRole('button', { name: 'Close' }).click()
        await page.getByRole('row', { name: new RegExp(name) }).waitFor()
        await assertAccessible(page, 'companies')
        await shot(page, 'companies')
    }))

test('who is kept out with their company is told so, and gets in again', async () => {
    const name = unique('Harbour')
    const { owner, set } = await newCompany(name)
    await withPage({ as: owner }, async (page) => {
        await page.getByRole('heading', { name: 'Campaigns' }).waitFor()
        await set({ state: 'suspended' })
        for (const path of ['/', '/devices']) {
            await page.goto(`${origin}${path}`)
            await page.getByText(`${name} is suspended`).first().waitFor()
            await page.getByText('Write to Mobilytics’ support.').waitFor()
        }
        await assertAccessible(page, 'suspended')
        await shot(page, 'suspended')
        await set({ state: 'active' })
        await page.goto(`${origin}/`)
        await page.getByRole('heading', { name: 'Campaigns' }).waitFor()
    })
})

test('a page that does not exist and a campaign that does not exist are told apart', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/no/such/page`)
        await page.getByText('This page does not exist').waitFor()
        await page.goto(`${origin}/campaigns/cmp_00000000000000000000000000`)
        const alert = page.getByRole('alert')
        await alert.getByText('Not found').waitFor()
        await alert.getByText(/Request/).waitFor()
        await shot(page, 'campaign-not-found')
    }))

test('without a connection the page says so, and tries again when asked', () =>
    withPage({ as: demo.owner }, async (page, context) => {
        await page.goto(`${origin}/devices`)
        await page.getByRole('table').waitFor()
        await context.setOffline(true)
        await page.getByLabel('Search devices').fill('anything else')
        await page.getByText('No connection', { exact: true }).waitFor()
        await shot(page, 'offline')
        await context.setOffline(false)
        await page.getByRole('button', { name: 'Try again' }).click()
        await page.getByText('None match').waitFor()
    }))

test('a refusal stays beside its field', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { items } = await api('/v1/devices?limit=1')
        await page.goto(`${origin}/devices?open=new`)
        await dialog(page).getByLabel('Serial').fill(items[0].serial)
        await dialog(page).getByRole('button', { name: 'Create' }).click()
        await dialog(page).getByRole('alert').waitFor()
        assert.equal(await dialog(page).getByLabel('Serial').inputValue(), items[0].serial)
    }))
