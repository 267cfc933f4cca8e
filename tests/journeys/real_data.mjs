// The real records that the product is tried on, read with no more than split(): GPS of three San Francisco cabs and of
// Kingston's buses, Wi-Fi frames of one sensor in Brno, ZIP areas of the Bay. None of it is part of the project.
import { createHmac } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { day, second } from './measure.mjs'
import { root } from './server.mjs'

const folder = path.resolve(root, process.env.MOBILYTICS_REAL_DATA || '../shared/data')

export const files = {
    cabs: ['eiboidne', 'eicmynts', 'eifvid'].map((cab) => path.join(folder, `gps_sfcabs/new_${cab}.txt`)),
    zips: path.join(folder, 'gps_sfcabs/bay_area_zip_codes.geojson'),
    buses: path.join(folder, 'gps_kingston/vehicle_positions_log.csv'),
    frames: path.join(folder, 'probes_brno/sc6-61_2023-03-07_p1.csv'),
}

/** Why a test cannot run, or false: the records are not there. */
export const missing = (...wanted) => {
    const absent = wanted.filter((file) => !existsSync(file))
    return absent.length > 0 && `no real data: ${absent.join(', ')} (set MOBILYTICS_REAL_DATA)`
}

const linesOf = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean)

/** Rows as objects by the header's names, each with its line in the file. */
function tableOf(file, separator) {
    const [header, ...lines] = linesOf(file)
    const names = header.split(separator)
    return lines.map((text, index) => {
        const values = text.split(separator)
        return { line: index + 2, ...Object.fromEntries(names.map((name, column) => [name, values[column]])) }
    })
}

/** One cab's fixes; its lines are `lat lon occupied unix_time`. */
export const cabFixes = (file) => linesOf(file).map((text) => {
    const [lat, lon, , unix] = text.split(' ').map(Number)
    return { at: unix * second, lat, lon }
})

const given = (text) => (text === '' ? undefined : Number(text))

export const busRows = () => tableOf(files.buses, ',').map((row) => ({
    line: row.line, bus: row.vehicle_id, at: Number(row.vehicle_timestamp) * second,
    lat: given(row.lat), lon: given(row.lon), speed_mps: given(row.speed_mps), heading_deg: given(row.bearing),
}))

/** Frames with the address as it was heard; `clock` is the wall clock's time of day as written, to the microsecond. */
export const frames = () => tableOf(files.frames, ';').map(({ datetime, src, rssi }) => {
    const clock = datetime.slice(11)
    const [hours, minutes, seconds] = clock.split(':')
    const thousandths = Number(seconds.slice(3).slice(0, 3))
    return { address: src, rssi_dbm: Number(rssi), clock, of_day: ((hours * 60 + minutes * 1) * 60 + parseInt(seconds, 10)) * second + thousandths }
})

/** ZIP areas: {code, name, polygons}, each polygon a list of rings. */
export const zips = () => JSON.parse(readFileSync(files.zips, 'utf8')).features.map(({ properties, geometry }) => ({
    code: properties.zip, name: properties.po_name, polygons: geometry.coordinates,
}))

/** What a device sends in place of an address: its digest under a key of the UTC date, which the company's key gives. */
export function pseudonym(key, address, at) {
    const ofDay = createHmac('sha256', key).update(new Date(at).toISOString().slice(0, 10)).digest()
    return createHmac('sha256', ofDay).update(address).digest('hex').slice(0, 16)
}

/** The instant of a wall clock's midnight in a zone. */
export function midnight(date, zone) {
    const utc = Date.parse(`${date}T00:00:00Z`)
    const shown = new Intl.DateTimeFormat('en-CA', { timeZone: zone, timeZoneName: 'longOffset' })
        .formatToParts(utc).find(({ type }) => type === 'timeZoneName').value
    const [, sign, hours = 0, minutes = 0] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(shown)
    return utc - (sign === '-' ? -1 : 1) * (hours * 60 + Number(minutes)) * 60 * second
}

/** Frames as one sensor would have heard them from `start` on, moved by whole seconds. */
export function shifted(list, start) {
    const first = Math.floor(list[0].of_day / second) * second
    return list.map((frame) => ({ ...frame, at: start + frame.of_day - first }))
}

/** Frames as sightings under pseudonyms, whichever way they reach the product. */
export const sightingsOf = (list, key) => list.map(({ at, address, rssi_dbm }) => ({ at, visitor: pseudonym(key, address, at), rssi_dbm }))

export const dateOf = (at, zone) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)
export const daysBetween = (from, to) => Array.from({ length: Math.round((to - from) / day) }, (_, index) => from + index * day)
