// Staff look after people and each other, in the browser; and somebody who lost every factor gets back in.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { letterTo, linkIn, newPerson, password, sent } from './persons.mjs'
import { addAuthenticator, assertAccessible, closeBrowser, demo, openBrowser, origin, settle, shot, signIn, tableRows, unique, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

async function find(page, person) {
    await page.goto(`${origin}/people`)
    await page.getByLabel('E-mail or id').fill(person.email)
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    const panel = page.getByRole('region', { name: person.name, exact: true })
    await panel.waitFor()
    return panel
}

const confirm = async (page, action) => {
    const dialog = page.getByRole('alertdialog')
    await dialog.getByRole('button', { name: action, exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
}

async function giveReason(page, title, action) {
    const drawer = page.getByRole('dialog', { name: title })
    await drawer.getByLabel('Reason').fill('asked for by phone')
    await drawer.getByRole('button', { name: action, exact: true }).click()
    await drawer.waitFor({ state: 'detached' })
}

test('support finds a person, ends their sessions, keeps them out and lets them in again', async () => {
    const person = await newPerson(unique('Nora'))
    await withPage({ as: person }, (theirs) => withPage({ as: demo.staff }, async (page) => {
        const panel = await find(page, person)
        await panel.getByText('Northside Media').waitFor()
        await panel.getByText('none', { exact: true }).waitFor()
        await settle(page)
        await assertAccessible(page, 'a person')
        await shot(page, 'person', { fullPage: true })

        await panel.getByRole('button', { name: 'End all sessions' }).click()
        await confirm(page, 'End all sessions')
        await theirs.goto(`${origin}/campaigns`)
        await theirs.waitForURL((url) => url.pathname === '/sign-in')

        await panel.getByRole('button', { name: 'Disable' }).click()
        await giveReason(page, `Disable ${person.name}`, 'Disable')
        await panel.getByText('Disabled', { exact: true }).waitFor()
        assert.equal((await sent('/v1/sessions', { email: person.email, password })).status, 401)
        await letterTo(person.email, /was disabled/)
        await panel.getByRole('button', { name: 'Enable' }).click()
        await confirm(page, 'Enable')
        await panel.getByText('Can sign in').waitFor()
        assert.equal((await sent('/v1/sessions', { email: person.email, password })).status, 201)
    }))
    await withPage({ as: demo.staff }, async (page) => {
        await page.goto(`${origin}/people`)
        await page.getByLabel('E-mail or id').fill(person.email.slice(1))
        await page.getByRole('button', { name: 'Find', exact: true }).click()
        await page.getByRole('alert').getByText('Nobody has this address or id.').waitFor()
        await page.goto(`${origin}/audit`)
        const done = page.getByRole('table')
        await done.getByText('Person disabled').first().waitFor()
        await done.getByText('Person looked at').first().waitFor()
    })
    await withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/people`)
        await settle(page)
        assert.equal(await page.getByLabel('E-mail or id').count(), 0)
    })
})

test('who lost every factor gets back in by support, the letter and the password, or stops it', async () => {
    const person = await newPerson(unique('Lou'))
    await withPage({}, async (page, context) => {
        await addAuthenticator(page, context)
        await signIn(page, person)
        await page.goto(`${origin}/settings/security`)
        await page.getByRole('region', { name: 'Passkeys' }).getByRole('button', { name: 'Add a passkey' }).click()
        const drawer = page.getByRole('dialog', { name: 'Add a passkey' })
        await drawer.getByLabel('Name').fill('Laptop')
        await drawer.getByRole('button', { name: 'Go on' }).click()
        await page.getByRole('button', { name: 'I have kept it' }).click()
    })
    const begin = () => withPage({ as: demo.staff }, async (page) => {
        const panel = await find(page, person)
        await panel.getByText(/1 passkey, 10 recovery codes/).waitFor()
        await panel.getByRole('button', { name: 'Begin a way back' }).click()
        await giveReason(page, `A way back for ${person.name}`, 'Send the letter')
    })
    const open = async (page) => {
        await page.goto(linkIn(await letterTo(person.email, /way back/)))
        await page.getByRole('heading', { name: 'Get back into your account' }).waitFor()
    }
    await begin()
    const first = await letterTo(person.email, /way back/)
    await withPage({}, async (page) => {
        await open(page)
        await settle(page)
        await assertAccessible(page, 'recover')
        await shot(page, 'recover')
        await page.getByRole('button', { name: 'Stop' }).click()
        await page.getByText('It is stopped. Nothing of your account has changed.').waitFor()
    })
    await begin()
    while ((await letterTo(person.email, /way back/)).text === first.text) await new Promise((resolve) => setTimeout(resolve, 200))
    await withPage({}, async (page) => {
        await open(page)
        await page.getByLabel('Password').fill('not the password at all')
        await page.getByRole('button', { name: 'Take them away' }).click()
        await page.getByText('is wrong', { exact: true }).waitFor()
        await page.getByLabel('Password').fill(password)
        await page.getByRole('button', { name: 'Take them away' }).click()
        await page.getByText(/They are taken away/).waitFor()
        await signIn(page, person)
    })
    await letterTo(person.email, /factors were taken away/)
})

test('an admin makes somebody staff, changes their role and takes it away, and what a role may not do is not shown', async () => {
    const person = await newPerson(unique('Stella'))
    await withPage({ as: demo.staff }, async (page) => {
        const panel = await find(page, person)
        await panel.getByRole('button', { name: 'Make staff' }).click()
        const drawer = page.getByRole('dialog', { name: `Make ${person.name} staff` })
        await drawer.getByRole('button', { name: 'Make staff' }).click()
        await drawer.waitFor({ state: 'detached' })
        const row = page.getByRole('region', { name: 'Staff', exact: true }).getByRole('row').filter({ hasText: person.email })
        await row.getByText('Support').waitFor()
        await settle(page)
        await assertAccessible(page, 'people')
        await shot(page, 'people', { fullPage: true })

        await withPage({ as: person }, async (theirs) => {
            await theirs.goto(`${origin}/people`)
            await theirs.getByLabel('E-mail or id').waitFor()
            assert.equal(await theirs.getByRole('region', { name: 'Staff', exact: true }).count(), 0)
            await theirs.goto(`${origin}/jobs`)
            await theirs.getByRole('region', { name: 'Kinds of jobs' }).first().waitFor()
            assert.equal(await theirs.getByRole('button', { name: /^Pause/ }).count(), 0)
            await theirs.goto(`${origin}/settings/roles`)
            await theirs.getByText('See who is staff').first().waitFor()
            const rows = await tableRows(theirs, 'What each role of staff may do')
            assert.deepEqual(rows.find(([name]) => name.startsWith('See who is staff')).slice(1), ['No', 'No', 'No', 'Yes'])
            await settle(theirs)
            await assertAccessible(theirs, 'roles of staff')
            await shot(theirs, 'roles-of-staff', { fullPage: true })
        })

        await row.getByRole('button', { name: `Change role of ${person.name}` }).click()
        const change = page.getByRole('dialog', { name: `Role of ${person.name}` })
        await change.getByRole('button', { name: /^Support/ }).click()
        await page.getByRole('option', { name: 'Finance' }).click()
        await change.getByRole('button', { name: 'Save' }).click()
        await row.getByText('Finance').waitFor()
        await withPage({ as: person }, async (theirs) => {
            await theirs.goto(`${origin}/companies`)
            await theirs.getByText('Northside Media').first().waitFor()
            assert.equal(await theirs.getByRole('link', { name: 'New company' }).count(), 0)
            assert.equal(await theirs.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).count(), 0)
            await theirs.goto(`${origin}/settings/security`)
            const programs = theirs.getByRole('region', { name: 'Keys of staff’s programs' }).first()
            await programs.getByLabel('Name').fill('Monthly report')
            await programs.getByRole('button', { name: 'Make a key' }).click()
            const secret = await theirs.locator('[data-secret]').innerText()
            await theirs.getByRole('button', { name: 'I have kept it' }).click()
            const seen = await fetch(`${origin}/v1/companies`, { headers: { authorization: `Bearer ${secret}` } })
            assert.equal(seen.status, 200)
            await programs.getByText('Monthly report').waitFor()
            await shot(theirs, 'staff-key')
        })
        await row.getByRole('button', { name: `Remove ${person.name} from staff` }).click()
        await confirm(page, 'Remove')
        await row.waitFor({ state: 'detached' })
        const keys = await tableRows(page, 'Keys of staff’s programs')
        assert.ok(keys.some(([name, who]) => name === 'Demo' && who === 'Sam Okafor'))
        assert.ok(keys.some(([name, who]) => name === 'Monthly report' && who === person.name))
    })
})
