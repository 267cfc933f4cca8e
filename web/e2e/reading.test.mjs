// Languages, the keyboard, and what assistive technology is told. Every page in every look is in pages.test.mjs.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
    api, assertAccessible, closeBrowser, demo, exact, measuredCampaign, openBrowser, origin, settle, shot, withPage,
} from './support.mjs'

before(openBrowser)
after(closeBrowser)

test('axe finds no fault in what opens: the explanation, a menu, the calendar', () =>
    withPage({ as: demo.owner }, async (page) => {
        const campaign = await measuredCampaign()
        const open = async (name, button) => {
            await page.goto(`${origin}/campaigns/${campaign.id}`)
            await settle(page)
            await page.getByRole('button', { name: button }).first().click()
            await page.waitForTimeout(300)
            await assertAccessible(page, name)
        }
        await open('explanation', 'How Visits was made')
        await open('menu', /^Language/)
        await open('calendar', /Open the calendar/)
    }))

test('in French everything is French, and so are the numbers', () =>
    withPage({ as: demo.owner, locale: 'fr-CA' }, async (page) => {
        const campaign = await measuredCampaign()
        await page.goto(`${origin}/campaigns/${campaign.id}`)
        await page.locator('[data-kpi=visits]').waitFor()
        const words = await page.locator('body').innerText()
        for (const word of ['Campagnes', 'Visites', 'Portée quotidienne moyenne', 'Carte thermique', 'Notre degré de certitude']) assert.ok(words.includes(word), word)
        for (const word of ['Campaigns', 'Visits', 'Heat map', 'How sure we are', 'Loading']) assert.ok(!words.includes(word), word)
        const summary = await api(`/v1/campaigns/${campaign.id}/summary?${new URLSearchParams({ from: campaign.from, to: campaign.to })}`)
        const shown = await page.locator('[data-kpi=visits] [data-exact]').getAttribute('data-exact')
        assert.equal(shown.replaceAll(/\s/g, '').length, exact(summary.totals.visits, 'fr-CA').replaceAll(/\s/g, '').length)
        assert.ok(!/\d,\d{3}/.test(shown), shown)
    }))

test('language and theme are switched in place and remembered', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/campaigns`)
        await page.getByRole('button', { name: 'Language: English' }).click()
        await page.getByRole('menuitem', { name: 'Français' }).click()
        await page.getByRole('heading', { name: 'Campagnes' }).waitFor()
        const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
        const light = await ground()
        await page.getByRole('button', { name: /^Thème/ }).click()
        await page.getByRole('menuitem', { name: 'Sombre' }).click()
        assert.notEqual(await ground(), light)
        await page.reload()
        await page.getByRole('heading', { name: 'Campagnes' }).waitFor()
        assert.notEqual(await ground(), light)
    }))

const focused = (page) => page.evaluate(() => {
    const element = document.activeElement
    return `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent}`.trim().slice(0, 120)
})

async function tabTo(page, pattern, most = 60) {
    for (let i = 0; i < most; i++) {
        await page.keyboard.press('Tab')
        if (pattern.test(await focused(page))) return
    }
    throw new Error(`Tab never reached ${pattern}`)
}

test('from sign-in to a number and its making without a mouse', () =>
    withPage({}, async (page) => {
        const campaign = await measuredCampaign()
        await page.goto(origin)
        await page.locator('input[name=email]').waitFor()
        await page.keyboard.type(demo.owner.email)
        await page.keyboard.press('Tab')
        await page.keyboard.type(demo.owner.password)
        await page.keyboard.press('Enter')
        await page.getByRole('table').waitFor()

        await page.keyboard.press('/')
        await page.keyboard.type(campaign.name)
        await page.waitForURL((url) => url.searchParams.get('q') === campaign.name)
        await tabTo(page, new RegExp(`^A ${campaign.name.slice(0, 10)}`))
        await page.keyboard.press('Enter')
        await page.locator('[data-kpi=ots]').waitFor()

        assert.match(await focused(page), /^MAIN/, 'a new page takes the focus')

        await page.reload()
        await page.locator('[data-kpi=ots]').waitFor()
        await page.keyboard.press('Tab')
        assert.match(await focused(page), /^A Skip to the content/)
        await page.keyboard.press('Enter')
        await tabTo(page, /How Impressions was made/)
        const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle)
        assert.notEqual(ring, 'none', 'the focus cannot be seen')
        await page.keyboard.press('Enter')
        await page.getByRole('dialog').waitFor()
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        // The focus goes back in the frame after the dialog has gone.
        await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'How Impressions was made')

        await tabTo(page, /arrow keys walk the bars/)
        const spoken = () => page.evaluate(() => document.activeElement.getAttribute('aria-valuetext'))
        await page.keyboard.press('ArrowRight')
        const first = await spoken()
        await page.keyboard.press('ArrowRight')
        assert.notEqual(await spoken(), first)
        await shot(page, 'keyboard')
    }))

test('j and k walk the rows of a list', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/devices`)
        const links = page.locator('tbody th a')
        await links.first().waitFor()
        await links.first().focus()
        await page.keyboard.press('j')
        const names = await links.allInnerTexts()
        assert.equal(await focused(page), `A ${names[1]}`)
        await page.keyboard.press('k')
        assert.equal(await focused(page), `A ${names[0]}`)
    }))
