// One evening of a truck and a billboard, as their devices send it. Everything about it is chosen so that the numbers can
// be computed by hand: parked, driving and parked again; near and far; over midnight UTC; one lost stretch of fixes, one
// silent half hour, two visits before the truck carried anything.
import { instant, minute, second } from './measure.mjs'
import { visitor } from './world.mjs'

export const metresPerDegree = 111_194.9266  // of latitude, on the sphere of the method
export const metresPerMinute = 600

export const parkedAt = { lat: 50.4452, lon: -104.6189 }
export const endsAt = { lat: 50.4452 + 20 * metresPerMinute / metresPerDegree, lon: -104.6189 }
export const board = { lat: 50.4101, lon: -104.6502 }

export const passes = { lat: 50.4452 + 10 * metresPerMinute / metresPerDegree, lon: -104.6189 }
export const unplacedAt = (start) => start + 153.5 * minute

const dwells_s = [0, 4, 10, 30, 90, 200, 600, 1200]

/** The sightings of one visit: at its start, then at least every 200 s, at its end; the middle one is the strongest. */
function seen(number, start, dwell_s, strongest_dbm = -60) {
    const times = [start]
    for (let after = 200; after < dwell_s; after += 200) times.push(start + after * second)
    if (dwell_s > 0) times.push(start + dwell_s * second)
    const strongest = Math.floor(times.length / 2)
    return times.map((at, index) => ({ at, visitor: visitor(number), rssi_dbm: index === strongest ? strongest_dbm : strongest_dbm - 12 }))
}

/** Where the truck is in each minute of its three hours; from 2:30 to 2:37 the receiver is deaf. */
export function truckFixes(start) {
    const place = (at) => {
        const driven = Math.min(Math.max(at - 60, 0), 20) * metresPerMinute / metresPerDegree
        return { lat: parkedAt.lat + driven, lon: parkedAt.lon }
    }
    return Array.from({ length: 180 }, (_, at) => at).filter((at) => at < 150 || at > 157)
        .map((at) => ({ at: start + at * minute, ...place(at) }))
}

export function truckSightings(start) {
    const parked = Array.from({ length: 24 }, (_, i) => seen(i, start + i * 2 * minute + 10 * second, dwells_s[i % 8], i % 7 === 6 ? -90 : -60))
    // A crowd at a bus stop, as the truck drives by: fewer than ten in a place would be hidden on the map.
    const driving = Array.from({ length: 12 }, (_, i) => seen(100 + i, start + 70 * minute, i % 3))
    const evening = Array.from({ length: 20 }, (_, i) => seen(200 + i, start + (100 + 2 * i) * minute + 5 * second, dwells_s[(i + 3) % 6]))
    // One of the afternoon comes back after more than 300 s: a second visit of the same person.
    const again = [seen(0, start + 20 * minute, 30)]
    const unplaced = [seen(300, unplacedAt(start), 15)]
    const before = [seen(400, start - 30 * minute, 20), seen(401, start - 25 * minute, 0)]
    return [...parked, ...driving, ...evening, ...again, ...unplaced, ...before].flat()
}

export function boardSightings(start) {
    // Every third has passed the truck too; the last stays for more than an hour, with gaps of just 300 s.
    const passing = Array.from({ length: 29 }, (_, i) => seen(i % 3 === 0 ? i : 500 + i, start + (5 * i + 2) * minute, dwells_s[i % 8], -70))
    const staying = Array.from({ length: 14 }, (_, i) => ({ at: start + 100 * minute + i * 300 * second, visitor: visitor(600), rssi_dbm: -74 }))
    return [...passing.flat(), ...staying]
}

/** Every five minutes; the board's device is silent between 1:00 and 1:30. */
export const truckHeartbeats = (start) => Array.from({ length: 36 }, (_, i) => start + i * 5 * minute)
export const boardHeartbeats = (start) => truckHeartbeats(start).filter((at) => at <= start + 60 * minute || at >= start + 90 * minute)

/** Batches as a device sends them: of at most `size` items, in the order of time. */
export function batches(name, { fixes = [], sightings = [], heartbeats = [] }, size) {
    const items = [
        ...fixes.map(({ at, ...place }) => ['positions', at, place]),
        ...sightings.map(({ at, ...sighting }) => ['sightings', at, sighting]),
        ...heartbeats.map((at) => ['heartbeats', at, { firmware: '1.4.2', battery: 0.8, temperature: 21.5, queue_depth: 3 }]),
    ].toSorted((one, other) => one[1] - other[1])
    const made = []
    for (let first = 0; first < items.length; first += size) {
        const body = { batch: `${name}-${made.length}`, positions: [], sightings: [], heartbeats: [] }
        for (const [stream, at, item] of items.slice(first, first + size)) body[stream].push({ at: instant(at), ...item })
        made.push(body)
    }
    return made
}

/** The same batch as lines, for devices that write as they go. */
export function asLines({ batch, positions, sightings, heartbeats }) {
    const kinds = { position: positions, sighting: sightings, heartbeat: heartbeats }
    const lines = Object.entries(kinds).flatMap(([kind, items]) => items.map((item) => ({ kind, ...item })))
    return `${[{ batch }, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`
}
