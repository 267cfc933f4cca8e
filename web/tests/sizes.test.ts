// The budgets of research/frontend.md 6.1 on the build in dist (`npm run build` first).
import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { assets, closure, readBuild, scripts, styles } from '../tools/sizes.mjs'

const folder = new URL('../dist', import.meta.url).pathname
const shell = ['index.html', 'virtual:catalogue/en-CA']
const list = 'src/features/campaigns/list-page.tsx'
const campaign = 'src/app/campaign-page.tsx'
const menus = 'src/app/top-menus.tsx'
const calendar = 'src/components/range-picker.tsx'
const palette = 'src/app/palette.tsx'
const heatMap = 'src/features/analytics/heat-map.tsx'

// Brotli at its best takes seconds for the map.
const timeout = 120_000

describe('the build stays within its budgets (KiB)', { timeout }, () => {
    let build: ReturnType<typeof readBuild>
    beforeAll(() => {
        if (!existsSync(`${folder}/.vite/manifest.json`)) throw new Error('there is no build: run `npm run build` first')
        build = readBuild(folder)
    })

    const within = (name: string, size: { gzip: number; brotli: number }, gzip: number, brotli?: number) => {
        console.log(`${name}: ${size.gzip.toFixed(1)} gzip, ${size.brotli.toFixed(1)} brotli (budget ${gzip})`)
        expect(size.gzip).toBeGreaterThan(1)
        expect(size.gzip).toBeLessThanOrEqual(gzip)
        if (brotli !== undefined) expect(size.brotli).toBeLessThanOrEqual(brotli)
    }

    test('the shell', () => within('shell', scripts(build, shell), 160, 140))
    test('the first route, the campaign list', () => within('first route', scripts(build, [...shell, list]), 200, 175))
    test('the campaign page beyond the list', () =>
        within('campaign page', scripts(build, [...shell, list, campaign], [...shell, list]), 80))
    test('what the list leaves for later: menus', () =>
        within('menus', scripts(build, [...shell, menus], shell), 35))
    test('what the shell leaves for later: search and commands', () =>
        within('palette', scripts(build, [...shell, palette], shell), 40))
    test('the list carries neither map, calendar, palette nor the other language', () => {
        const first = closure(build, [...shell, list])
        for (const later of [heatMap, calendar, palette, 'virtual:catalogue/fr-CA']) expect(first).not.toContain(later)
    })
    test('what the campaign page leaves for later: the calendar', () =>
        within('calendar', scripts(build, [...shell, campaign, calendar], [...shell, campaign]), 35))
    test('the map beyond the campaign page', () =>
        within('map', scripts(build, [...shell, campaign, heatMap], [...shell, campaign]), 300))
    test('the map worker', () => within('worker', assets(build, /maplibre-gl-worker.*\.js$/), 150))
    test('style sheets', () => within('styles', styles(build), 25))
    test('the Latin font', () => within('font', assets(build, /inter-latin-wght.*\.woff2$/), 140))
})
