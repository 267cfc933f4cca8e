// A company that asks a second factor of everybody who signs in.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newCompany } from './persons.mjs'
import { addAuthenticator, assertAccessible, closeBrowser, openBrowser, origin, settle, shot, signIn, unique, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

async function addPasskey(page) {
    await page.getByRole('region', { name: 'Passkeys' }).getByRole('button', { name: 'Add a passkey' }).click()
    const drawer = page.getByRole('dialog', { name: 'Add a passkey' })
    await drawer.getByLabel('Name').fill('Laptop')
    await drawer.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('button', { name: 'I have kept it' }).click()
}

test('who has no second factor is kept out and told what to add, and is let in again with one', async () => {
    const { owner } = await newCompany(unique('Careful'))
    await withPage({}, async (page, context) => {
        await addAuthenticator(page, context)
        await signIn(page, owner)
        await page.goto(`${origin}/settings`)
        const access = page.getByRole('region', { name: 'Access' })
        await access.getByText('Members may sign in with their password alone.').waitFor()
        await access.getByRole('button', { name: 'Ask for a second factor' }).click()
        await access.getByRole('alert').getByText('Add a second factor to your own account first.').waitFor()

        await page.goto(`${origin}/settings/security`)
        await addPasskey(page)
        await page.goto(`${origin}/settings`)
        await access.getByRole('button', { name: 'Ask for a second factor' }).click()
        await access.getByText(/^Members need a second factor/).waitFor()
        await page.getByRole('region', { name: 'Members' }).getByRole('row', { name: /Olga.*Yes/ }).waitFor()
        await settle(page)
        await assertAccessible(page, 'access')
        await shot(page, 'access')

        await page.goto(`${origin}/settings/security`)
        await page.getByRole('button', { name: 'Remove Laptop' }).click()
        await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
        const told = page.getByText(/asks its members for a second factor\. Add an authenticator app or a passkey here/)
        await told.waitFor()
        for (const closed of ['/campaigns', '/']) {
            await page.goto(`${origin}${closed}`)
            await page.waitForURL('**/settings/security')
            await told.waitFor()
        }
        await settle(page)
        await assertAccessible(page, 'kept out')
        await shot(page, 'kept-out')
        const codes = page.getByRole('button', { name: 'I have kept it' })
        await addPasskey(page)
        await codes.waitFor({ state: 'detached' })
        await told.waitFor({ state: 'detached' })
        await page.goto(`${origin}/campaigns`)
        await page.getByRole('heading', { name: 'Campaigns' }).waitFor()
    })
})
