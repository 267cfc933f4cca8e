// Judges the items of a batch one by one: {kept: {positions, sightings, heartbeats}, rejected}.
const ahead_ms = 10 * 60_000
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const visitor = /^[0-9a-f]{16}$/
const largestReal = 1e30

const missing = (field) => ['missing_field', `${field} is missing`]
const storable = (value) => value === undefined || value === null || Math.abs(value) < largestReal

/** Why an item is refused: [reason, detail]; nothing when it is good. */
const faultOf = {
    position({ lat, lon, speed_mps, heading_deg, accuracy_m }) {
        if (lat === undefined || lon === undefined) return missing(lat === undefined ? 'lat' : 'lon')
        if (!(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180) || (lat === 0 && lon === 0)) {
            return ['position_out_of_range', 'lat must be in [-90, 90], lon in [-180, 180], not both 0']
        }
        if (![speed_mps, heading_deg, accuracy_m].every(storable)) return ['bad_value', 'speed_mps, heading_deg and accuracy_m must be finite']
        return undefined
    },
    sighting({ visitor: name, rssi_dbm }) {
        if (name === undefined || rssi_dbm === undefined) return missing(name === undefined ? 'visitor' : 'rssi_dbm')
        if (!visitor.test(name)) return ['bad_value', 'visitor must be exactly 16 lower-case hexadecimal digits']
        if (rssi_dbm < -110 || rssi_dbm > -20) return ['rssi_out_of_range', 'rssi_dbm must be in [-110, -20]']
        return undefined
    },
    heartbeat({ firmware, battery, temperature }) {
        if (firmware === undefined) return missing('firmware')
        if (firmware.length > 64 || firmware.includes('\0')) return ['bad_value', 'firmware is at most 64 bytes of text']
        if (!storable(battery) || !storable(temperature)) return ['bad_value', 'battery and temperature must be finite']
        return undefined
    },
}

function faultOfTime(at, latest) {
    if (at === undefined) return missing('at')
    if (!instant.test(at)) return ['bad_value', 'at is no instant']
    return Date.parse(at) > latest ? ['too_far_ahead', "at lies in the future of the server's clock"] : undefined
}

export function judge({ positions = [], sightings = [], heartbeats = [] }) {
    const latest = Date.now() + ahead_ms
    const rejected = []
    const kept = (stream, items) => items.filter((item, index) => {
        const fault = faultOfTime(item.at, latest) ?? faultOf[stream](item)
        if (fault) rejected.push({ index, stream, reason: fault[0], detail: fault[1] })
        return !fault
    })
    return {
        kept: { positions: kept('position', positions), sightings: kept('sighting', sightings), heartbeats: kept('heartbeat', heartbeats) },
        rejected,
    }
}
