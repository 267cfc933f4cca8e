// What a campaign is shown, computed a second time, the plain way (method 2 to 4): visits of a world of devices, assets
// and campaigns, as plain values, counted by campaign, hour and day. Slow on purpose; shares nothing with the product.
import { coveredMinutes, hour, measuresOf, minute, reachOf, second, sum, visitsOf } from './measure.mjs'
import { trackOf, whereabouts } from './naive_track.mjs'

const inForce = (records, at) => records.filter(({ from }) => from <= at).toSorted((one, other) => one.from - other.from).at(-1)
const during = ({ from, to = Infinity }, at) => from <= at && at < to
const attachedAt = (device, at) => device.attachments.find((attachment) => during(attachment, at))

/** The track of each vehicle, from the fixes of the devices that were on it then. */
export function tracksOf({ assets, devices }) {
    return new Map(assets.filter(({ point }) => !point).map(({ id }) => [id,
        trackOf(devices.flatMap((device) => device.fixes.filter(({ at }) => attachedAt(device, at)?.asset === id)))]))
}

const leftOut = (policy, { speed, stoppedSince }, start) => (policy?.kind === 'exclude' ? speed === 'parked'
    : policy?.kind === 'cap' && stoppedSince !== undefined && start - stoppedSince > policy.minutes * minute)

/** Every near visit with its asset, place, speed and people. */
export function exposuresOf(world, tracks) {
    const points = new Map(world.assets.map(({ id, point }) => [id, point]))
    return world.devices.flatMap((device) => visitsOf(device.sightings.map((one) => ({ device: device.id, ...one })), device.near_dbm)
        .map((visit) => {
            const people = inForce(device.calibrations, visit.start) ?? inForce(device.model_calibrations, visit.start)
                ?? { factor: 1, low: null, high: null }
            const asset = attachedAt(device, visit.start)?.asset
            if (!asset) return { ...visit, people }
            const point = points.get(asset)
            const where = point ? { place: point, speed: 'static' } : whereabouts(tracks.get(asset), visit.start)
            return { ...visit, people, asset, ...where, parkedOut: leftOut(inForce(world.policies, visit.start), where, visit.start) }
        }))
}

const weekdays = { Mon: 0, Tue: 1, Wed: 2, Thu: 3, Fri: 4, Sat: 5, Sun: 6 }
const clocks = new Map()

function wallClock(at, zone) {
    if (!clocks.has(zone)) {
        clocks.set(zone, new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }))
    }
    const parts = Object.fromEntries(clocks.get(zone).formatToParts(at).map(({ type, value }) => [type, value]))
    return { weekday: weekdays[parts.weekday], time: Number(parts.hour) * 60 + Number(parts.minute) }
}

const minutesOf = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

function inDayparts({ dayparts, zone }, at) {
    if (!dayparts) return true
    const { weekday, time } = wallClock(at, zone)
    return dayparts.some(({ weekdays: days, start, end }) => {
        const [from, to] = [minutesOf(start), minutesOf(end)]
        if (from < to) return days.includes(weekday) && time >= from && time < to
        return (days.includes(weekday) && time >= from) || (days.includes((weekday + 6) % 7) && time < to)
    })
}

/** The largest share of the asset's faces that the campaign has then, or 0. */
export function shareOf(campaign, asset, at) {
    if (!during(campaign, at) || !inDayparts(campaign, at)) return 0
    return Math.max(0, ...campaign.assignments.filter((one) => one.asset === asset && during(one, at)).map(({ share }) => share))
}

/** What the campaign counts in a window, and how many visits the parked policy took from it. */
export function countedBy(campaign, exposures, window) {
    const its = exposures.filter(({ asset, start }) => asset && during(window, start))
        .map((visit) => ({ ...visit, share: shareOf(campaign, visit.asset, visit.start) })).filter(({ share }) => share > 0)
    return { visits: its.filter(({ parkedOut }) => !parkedOut), parkedOut: its.filter(({ parkedOut }) => parkedOut).length }
}

/** Seconds on the road by class in a window; everything that can begin or end does so at a whole minute. */
export function roadSeconds(campaign, tracks, window) {
    const seconds = { parked: 0, crawl: 0, urban: 0, fast: 0 }
    for (const [asset, { intervals }] of tracks) {
        if (!campaign.assignments.some((one) => one.asset === asset)) continue
        for (const { from, to, speed } of intervals) {
            for (let at = from.at; at < to.at;) {
                const next = Math.min(to.at, Math.floor(at / minute) * minute + minute)
                if (during(window, at) && shareOf(campaign, asset, at) > 0) seconds[speed] += (next - at) / second
                at = next
            }
        }
    }
    return seconds
}

/** Minutes of a window in which a device was attached throughout and the campaign counted, and those covered by beats. */
export function minutesOfAsset(campaign, devices, asset, window) {
    const expected = new Set()
    const covered = new Set()
    for (const device of devices) {
        for (const attachment of device.attachments.filter((one) => one.asset === asset)) {
            for (let at = window.from; at < window.to; at += minute) {
                const throughout = attachment.from <= at && at + minute <= (attachment.to ?? Infinity)
                if (!throughout || shareOf(campaign, asset, at) === 0) continue
                expected.add(at)
                if (coveredMinutes(at, at + minute, device.heartbeats, device.interval_s) === 1) covered.add(at)
            }
        }
    }
    return { expected, covered }
}

/** Everything about a campaign in a window. */
export function figuresOf(world, campaign, tracks, exposures, window) {
    const { visits, parkedOut } = countedBy(campaign, exposures, window)
    const assets = [...new Set(campaign.assignments.map(({ asset }) => asset))]
    return {
        visits, parkedOut, totals: measuresOf(visits), reach: reachOf(visits), road: roadSeconds(campaign, tracks, window),
        minutes: new Map(assets.map((asset) => [asset, minutesOfAsset(campaign, world.devices, asset, window)])),
        unattached: exposures.filter(({ asset, start }) => !asset && during(window, start)).length,
        placed: sum(visits.filter(({ place }) => place), ({ share }) => share),
    }
}

/** Beginnings of the days or hours of a window: days by the zone's wall clock, hours by UTC. */
export function beginnings(window, grain, zone) {
    const found = [window.from]
    for (let at = Math.floor(window.from / hour) * hour; at < window.to; at += hour / 4) {
        const begins = grain === 'hour' ? at % hour === 0 : wallClock(at, zone).time === 0
        if (at > window.from && begins) found.push(at)
    }
    return found
}

