// A stranger's walk: from sign-in to "which regions did my campaign reach last week, and how sure are we". The stranger
// knows the question and an account, reads what is on the screen, and touches only what has a name there.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
    api, closeBrowser, demo, exact, liveCampaign, openBrowser, origin, record, shot, tableRows, withPage,
} from './support.mjs'

before(openBrowser)
after(closeBrowser)

// Two minutes at ten seconds for each thing found and touched.
const most = 12

/** Finds things by what a person sees or hears of them, and counts what is done. */
function stranger(page, t) {
    const started = Date.now()
    let steps = 0
    const step = async (what, act) => {
        steps++
        await act()
        t.diagnostic(`${steps}. ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    }
    const seen = (role, name) => page.getByRole(role, { name, exact: typeof name === 'string' })
    return {
        type: (label, words) => step(`type ${label}`, () => page.getByLabel(label, { exact: true }).fill(words)),
        press: (role, name) => step(`press ${name}`, () => seen(role, name).click()),
        steps: () => steps,
    }
}

/** The Monday before last Monday, and the Sunday after it, on the campaign's wall. */
function lastWeek(zone) {
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date())
    const at = new Date(`${today}T00:00:00Z`)
    const back = (days) => new Date(at.getTime() - days * 86_400_000).toISOString().slice(0, 10)
    const sinceMonday = (at.getUTCDay() + 6) % 7
    return [back(sinceMonday + 7), back(sinceMonday + 1)]
}

test('a stranger learns which regions a campaign reached last week, and how sure that is', (t) =>
    withPage({}, async (page) => {
        const campaign = await liveCampaign()
        const requests = record(page, /\/(regions|summary)$/)
        const walk = stranger(page, t)

        await page.goto(origin)
        await walk.type('E-mail', demo.owner.email)
        await walk.type('Password', demo.owner.password)
        await walk.press('button', 'Sign in')
        await walk.press('link', campaign.name)
        await walk.press('button', /Which days/)
        await walk.press('option', 'Last week, Monday to Sunday')
        await walk.press('link', 'Regions')

        const panel = page.getByRole('region', { name: 'Regions' }).first()
        const answer = await panel.getByText(/regions? reached/).innerText()
        const [monday, sunday] = lastWeek(campaign.zone)
        const { searchParams } = new URL(page.url())
        assert.ok(searchParams.get('from') >= monday && searchParams.get('to') <= sunday, page.url())

        // What is read is what the API says of these days.
        await page.waitForLoadState('networkidle')
        const asked = (kind) => requests.findLast(({ path }) => path.includes(`/${kind}?`)).path
        const regions = await api(asked('regions'))
        assert.ok(answer.startsWith(`${exact(regions.items.length)} region`), answer)
        const rows = await tableRows(page, 'Regions')
        for (const region of regions.items) {
            const cells = rows.find(([name]) => name === `${region.name} ${region.code}`)
            assert.equal(cells?.[1], region.hidden ? 'Hidden for privacy' : exact(region.ots), region.code)
        }
        await shot(page, 'walk-regions')

        await walk.press('link', 'How sure we are')
        const { totals, about } = await api(asked('summary'))
        const certainty = await page.getByRole('region', { name: 'How sure we are' }).innerText()
        const share = (value) => new Intl.NumberFormat('en-CA', { style: 'percent', maximumFractionDigits: 1 }).format(value)
        assert.ok(certainty.includes(share(about.coverage)) && certainty.includes(share(about.calibrated_share)), certainty)
        if (totals.calibrated_visits >= totals.visits) assert.match(certainty, /Impressions lie between/)
        else assert.match(certainty, /There are no bounds/)
        await shot(page, 'walk-certainty')

        t.diagnostic(`${walk.steps()} steps`)
        assert.ok(walk.steps() <= most, `${walk.steps()} steps`)
    }))
