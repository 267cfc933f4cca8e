// Where a vehicle was, computed a second time, the plain way (method 3.4, 3.5 and 3.7): what is kept of its fixes, its
// place and speed at an instant, and how long it has stood. Shares nothing with the product.
import { hour, second } from './measure.mjs'

const gap = 300 * second
const nearEnough = 60 * second
const radians = (degrees) => degrees * Math.PI / 180
const round7 = (value) => Math.sign(value) * Math.round(Math.abs(value) * 1e7) / 1e7

export function metres(one, other) {
    const a = Math.sin(radians(other.lat - one.lat) / 2) ** 2
        + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * Math.sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * 6_371_008.8 * Math.atan2(Math.sqrt(a), Math.sqrt(1 - a))
}

const classOf = (mps) => (mps * 3.6 <= 5 ? 'parked' : mps * 3.6 <= 20 ? 'crawl' : mps * 3.6 <= 60 ? 'urban' : 'fast')
const reported = ({ speed_mps }) => (speed_mps === undefined ? 'unknown' : classOf(speed_mps))

const order = (one, other, ...fields) => {
    for (const field of fields) {
        const difference = (one[field] ?? Infinity) - (other[field] ?? Infinity)
        if (difference < 0 || difference > 0) return difference
    }
    return 0
}

const hourOf = (at) => Math.floor(at / hour)
// What an instant depends on lies within 300 s of it: looking at the hour before it, its own and the next spares minutes.
const byHour = (list, timeOf) => Map.groupBy(list, (one) => hourOf(timeOf(one)))
const around = (hours, at) => [-1, 0, 1].flatMap((step) => hours.get(hourOf(at) + step) ?? [])

/** One fix an instant, by time; then without teleports. */
export function trackOf(fixes) {
    const byTime = new Map()
    for (const fix of fixes) {
        const there = byTime.get(fix.at)
        if (!there || order(fix, there, 'accuracy_m', 'lat', 'lon', 'speed_mps', 'heading_deg') < 0) byTime.set(fix.at, fix)
    }
    const kept = []
    for (const fix of [...byTime.values()].toSorted((one, other) => one.at - other.at)) {
        const last = kept.at(-1)
        const isTeleport = last && fix.at - last.at <= gap && metres(last, fix) / ((fix.at - last.at) / second) > 60
        if (!isTeleport) kept.push(fix)
    }
    const intervals = []
    for (const [index, to] of kept.entries()) {
        const from = kept[index - 1]
        if (!from || to.at - from.at > gap) continue
        const speed = classOf(metres(from, to) / ((to.at - from.at) / second))
        const before = intervals.at(-1)
        const goesOn = before?.speed === 'parked' && before.to === from
        intervals.push({ from, to, speed, stoppedSince: speed === 'parked' ? (goesOn ? before.stoppedSince : from.at) : undefined })
    }
    return { kept, intervals, dropped: byTime.size - kept.length, keptIn: byHour(kept, ({ at }) => at), intervalsIn: byHour(intervals, ({ from }) => from.at) }
}

const placeOf = ({ lat, lon }) => ({ lat: round7(lat), lon: round7(lon) })

/** {place?, speed, stoppedSince?} at an instant. */
export function whereabouts({ keptIn, intervalsIn }, at) {
    const kept = around(keptIn, at)
    const there = kept.find((fix) => fix.at === at)
    const holds = around(intervalsIn, at).findLast(({ from, to }) => from.at <= at && at <= to.at)
    const near = kept.filter((fix) => Math.abs(fix.at - at) <= nearEnough)
        .toSorted((one, other) => Math.abs(one.at - at) - Math.abs(other.at - at) || one.at - other.at)[0]
    const motion = holds ? { speed: holds.speed, stoppedSince: holds.stoppedSince } : { speed: reported(there ?? near ?? {}) }
    if (there) return { place: placeOf(there), ...motion }
    if (holds) {
        const part = (at - holds.from.at) / (holds.to.at - holds.from.at)
        const between = (field) => holds.from[field] + (holds.to[field] - holds.from[field]) * part
        return { place: placeOf({ lat: between('lat'), lon: between('lon') }), ...motion }
    }
    return { place: near && placeOf(near), ...motion }
}
