// Nothing that was acknowledged is lost, and nothing counts twice, when the server or its database is killed at any
// moment during ingest. Devices behave as real ones do: a batch that was not answered is sent again until it is.
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { agree, day, hour, instant, measuresOf, minute, second, sum, visitsOf } from './measure.mjs'
import { Server } from './server.mjs'
import { addCampaign, addCompany, addDevice, addModel, addTruck, settledSummary, visitor } from './world.mjs'

const devices = 4
const sendersOfEach = 2
const kills = 5
const start = Math.floor(Date.now() / hour) * hour - 8 * hour
const end = start + 4 * hour
const flight = { from: start - day, to: start + 2 * day }
const people = { factor: 1, low: 0, high: 0 }

let server, api, owner, campaign, carriers, stopped, sendAgain = 0
const acknowledged = []
const sightings = []

suite('kill -9 during ingest', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('kill_minus_nine')
        api = server.api
        const staff = await server.staff()
        const model = await addModel(api, staff, { name: 'Eye 3' })
        owner = (await addCompany(api, staff, { name: 'Sturdy', email: 'owner@sturdy.example' })).owner
        carriers = []
        for (let index = 0; index < devices; index += 1) {
            const asset = await addTruck(api, owner, `Truck ${index}`)
            const device = await addDevice(api, owner, { serial: `S-${index}`, name: `Eye ${index}`, model, asset, from: start, to: end })
            carriers.push({ ...device, index, face: asset.faces[0] })
        }
        campaign = await addCampaign(api, owner, { name: 'Everywhere', ...flight, faces: carriers.map(({ face }) => [face, 1]) })
    })
    after(() => server?.end())

    test(`the server is killed ${kills} times while devices send`, () => whileSending(killServer))
    test(`the database is killed ${kills} times while devices send`, () => whileSending(killDatabase))
    test('every acknowledged batch is there: sent again it is answered as before', checkReplays)
    test('no visit is lost and none counts twice', checkNumbers)
})

async function whileSending(kill) {
    stopped = false
    const from = acknowledged.length
    const senders = carriers.flatMap((device) => Array.from({ length: sendersOfEach }, (_, lane) => send(device, lane)))
    try {
        for (let index = 0; index < kills; index += 1) {
            const seen = acknowledged.length
            await sleep(300 + Math.random() * 1200)
            await kill()
            await progress(seen)
        }
    } finally {
        stopped = true
        await Promise.all(senders)
    }
    assert.ok(acknowledged.length > from + kills, 'batches were acknowledged between the kills')
}

async function killServer() {
    await server.kill()
    await server.launch()
}

async function killDatabase() {
    process.kill(server.postmaster(), 'SIGKILL')
    await sleep(200)
    assert.equal(server.child.exitCode, null, 'the server outlives its database')
    await server.ready()
}

/** Waits until somebody was answered again: the next kill is to hit a server at work. */
async function progress(seen) {
    const until = Date.now() + 120_000
    while (acknowledged.length <= seen) {
        assert.ok(Date.now() < until, 'nothing was acknowledged within two minutes of a kill')
        await sleep(20)
    }
}

let batchNumber = 0

/** A batch of visits nobody else has: each visitor is seen twice, some once more than five minutes later. */
function nextBatch(device, lane) {
    batchNumber += 1
    const items = []
    for (let index = 0; index < 40; index += 1) {
        const at = start + Math.floor(Math.random() * (3.5 * hour))
        const who = visitor(batchNumber * 1000 + index)
        const times = index % 8 === 0 ? [at, at + 20 * second, at + 20 * minute] : [at, at + (index % 5) * 17 * second + 1]
        items.push(...times.map((time) => ({ at: time, visitor: who, rssi_dbm: -60 })))
    }
    return { device, items, body: { batch: `lane-${lane}-${batchNumber}`, positions: [], heartbeats: [], sightings: items.map(({ at, ...more }) => ({ at: instant(at), ...more })) } }
}

async function send(device, lane) {
    while (!stopped) {
        const batch = nextBatch(device, lane)
        const answer = await untilAnswered(batch)
        acknowledged.push({ ...batch, answer })
        sightings.push(...batch.items.map((item) => ({ device: device.index, ...item })))
    }
}

const post = ({ device, body }) => api.send(device.token, 'POST', '/v1/ingest/batch', { body })

/** Sends until there is an answer, as a device does; only "not now" and broken connections are tried again. */
async function untilAnswered(batch) {
    const until = Date.now() + 180_000
    for (let tries = 0; Date.now() < until; tries += 1) {
        const answer = await post(batch).catch((error) => ({ error }))
        if (answer.status === 202) {
            if (tries > 0) sendAgain += 1
            return answer.body
        }
        assert.ok(answer.error || [502, 503, 504].includes(answer.status), `ingest answered ${answer.status}: ${answer.text}`)
        await sleep(50 + Math.random() * 100)
    }
    throw new Error('a batch was not acknowledged within three minutes')
}

async function checkReplays(t) {
    const check = async (batch) => {
        const again = await api.call(batch.device.token, 'POST', '/v1/ingest/batch', { body: batch.body, expect: 202 })
        assert.deepEqual({ ...again.body, replayed: undefined }, { ...batch.answer, replayed: undefined })
        assert.deepEqual(again.body.accepted, { positions: 0, sightings: batch.items.length, heartbeats: 0 })
    }
    for (let first = 0; first < acknowledged.length; first += 16) await Promise.all(acknowledged.slice(first, first + 16).map(check))
    t.diagnostic(`${acknowledged.length} batches acknowledged, ${sendAgain} of them after sending again`)
    assert.ok(sendAgain > 0, 'some sender was interrupted; otherwise nothing was tried')
}

async function checkNumbers() {
    // A record stored twice would not show in visits, which take one per natural key: the raw store must have each once.
    assert.equal(server.count('select count(*) from measurements.sightings'), sightings.length)
    assert.equal(server.count('select count(*) from measurements.batches'), acknowledged.length)
    const visits = visitsOf(sightings).map((visit) => ({ ...visit, share: 1, people }))
    const expected = measuresOf(visits)
    const summary = await settledSummary(api, owner, campaign, { ...flight, through: end, visits: expected.visits })
    for (const name of ['visits', 'ots', 'lts', 'dwell_s']) agree(summary.totals[name], expected[name], name)
    expected.bins.forEach((many, index) => agree(summary.totals.bins[index], many, `bins[${index}]`))
    const byAsset = Object.fromEntries(summary.by_asset.map((asset) => [asset.name, asset.visits]))
    for (const { index } of carriers) agree(byAsset[`Truck ${index}`], visits.filter(({ device }) => device === index).length, `Truck ${index}`)
    const { buckets } = await api.get(owner, `/v1/campaigns/${campaign.id}/metrics`, { grain: 'hour', from: instant(flight.from), to: instant(flight.to) })
    agree(sum(buckets, (bucket) => bucket.visits), expected.visits, 'visits by hour')
}
