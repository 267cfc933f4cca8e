// W8: how long what was acknowledged takes until it is counted, while a fleet sends; and what it costs to derive it again.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Server, root } from '../../journeys/server.mjs'
import { minute, second } from '../../journeys/measure.mjs'
import { body, itemsOf, mix, requestsOf, Sender, senders } from '../ingest.mjs'
import { interleaved, measure, medianOf, ratioOf } from '../pairs.mjs'
import { count as counted, digits, perSecond, ratio } from '../print.mjs'

export const title = 'W8 roll-ups'

const pg = createRequire(path.join(root, 'tests/bench/peers/package.json'))('pg')

const fleet = 200
const every = 5 * second  // a device sends
const batch = { sightings: 95, positions: 4, heartbeats: 1 }
const lasting = minute
const look = 100  // ms between two looks at the marks
const aim_s = 60

const visitsInSql = `
    select count(*) as visits
    from (select max(rssi_dbm) as strongest_dbm
          from (select device_id, visitor, rssi_dbm, sum(begins) over (partition by device_id, visitor order by at) as visit
                from (select device_id, visitor, rssi_dbm, at,
                             coalesce(at - lag(at) over (partition by device_id, visitor order by at) > interval '300 s', true)::integer
                                 as begins
                      from measurements.sightings) as sightings) as in_visits
          group by device_id, visitor, visit) as visits
    where strongest_dbm >= -75`

export async function run({ pairs }) {
    const api = await Server.start('bench_lag_api', ['--only', 'api'])
    let worker, database
    try {
        const tokens = await senders(api, fleet)
        const settings = `[database]\nurl = "${api.conninfo('mobilytics_owner')}"\n`
        worker = await Server.start('bench_lag_worker', ['--only', 'worker'], settings)
        database = await connect(api)
        await derived(database)  // what the new devices' history has marked
        const line = await lag(api, worker, database, tokens)
        const backlog = new Sender(api, 'backlog.tsv', requestsOf(tokens.slice(0, 16), mix))
        await backlog.send({ connections: 8, requests: backlog.round })
        return [line, await cost(api, worker, database, pairs)]
    } finally {
        await database?.end()
        await worker?.end()
        await api.end()
    }
}

async function connect(api) {
    const { socket: host, port } = api.database()
    const client = new pg.Client({ host, port: Number(port), user: 'mobilytics_owner', database: 'mobilytics', options: '-c app.scope=system' })
    await client.connect()
    return client
}

/** Waits until nothing is left to derive, nor an event that would mark more. */
async function derived(database) {
    const left = "select (select count(*) from measurements.dirty) + (select count(*) from jobs.jobs where kind like 'measurements.on.%') as marks"
    while (Number((await database.query(left)).rows[0].marks) > 0) await sleep(look)
}

async function lag(api, worker, database, tokens) {
    // Every device's share of the last minutes before the load, in order, so that each batch is new.
    const start = Math.floor(Date.now() / second) * second - lasting
    const rounds = lasting / every
    const requests = Array.from({ length: rounds }, (_, round) => tokens.map((bearer, device) => ({
        method: 'POST', target: '/v1/ingest/batch', bearer, body: body(device, start + round * every, batch, every),
    }))).flat()
    const sender = new Sender(api, 'fleet.tsv', requests)
    const marks = await watchMarks(database)
    const rate = requests.length / (lasting / second)
    const used = await measure({ ...worker, pids: [worker.child.pid], postmaster: () => api.postmaster() },
        () => sender.send({ connections: 32, requests: requests.length, rate }))
    const lags = await marks.settled()
    const at = (share) => lags[Math.floor(share * (lags.length - 1))]
    return {
        what: `${fleet} devices send ${counted(requests.length * itemsOf(batch) / (lasting / second))} records a second for ${lasting / second} s: `
            + `from the mark of ${counted(lags.length)} batches' records to their hours' figures`,
        short: `roll-ups behind ingest, ${fleet} devices`,
        ours: `median ${digits(at(0.5), 1)} s, p99 ${digits(at(0.99), 1)} s, most ${digits(at(1), 1)} s; worker's CPU a record: ${digits(used.server_us)} µs`,
        limit: 'none', ratio: '', aim: `p99 ≤ ${aim_s} s`,
    }
}

/** Looks at the dirty marks again and again; `settled` waits for the last to go and gives how long each stood, ascending. */
async function watchMarks(database) {
    const standing = new Map()
    const lags = []
    let ending = false
    const watching = (async () => {
        do {
            const { rows } = await database.query({ name: 'marks', text: 'select dirty_id, marked_at from measurements.dirty' })
            const now = Date.now()
            const still = new Set(rows.map(({ dirty_id }) => dirty_id))
            for (const [id, since] of standing) {
                if (still.has(id)) continue
                lags.push((now - since) / second)
                standing.delete(id)
            }
            for (const { dirty_id, marked_at } of rows) standing.set(dirty_id, marked_at.getTime())
            await sleep(look)
        } while (!ending || standing.size > 0)
    })()
    return {
        async settled() {
            ending = true
            await watching
            return lags.sort((one, other) => one - other)
        },
    }
}

/** The backlog's hours derived again and stored, beside the same visits found with window functions and counted. */
async function cost(api, worker, database, count) {
    await derived(database)
    const { rows: [{ rows: operations }] } = await database.query(`select count(*)::integer as rows from measurements.sightings`)
    const timed = async (work) => {
        const began = performance.now()
        await work()
        return { operations, seconds: (performance.now() - began) / second }
    }
    const pids = [worker.child.pid]
    const postmaster = () => api.postmaster()
    const again = () => measure({ pids, postmaster }, () => timed(async () => {
        await database.query(`
            insert into measurements.dirty (company_id, dirty_id, device_id, from_at, to_at, visits, marked_at)
            select company_id, gen_random_uuid(), device_id, min(at), max(at) + interval '1 ms', true, now()
            from measurements.sightings group by company_id, device_id, date_trunc('hour', at)`)
        await derived(database)
    }))
    const found = () => measure({ pids: [], postmaster }, () => timed(async () => {
        const { rows: [{ visits }] } = await database.query(visitsInSql)
        const { rows: [{ stored }] } = await database.query('select count(*) as stored from measurements.visits')
        assert.equal(visits, stored, 'visits')
    }))
    const measured = await interleaved({ count, sides: [again, found] })
    const all = ({ server_us, database_us }) => server_us + database_us
    const rate = (side) => perSecond(1e6 / medianOf(measured, side, all))
    return {
        what: `${counted(operations)} sightings to stored visits and roll-ups again; window functions that count the same visits`,
        ours: `${rate(0)} a core; CPU each: server ${digits(medianOf(measured, 0, (side) => side.server_us))} + database ${digits(medianOf(measured, 0, (side) => side.database_us))} µs`,
        limit: `${rate(1)} a core`,
        ratio: `CPU ${ratio(ratioOf(measured, all), measured)}`, aim: '≥ 300 000/s a core',
    }
}
