// The main path: a company comes to be, its truck and its billboard carry an advertisement and a sensor, the sensors
// send what they saw, and the numbers that come out are those that one computes by hand, in the API and on the screen.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { agree, coveredMinutes, day, hour, instant, measuresOf, minute, reachOf, sum, visitsOf } from './measure.mjs'
import { artefacts, Server } from './server.mjs'
import * as street from './street.mjs'
import { addCampaign, addCompany, addDevice, addModel, password, settledSummary } from './world.mjs'
import { featuresOf, openBrowser } from './web_packages.mjs'

// Regina keeps UTC-6 all year. Yesterday from 16:00 there: three hours that cross midnight UTC and lie well behind now.
const zone = 'America/Regina'
const today = Math.floor((Date.now() - 6 * hour) / day) * day + 6 * hour
const flight = { from: today - day, to: today + day }
const window = { from: flight.from, to: today }
const start = today - day + 16 * hour
const end = start + 3 * hour

const truckPeople = { factor: 1.5, low: 1.2, high: 1.8 }
const boardPeople = { factor: 2, low: 1, high: 3 }
const calibration = (people) => ({ effective_from: instant(start - day), method: 'counted by hand at the kerb', ...people })
const shares = { truck: 1, board: 0.5 }

const sent = {
    truck: { fixes: street.truckFixes(start), sightings: street.truckSightings(start), heartbeats: street.truckHeartbeats(start) },
    board: { sightings: street.boardSightings(start), heartbeats: street.boardHeartbeats(start) },
}

/** The visits that the campaign counts, by asset, each with its share and people. */
function countedVisits() {
    const of = (name, people) => visitsOf(sent[name].sightings.map((one) => ({ device: name, ...one })))
        .filter((visit) => visit.start >= start && visit.start < end).map((visit) => ({ ...visit, share: shares[name], people }))
    return { truck: of('truck', truckPeople), board: of('board', boardPeople) }
}

const byAsset = countedVisits()
const counted = [...byAsset.truck, ...byAsset.board]
const expected = { totals: measuresOf(counted), reach: reachOf(counted) }

let server, api, staff, owner, truck, board, campaign, summary

const pathOf = (what) => `/v1/campaigns/${campaign.id}/${what}`
const span = { from: instant(window.from), to: instant(window.to) }

suite('the main path', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('main_path')
        api = server.api
    })
    after(() => server?.end())

    test('staff make a company, and its owner signs in', async () => {
        staff = await server.staff()
        assert.equal(staff.session.staff, true)
        const made = await addCompany(api, staff, { name: 'Prairie Outdoor', zone, email: 'owner@prairie.example' })
        owner = made.owner
        assert.equal(owner.session.company.id, made.company.id)
        assert.equal(owner.session.role, 'owner')
        const wrong = await api.call(null, 'POST', '/v1/sessions', { body: { email: 'owner@prairie.example', password: 'no' } })
        assert.equal(wrong.status, 401)
        assert.equal(wrong.body.code, 'auth.wrong_credentials')
    })

    test('the owner adds assets, devices and a campaign, and launches it', async () => {
        const model = await addModel(api, staff, { name: 'Eye 3', calibration: calibration(boardPeople) })
        const face = (format, placement) => ({ name: 'Main', format, placement })
        const vehicle = await api.post(owner, '/v1/assets', { kind: 'vehicle', name: 'Truck 7', plate: 'PO 007', faces: [face('truck', 'side')] })
        const billboard = await api.post(owner, '/v1/assets', {
            kind: 'billboard', name: 'Albert Street', point: street.board, faces: [face('bulletin', 'roadside')],
        })
        truck = await addDevice(api, owner, { serial: 'T-1', name: 'In the cab', model, asset: vehicle, from: start, to: end, calibration: calibration(truckPeople) })
        board = await addDevice(api, owner, { serial: 'B-1', name: 'On the mast', model, asset: billboard, from: start, to: end })
        campaign = await addCampaign(api, owner, {
            name: 'Northern Light', advertiser: 'Aurora Coffee', ...flight, zone, goal_impressions: 100_000,
            faces: [[vehicle.faces[0], shares.truck], [billboard.faces[0], shares.board]],
        })
        assert.equal(campaign.state, 'live')
        assert.equal(campaign.asset_count, 2)
        const overlap = await api.call(owner, 'POST', `/v1/devices/${truck.id}/attachments`, {
            body: { asset_id: billboard.id, from: instant(start), to: instant(end) }, expect: 409,
        })
        assert.equal(overlap.body.code, 'devices.attachment_overlaps')
    })

    test('the devices send what they saw, and each batch is answered once it is stored', sendEverything)
    test('a bad item is refused alone, and a batch id cannot be used twice', refuseWhatIsWrong)
    test('the summary equals what one computes by hand', checkSummary)
    test('hours and days add up to the totals', checkMetrics)
    test('the map shows the places where the vehicles were seen', checkMap)
    test('regions from a file take the visits inside them; the rest is elsewhere', checkRegions)
    test('the last places of vehicles and the health of devices are shown', checkDevices)
    test('a browser signs in and shows the same numbers', checkBrowser)
})

async function sendEverything() {
    const post = (device, options) => api.call(device.token, 'POST', '/v1/ingest/batch', { ...options, expect: 202 })
    for (const [device, name, size] of [[truck, 'truck', 100], [board, 'board', 40]]) {
        for (const [index, body] of street.batches(name, sent[name], size).entries()) {
            const form = index % 3 === 0 ? { body } : index % 3 === 1 ? { body, gzip: true }
                : { raw: street.asLines(body), type: 'application/x-ndjson' }
            const first = await post(device, form)
            const { batch, accepted, rejected } = first.body
            assert.equal(batch, body.batch)
            const sizes = { positions: body.positions.length, sightings: body.sightings.length, heartbeats: body.heartbeats.length }
            assert.deepEqual(accepted, sizes)
            assert.deepEqual(rejected, [])
            if (index === 0) {
                const second = await post(device, form)
                assert.deepEqual({ ...second.body, replayed: undefined }, { ...first.body, replayed: undefined })
            }
        }
    }
}

async function refuseWhatIsWrong() {
    const good = sent.board.sightings[0]
    const item = (change) => ({ at: instant(good.at), visitor: good.visitor, rssi_dbm: good.rssi_dbm, ...change })
    const body = {
        batch: 'partly-wrong', positions: [], heartbeats: [],
        sightings: [item({}), item({ rssi_dbm: -10 }), item({ visitor: 'a4:83:e7:00:11:22' }), item({ at: instant(Date.now() + 10 * minute) }), item({ colour: 'red' })],
    }
    const { body: answer } = await api.call(board.token, 'POST', '/v1/ingest/batch', { body, expect: 202 })
    assert.deepEqual(answer.accepted, { positions: 0, sightings: 1, heartbeats: 0 })
    assert.deepEqual(answer.rejected.map(({ index, reason }) => [index, reason]),
        [[1, 'rssi_out_of_range'], [2, 'bad_value'], [3, 'too_far_ahead'], [4, 'unknown_field']])
    assert.doesNotMatch(JSON.stringify(answer), /a4:83:e7/, 'an address is not even repeated')
    body.sightings.pop()
    const changed = await api.call(board.token, 'POST', '/v1/ingest/batch', { body, expect: 422 })
    assert.equal(changed.body.code, 'measurements.batch_differs')
    await api.call({ bearer: `${board.token.bearer}x` }, 'POST', '/v1/ingest/batch', { body, expect: 401 })
}

async function checkSummary() {
    summary = await settledSummary(api, owner, campaign, { ...window, through: end, visits: expected.totals.visits })
    const { totals, reach, about } = summary
    for (const [name, value] of Object.entries(expected.totals)) {
        if (name === 'bins') value.forEach((many, index) => agree(totals.bins[index], many, `totals.bins[${index}]`))
        else agree(totals[name], value, `totals.${name}`)
    }
    agree(reach.mean_daily_reach, expected.reach.mean_daily_reach, 'mean daily reach')
    agree(reach.mean_daily_frequency, expected.reach.mean_daily_frequency, 'mean daily frequency')
    assert.equal(reach.days, 2)
    // 179 intervals of a minute between 180 fixes, less the nine around the lost stretch; 20 of them were driven.
    assert.deepEqual(summary.road_seconds, { parked: (179 - 9 - 20) * 60, crawl: 0, urban: 20 * 60, fast: 0 })
    assert.deepEqual(summary.by_asset.map(({ name }) => name).toSorted(), ['Albert Street', 'Truck 7'])
    for (const asset of summary.by_asset) {
        const which = asset.kind === 'vehicle' ? 'truck' : 'board'
        const alone = measuresOf(byAsset[which])
        for (const name of ['visits', 'ots', 'lts']) agree(asset[name], alone[name], `${name} of ${asset.name}`)
        agree(asset.coverage, coveredMinutes(start, end, sent[which].heartbeats, 300) / 180, `coverage of ${asset.name}`)
    }
    const covered = sum(['truck', 'board'], (which) => coveredMinutes(start, end, sent[which].heartbeats, 300))
    assert.equal(about.minutes_expected, 360)
    assert.equal(about.minutes_covered, covered)
    agree(about.coverage, covered / 360, 'coverage')
    assert.equal(about.unattached_visits, 2)
    assert.equal(about.parked_out_visits, 0)
    assert.equal(about.calibrated_share, 1)
    agree(about.placed_share, (expected.totals.visits - 1) / expected.totals.visits, 'placed share')
}

async function checkMetrics() {
    const hours = await api.get(owner, pathOf('metrics'), { grain: 'hour', ...span })
    const measured = hours.buckets.filter(({ visits }) => visits > 0)
    const hourOf = ({ start: at }) => Math.floor(at / hour) * hour
    assert.deepEqual(measured.map((bucket) => bucket.start), [...new Set(counted.map(hourOf))].toSorted().map(instant))
    for (const bucket of measured) {
        const inside = measuresOf(counted.filter((visit) => hourOf(visit) === Date.parse(bucket.start)))
        assert.equal(bucket.state, 'measured')
        for (const name of ['visits', 'ots', 'lts', 'dwell_s']) agree(bucket[name], inside[name], `${name} from ${bucket.local}`)
    }
    assert.match(measured[0].local, /T16:00-06:00$/)
    const days = await api.get(owner, pathOf('metrics'), { grain: 'day', ...span })
    assert.equal(days.buckets.length, 1)
    for (const { buckets } of [hours, days]) {
        for (const name of ['visits', 'ots', 'lts', 'dwell_s']) agree(sum(buckets, (bucket) => bucket[name]), expected.totals[name], `${name} by time`)
    }
    const reach = (await api.get(owner, pathOf('metrics'), { grain: 'day', ...span })).reach_days.filter((one) => one.reach > 0)
    assert.deepEqual(reach.map(({ utc_day }) => utc_day), expected.reach.days.map(({ utc_day }) => utc_day))
    reach.forEach((one, index) => agree(one.reach, expected.reach.days[index].reach, `reach of ${one.utc_day}`))
}

/** The tile that holds a place. */
function tileOf({ lat, lon }, z) {
    const radians = lat * Math.PI / 180
    return { x: Math.floor((lon + 180) / 360 * 2 ** z), y: Math.floor((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2 * 2 ** z) }
}

const featuresAt = async (place, z, query) => {
    const { x, y } = tileOf(place, z)
    const tile = await api.call(owner, 'GET', pathOf(`tiles/${z}/${x}/${y}.mvt`), { query, expect: 200 })
    return featuresOf(tile.bytes, 'exposure')
}

async function checkMap() {
    let z = 10
    let legend
    do legend = await api.get(owner, pathOf('legend'), { z: (z += 1), metric: 'visits', ...span })
    while (legend.resolution < 9)
    const during = (from, to) => byAsset.truck.filter((visit) => visit.start >= start + from * minute && visit.start < start + to * minute)
    const places = [
        [street.parkedAt, during(0, 60)], [street.passes, during(60, 80)],
        [street.endsAt, during(80, 180).filter((visit) => visit.start !== street.unplacedAt(start))], [street.board, byAsset.board],
    ]
    assert.deepEqual([legend.cells, legend.hidden_cells], [places.length, 0])
    for (const [place, visits] of places) {
        const features = await featuresAt(place, z, span)
        const where = `at ${place.lat}, ${place.lon}`
        assert.equal(features.length, 1, `cells ${where}`)
        agree(features[0].visits, measuresOf(visits).visits, `visits ${where}`)
        agree(features[0].ots, measuresOf(visits).ots, `people ${where}`)
    }
    // In the last hour too few passed the billboard: its cell says no more than that there was something.
    const late = { from: instant(start + 2 * hour), to: instant(end) }
    const [few] = await featuresAt(street.board, z, late)
    assert.deepEqual({ ...few }, { cell: few.cell, resolution: 9, hidden: true })
}

const halfway = street.parkedAt.lat + 8.5 * street.metresPerMinute / street.metresPerDegree

/** Two regions along the truck's road, parted where it was at 1:08:30; the billboard stands in neither. */
function writeRegions(file) {
    const area = (code, south, north) => ({
        type: 'Feature', properties: { code, name: `${code} half` },
        geometry: { type: 'Polygon', coordinates: [[[-104.63, south], [-104.6, south], [-104.6, north], [-104.63, north], [-104.63, south]]] },
    })
    const features = [area('south', 50.4, halfway), area('north', halfway, 50.7)]
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }))
}

async function checkRegions() {
    const file = path.join(server.home, 'halves.geojson')
    writeRegions(file)
    await server.command(['import', 'regions', file, '--company', owner.session.company.id, '--set', 'halves',
        '--set-name', 'Halves of the road', '--map', 'code=code', '--map', 'name=name'])
    const { items: sets } = await api.get(owner, '/v1/region-sets')
    assert.deepEqual(sets.map(({ id, name, regions }) => [id, name, regions]), [['halves', 'Halves of the road', 2]])
    const answer = await api.get(owner, pathOf('regions'), { set: 'halves', ...span })
    const turn = start + 68.5 * minute
    const placed = byAsset.truck.filter((visit) => visit.start !== street.unplacedAt(start))
    const expect = { south: placed.filter((visit) => visit.start < turn), north: placed.filter((visit) => visit.start > turn) }
    assert.deepEqual(answer.items.map(({ code }) => code).toSorted(), ['north', 'south'])
    for (const item of answer.items) {
        const inside = measuresOf(expect[item.code])
        assert.equal(item.hidden, false)
        for (const name of ['visits', 'ots', 'lts', 'dwell_s', 'mean_dwell_s']) agree(item[name], inside[name], `${name} in the ${item.name}`)
    }
    agree(answer.elsewhere.visits, measuresOf(byAsset.board).visits, 'visits elsewhere')
    agree(answer.unplaced_visits, 1, 'unplaced visits')
}

async function checkDevices() {
    // Where a vehicle is, its device says that is on it now; the truck's came off at the end of the evening.
    assert.deepEqual((await api.get(owner, '/v1/vehicles/positions')).items, [])
    await api.post(owner, `/v1/devices/${truck.id}/attachments`, { asset_id: truck.attachment.asset_id, from: instant(Date.now() - hour) })
    const { items } = await api.get(owner, '/v1/vehicles/positions')
    assert.equal(items.length, 1)
    assert.equal(items[0].name, 'Truck 7')
    assert.equal(items[0].at, instant(start + 179 * minute))
    assert.equal(items[0].stale, true)
    agree(items[0].lat, street.endsAt.lat, 'the last latitude')
    const device = await api.get(owner, `/v1/devices/${truck.id}`)
    assert.equal(device.firmware, '1.4.2')
    assert.equal(device.state, 'active')
    assert.equal(device.calibrated, true)
    assert.ok(Date.parse(device.last_seen_at) >= start + 175 * minute)
}

async function checkBrowser() {
    const { browser, page, faults } = await openBrowser(server.url)
    try {
        await page.goto(`${server.url}/sign-in`)
        await page.locator('input[name=email]').fill('owner@prairie.example')
        await page.locator('input[name=password]').fill(password)
        await page.keyboard.press('Enter')
        await page.waitForURL((url) => url.pathname !== '/sign-in')
        const tile = page.waitForResponse((answer) => /\.mvt\?.*v=\d/.test(answer.url()) && answer.status() === 200, { timeout: 180_000 })
        const local = (at) => new Date(at - 6 * hour).toISOString().slice(0, 10)
        await page.goto(`${server.url}/campaigns/${campaign.id}?from=${local(window.from)}&to=${local(window.from)}`)
        await page.getByRole('heading', { name: 'Northern Light' }).waitFor()
        const shown = async (kpi) => {
            const text = await page.locator(`[data-kpi=${kpi}] [data-exact]`).getAttribute('data-exact')
            return Number(text.replace(/[^\d.]/g, ''))
        }
        for (const kpi of ['visits', 'ots', 'lts']) assert.equal(await shown(kpi), Math.round(summary.totals[kpi]), `${kpi} on the screen`)
        assert.equal(await shown('reach'), Math.round(summary.reach.mean_daily_reach))
        assert.equal(await shown('dwell'), Math.round(summary.totals.mean_dwell_s * 10) / 10)
        await tile.catch((error) => { throw new Error(`the map loaded no tile: ${faults.join('; ')}`, { cause: error }) })
        await drawn(page.locator('[data-map]'))
        await page.evaluate(() => scrollTo(0, 0))
        mkdirSync(artefacts, { recursive: true })
        await page.screenshot({ path: path.join(artefacts, 'main_path.png'), fullPage: true })
        assert.deepEqual(faults, [])
    } finally {
        await browser.close()
    }
}

/** Waits until the map is as it stays: software drawing takes its time, and the picture is kept to be looked at. */
async function drawn(map) {
    await map.scrollIntoViewIfNeeded()
    const blank = await map.screenshot()
    let [before, now] = [blank, await map.screenshot()]
    for (let tries = 0; tries < 40 && (now.equals(blank) || !now.equals(before)); tries += 1) {
        await sleep(1000)
        before = now
        now = await map.screenshot()
    }
}
