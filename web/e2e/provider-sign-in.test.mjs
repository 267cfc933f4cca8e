// Signing in with a company's own OpenID provider, in a browser: npm oidc-provider on this machine is the other side.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { OpenIdProvider } from '../../tests/journeys/openid_provider.mjs'
import { newCompany } from './persons.mjs'
import { assertAccessible, closeBrowser, openBrowser, origin, settle, shot, signIn, tableRows, unique, withPage } from './support.mjs'

let provider
const people = {}
before(async () => {
    provider = await OpenIdProvider.start({ redirectUri: `${origin}/sign-in/returned`, people })
    await openBrowser()
})
after(async () => {
    await closeBrowser()
    await provider?.end()
})

const name = unique('harbour').replaceAll(' ', '-').toLowerCase().slice(0, 40)
let owner

async function fill(drawer, values) {
    for (const [label, value] of Object.entries(values)) await drawer.getByLabel(label, { exact: true }).fill(value)
}

test('an owner sets the provider, and is told what is wrong with it', async () => {
    ;({ owner } = await newCompany('Harbour Outdoor'))
    people.olga = { email: owner.email, email_verified: true, name: 'Olga' }
    people.nina = { email: 'nina@harbour.example', email_verified: true, name: 'Nina Roy' }
    await withPage({}, async (page) => {
        await signIn(page, owner)
        await page.goto(`${origin}/settings`)
        const panel = page.getByRole('region', { name: 'Sign-in by the company' })
        await panel.getByText('No provider is set.').waitFor()
        await panel.getByRole('button', { name: 'Set a provider' }).press('Enter')
        const drawer = page.getByRole('dialog')
        await drawer.getByText(`${origin}/sign-in/returned`).waitFor()
        await fill(drawer, { Issuer: `${provider.issuer}/`, 'Client ID': provider.client.client_id, 'Client secret': provider.client.client_secret, 'Sign-in name': 'X' })
        await drawer.getByRole('button', { name: 'Save' }).click()
        await drawer.getByText('must have 3 to 40 small letters, digits or hyphens between them').waitFor()
        await drawer.getByLabel('Sign-in name').fill(name)
        await drawer.getByRole('button', { name: 'Save' }).click()
        await drawer.getByText('names another issuer in its own document').waitFor()
        await settle(page)
        await assertAccessible(page, 'the provider’s form')
        await shot(page, 'provider-form')
        await drawer.getByLabel('Issuer').fill(provider.issuer)
        await drawer.getByRole('button', { name: 'Save' }).press('Enter')
        await panel.getByText(`${origin}/sign-in/with/${name}`).waitFor()
        assert.equal(await page.getByText(provider.client.client_secret).count(), 0, 'the secret is not shown')
        await settle(page)
        await assertAccessible(page, 'the provider')
        await shot(page, 'provider')
    })
})

test('somebody signs in with it, sees the company and is told why the account is closed', () =>
    withPage({ others: [provider.issuer] }, async (page) => {
        await page.goto(`${origin}/sign-in?next=/settings/roles`)
        await page.getByRole('link', { name: 'Sign in with your company' }).click()
        await page.getByLabel('Company’s sign-in name').fill('nobody-has-this')
        await page.getByRole('button', { name: 'Go on' }).click()
        await page.getByRole('alert').getByText('No company signs its people in under this name.').waitFor()
        await settle(page)
        await assertAccessible(page, 'the company’s name')
        await shot(page, 'provider-name')
        await page.getByLabel('Company’s sign-in name').fill(name)
        await page.getByRole('button', { name: 'Go on' }).press('Enter')
        await page.getByLabel('Login').fill('olga')
        await page.getByRole('button', { name: 'Enter' }).click()
        await page.waitForURL('**/settings/roles')
        assert.ok(!page.url().includes('code='))
        for (const path of ['security', 'profile', 'notifications']) {
            await page.goto(`${origin}/settings/${path}`)
            await page.getByText(/Harbour Outdoor signed you in, so that this session is good for Harbour Outdoor alone/).waitFor()
        }
        await page.goto(`${origin}/settings/security`)
        const sessions = page.getByRole('region', { name: 'Sessions' })
        await sessions.getByText('Where Harbour Outdoor has signed you in.').waitFor()
        assert.deepEqual((await tableRows(page, 'Sessions')).map((row) => row.at(-1)), ['This session'], 'her own session is not among them')
        await settle(page)
        await assertAccessible(page, 'a closed account')
        await shot(page, 'provider-account-closed')
        await page.goto(`${origin}/campaigns`)
        await page.getByRole('heading', { name: 'Campaigns' }).waitFor()

        // The name is remembered, and the provider still knows who sits there.
        await page.context().clearCookies({ name: '__Host-mobilytics' })
        await page.goto(`${origin}/sign-in/with`)
        assert.equal(await page.getByLabel('Company’s sign-in name').inputValue(), name)
        await page.getByRole('button', { name: 'Go on' }).click()
        await page.waitForURL((url) => url.origin === origin && !url.pathname.startsWith('/sign-in'))
    }))

test('a link fills in the name and goes nowhere by itself', () =>
    withPage({}, async (page) => {
        await page.goto(`${origin}/sign-in/with/${name}`)
        const field = page.getByLabel('Company’s sign-in name')
        await field.waitFor()
        await settle(page)
        assert.deepEqual([await field.inputValue(), new URL(page.url()).origin], [name, origin])
    }))

test('who is refused is told so in words', () =>
    withPage({ others: [provider.issuer], theme: 'dark' }, async (page) => {
        await page.goto(`${origin}/sign-in/with/${name}`)
        await page.getByRole('button', { name: 'Go on' }).click()
        await page.getByRole('button', { name: 'Refuse' }).click()
        const alert = page.getByRole('alert')
        await alert.getByText('Your company’s provider did not let you in.').waitFor()
        await settle(page)
        await assertAccessible(page, 'refused by the provider')
        await shot(page, 'provider-refused')
        await page.getByRole('link', { name: 'Begin again' }).click()
        await page.getByRole('button', { name: 'Go on' }).click()
        await page.getByLabel('Login').fill('nina')
        await page.getByRole('button', { name: 'Enter' }).click()
        await alert.getByText('Ask an owner for an invitation.').waitFor()
        // What nobody was given is good for nothing.
        await page.goto(`${origin}/sign-in/returned?state=nonsense&code=x`)
        await alert.getByText('Begin again.').waitFor()
    }))

test('in French, on a telephone', () =>
    withPage({ locale: 'fr-CA', look: 'phone' }, async (page) => {
        await page.goto(`${origin}/sign-in`)
        await page.getByRole('link', { name: 'Se connecter avec votre entreprise' }).click()
        await page.getByLabel('Nom de connexion de l’entreprise').waitFor()
        await settle(page)
        await assertAccessible(page, 'the company’s name, in French')
        await shot(page, 'provider-name-fr')
    }))

test('a provider that is taken away signs nobody in', async () => {
    await withPage({}, async (page) => {
        await signIn(page, owner)
        await page.goto(`${origin}/settings`)
        const panel = page.getByRole('region', { name: 'Sign-in by the company' })
        await panel.getByRole('button', { name: 'Remove' }).click()
        await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
        await panel.getByText('No provider is set.').waitFor()
        await page.goto(`${origin}/sign-in/with/${name}`)
        await page.getByRole('button', { name: 'Go on' }).click()
        await page.getByRole('alert').getByText('No company signs its people in under this name.').waitFor()
    })
})
