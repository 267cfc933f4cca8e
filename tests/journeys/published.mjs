// Compares what a campaign is shown with what the plain computation gives: counted things to the last one, sums of
// doubles to 1e-9 of their size, and reach, which is a sketch, to three times its documented error.
import assert from 'node:assert/strict'
import { agree, hour, instant, measuresOf, sum } from './measure.mjs'
import { beginnings, figuresOf } from './naive_counting.mjs'
import { regionsOf } from './naive_places.mjs'
import { until } from './world.mjs'

// HyperLogLog with 2^12 registers: standard error 1.04 / sqrt(4096).
const sketchError = 3 * 1.04 / Math.sqrt(4096)

const counted = ['visits', 'calibrated_visits']
const sums = ['ots', 'lts', 'dwell_s']
const optional = ['ots_low', 'ots_high', 'mean_dwell_s']

function sameMeasures(shown, plain, what) {
    for (const name of counted) assert.equal(shown[name], plain[name], `${name} ${what}`)
    assert.deepEqual(shown.bins, plain.bins, `dwell bins ${what}`)
    for (const name of sums) agree(shown[name], plain[name], `${name} ${what}`)
    for (const name of optional) {
        if (plain[name] === null) assert.equal(shown[name], null, `${name} ${what}`)
        else agree(shown[name], plain[name], `${name} ${what}`)
    }
}

const sameSketch = (shown, plain, what) => assert.ok(Math.abs(shown - plain) <= sketchError * plain, `${what}: ${shown} is far from ${plain}`)

/** Waits until everything that was received, or changed in the past, is in the numbers. */
export const settled = (server) => until('all marks are worked off', async () => server.count(`
    select (select count(*) from measurements.dirty)
         + (select count(*) from jobs.jobs where state in ('ready', 'running') and kind like 'measurements.on.%')`),
(waiting) => waiting === 0, 300_000)

const ask = (api, owner, campaign, what, window, more = {}) => api.get(owner, `/v1/campaigns/${campaign.id}/${what}`,
    { from: instant(window.from), to: instant(window.to), ...more })

async function sameSummary(api, owner, campaign, window, plain) {
    const { totals, reach, road_seconds: road, by_asset: assets, about } = await ask(api, owner, campaign, 'summary', window)
    const what = `of ${campaign.name}`
    assert.ok(Date.parse(about.complete_to) >= window.to, `the figures ${what} are complete`)
    sameMeasures(totals, plain.totals, what)
    assert.equal(reach.days, plain.reach.days.length)
    sameSketch(reach.mean_daily_reach, plain.reach.mean_daily_reach, `mean daily reach ${what}`)
    sameSketch(reach.mean_daily_frequency, plain.reach.mean_daily_frequency, `mean daily frequency ${what}`)
    for (const asset of assets) {
        const its = measuresOf(plain.visits.filter(({ asset: id }) => id === asset.asset_id))
        assert.equal(asset.visits, its.visits, `visits of ${asset.name} ${what}`)
        agree(asset.ots, its.ots, `people of ${asset.name} ${what}`)
    }
    assert.equal(sum(assets, ({ visits }) => visits), plain.totals.visits, `visits by asset ${what}`)
    assert.equal(about.unattached_visits, plain.unattached)
    assert.equal(about.parked_out_visits, plain.parkedOut, `parked out ${what}`)
    agree(about.placed_share, plain.placed / plain.totals.visits, `placed share ${what}`)
    agree(about.calibrated_share, plain.totals.calibrated_visits / plain.totals.visits, `calibrated share ${what}`)
    // Seconds and minutes of an hour that a window cuts are apportioned, not counted: only whole hours are compared.
    if (window.from % hour !== 0) return
    for (const [speed, seconds] of Object.entries(plain.road)) agree(road[speed], seconds, `seconds ${speed} ${what}`)
    const minutes = (of) => sum([...plain.minutes.values()], (one) => one[of].size)
    assert.equal(about.minutes_expected, minutes('expected'), `minutes expected ${what}`)
    assert.equal(about.minutes_covered, minutes('covered'), `minutes covered ${what}`)
    for (const asset of assets) {
        const { expected, covered } = plain.minutes.get(asset.asset_id)
        if (expected.size === 0) assert.equal(asset.coverage, null)
        else agree(asset.coverage, covered.size / expected.size, `coverage of ${asset.name}`)
    }
}

function sameBucket(bucket, plain, from, to, isWhole) {
    const inside = plain.visits.filter(({ start }) => from <= start && start < to)
    const minutes = (of) => sum([...plain.minutes.values()], (one) => [...one[of]].filter((at) => from <= at && at < to).length)
    const what = `from ${bucket.local}`
    if (isWhole) {
        assert.equal(bucket.minutes_expected, minutes('expected'), `minutes expected ${what}`)
        assert.equal(bucket.minutes_covered, minutes('covered'), `minutes covered ${what}`)
    }
    const isMeasured = inside.length > 0 || minutes('covered') > 0
    assert.equal(bucket.state, isMeasured ? 'measured' : 'no_data', `state ${what}`)
    if (isMeasured) sameMeasures(bucket, measuresOf(inside), what)
    else for (const name of [...counted, ...sums, ...optional, 'bins']) assert.equal(bucket[name], null, `${name} ${what}`)
    return inside.length
}

async function sameSeries(api, owner, campaign, window, plain, grain) {
    const { buckets, reach_days: days } = await ask(api, owner, campaign, 'metrics', window, { grain })
    const starts = beginnings(window, grain, campaign.zone)
    assert.deepEqual(buckets.map(({ start }) => start), starts.map(instant), `${grain}s of ${campaign.name}`)
    const isWhole = starts.every((at) => at % hour === 0)
    const visits = sum(buckets, (bucket) => sameBucket(bucket, plain, Date.parse(bucket.start), starts[buckets.indexOf(bucket) + 1] ?? window.to, isWhole))
    assert.equal(visits, plain.visits.length, `every visit of ${campaign.name} is in one ${grain}`)
    const seen = days.filter(({ reach }) => reach > 0)
    assert.deepEqual(seen.map(({ utc_day: date }) => date), plain.reach.days.map(({ utc_day: date }) => date))
    for (const [index, { reach, utc_day: date }] of seen.entries()) sameSketch(reach, plain.reach.days[index].reach, `reach of ${date}`)
    return buckets.length
}

async function sameRegions(api, owner, campaign, window, plain, { set, regions }) {
    const { items, elsewhere, unplaced_visits: unplaced } = await ask(api, owner, campaign, 'regions', window, { set })
    const { parts, placed, unplaced: unplacedPlain } = regionsOf(plain.visits, regions)
    assert.equal(unplaced, unplacedPlain, `unplaced visits of ${campaign.name}`)
    const byCode = new Map(parts.map((part) => [part.code, part]))
    assert.deepEqual(items.map(({ code }) => code).toSorted(), parts.map(({ code }) => code).filter((code) => code !== 'elsewhere').toSorted())
    for (const item of items) {
        const { hidden, inside, visits } = byCode.get(item.code)
        const what = `in ${item.code} of ${campaign.name}`
        assert.equal(item.hidden, hidden, `hidden ${what}`)
        assert.equal(item.visits, hidden ? null : visits, `visits ${what}`)
        if (hidden) continue
        const its = measuresOf(inside)
        for (const name of ['ots', 'lts', 'dwell_s', 'mean_dwell_s']) agree(item[name], its[name], `${name} ${what}`)
        agree(item.share_of_placed, visits / placed, `share ${what}`)
    }
    const rest = byCode.get('elsewhere')
    assert.equal(elsewhere?.visits ?? null, !rest || rest.hidden ? null : rest.visits, `visits elsewhere of ${campaign.name}`)
    return { regions: items.length, hidden: items.filter(({ hidden }) => hidden).length }
}

/** Compares all of a campaign's answers in a window; gives how much was compared. */
export async function sameAsPlain({ api, owner, world, tracks, exposures }, campaign, window, places) {
    const plain = figuresOf(world, campaign, tracks, exposures, window)
    assert.ok(plain.visits.length > 0, `${campaign.name} has visits to compare`)
    await sameSummary(api, owner, campaign, window, plain)
    const hours = await sameSeries(api, owner, campaign, window, plain, 'hour')
    const days = await sameSeries(api, owner, campaign, window, plain, 'day')
    const where = places ? await sameRegions(api, owner, campaign, window, plain, places) : {}
    return { campaign: campaign.name, visits: plain.visits.length, shown: plain.totals.visits, parked_out: plain.parkedOut, hours, days, ...where }
}
