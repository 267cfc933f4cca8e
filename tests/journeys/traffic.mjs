// A company whose devices send and whose people read without pause: what faults are tried on. Devices behave as real
// ones do: a batch that was not answered is sent again until it is. Afterwards everything that was acknowledged must be
// there once, and what was derived from it must equal what is derived anew.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { agree, day, hour, instant, measuresOf, minute, second, sum, visitsOf } from './measure.mjs'
import { settled } from './published.mjs'
import { addCampaign, addCompany, addDevice, addModel, addTruck, settledSummary, visitor } from './world.mjs'

const start = Math.floor(Date.now() / hour) * hour - 8 * hour
const end = start + 4 * hour
const flight = { from: start - day, to: start + 2 * day }
const people = { factor: 1, low: 0, high: 0 }
const sendersOfEach = 2
const readers = 2
const longestPause_ms = 200

// Faults last for seconds; who waits longer than this waits for ever.
const patience_ms = 180_000
const notNow = [502, 503, 504]

/** Where a truck is: on a straight road at 8 m/s, so that fixes of any batch lie on one track. */
const placeOf = (index, at) => ({ lat: 43.6 + 0.02 * index + (8 * (at - start)) / second / 111_195, lon: -79.4 })

export class Traffic {
    acknowledged = []
    sightings = []
    fixes = 0
    sentAgain = 0
    reads = 0
    #batches = 0
    #stopped = true

    /** `server` answers and holds the database. */
    static async begin(server, { name, devices = 4 }) {
        const traffic = new Traffic()
        const { api } = server
        const staff = await server.staff()
        const model = await addModel(api, staff, { name: 'Eye 3' })
        const made = await addCompany(api, staff, { name, email: 'owner@steady.example' })
        const { owner } = made
        const carriers = []
        for (let index = 0; index < devices; index += 1) {
            const asset = await addTruck(api, owner, `Truck ${index}`)
            const device = await addDevice(api, owner, { serial: `S-${index}`, name: `Eye ${index}`, model, asset, from: start, to: end })
            carriers.push({ ...device, index, face: asset.faces[0] })
        }
        const campaign = await addCampaign(api, owner, { name: 'Everywhere', ...flight, faces: carriers.map(({ face }) => [face, 1]) })
        return Object.assign(traffic, { server, api, staff, owner, company: made.company, carriers, campaign })
    }

    /** Devices send and people read while `work` goes on. */
    async during(work) {
        this.#stopped = false
        const all = [
            ...this.carriers.flatMap((device) => Array.from({ length: sendersOfEach }, () => this.#send(device))),
            ...Array.from({ length: readers }, () => this.#read()),
        ]
        try {
            await work()
        } finally {
            this.#stopped = true
            await Promise.all(all)
        }
    }

    /** Waits until somebody is answered who was not before; gives the milliseconds since `from`. */
    async answered(from = performance.now()) {
        const seen = this.acknowledged.length
        const until = Date.now() + patience_ms
        while (this.acknowledged.length <= seen) {
            assert.ok(Date.now() < until, 'nothing is acknowledged any more')
            await sleep(5)
        }
        return performance.now() - from
    }

    /** A fault again and again, at moments that nobody chose: how long each time until somebody is answered, in milliseconds. */
    async spansOf(fault, { times, longestWait_ms }) {
        const spans = []
        await this.during(async () => {
            for (let index = 0; index < times; index += 1) {
                await this.answered()
                await sleep(Math.random() * longestWait_ms)
                const from = performance.now()
                await fault()
                spans.push(await this.answered(from))
            }
        })
        return spans
    }

    /** A batch of visits nobody else has: each visitor is seen twice, some once more than five minutes later. */
    #nextBatch(device) {
        this.#batches += 1
        const anyTime = () => start + Math.floor(Math.random() * (3.5 * hour))
        const items = []
        for (let index = 0; index < 40; index += 1) {
            const at = anyTime()
            const who = visitor(this.#batches * 1000 + index)
            const times = index % 8 === 0 ? [at, at + 20 * second, at + 20 * minute] : [at, at + (index % 5) * 17 * second + 1]
            items.push(...times.map((time) => ({ at: time, visitor: who, rssi_dbm: -60 })))
        }
        const positions = Array.from({ length: 5 }, anyTime).map((at) => ({ at: instant(at), ...placeOf(device.index, at) }))
        const sightings = items.map(({ at, ...more }) => ({ at: instant(at), ...more }))
        return { device, items, body: { batch: `batch-${this.#batches}`, positions, heartbeats: [], sightings } }
    }

    async #send(device) {
        while (!this.#stopped) {
            const batch = this.#nextBatch(device)
            const { body: answer } = await this.#untilAnswered(() => this.#post(batch), 202, () => { this.sentAgain += 1 })
            this.#note(batch, answer)
            // Every batch touches all hours there are: at full speed the derivation would have to catch up for long.
            await sleep(Math.random() * longestPause_ms)
        }
    }

    #post({ device, body }) {
        return this.api.send(device.token, 'POST', '/v1/ingest/batch', { body })
    }

    #note(batch, answer) {
        this.acknowledged.push({ ...batch, answer })
        this.sightings.push(...batch.items.map((item) => ({ device: batch.device.index, ...item })))
        this.fixes += answer.accepted.positions
    }

    /** Sends one batch that is made by hand; `items` are the sightings of it that must be kept. */
    async sendOnce(device, name, body, items) {
        const { body: answer } = await this.api.call(device.token, 'POST', '/v1/ingest/batch', { body: { batch: name, ...body }, expect: 202 })
        this.#note({ device, items, body: { batch: name, ...body } }, answer)
        return answer
    }

    async #read() {
        const span = { from: instant(flight.from), to: instant(flight.to) }
        const asked = [['/v1/assets', {}], [`/v1/campaigns/${this.campaign.id}/summary`, span], [`/v1/campaigns/${this.campaign.id}/metrics`, { grain: 'day', ...span }]]
        for (let index = 0; !this.#stopped; index += 1) {
            const [path, query] = asked[index % asked.length]
            await this.#untilAnswered(() => this.api.send(this.owner, 'GET', path, { query }), 200)
            this.reads += 1
            await sleep(20)
        }
    }

    /** Asks until there is an answer; only "not now" and broken connections are tried again. */
    async #untilAnswered(ask, status, onAgain = () => {}) {
        const until = Date.now() + patience_ms
        for (let tries = 0; Date.now() < until; tries += 1) {
            const answer = await ask().catch((error) => ({ error }))
            if (answer.status === status) {
                if (tries > 0) onAgain()
                return answer
            }
            assert.ok(answer.error || notNow.includes(answer.status), `answered ${answer.status}: ${answer.text}`)
            await sleep(50 + Math.random() * 100)
        }
        throw new Error('there was no answer within three minutes')
    }

    /** Every acknowledged batch, sent again, is answered as before and stores nothing. */
    async checkReplays() {
        const check = async (batch) => {
            const again = await this.api.call(batch.device.token, 'POST', '/v1/ingest/batch', { body: batch.body, expect: 202 })
            assert.deepEqual(again.body, batch.answer)
            assert.equal(again.body.accepted.sightings, batch.items.length)
        }
        for (let first = 0; first < this.acknowledged.length; first += 16) await Promise.all(this.acknowledged.slice(first, first + 16).map(check))
    }

    /** Each record is stored once, and the published numbers are those that one computes from what was acknowledged. */
    async checkNumbers() {
        const { server, api, owner, campaign } = this
        // A record stored twice would not show in visits, which take one per natural key: the raw store must have each once.
        assert.equal(server.count('select count(*) from measurements.sightings'), this.sightings.length)
        assert.equal(server.count('select count(*) from measurements.positions'), this.fixes)
        assert.equal(server.count('select count(*) from measurements.batches'), this.acknowledged.length)
        await settled(server)
        const visits = visitsOf(this.sightings).map((visit) => ({ ...visit, share: 1, people }))
        const expected = measuresOf(visits)
        const summary = await settledSummary(api, owner, campaign, { ...flight, through: end, visits: expected.visits })
        for (const name of ['visits', 'ots', 'lts', 'dwell_s']) agree(summary.totals[name], expected[name], name)
        expected.bins.forEach((many, index) => agree(summary.totals.bins[index], many, `bins[${index}]`))
        const byAsset = Object.fromEntries(summary.by_asset.map((asset) => [asset.name, asset.visits]))
        for (const { index } of this.carriers) agree(byAsset[`Truck ${index}`], visits.filter(({ device }) => device === index).length, `Truck ${index}`)
        const { buckets } = await api.get(owner, `/v1/campaigns/${campaign.id}/metrics`, { grain: 'hour', from: instant(flight.from), to: instant(flight.to) })
        agree(sum(buckets, (bucket) => bucket.visits), expected.visits, 'visits by hour')
        return expected.visits
    }

    /** What was derived piece by piece, through all faults, equals what is derived from nothing. */
    async checkRebuild() {
        await settled(this.server)
        const kept = derived(this.server)
        assert.ok(kept.every(({ rows }) => rows.length > 0), 'there is something to compare')
        this.server.run(tables.map((table) => `delete from measurements.${table}`).join('; '))
        await this.server.command(['rebuild', '--company', this.company.id])
        await settled(this.server)
        for (const [index, { table, rows }] of derived(this.server).entries()) {
            assert.equal(rows.length, kept[index].rows.length, `rows of ${table}`)
            rows.forEach((row, place) => sameRow(kept[index].rows[place], row, table))
        }
        return `compared: ${kept.map(({ table, rows }) => `${rows.length} rows of ${table}`).join(', ')}`
    }
}

/** The tests that stand after the faults of a suite; `traffic` gives what was tried on. */
export function proveNothingLost(traffic) {
    test('every acknowledged batch is there: sent again it is answered as before', async (t) => {
        await traffic().checkReplays()
        const { acknowledged, sentAgain, reads } = traffic()
        t.diagnostic(`${acknowledged.length} batches acknowledged, ${sentAgain} of them after sending again; ${reads} reads`)
        assert.ok(sentAgain > 0, 'some sender was interrupted; otherwise nothing was tried')
    })
    test('no visit is lost and none counts twice', async (t) => {
        const from = performance.now()
        const visits = await traffic().checkNumbers()
        t.diagnostic(`${visits} visits, all of them counted ${Math.round((performance.now() - from) / second)} s after the last batches`)
    })
    test('visits and roll-ups equal those of a rebuild', async (t) => t.diagnostic(await traffic().checkRebuild()))
}

const tables = ['visits', 'asset_hours', 'cell_hours', 'unattached_hours', 'track_states']

/** Visits are many and hold no sums: compared are their digests by hour. */
const questions = {
    visits: `select date_trunc('hour', started_at) as hour, count(*) as many, md5(string_agg(v::text, ',' order by device_id, started_at, visitor)) as digest
             from measurements.visits v group by 1 order by 1`,
    asset_hours: 'select * from measurements.asset_hours order by campaign_id, hour, asset_id',
    cell_hours: 'select * from measurements.cell_hours order by campaign_id, hour, cell',
}
const derived = (server) => Object.entries(questions).map(([table, sql]) => ({ table, rows: server.rows(sql) }))

/** Sums of doubles differ in their last bits by the order in which they were added; everything else is the same. */
function sameRow(kept, anew, table) {
    for (const [name, value] of Object.entries(kept)) {
        const other = anew[name]
        const numbers = typeof value === 'number' && typeof other === 'number'
        const same = numbers ? Math.abs(value - other) <= 1e-12 * Math.max(1, Math.abs(value)) : JSON.stringify(value) === JSON.stringify(other)
        assert.ok(same, `${name} of ${table}: ${JSON.stringify(value)} was kept, ${JSON.stringify(other)} comes anew; ${JSON.stringify(anew)}`)
    }
}

/** Milliseconds as people read them: the middle one and the longest. */
export function spread(times) {
    const sorted = times.toSorted((one, other) => one - other)
    const text = (ms) => `${(ms / second).toFixed(2)} s`
    return `median ${text(sorted[Math.floor(sorted.length / 2)])}, longest ${text(sorted.at(-1))}`
}
