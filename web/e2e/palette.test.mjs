// Ctrl-K: a few letters lead anywhere, by keyboard alone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, assertAccessible, closeBrowser, demo, openBrowser, origin, shot, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

const field = (page) => page.getByRole('combobox', { name: 'Search and commands' })

/** The option that the field says it is at. */
const option = (page) => field(page).evaluate((input) => {
    const at = document.getElementById(input.getAttribute('aria-activedescendant'))
    return at?.getAttribute('role') === 'option' && at.getAttribute('aria-selected') === 'true' ? at.textContent : null
})

async function open(page) {
    await page.goto(`${origin}/settings`)
    await page.getByRole('table').first().waitFor()
    await page.keyboard.press('Control+k')
    await field(page).waitFor()
}

test('campaigns, assets and devices are found by name and opened with Enter', () =>
    withPage({ as: demo.owner }, async (page) => {
        for (const [list, path] of [['/v1/campaigns', '/campaigns'], ['/v1/assets', '/assets'], ['/v1/devices', '/devices']]) {
            const one = (await api(`${list}?limit=1`)).items[0]
            const name = one.name || one.serial
            await open(page)
            // Enter comes before the answer, and waits for it.
            await field(page).fill(name)
            await page.keyboard.press('Enter')
            await page.waitForURL((url) => url.pathname.startsWith(`${path}/`))
            const id = new URL(page.url()).pathname.split('/').pop()
            assert.ok((await api(`${list}/${id}`)).name.includes(one.name), `${name} led to ${id}`)
            await page.getByRole('dialog').waitFor({ state: 'detached' })
        }
    }))

test('the arrows walk round the options, and the field says which one it is at', () =>
    withPage({ as: demo.owner }, async (page) => {
        await open(page)
        await page.getByRole('option').first().waitFor()
        const options = await page.getByRole('option').allInnerTexts()
        const first = await option(page)
        await page.keyboard.press('ArrowDown')
        const second = await option(page)
        assert.notEqual(second, first)
        await page.keyboard.press('ArrowUp')
        await page.keyboard.press('ArrowUp')
        assert.equal((await option(page)).replaceAll(/\s/g, ''), options.at(-1).replaceAll(/\s/g, ''))
        await assertAccessible(page, 'palette')
        await shot(page, 'palette')
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
    }))

test('pages and actions answer in the language of the reader, accents or not', () =>
    withPage({ as: demo.owner, locale: 'fr-CA' }, async (page) => {
        await page.goto(`${origin}/campaigns`)
        await page.getByRole('button', { name: 'Rechercher' }).click()
        const search = page.getByRole('combobox', { name: 'Recherche et commandes' })
        await search.fill('reglages')
        await page.keyboard.press('Enter')
        await page.waitForURL((url) => url.pathname === '/settings')
        await page.keyboard.press('Control+k')
        await search.fill('sombre')
        await page.keyboard.press('Enter')
        await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
    }))

test('what the role may not do is not offered', async () => {
    const offered = async (account) => {
        let count
        await withPage({ as: account }, async (page) => {
            await page.goto(`${origin}/campaigns`)
            await page.getByRole('table').waitFor()
            await page.keyboard.press('Control+k')
            await field(page).fill('campaign')
            await page.getByRole('dialog').getByRole('status').filter({ hasText: /result/ }).waitFor({ state: 'attached' })
            count = await page.getByRole('option', { name: 'New campaign' }).count()
            await field(page).fill('no such thing at all')
            await page.getByText('Nothing found').waitFor()
        })
        return count
    }
    assert.equal(await offered(demo.owner), 1)
    assert.equal(await offered(demo.analyst), 0)
})
