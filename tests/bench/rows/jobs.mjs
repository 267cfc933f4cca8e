// Jobs: the queue beside npm's graphile-worker and pg-boss on the same database: how fast a line of jobs that do nothing
// is worked off, and how soon a job is begun when they come one by one.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { second } from '../../journeys/measure.mjs'
import { root, Server } from '../../journeys/server.mjs'
import { interleaved, measure, medianOf, ratioOf } from '../pairs.mjs'
import { count as counted, costOf, digits, perSecond, ratio } from '../print.mjs'
import { built } from '../programs.mjs'

export const title = 'Jobs'

const pg = createRequire(path.join(root, 'tests/bench/peers/package.json'))('pg')

const concurrency = 64
const line = 20_000
const rate = 200  // a second
const user = 'mobilytics_owner'

const queues = [
    { name: 'ours', schema: 'jobs', left: "select from jobs.jobs where kind = 'bench.noop'" },
    { name: 'graphile', label: 'graphile-worker', schema: 'graphile_worker', left: 'select from graphile_worker._private_jobs' },
    { name: 'boss', label: 'pg-boss', schema: 'pgboss', left: "select from pgboss.job where name = 'bench.noop' and state < 'completed'" },
]

export async function run({ pairs, seconds }) {
    const server = await Server.start('bench_jobs', ['--only', 'api'])
    let database
    try {
        database = await connect(server)
        const sides = (work) => queues.map((queue) => () => withWorker(server, database, queue, work))
        const burned = await interleaved({ count: pairs, sides: sides(burn) })
        const sustained = await interleaved({ count: pairs, sides: sides((...all) => sustain(...all, Math.max(10, 2 * seconds))) })
        return [1, 2].flatMap((side) => [ofBurning(burned, side), ofSustaining(sustained, side)])
    } finally {
        await database?.end()
        await server.end()
    }
}

async function connect(server) {
    const { socket: host, port } = server.database()
    const client = new pg.Client({ host, port: Number(port), user, database: 'mobilytics' })
    await client.connect()
    return client
}

/** A process of the queue for as long as `work` takes, and the rows that a job left behind dead. */
async function withWorker(server, database, queue, work) {
    const { socket: host, port } = server.database()
    const words = queue.name === 'ours'
        ? [built('jobs_worker'), server.conninfo('mobilytics_app'), String(concurrency)]
        : [process.execPath, path.join(root, 'tests/bench/peers/queues.mjs'), queue.name, JSON.stringify({ host, port: Number(port), user, database: 'mobilytics', concurrency })]
    const dead = async () => {
        const { rows: [{ dead: rows }] } = await database.query(
            'select coalesce(sum(n_tup_upd + n_tup_del), 0)::float8 as dead from pg_stat_user_tables where schemaname = $1', [queue.schema])
        return rows
    }
    const before = await dead()
    const child = spawn(words[0], words.slice(1), { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_ENV: 'production' } })
    const exited = once(child, 'exit')
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    assert.equal((await answers.next()).value, 'ready')
    const ask = async (...command) => {
        child.stdin.write(`${command.join(' ')}\n`)
        const { value, done } = await answers.next()
        assert.ok(!done, `${queue.name} ended at ${command}`)
        return JSON.parse(value)
    }
    const recorded = async () => {
        while ((await database.query(`select exists (${queue.left}) as some`)).rows[0].some) await sleep(5)
    }
    const side = { pids: [child.pid], postmaster: () => server.postmaster() }
    const result = await work(side, ask, recorded)
    child.stdin.end()
    await exited
    // A backend reports what it did when it ends.
    return { ...result, dead: (await dead() - before) / result.all }
}

/** From the first look until the last job's end is recorded. */
async function burn(side, ask, recorded) {
    await ask('enqueue', line)
    return measure(side, async () => {
        const began = performance.now()
        await ask('burn', line)
        await recorded()
        return { operations: line, seconds: (performance.now() - began) / second, all: line }
    })
}

async function sustain(side, ask, recorded, seconds) {
    await ask('enqueue', 1)
    await ask('burn', 1)
    const operations = rate * seconds
    return measure(side, async () => {
        const took = await ask('sustain', rate, operations)
        await recorded()
        return { ...took, operations, all: operations + 1 }
    })
}

const all = ({ server_us, database_us }) => server_us + database_us

function ofBurning(measured, side) {
    const { label } = queues[side]
    return {
        what: `${counted(line)} jobs that do nothing wait, and one process works them off, ${concurrency} at once`,
        short: `a line of jobs worked off, beside ${label}`,
        ours: shown(measured, 0), limit: `${label}: ${shown(measured, side)}`,
        ratio: `rate ${ratio(ratioOf(measured, (one) => one.rate, side), measured)}; CPU with the database's ${digits(ratioOf(measured, all, side).median)}`,
        aim: 'not set',
    }
}

const shown = (measured, side) => `${costOf(measured, side, 'job')}; rows left dead by a job: ${digits(medianOf(measured, side, (one) => one.dead))}`

function ofSustaining(measured, side) {
    const { label } = queues[side]
    const ms = (of, which) => digits(medianOf(measured, of, (one) => one[which]) / 1_000)
    const pickup = (of) => `begun after ${ms(of, 'p50_us')} ms (p99 ${ms(of, 'p99_us')}); CPU a job: worker ${digits(medianOf(measured, of, (one) => one.server_us))}`
        + ` + database ${digits(medianOf(measured, of, (one) => one.database_us))} µs; rows left dead by a job: ${digits(medianOf(measured, of, (one) => one.dead))}`
    return {
        what: `jobs that do nothing enqueued one by one, ${perSecond(rate)}, in the process that runs them`,
        short: `how soon a job is begun, beside ${label}`,
        ours: pickup(0), limit: `${label}: ${pickup(side)}`,
        ratio: `median ${ratio(ratioOf(measured, (one) => one.p50_us, side), measured)}; p99 ${digits(ratioOf(measured, (one) => one.p99_us, side).median)}`,
        aim: 'not set',
    }
}
