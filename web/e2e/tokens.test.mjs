// What a key's owner sees of the programs that go on with tokens, and how they end them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible, closeBrowser, demo, openBrowser, origin, shot, unique, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

const asking = async (path, init) => {
    const answer = await fetch(origin + path, init)
    return { status: answer.status, body: await answer.json().catch(() => undefined) }
}

async function addKey(name) {
    const { body } = await asking('/v1/api-keys', {
        method: 'POST', headers: { authorization: `Bearer ${demo.owner.api_key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name, role: 'viewer' }),
    })
    return body
}

const issue = (key) => asking('/v1/token', {
    method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_secret: key.secret }),
})
const seen = async (token) => (await asking('/v1/campaigns', { headers: { authorization: `Bearer ${token}` } })).status

async function openTokens(page, name, words) {
    await page.goto(`${origin}/settings`)
    await page.getByRole('row', { name: new RegExp(name) }).getByRole('button', { name: words.more }).click()
    await page.getByRole('menuitem', { name: words.tokens }).click()
}

test('programs that have tokens of a key are seen and ended', () =>
    withPage({ as: demo.owner }, async (page) => {
        const name = unique('key')
        const key = await addKey(name)
        const words = { more: `More actions for ${name}`, tokens: 'Tokens of programs' }
        await openTokens(page, name, words)
        await page.getByText('No program goes on with tokens of this key.').waitFor()
        const [{ body: first }, { body: second }] = [await issue(key), await issue(key)]
        assert.deepEqual([await seen(first.access_token), await seen(second.access_token)], [200, 200])
        await openTokens(page, name, words)
        const rows = page.getByRole('dialog').getByRole('row')
        await rows.getByText('127.0.0.1').first().waitFor()
        assert.equal(await rows.count(), 3, 'the head, and a row for each program')
        await assertAccessible(page, 'tokens of a key')
        await shot(page, 'key-tokens')
        await page.getByRole('dialog').getByRole('button', { name: 'End' }).first().click()
        await assertAccessible(page, 'ending tokens')
        await page.getByRole('alertdialog').getByRole('button', { name: 'End' }).click()
        await page.getByRole('alertdialog').waitFor({ state: 'detached' })
        await rows.nth(2).waitFor({ state: 'detached' })
        assert.deepEqual([await seen(first.access_token), await seen(second.access_token)].toSorted(), [200, 401])
    }))

test('in French and on a phone too', () =>
    withPage({ as: demo.owner, locale: 'fr-CA', look: 'phone' }, async (page) => {
        const name = unique('key')
        await issue(await addKey(name))
        await openTokens(page, name, { more: `Autres actions pour ${name}`, tokens: 'Jetons de programmes' })
        await page.getByRole('dialog').getByText('127.0.0.1').waitFor()
        await assertAccessible(page, 'tokens of a key, on a phone')
        await shot(page, 'key-tokens-phone')
    }))
