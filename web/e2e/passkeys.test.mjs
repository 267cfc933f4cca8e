// Passkeys in the browser, with Chromium's own virtual authenticator in the place of a finger.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { letterTo, newPerson, password } from './persons.mjs'
import { addAuthenticator, assertAccessible, closeBrowser, openBrowser, origin, settle, shot, unique, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

async function signInByPassword(page, email) {
    await page.goto(`${origin}/sign-in`)
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const isIn = (page) => page.waitForURL((url) => url.pathname !== '/sign-in')

/** As if the password had been shown long ago: the server asks for it again. */
const refuseOnce = (page, path) => page.route(`**${path}`, (route) => route.fulfill({
    status: 403, contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', title: 'Forbidden', status: 403, code: 'auth.not_confirmed', instance: 'test' }),
}), { times: 1 })

/** The password alone asks for more; the passkey alone gets in, if the device knows who holds it. */
async function signInByPasskey(page, context, device, email) {
    await context.clearCookies()
    await signInByPassword(page, email)
    await page.getByRole('textbox', { name: 'Code' }).waitFor()
    await page.goto(`${origin}/sign-in`)
    const button = page.getByRole('button', { name: 'Sign in with a passkey' })
    await button.waitFor()
    await settle(page)
    await assertAccessible(page, 'sign in with a passkey')
    await shot(page, 'passkey-sign-in')
    await device.verifies(false)
    await button.click()
    await page.getByRole('alert').first().waitFor()
    await shot(page, 'passkey-stopped')
    await device.verifies(true)
    await button.press('Enter')
    await isIn(page)
}

test('a passkey is added, signs in, stands in for the password and is removed', async () => {
    const { email } = await newPerson(unique('Pia'))
    await withPage({}, async (page, context) => {
        const device = await addAuthenticator(page, context)
        await signInByPassword(page, email)
        await isIn(page)
        await page.goto(`${origin}/settings/security`)
        const panel = page.getByRole('region', { name: 'Passkeys' })
        await panel.getByText('No passkeys yet').waitFor()
        await panel.getByRole('button', { name: 'Add a passkey' }).press('Enter')
        const drawer = page.getByRole('dialog', { name: 'Add a passkey' })
        await drawer.getByLabel('Name').fill('Work laptop')
        await assertAccessible(page, 'add a passkey')
        await shot(page, 'passkey-add')
        await drawer.getByLabel('Name').press('Enter')
        const codes = (await page.locator('[data-secret]').innerText()).split('\n')
        assert.equal(codes.length, 10)
        await page.getByRole('button', { name: 'I have kept it' }).click()
        await panel.getByRole('row', { name: /Work laptop/ }).waitFor()
        await page.getByText(/No app\. Your passkeys are asked for\. 10 recovery codes are left/).waitFor()
        await settle(page)
        await assertAccessible(page, 'passkeys')
        await shot(page, 'passkeys')
        assert.equal((await device.credentials()).length, 1)
        await letterTo(email, /passkey was added/)

        await panel.getByRole('button', { name: 'Add a passkey' }).click()
        await drawer.getByLabel('Name').fill('The same again')
        await drawer.getByRole('button', { name: 'Go on' }).click()
        await drawer.getByRole('alert').getByText('This device has a passkey for your account already.').waitFor()
        await drawer.getByRole('button', { name: 'Cancel' }).click()

        await panel.getByRole('button', { name: 'Rename Work laptop' }).click()
        const rename = page.getByRole('dialog', { name: 'Rename' })
        await rename.getByLabel('Name').fill('Old laptop')
        await rename.getByRole('button', { name: 'Save' }).click()
        await panel.getByRole('row', { name: /Old laptop/ }).waitFor()

        await signInByPasskey(page, context, device, email)
        await page.goto(`${origin}/settings/security`)
        await panel.getByRole('button', { name: 'Remove Old laptop' }).click()
        await refuseOnce(page, '/v1/passkeys/psk_*')
        await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
        const confirm = page.getByRole('dialog', { name: 'Confirm your password' })
        await confirm.getByRole('button', { name: 'Use a passkey instead' }).waitFor()
        await settle(page)
        await assertAccessible(page, 'confirm by a passkey')
        await shot(page, 'passkey-confirm')
        await confirm.getByRole('button', { name: 'Use a passkey instead' }).click()
        await panel.getByText('No passkeys yet').waitFor()
        await letterTo(email, /passkey of your account was removed/)
        await page.getByText('Your password alone signs you in.').waitFor()

        await context.clearCookies()
        await page.goto(`${origin}/sign-in`)
        await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
        await page.getByRole('alert').getByText('This passkey does not sign you in here. Try again, or use your password.').waitFor()
        await signInByPassword(page, email)
        await isIn(page)
    })
})

test('in French, and on a telephone', () =>
    withPage({ locale: 'fr-CA', look: 'phone' }, async (page) => {
        await page.goto(`${origin}/sign-in`)
        await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).waitFor()
        await settle(page)
        await assertAccessible(page, 'sign in, in French')
        await shot(page, 'passkey-sign-in-fr')
    }))
