// A company's settings in the browser: everybody in it reads them, an owner or staff says how parked vehicles count.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bearer, newCompany, newStaff, sent } from './persons.mjs'
import { api, assertAccessible, closeBrowser, demo, openBrowser, origin, settle, shot, unique, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

const policyOf = async ({ id }) => (await api(`/v1/companies/${id}`, demo.staff)).parked_policy

async function choose(page, place, option) {
    await place.getByRole('button', { name: 'Visits near a parked vehicle' }).click()
    await page.getByRole('option', { name: option }).click()
}

test('an owner sets how parked vehicles count, from now and from a later day', async () => {
    const company = await newCompany(unique('Parked'))
    await withPage({ as: company.owner }, async (page) => {
        await page.goto(`${origin}/settings`)
        await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Company' }).click()
        await page.getByRole('heading', { level: 1, name: 'Company' }).waitFor()
        const about = page.getByRole('region', { name: 'About the company' })
        for (const said of [company.name, 'America/Toronto', 'Canada', '10 visits', /Mobilytics’ staff change the name/]) await about.getByText(said).waitFor()
        const parked = page.getByRole('region', { name: 'Parked vehicles' })
        const inForce = parked.getByRole('definition')
        await inForce.getByText('count like all others').waitFor()

        await choose(page, parked, 'Only early in a stop')
        await parked.getByLabel('Minutes of a stop that count').fill('1441')
        await parked.getByRole('button', { name: 'Set the rule' }).click()
        await parked.getByText('must be at most 1440').waitFor()
        await assertAccessible(page, 'a refused rule')
        await shot(page, 'company-settings-refused')
        assert.equal((await policyOf(company)).kind, 'count')
        await parked.getByLabel('Minutes of a stop that count').fill('15')
        await parked.getByRole('button', { name: 'Set the rule' }).click()
        await page.getByText(/^The rule holds from \w+ \d/).waitFor()
        await inForce.getByText('first 15 min of a stop').waitFor()
        assert.deepEqual(await policyOf(company), { kind: 'cap', minutes: 15 })
        await settle(page)
        await assertAccessible(page, 'settings of the company')
        await shot(page, 'company-settings-set')

        await choose(page, parked, 'None counts')
        await parked.getByRole('group', { name: 'In force from' }).getByRole('spinbutton').first().focus()
        await page.keyboard.type('20400101')
        await parked.getByRole('button', { name: 'Set the rule' }).click()
        await page.getByText(/^The rule holds from Jan 1, 2040/).waitFor()
        await inForce.getByText('first 15 min of a stop').waitFor()
        assert.deepEqual(await policyOf(company), { kind: 'cap', minutes: 15 }, 'not in force yet')
        const rules = parked.getByRole('list', { name: 'Rules, latest first' }).getByRole('listitem')
        await rules.first().getByText(/^From Jan 1, 2040/).waitFor()
        assert.match((await rules.allInnerTexts()).join(), /^From Jan 1, 2040.*do not count.*,From .*first 15 min of a stop/)
        await settle(page)
        await assertAccessible(page, 'a rule to come')
        await shot(page, 'company-settings-to-come')
    })
})

test('a rule to come that somebody else has set meanwhile is seen before another is set', async () => {
    const company = await newCompany(unique('Ruled'))
    await withPage({ as: company.owner }, async (page) => {
        await page.goto(`${origin}/settings/company`)
        const parked = page.getByRole('region', { name: 'Parked vehicles' })
        await choose(page, parked, 'None counts')
        const theirs = { kind: 'cap', minutes: 3, effective_from: '2040-01-01T05:00:00Z' }
        assert.equal((await sent(`/v1/companies/${company.id}/parked-policy`, theirs, bearer(demo.staff), 'PUT')).status, 200)
        await parked.getByRole('button', { name: 'Set the rule' }).click()
        await parked.getByText('Somebody else changed this meanwhile').waitFor()
        assert.equal(await parked.getByRole('listitem').count(), 0)
        await parked.getByRole('button', { name: 'Load what is there now' }).click()
        await parked.getByRole('listitem').getByText('From Jan 1, 2040').waitFor()
        await parked.getByRole('button', { name: 'Set the rule' }).click()
        await page.getByText(/^The rule holds from/).waitFor()
        assert.equal((await policyOf(company)).kind, 'exclude')
    })
})

test('an analyst reads the settings of the company and can change none', () =>
    withPage({ as: demo.analyst }, async (page) => {
        await page.goto(`${origin}/settings/company`)
        await page.getByRole('region', { name: 'Parked vehicles' }).getByRole('definition').waitFor()
        await page.getByText('Northside Media').first().waitFor()
        assert.equal(await page.getByRole('button', { name: 'Set the rule' }).count(), 0)
    }))

test('staff set the rule of a company where their role edits companies', async () => {
    const company = await newCompany(unique('Seen'))
    const path = `${origin}/companies?company=${company.id}`
    await withPage({ as: demo.staff }, async (page) => {
        await page.goto(path)
        const parked = page.getByRole('dialog', { name: company.name }).getByRole('region', { name: 'Parked vehicles' })
        await choose(page, parked, 'None counts')
        await parked.getByRole('button', { name: 'Set the rule' }).click()
        await parked.getByRole('definition').getByText('do not count').waitFor()
        assert.equal((await policyOf(company)).kind, 'exclude')
        await settle(page)
        await assertAccessible(page, 'a company, for staff')
        await shot(page, 'company-for-staff')
        await page.goto(`${origin}/settings/company`)
        await page.getByRole('heading', { name: 'No access' }).waitFor({ state: 'attached' })
    })
    await withPage({ as: await newStaff(unique('Flora'), 'fulfilment') }, async (page) => {
        await page.goto(path)
        await page.getByRole('region', { name: 'Parked vehicles' }).getByRole('definition').getByText('do not count').waitFor()
        assert.equal(await page.getByRole('button', { name: 'Set the rule' }).count(), 0)
    })
})

for (const [look, theme, locale] of [['phone', 'light', 'en-CA'], ['desktop', 'dark', 'fr-CA'], ['phone', 'dark', 'fr-CA']]) {
    test(`settings of the company on a ${look}, ${theme}, ${locale}`, () =>
        withPage({ as: demo.owner, look, theme, locale }, async (page) => {
            await page.goto(`${origin}/settings/company`)
            await page.getByRole('definition').first().waitFor()
            await settle(page)
            await assertAccessible(page, 'settings of the company')
            const [wide, page_width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
            assert.ok(wide <= page_width, 'the page is wider than the screen')
            await shot(page, `company-settings-${look}-${theme}-${locale}`, { fullPage: true })
        }))
}
