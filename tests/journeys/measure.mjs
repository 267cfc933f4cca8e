// The published numbers computed a second time, the plain way, from what the journeys' devices send (docs/decisions/0004
// and the method: visits, people, dwell, reach). Slow and short on purpose; it shares nothing with the product.

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

export const instant = (at) => new Date(at).toISOString()

const joinGap = 300 * second
const binEdges_s = [0, 5, 15, 60, 120, 300, 900, 1800, 3600]

const groupBy = (list, key) => Map.groupBy(list, key)
export const sum = (list, of = (value) => value) => list.reduce((total, one) => total + of(one), 0)

/** Near visits out of sightings {device, at, visitor, rssi_dbm}, with times in milliseconds. */
export function visitsOf(sightings, near_dbm = -75) {
    const visits = []
    for (const chain of groupBy(sightings, ({ device, visitor }) => `${device} ${visitor}`).values()) {
        let visit
        for (const { device, at, visitor, rssi_dbm } of chain.toSorted((one, other) => one.at - other.at)) {
            if (!visit || at - visit.end > joinGap) {
                visit = { device, visitor, start: at, end: at, strongest_dbm: rssi_dbm }
                visits.push(visit)
            }
            visit.end = at
            visit.strongest_dbm = Math.max(visit.strongest_dbm, rssi_dbm)
        }
    }
    return visits.filter(({ strongest_dbm }) => strongest_dbm >= near_dbm)
}

/** Totals of visits, each of which carries `share` and the `people` one visit stands for: {factor, low, high}. */
export function measuresOf(visits) {
    const dwell_s = ({ start, end }) => (end - start) / second
    const total = sum(visits, ({ share }) => share)
    const spent = sum(visits, (visit) => visit.share * dwell_s(visit))
    const people = (of) => sum(visits, ({ share, people: { [of]: many } }) => share * many)
    // Bounds speak for the calibrated visits alone.
    const calibrated = sum(visits.filter(({ people: { low } }) => low !== null), ({ share }) => share)
    const bound = (of) => (calibrated > 0 ? people(of) : null)
    const bins = binEdges_s.map((from, index) => {
        const inside = visits.filter((visit) => dwell_s(visit) >= from && dwell_s(visit) < (binEdges_s[index + 1] ?? Infinity))
        return sum(inside, ({ share }) => share)
    })
    return {
        visits: total, ots: people('factor'), ots_low: bound('low'), ots_high: bound('high'), lts: people('factor'),
        dwell_s: spent, mean_dwell_s: total > 0 ? spent / total : null, bins, calibrated_visits: calibrated,
    }
}

/** Reach by UTC day: different visitors times people per visit; shares do not enter. */
export function reachOf(visits) {
    const days = [...groupBy(visits, ({ start }) => instant(start).slice(0, 10))].map(([utc_day, those]) => {
        const ots = sum(those, ({ people }) => people.factor)
        return { utc_day, ots, reach: new Set(those.map(({ visitor }) => visitor)).size * (ots / those.length) }
    }).toSorted((one, other) => one.utc_day.localeCompare(other.utc_day))
    return {
        days,
        mean_daily_reach: sum(days, ({ reach }) => reach) / days.length,
        mean_daily_frequency: sum(days, ({ ots }) => ots) / sum(days, ({ reach }) => reach),
    }
}

/** Minutes whose start lies at most `interval_s` after a heartbeat, out of those of [from, to). */
export function coveredMinutes(from, to, heartbeats, interval_s) {
    let covered = 0
    for (let start = from; start + minute <= to; start += minute) {
        if (heartbeats.some((at) => at <= start && start - at <= interval_s * second)) covered += 1
    }
    return covered
}

/** Throws unless the numbers agree to 1e-9 of their size; sums of doubles differ in their last bits by order. */
export function agree(actual, expected, what) {
    if (typeof expected !== 'number') throw new Error(`${what}: nothing to compare with`)
    const off = Math.abs(actual - expected)
    if (typeof actual !== 'number' || !(off <= 1e-9 * Math.max(1, Math.abs(expected)))) {
        throw new Error(`${what} is ${actual}; computed by hand it is ${expected}`)
    }
}
