// Real input, second half: the buses of Kingston, Ontario, as an agency's feed logged them on 15 and 16 January 2026, with
// all that is wrong with the log, and one day of a Wi-Fi sensor in a room in Brno. The room's frames are brought in as they
// are, of a billboard there; six buses carry sensors that hear the same frames moved to the buses' service hours, which is
// an audience borrowed from another place. The log has hours without a fix, so that many of those visits have no place.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { agree, hour, instant, minute, sum } from './measure.mjs'
import { sameAsPlain } from './published.mjs'
import { busRows, files, frames, midnight, missing, shifted, sightingsOf } from './real_data.mjs'
import { Fleet } from './real_fleet.mjs'
import { Server } from './server.mjs'
import { addCompany } from './world.mjs'

const zone = 'America/Toronto'
const key = 'the key of Limestone Outdoor'
const at = (text) => Date.parse(`${text}-05:00`)
const service = { from: at('2026-01-15T10:00'), to: at('2026-01-17T00:00') }
const starts = [at('2026-01-15T10:30'), at('2026-01-16T09:21')]
const room = { from: midnight('2023-03-07', 'Europe/Prague'), to: midnight('2023-03-08', 'Europe/Prague') }
const positionWords = ['--map', 'device=vehicle_id', '--map', 'at=vehicle_timestamp', '--map', 'speed_mps=speed_mps', '--map', 'heading_deg=bearing',
    '--time-format', 'unix', '--speed-unit', 'mps']

let server, fleet, model, rows, usable, listening, campaigns, computed, imports

suite('real buses', { concurrency: 1, skip: missing(files.buses, files.frames) }, () => {
    before(async () => {
        rows = busRows()
        usable = rows.filter(({ lat, lon }) => lat !== undefined && lon !== undefined && !(lat === 0 && lon === 0))
        server = await Server.start('real_buses', [], '[clock]\nstart_at = "2026-01-17T06:00:00Z"\n')
    })
    after(() => server?.end())

    test('of the log, the lines that are no position are refused, each by name', bringInPositions)
    test('an operator puts the buses, their sensors and three campaigns in order', setUp)
    test('sightings come from files with addresses, and from the devices themselves', bringInSightings)
    test('the numbers equal those of the plain computation', compare)
    test('the last places of the buses are those of the log', checkLastPlaces)
    test('the same files again change nothing', again)
})

async function bringInPositions(context) {
    const staff = await server.staff()
    const { owner } = await addCompany(server.api, staff, { name: 'Limestone Outdoor', zone, email: 'owner@limestone.example' })
    fleet = new Fleet(server, staff, owner)
    model = await fleet.addModel('Bus sensor', [{ from: at('2026-01-01T00:00'), factor: 0.75, low: 0.5, high: 1.25 }], 600)
    // Nobody has registered the buses yet: nothing comes in, and nothing stands in the way of the next try.
    const early = await fleet.import('positions', files.buses, ...positionWords)
    assert.deepEqual([early.read, early.stored, early.refused, early.lines.length], [rows.length, 0, rows.length, rows.length])
    assert.equal(server.count('select count(*) from measurements.positions'), 0)

    const words = [...positionWords, '--create-devices', model.name]
    imports = [['positions', files.buses, ...words]]
    const { lines, ...counts } = await fleet.import('positions', files.buses, ...words)
    assert.deepEqual(counts, { read: rows.length, stored: usable.length, repeated: 0, refused: rows.length - usable.length })
    const reason = ({ lat, lon }) => (lat === undefined || lon === undefined ? 'missing_field' : 'position_out_of_range')
    assert.deepEqual(lines, rows.filter((row) => !usable.includes(row)).map((row) => [row.line, reason(row)]))
    assert.equal(server.count('select count(*) from measurements.positions'), usable.length)
    const perReason = Map.groupBy(lines, ([, why]) => why)
    context.diagnostic(`${rows.length} rows: ${usable.length} stored, ${[...perReason].map(([why, those]) => `${those.length} ${why}`).join(', ')}`)
}

async function allDevices() {
    const found = []
    for (let cursor; ;) {
        const { items, next_cursor: next } = await fleet.api.get(fleet.owner, '/v1/devices', { limit: 200, ...(cursor ? { cursor } : {}) })
        found.push(...items)
        if (!next) return found
        cursor = next
    }
}

async function setUp(context) {
    const byBus = Map.groupBy(usable, ({ bus }) => bus)
    const made = new Map((await allDevices()).map(({ serial, id }) => [serial, id]))
    assert.deepEqual([...made.keys()].toSorted(), [...new Set(rows.map(({ bus }) => bus))].toSorted(), 'a device for every bus of the log')
    const buses = []
    for (const [bus, fixes] of [...byBus].toSorted(([one], [other]) => one.localeCompare(other))) {
        const asset = await fleet.addAsset(`Bus ${bus}`, 'bus', ['left', 'right', 'rear'])
        const device = await fleet.addDevice(bus, model, { id: made.get(bus) })
        device.fixes = fixes.map(({ at: when, lat, lon, speed_mps, heading_deg }) => ({ at: when, lat, lon, speed_mps, heading_deg }))
        await fleet.attach(device, asset, service.from)
        buses.push({ asset, device, times: new Set(fixes.map(({ at: when }) => when)).size })
    }
    listening = buses.toSorted((one, other) => other.times - one.times).slice(0, 6)
    const board = await fleet.addAsset('Room in Brno', 'bulletin', ['roadside'], { lat: 49.226472, lon: 16.574889 })
    const sensor = await fleet.addDevice('brno-61', model)
    await fleet.attach(sensor, board, room.from, room.to)
    await fleet.setParkedPolicy(at('2026-01-16T00:00'), 'exclude')
    const faces = (some, face, share) => some.map(({ asset }) => [asset, face, share])
    campaigns = [
        await fleet.addCampaign({ name: 'Whole Fleet', from: at('2026-01-15T12:00'), to: service.to, zone }, faces(buses, 'rear', 1)),
        await fleet.addCampaign({
            name: 'Princess Street', from: at('2026-01-15T00:00'), to: at('2026-01-16T14:15'), zone, dayparts: [{ weekdays: [3, 4], start: '07:00', end: '15:52' }],
        }, [...faces(listening.slice(0, 4), 'left', 0.5), ...faces(listening.slice(0, 2), 'right', 0.25)]),
        await fleet.addCampaign({ name: 'Wolfe Island', from: at('2026-01-16T00:00'), to: service.to, zone }, faces(listening.slice(2), 'right', 0.75)),
        await fleet.addCampaign({ name: 'Technická', ...room, zone: 'Europe/Prague' }, [[board, 'roadside', 1]]),
    ]
    context.diagnostic(`${buses.length} buses with a position of ${made.size}`)
}

async function bringInSightings(context) {
    const heard = frames()
    const sensor = fleet.world.devices.at(-1)
    sensor.sightings = sightingsOf(shifted(heard, room.from + Math.floor(heard[0].of_day / 1000) * 1000), key)
    const [byFile, bySending] = [listening.slice(0, 4), listening.slice(4)]
    // Each bus hears the room a few minutes after the one before.
    const heardBy = (index, days) => days.flatMap((start) => shifted(heard, start + index * 3 * minute))
    const lines = byFile.flatMap(({ device }, index) => {
        const list = heardBy(index, starts)
        device.sightings = sightingsOf(list, key)
        return list.map(({ at: when, address, rssi_dbm }) => `${rssi_dbm},${when}.75,${address},${device.serial}`)
    })
    const file = path.join(server.home, 'heard.csv')
    writeFileSync(file, `rssi,ms,mac,bus\n${lines.join('\n')}\n`)
    imports.push(['sightings', file, '--map', 'device=bus', '--map', 'at=ms', '--map', 'visitor=mac', '--map', 'rssi_dbm=rssi', '--time-format', 'unix_ms',
        '--pseudonym-key', key])
    imports.push(['sightings', files.frames, '--device', sensor.serial, '--map', 'at=datetime', '--map', 'visitor=src', '--map', 'rssi_dbm=rssi',
        '--zone', 'Europe/Prague', '--pseudonym-key', key])
    const stored = []
    for (const words of imports.slice(1)) stored.push(await fleet.import(...words))
    assert.deepEqual(stored.map(({ stored: many, refused }) => [many, refused]), [[lines.length, 0], [heard.length, 0]])
    let sent = 0
    for (const [index, { device }] of bySending.entries()) {
        device.sightings = sightingsOf(heardBy(index, starts.slice(1)), key)
        device.heartbeats = Array.from({ length: 40 }, (_, beat) => starts[1] + index * minute + beat * 9 * minute)
        // Their fixes are in the log too: the same records on two ways count once.
        sent += await fleet.send(device)
    }
    assert.equal(sent, sum(bySending, ({ device }) => device.fixes.length + device.sightings.length + device.heartbeats.length))
    context.diagnostic(`imported ${lines.length + heard.length} sightings, sent ${sent} records`)
}

// A flight may end within an hour; what is asked for is whole hours.
const windowOf = ({ from, to }) => ({ from, to: Math.ceil(to / hour) * hour })

async function compare(context) {
    computed = await fleet.computed()
    for (const campaign of campaigns) {
        const done = await sameAsPlain(computed, campaign, windowOf(campaign))
        const { totals } = await fleet.api.get(fleet.owner, `/v1/campaigns/${campaign.id}/summary`)
        assert.equal(totals.visits, done.shown, `${campaign.name} without a window`)
        context.diagnostic(JSON.stringify(done))
    }
    const day = { from: at('2026-01-16T12:00'), to: at('2026-01-16T16:00') }
    context.diagnostic(JSON.stringify(await sameAsPlain(computed, campaigns[0], day)))
    context.diagnostic(`near visits: ${computed.exposures.length}`)
}

async function checkLastPlaces() {
    const { items } = await fleet.api.get(fleet.owner, '/v1/vehicles/positions')
    const last = new Map([...Map.groupBy(usable, ({ bus }) => bus)].map(([bus, fixes]) => [`Bus ${bus}`, fixes.reduce((one, other) => (other.at > one.at ? other : one))]))
    assert.deepEqual(items.map(({ name }) => name).toSorted(), [...last.keys()].toSorted())
    for (const { name, at: when, lat, lon, speed_mps: speed, heading_deg: heading } of items) {
        const fix = last.get(name)
        assert.equal(when, instant(fix.at), name)
        agree(lat, fix.lat, `latitude of ${name}`)
        agree(lon, fix.lon, `longitude of ${name}`)
        // Kept as 4-byte reals, which is what the log's own numbers are.
        assert.equal(speed, fix.speed_mps === undefined ? null : Math.fround(fix.speed_mps), `speed of ${name}`)
        assert.equal(heading, fix.heading_deg === undefined ? null : Math.fround(fix.heading_deg), `heading of ${name}`)
    }
}

const shownNow = async () => {
    const ask = (campaign, { from, to }) => fleet.api.get(fleet.owner, `/v1/campaigns/${campaign.id}/metrics`,
        { from: instant(from), to: instant(to), grain: 'hour' })
    const answers = await Promise.all(campaigns.map((campaign) => ask(campaign, windowOf(campaign))))
    return answers.map(({ buckets, reach_days: reach, about }) => ({ buckets, reach, version: about.data_version }))
}

async function again() {
    const stored = () => server.count('select (select count(*) from measurements.positions) + (select count(*) from measurements.sightings)')
    const [before, kept] = [await shownNow(), stored()]
    for (const words of imports) {
        const { read, stored: more, repeated, refused } = await fleet.import(...words)
        assert.equal(more, 0)
        assert.equal(repeated + refused, read)
    }
    await fleet.computed()
    assert.equal(stored(), kept)
    assert.deepEqual(await shownNow(), before)
}
