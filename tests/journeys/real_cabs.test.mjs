// Real input, first half: three San Francisco cabs with the ZIP areas of the Bay. All of their fixes of May and June 2008
// are brought in; audiences are compared for four service days, 19 to 22 May. The cabs recorded positions only, so each
// carries a sensor that hears the Wi-Fi frames that one sensor in Brno heard on one day, moved to the cab's service hours:
// the audience is borrowed, its addresses, bursts, strengths and times of day are real. Gaps, teleports and a cab that was
// off for a day are in the data.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { hour, instant, minute, sum } from './measure.mjs'
import { sameAsPlain } from './published.mjs'
import { cabFixes, daysBetween, files, frames, midnight, missing, shifted, sightingsOf, zips } from './real_data.mjs'
import { Fleet } from './real_fleet.mjs'
import { Server } from './server.mjs'
import { addCompany } from './world.mjs'

const zone = 'America/Los_Angeles'
const key = 'the key of Bay Cabs'
const at = (text) => Date.parse(`${text}-07:00`)
const week = { from: at('2008-05-17T00:00'), to: at('2008-06-10T00:00') }
const days = daysBetween(at('2008-05-19T00:00'), at('2008-05-23T00:00'))
const whole = { from: days[0], to: at('2008-05-23T00:00') }
// The third cab works late: its hours cross midnight UTC, where pseudonyms change.
const serviceFrom = [8 * hour + 50 * minute, 6 * hour + 15 * minute, 14 * hour]

let server, fleet, cabs, trackers, campaigns, computed

suite('real cabs', { concurrency: 1, skip: missing(...files.cabs, files.zips, files.frames) }, () => {
    before(async () => {
        server = await Server.start('real_cabs', [], '[clock]\nstart_at = "2008-06-10T12:00:00Z"\n')
    })
    after(() => server?.end())

    test('an operator of cabs sets up vehicles, sensors and campaigns', setUp)
    test('positions, sightings and regions are imported from files; the third cab sends its own', bringIn)
    test('the numbers equal those of the plain computation', (context) => compare(context))
    test('the same files again change nothing', again)
    test('a corrected past gives the numbers of the corrected world', correct)
})

async function setUp() {
    const staff = await server.staff()
    const { owner } = await addCompany(server.api, staff, { name: 'Bay Cabs', zone, country: 'US', email: 'owner@cabs.example' })
    fleet = new Fleet(server, staff, owner)
    // Nobody counted people before noon of the 20th: until then visits are bursts, and said to be.
    const model = await fleet.addModel('Cab sensor', [{ from: at('2008-05-20T12:00'), factor: 0.5, low: 0.25, high: 1 }], 300)
    cabs = []
    for (const name of ['Cab E', 'Cab M', 'Cab V']) cabs.push(await fleet.addAsset(name, 'car', ['roof', 'left', 'right']))
    // In the first cab the tracker and the sensor are two devices.
    trackers = [
        await fleet.addDevice('eiboidne', model),
        await fleet.addDevice('eicmynts', model, { near_dbm: -70, calibrations: [{ from: at('2008-05-22T00:00'), factor: 2, low: 1.5, high: 3 }] }),
        await fleet.addDevice('eifvid', model),
        await fleet.addDevice('eiboidne-ear', model),
    ]
    await fleet.attach(trackers[0], cabs[0], week.from, week.to, 'dashboard')
    await fleet.attach(trackers[3], cabs[0], week.from, week.to, 'roof')
    await fleet.attach(trackers[1], cabs[1], week.from, at('2008-05-20T10:30') + 20_500)
    await fleet.attach(trackers[1], cabs[1], at('2008-05-21T09:00'), week.to)
    await fleet.attach(trackers[2], cabs[2], week.from, week.to)
    await fleet.setParkedPolicy(at('2008-05-20T00:00'), 'cap', 10)
    await fleet.setParkedPolicy(at('2008-05-22T00:00'), 'exclude')
    const [e, m, v] = cabs
    campaigns = [
        await fleet.addCampaign({ name: 'Golden Gate', from: whole.from, to: whole.to, zone }, cabs.map((cab) => [cab, 'roof', 1])),
        await fleet.addCampaign({
            name: 'Late Shift', from: at('2008-05-20T06:00'), to: at('2008-05-22T18:00'), zone,
            dayparts: [{ weekdays: [0, 1, 2, 3, 4], start: '07:30', end: '11:00' }, { weekdays: [1, 2], start: '17:15', end: '02:00' }],
        }, [[e, 'left', 0.5], [e, 'right', 0.25], [m, 'left', 0.5], [v, 'left', 0.75, at('2008-05-20T06:00'), at('2008-05-21T18:40')]]),
        // Days of Newfoundland begin at half past an hour of UTC.
        await fleet.addCampaign({
            name: 'Gros Morne', from: midnight('2008-05-20', 'America/St_Johns'), to: midnight('2008-05-23', 'America/St_Johns'), zone: 'America/St_Johns',
        }, [[m, 'right', 0.5], [v, 'right', 0.25], [e, 'right', 0.25]]),
    ]
}

/** The frames of all service days of a cab, as a file with addresses as they were heard and the cab's wall clock. */
function writeFrames(name, list) {
    const file = path.join(server.home, name)
    const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    const lines = list.map(({ at: when, address, rssi_dbm, clock }) => {
        const [date, time] = shown.format(when).split(' ')
        return `${date.replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1')} ${time}.${clock.split('.')[1]};${address};${rssi_dbm}`
    })
    writeFileSync(file, `heard;address;dbm\n${lines.join('\n')}\n`)
    return file
}

const cabWords = (serial) => ['--device', serial, '--no-header', '--separator', 'space', '--map', 'lat=field_1', '--map', 'lon=field_2',
    '--map', 'at=field_4', '--time-format', 'unix']
const earWords = (serial) => ['--device', serial, '--separator', ';', '--map', 'at=heard', '--map', 'visitor=address', '--map', 'rssi_dbm=dbm',
    '--zone', zone, '--time-format', '%m/%d/%Y %H:%M:%S', '--pseudonym-key', key]

let imports

async function bringIn(context) {
    const heard = frames()
    const serviceDays = serviceFrom.map((after) => days.flatMap((begin) => shifted(heard, begin + after)))
    const [one, two, three, ear] = trackers
    for (const [index, tracker] of [one, two, three].entries()) tracker.fixes = cabFixes(files.cabs[index])
    for (const [index, sensor] of [ear, two, three].entries()) {
        sensor.sightings = sightingsOf(serviceDays[index], key)
        sensor.heartbeats = days.flatMap((begin) => Array.from({ length: 72 }, (_, beat) => begin + serviceFrom[index] + beat * 5 * minute))
    }
    // The third cab's devices do it all themselves; only what its sensors hear on the four days.
    three.fixes = three.fixes.filter(({ at: when }) => when >= whole.from - hour && when < whole.to + hour)
    imports = [
        ['positions', files.cabs[0], ...cabWords(one.serial)], ['positions', files.cabs[1], ...cabWords(two.serial)],
        ['sightings', writeFrames('ear.csv', serviceDays[0]), ...earWords(ear.serial)],
        ['sightings', writeFrames('two.csv', serviceDays[1]), ...earWords(two.serial)],
    ]
    const stored = []
    for (const words of imports) stored.push(await fleet.import(...words))
    const records = [one.fixes, two.fixes, ear.sightings, two.sightings].map(({ length }) => length)
    assert.deepEqual(stored, records.map((length) => ({ read: length, stored: length, repeated: 0, refused: 0, lines: [] })))
    const set = await fleet.import('regions', files.zips, '--set', 'bay-zips', '--set-name', 'ZIP codes of the Bay', '--map', 'code=zip', '--map', 'name=po_name')
    assert.deepEqual([set.read, set.stored, set.refused], [187, 187, 0])
    const sent = await fleet.send(three)
    assert.equal(sent, three.fixes.length + three.sightings.length + three.heartbeats.length)
    for (const { id, serial, heartbeats } of [ear, two]) await fleet.send({ id, serial, heartbeats })
    context.diagnostic(`imported ${sum(records)} rows and 187 regions, sent ${sent}`)
}

async function compare(context) {
    computed = await fleet.computed()
    const dropped = [...computed.tracks.values()].map((track) => track.dropped)
    assert.ok(dropped.every((many) => many > 0), 'every cab has teleports')
    for (const campaign of campaigns) {
        const window = { from: campaign.from, to: campaign.to }
        const done = await sameAsPlain(computed, campaign, window, { set: 'bay-zips', regions: zips() })
        context.diagnostic(JSON.stringify(done))
    }
    context.diagnostic(`teleports dropped: ${dropped}; near visits: ${computed.exposures.length}`)
}

const shownNow = () => Promise.all(campaigns.map(({ id, from, to }) => fleet.api.get(fleet.owner, `/v1/campaigns/${id}/metrics`,
    { from: instant(from), to: instant(to), grain: 'hour' })))

async function again() {
    const rows = () => server.count('select (select count(*) from measurements.positions) + (select count(*) from measurements.sightings)')
    const [before, stored] = [await shownNow(), rows()]
    for (const words of imports) {
        const { read, stored: more, repeated, refused } = await fleet.import(...words)
        assert.deepEqual([more, repeated, refused], [0, read, 0])
    }
    await fleet.computed()
    assert.equal(rows(), stored)
    for (const [index, { buckets, reach_days: reach, about }] of (await shownNow()).entries()) {
        assert.deepEqual({ buckets, reach, version: about.data_version },
            { buckets: before[index].buckets, reach: before[index].reach_days, version: before[index].about.data_version })
    }
}

// The first cab's roof sensor turns out to have been on the third cab for an afternoon, and to have been deafer.
async function correct(context) {
    const ear = trackers[3]
    const { items } = await fleet.api.get(fleet.owner, `/v1/devices/${ear.id}/attachments`)
    const moved = at('2008-05-21T12:00')
    await fleet.api.call(fleet.owner, 'PATCH', `/v1/attachments/${items[0].id}`, { body: { to: instant(moved) }, expect: 200 })
    ear.attachments[0].to = moved
    await fleet.attach(ear, cabs[2], moved, at('2008-05-21T16:00'), 'roof')
    await fleet.attach(ear, cabs[0], at('2008-05-21T16:00'), week.to, 'roof')
    await compare(context)
}
