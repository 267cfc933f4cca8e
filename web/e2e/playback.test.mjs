// The heat map over time: played, stepped, scrubbed by keyboard, and by whoever asked for less motion.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
    api, assertAccessible, closeBrowser, demo, drawnMap, measuredCampaign, openBrowser, origin, record, shot, withPage,
} from './support.mjs'

before(openBrowser)
after(closeBrowser)

const frame = (page) => page.locator('[data-frame]').innerText()
const slider = (page) => page.getByRole('slider', { name: 'Time shown on the map' })
const at = (page) => new URL(page.url()).searchParams.get('at')

async function openMap(page) {
    const campaign = await measuredCampaign()
    const tiles = record(page, /\/tiles\/\d+\/\d+\/\d+\.mvt$/)
    await page.goto(`${origin}/campaigns/${campaign.id}`)
    await page.locator('[data-map] canvas').waitFor()
    await page.getByRole('group', { name: /^Legend/ }).waitFor()
    await drawnMap(page)
    return { campaign, tiles }
}

test('played, the map goes from day to day, and what it shows when paused is in the address', () =>
    withPage({ as: demo.owner }, async (page) => {
        const { campaign, tiles } = await openMap(page)
        const whole = tiles.length
        await page.getByRole('button', { name: 'Play day by day' }).click()
        const first = await frame(page)
        await page.waitForFunction((name) => document.querySelector('[data-frame]')?.textContent !== name, first)
        await page.getByRole('button', { name: 'Pause the playback' }).click()
        const shown = await frame(page)
        await page.waitForURL((url) => /^\d{4}-\d{2}-\d{2}$/.test(url.searchParams.get('at')))
        await drawnMap(page)
        await assertAccessible(page, 'playback')
        await shot(page, 'playback')

        // A frame's tiles are those of one day.
        const days = tiles.slice(whole).map(({ path }) => new URLSearchParams(path.split('?')[1]))
        assert.ok(days.length > 0)
        for (const day of days) {
            const hours = (Date.parse(day.get('to')) - Date.parse(day.get('from'))) / 3_600_000
            assert.ok(hours >= 23 && hours <= 25, `${hours} hours`)
        }

        await page.reload()
        await page.locator('[data-frame]').waitFor()
        await page.waitForFunction((name) => document.querySelector('[data-frame]').textContent === name, shown)

        // The table beside the map has the cells of the same day.
        const panel = page.getByRole('region', { name: 'Heat map' })
        await panel.getByRole('button', { name: 'Table' }).click()
        const rows = page.getByRole('region', { name: 'Hexagons of the heat map' }).locator('tbody tr')
        await rows.first().waitFor()
        const day = days.find((one) => new Intl.DateTimeFormat('en-CA', { timeZone: campaign.zone }).format(new Date(one.get('from'))) === at(page))
        const cells = await api(`/v1/campaigns/${campaign.id}/legend?${new URLSearchParams({ z: 9, metric: 'visits', from: day.get('from'), to: day.get('to') })}`)
        assert.equal(await rows.count(), cells.cells + cells.hidden_cells)

        await page.getByRole('button', { name: 'Show all days again' }).click()
        await page.waitForURL((url) => !url.searchParams.has('at'))
    }))

test('the arrow keys scrub', () =>
    withPage({ as: demo.owner }, async (page) => {
        await openMap(page)
        await page.getByRole('button', { name: 'Play day by day' }).click()
        await page.getByRole('button', { name: 'Pause the playback' }).click()
        await slider(page).focus()
        await page.keyboard.press('Home')
        const first = await slider(page).getAttribute('aria-valuetext')
        assert.equal(await frame(page), first)
        assert.equal(await page.getByRole('button', { name: 'Previous' }).isDisabled(), true)
        await page.keyboard.press('ArrowRight')
        const second = await slider(page).getAttribute('aria-valuetext')
        assert.notEqual(second, first)
        await page.keyboard.press('End')
        assert.equal(await page.getByRole('button', { name: 'Next' }).isDisabled(), true)
    }))

test('who asked for less motion steps, and nothing moves by itself', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.emulateMedia({ reducedMotion: 'reduce' })
        await openMap(page)
        assert.equal(await page.getByRole('button', { name: /^Play/ }).count(), 0)
        await page.getByRole('button', { name: 'Step through the days' }).click()
        const first = await frame(page)
        await page.getByRole('button', { name: 'Next' }).click()
        assert.notEqual(await frame(page), first)
        assert.equal(await page.getByRole('button', { name: /^Play|Pause the playback/ }).count(), 0)
    }))

test('one day is played by its hours', () =>
    withPage({ as: demo.owner }, async (page) => {
        const campaign = await measuredCampaign()
        const day = new Intl.DateTimeFormat('en-CA', { timeZone: campaign.zone }).format(new Date(campaign.from))
        await page.goto(`${origin}/campaigns/${campaign.id}?from=${day}&to=${day}`)
        await page.getByRole('button', { name: 'Play hour by hour' }).click()
        await page.getByRole('button', { name: 'Pause the playback' }).click()
        assert.match(await slider(page).getAttribute('max'), /^2[2-4]$/)
        await page.waitForURL((url) => /T\d\d:00:00\.000Z$/.test(url.searchParams.get('at')))
    }))
