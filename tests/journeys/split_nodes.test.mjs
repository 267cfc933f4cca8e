// One database, one node that answers and two that work: what arrives at the first counts, whichever node derives it,
// and goes on counting when one of the workers is gone. The second worker signs in as the roles alone, without the owner.
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { day, hour, instant, minute, second } from './measure.mjs'
import { Server } from './server.mjs'
import { addCampaign, addCompany, addDevice, addModel, addTruck, settledSummary, visitor } from './world.mjs'

const start = Math.floor(Date.now() / hour) * hour - 8 * hour
const flight = { from: start - day, to: start + 2 * day }
const batches = 6
const people = 20

let api, front, workers, owner, device, campaign

suite('one database, several nodes', { concurrency: 1 }, () => {
    before(async () => {
        front = await Server.start('split_api', ['--only', 'api'])
        api = front.api
        workers = [
            await Server.start('split_worker_1', ['--only', 'worker'], `[database]\nurl = "${front.conninfo('mobilytics_owner')}"\n`),
            await Server.start('split_worker_2', ['--only', 'worker'], withoutOwner()),
        ]
        const staff = await front.staff()
        const model = await addModel(api, staff, { name: 'Eye 3' })
        owner = (await addCompany(api, staff, { name: 'Split', email: 'owner@split.example' })).owner
        const asset = await addTruck(api, owner, 'Truck')
        device = await addDevice(api, owner, { serial: 'S-1', name: 'Eye', model, asset, from: start, to: start + 4 * hour })
        campaign = await addCampaign(api, owner, { name: 'Everywhere', ...flight, faces: [[asset.faces[0], 1]] })
    })
    after(async () => {
        for (const worker of workers ?? []) await worker.end()
        await front?.end()
    })

    test('what the API takes in, the workers count', () => sendAndCount(0))
    test('a worker answers probes and nothing else', async () => {
        assert.equal((await fetch(`${workers[0].url}/readyz`)).status, 200)
        assert.equal((await fetch(`${workers[0].url}/v1/campaigns`)).status, 404)
    })
    test('a node without the owner’s sign-in migrates nothing, and says so', withoutSchema)
    test('with one of them killed, the other goes on', async () => {
        await workers[0].kill()
        await sendAndCount(batches)
    })
})

const withoutOwner = (roles = ['app', 'ingest', 'reporting']) =>
    `[database]\n${roles.map((role) => `${role}_url = "${front.conninfo(`mobilytics_${role}`)}"\n`).join('')}`

async function withoutSchema() {
    const found = await workers[1].command(['check'])
    assert.match(found, /database as owner: not given/)
    assert.match(found, /database as reporting: mobilytics_reporting, PostgreSQL 17/)
    await assert.rejects(workers[1].command(['migrate']), /migrate needs database\.url/)
    const [last] = front.rows('select * from platform.migrations order by number desc limit 1')
    front.run(`delete from platform.migrations where number = ${last.number}`)
    try {
        await assert.rejects(Server.start('split_behind', ['--only', 'worker'], withoutOwner()), /schema is at \d+, this program needs \d+/)
    } finally {
        front.run(`insert into platform.migrations select * from json_populate_record(null::platform.migrations, '${JSON.stringify(last)}')`)
    }
    await assert.rejects(Server.start('split_some', ['--only', 'worker'], withoutOwner(['app'])), /without database\.url all of/)
}

// Every batch brings visitors of its own, each seen twice within half a minute: one visit.
async function sendAndCount(first) {
    for (let batch = first; batch < first + batches; batch += 1) {
        const from = start + batch * 10 * minute
        const sightings = Array.from({ length: people }, (_, index) => [0, 30 * second].map((later) => ({
            at: instant(from + index * second + later), visitor: visitor(batch * people + index), rssi_dbm: -60,
        }))).flat()
        const body = { batch: `batch-${batch}`, positions: [], heartbeats: [], sightings }
        const answer = await api.post(device.token, '/v1/ingest/batch', body, 202)
        assert.equal(answer.accepted.sightings, sightings.length)
    }
    const through = start + (first + batches) * 10 * minute
    const { totals } = await settledSummary(api, owner, campaign, {
        from: start, to: start + 4 * hour, through, visits: (first + batches) * people,
    })
    assert.equal(totals.dwell_s, (first + batches) * people * 30)
}
