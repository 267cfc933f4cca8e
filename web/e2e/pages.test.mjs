// Every page in English and French, light and dark, on a desktop and a phone: WCAG 2.2 AA, and nothing beside the screen.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import {
    api, assertAccessible, closeBrowser, demo, measuredCampaign, openBrowser, origin, settle, shot, withPage,
} from './support.mjs'

before(openBrowser)
after(closeBrowser)

async function pagesOf(account) {
    if (account === undefined) return { 'sign-in': '/sign-in', 'forgot password': '/forgot-password', 'reset password': '/reset-password#x', 'confirm e-mail': '/confirm-email#x', 'accept invitation': '/accept-invitation#x', recover: '/recover#x' }
    if (account === demo.staff) {
        const [model] = (await api('/v1/device-models?limit=1')).items
        return {
            companies: '/companies', 'audit of staff': '/audit', 'new company': '/companies?open=new', people: '/people', 'roles of staff': '/settings/roles',
            jobs: '/jobs', 'device models': '/device-models', 'new device model': '/device-models?open=new', 'device model': `/device-models?model=${model.id}`,
        }
    }
    const campaign = await measuredCampaign()
    const [device, asset] = await Promise.all(['devices', 'assets'].map(async (list) => (await api(`/v1/${list}?limit=1`)).items[0]))
    const [one, some, other] = [`/campaigns/${campaign.id}`, `/devices/${device.id}`, `/assets/${asset.id}`]
    return {
        campaigns: '/campaigns', campaign: `${one}?compare=before`, map: '/map', assets: '/assets', asset: other,
        devices: '/devices', device: some, settings: '/settings', audit: '/audit',
        profile: '/settings/profile', security: '/settings/security', notifications: '/settings/notifications', 'settings of the company': '/settings/company',
        roles: '/settings/roles',
        'new campaign': '/campaigns?open=new', 'edit campaign': `${one}?open=edit`, 'assign faces': `${one}?open=assign`,
        'new asset': '/assets?open=new', 'edit asset': `${other}?open=edit`, 'new face': `${other}?open=face`,
        'new device': '/devices?open=new', 'edit device': `${some}?open=edit`, attach: `${some}?open=attach`,
        calibrate: `${some}?open=calibrate`, 'invite somebody': '/settings?open=invite', 'new key': '/settings?open=key',
        webhooks: '/settings/webhooks', 'new webhook': '/settings/webhooks?open=new',
        'none match': '/campaigns?q=zzzz', nowhere: '/no/such/page', 'not found': '/campaigns/cmp_00000000000000000000000000',
    }
}

/** Which parts of the page lie beside the screen, where something that hides its overflow would not scroll to them. */
const beside = (page) => page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const parts = [...document.querySelectorAll('[data-map], [data-map] .maplibregl-ctrl, main h1, main section, main input:not([aria-hidden=true] input)')]
    const out = parts.filter((part) => {
        const { left, right, width } = part.getBoundingClientRect()
        return width > 1 && (left < 0 || right > clientWidth)
    })
    return [...(scrollWidth > clientWidth ? [`the page is ${scrollWidth - clientWidth} px too wide`] : []), ...out.map((part) => part.outerHTML.slice(0, 120))]
})

const catalogue = (locale) => JSON.parse(readFileSync(new URL(`../src/lib/i18n/${locale}.json`, import.meta.url), 'utf8'))
const [english, french] = [catalogue('en-CA'), catalogue('fr-CA')]
const inFrench = new Set(Object.values(french))
// What people called things themselves is nobody's to translate.
const givenNames = ['faces.first']
const englishOnly = Object.entries(english)
    .filter(([id, text]) => !text.includes('{') && !inFrench.has(text) && !givenNames.includes(id)).map(([, text]) => text)

/** Our English texts on this page, wherever somebody reads or hears them. */
const englishOn = (page) => page.evaluate((texts) => {
    const unwanted = new Set(texts)
    const found = [document.title.split(' · ')[0]]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) found.push(walker.currentNode.textContent)
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [aria-valuetext]')) {
        for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext']) found.push(element.getAttribute(name) ?? '')
    }
    return found.map((text) => text.trim()).filter((text) => unwanted.has(text))
}, englishOnly)

/** The page's title and that of the dialog over it: what changes from each address of the list to the next. */
const titles = (page) => page.evaluate(() => [...document.querySelectorAll('h1, [role=dialog] h2')].map((title) => title.textContent).join(' | '))

/** Goes there as a link does, without loading the product again, which would take most of the time. */
async function go(page, path) {
    const before = await titles(page)
    await page.evaluate((to) => history.pushState(null, '', to), path)
    await page.waitForFunction((old) => [...document.querySelectorAll('h1, [role=dialog] h2')]
        .map((title) => title.textContent).join(' | ') !== old, before)
    await settle(page)
}

for (const look of ['desktop', 'phone']) {
    for (const locale of ['en-CA', 'fr-CA']) {
        test(`no page has a fault (${look}, ${locale}, light and dark)`, async () => {
            for (const account of [undefined, demo.staff, demo.owner]) {
                await withPage({ as: account, locale, look }, async (page) => {
                    let isLoaded = false
                    for (const [name, path] of Object.entries(await pagesOf(account))) {
                        await page.emulateMedia({ colorScheme: 'light' })
                        if (isLoaded) await go(page, path)
                        else await page.goto(origin + path).then(() => settle(page))
                        isLoaded = true
                        assert.equal(await page.locator('html').getAttribute('lang'), locale)
                        if (locale === 'fr-CA') assert.deepEqual(await englishOn(page), [], name)
                        else assert.ok((await englishOn(page)).length > 0, `${name} has no text of ours`)
                        assert.deepEqual(await beside(page), [], `${name} (${look}, ${locale})`)
                        for (const colorScheme of ['light', 'dark']) {
                            await page.emulateMedia({ colorScheme })
                            await assertAccessible(page, `${name} (${look}, ${locale}, ${colorScheme})`)
                        }
                        await shot(page, `${name.replaceAll(' ', '-')}-${look}-${locale.slice(0, 2)}`)
                    }
                })
            }
        })
    }
}
