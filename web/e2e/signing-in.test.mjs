import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible, closeBrowser, demo, openBrowser, origin, shot, signIn, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

test('a wrong password is refused in words, and the page says nothing of whether the e-mail exists', () =>
    withPage({}, async (page) => {
        const refusal = async (email) => {
            await page.goto(`${origin}/sign-in`)
            await page.locator('input[name=email]').fill(email)
            await page.locator('input[name=password]').fill('not the password of anybody')
            await page.keyboard.press('Enter')
            return (await page.getByRole('alert').innerText()).split('\n').filter(Boolean).slice(0, 2).join(' ')
        }
        const known = await refusal(demo.owner.email)
        assert.equal(known, 'Not signed in E-mail or password is wrong.')
        assert.equal(await refusal('nobody@nowhere.test'), known)
        await shot(page, 'sign-in-refused')
    }))

test('a link into the product leads through sign-in and back to it', () =>
    withPage({}, async (page) => {
        await page.goto(`${origin}/devices?q=7`)
        await page.waitForURL((url) => url.pathname === '/sign-in')
        await assertAccessible(page, 'sign-in')
        await shot(page, 'sign-in')
        await page.locator('input[name=email]').fill(demo.owner.email)
        await page.locator('input[name=password]').fill(demo.owner.password)
        await page.keyboard.press('Enter')
        await page.waitForURL((url) => url.pathname === '/devices' && url.searchParams.get('q') === '7')
        assert.equal(await page.locator('[data-page-search]').inputValue(), '7')
    }))

test('a link to another host is not followed after sign-in', () =>
    withPage({}, async (page) => {
        await page.goto(`${origin}/sign-in?next=${encodeURIComponent('//evil.example/')}`)
        await page.locator('input[name=email]').fill(demo.owner.email)
        await page.locator('input[name=password]').fill(demo.owner.password)
        await page.keyboard.press('Enter')
        await page.waitForURL((url) => url.pathname === '/campaigns')
        assert.equal(new URL(page.url()).origin, origin)
    }))

test('after signing out the pages are closed', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.getByRole('button', { name: /^Account of/ }).click()
        await page.getByRole('menuitem', { name: 'Sign out' }).click()
        await page.waitForURL((url) => url.pathname === '/sign-in')
        await page.goto(`${origin}/campaigns`)
        await page.waitForURL((url) => url.pathname === '/sign-in')
    }))

test('who signs out without a connection is shown nothing of theirs from then on, and the session ends when there is one', () =>
    withPage({ as: demo.owner }, async (page, context) => {
        await page.getByRole('heading', { name: 'Campaigns' }).waitFor()
        await page.getByRole('button', { name: /^Account of/ }).click()
        await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
        // The page that it leads to is fetched when the menu opens.
        await page.waitForLoadState('networkidle')
        await context.setOffline(true)
        await page.getByRole('menuitem', { name: 'Sign out' }).click()
        await page.waitForURL((url) => url.pathname === '/sign-in')
        await page.getByText('Signed out here.').waitFor()
        assert.equal(await page.getByText(demo.owner.email).count(), 0)
        const ended = page.waitForResponse((response) => response.request().method() === 'DELETE')
        await context.setOffline(false)
        assert.equal((await ended).status(), 204)
        await page.getByText('The session has ended on the server too.').waitFor()
        await page.goto(`${origin}/campaigns`)
        await page.waitForURL((url) => url.pathname === '/sign-in')
    }))

test('a session that ends elsewhere leads to sign-in at the next request', () =>
    withPage({ as: demo.owner }, async (page, context) => {
        await page.getByRole('heading', { name: 'Campaigns' }).waitFor()
        await context.clearCookies()
        await page.getByRole('link', { name: 'Devices' }).click()
        await page.waitForURL((url) => url.pathname === '/sign-in' && url.searchParams.get('next') === '/devices')
    }))

test('the menu shows each role what it may use', async () => {
    const menu = async (account) => {
        let names
        await withPage({ as: account }, async (page) => {
            const links = page.getByRole('navigation', { name: 'Main' }).locator('visible=true').getByRole('link')
            await links.first().waitFor()
            names = (await links.allInnerTexts()).map((name) => name.trim())
        })
        return names
    }
    const owner = await menu(demo.owner)
    assert.deepEqual(owner, ['Home', 'Campaigns', 'Map', 'Assets', 'Devices', 'Audit', 'Settings'])
    const analyst = await menu(demo.analyst)
    assert.ok(analyst.includes('Campaigns') && !analyst.includes('Audit'))
    const staff = await menu(demo.staff)
    assert.ok(staff.includes('Companies') && staff.includes('Audit') && !staff.includes('Campaigns'), staff.join())
})

test('an analyst is offered no change', () =>
    withPage({}, async (page) => {
        await signIn(page, demo.analyst)
        await page.goto(`${origin}/campaigns?open=new`)
        await page.getByRole('table').waitFor()
        assert.equal(await page.getByRole('link', { name: 'New campaign' }).count(), 0)
        assert.equal(await page.getByRole('dialog').count(), 0)
    }))
