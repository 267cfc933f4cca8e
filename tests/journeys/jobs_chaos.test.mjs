// The queue under what breaks queues: its database stops and starts, its sessions are cut one after the other, the
// connections run out, its workers are killed. Every job is done at least once, none is lost, and the work goes on as
// fast as before; how fast is printed, not judged: the median of whole seconds, MOBILYTICS_CHAOS_SECONDS of them before
// and after each fault. The first line has no fault, so that it shows how far such medians go apart by themselves.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { second } from './measure.mjs'
import { root, Server } from './server.mjs'
import { until } from './world.mjs'

const program = path.join(root, 'build/release/tests/bench/jobs_worker')
const window_s = Math.max(1, Math.round(Number(process.env.MOBILYTICS_CHAOS_SECONDS ?? 3)))
let fastest = 5_000 // jobs a second, more than two such workers do
const idle = 300
const cuts = 20
const kills = 3
const concurrency = 8

let server, workers = []
const lines = []

suite('the queue under faults', { concurrency: 1 }, () => {
    before(async () => {
        assert.ok(existsSync(program), `${program} is not built`)
        server = await Server.start('jobs_chaos', ['--only', 'api'])
        // `ledger` has a line for each run of a job.
        server.run(`create schema bench; create table bench.ledger (job_id uuid not null, at timestamptz not null);
            create table bench.enqueued (job_id uuid primary key);
            grant usage on schema bench to mobilytics_app; grant select, insert on bench.ledger to mobilytics_app`)
        workers = [await startWorker(), await startWorker()]
    })
    after(async () => {
        for (const worker of workers) await worker.kill()
        await server?.end()
    })

    test('nothing happens', () => survive('no fault', () => undefined))
    test('the database stops and starts', () => survive('database stopped and started', restartDatabase))
    test(`its sessions are cut, ${cuts} one after the other`, () => survive(`${cuts} sessions cut`, cutSessions))
    test(`${idle} idle connections are held`, () => survive(`${idle} idle connections`, holdConnections))
    test('one of two workers is killed and started again', () => survive('one of two workers killed', () => killWorker(0)))
    test(`workers are killed ${kills} times`, () => survive(`workers killed ${kills} times`, killAgainAndAgain))
    test('no job is lost', loseNothing)
})

async function startWorker() {
    const child = spawn(program, [server.conninfo('mobilytics_app'), String(concurrency), 'ledger'], { stdio: ['pipe', 'pipe', 'ignore'] })
    const exited = once(child, 'exit')
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    assert.equal((await answers.next()).value, 'ready')
    child.stdin.write('work\n')
    await answers.next()
    return {
        async kill() {
            child.kill('SIGKILL')
            await exited
        },
    }
}

function enqueue(count) {
    server.administer(`with added as (
            insert into jobs.jobs (id, kind, company_id, payload, run_at, max_attempts)
            select gen_random_uuid(), 'bench.noop', md5((i % 7)::text)::uuid, '{}', 'epoch', 10 from generate_series(1, ${count}) i
            returning id)
        insert into bench.enqueued select id from added`)
}

// The superuser has places kept for it where all other connections are taken.
const counted = (sql) => Number(server.administer(sql))
const left = () => counted(`select count(*) from jobs.jobs where kind = 'bench.noop'`)
const waiting = () => counted(`select count(*) from jobs.jobs where kind = 'bench.noop' and state = 'ready'`)
const done = () => counted('select count(*) from bench.ledger')

/** Workers that ran dry would look like workers that never came back. */
function keepSupplied(count) {
    const missing = count - waiting()
    if (missing > 0) enqueue(missing)
}

const median = (list) => list.toSorted((one, other) => one - other)[Math.floor(list.length / 2)]

/** Jobs a second, over seconds in which the workers had nothing beside them and always something to do. */
async function rate() {
    keepSupplied((window_s + 1) * fastest)
    const began = server.administer('select clock_timestamp()').trim()
    await sleep((window_s + 0.2) * second)
    if (waiting() === 0) {
        fastest *= 2
        return rate()
    }
    const seconds = server.administer(`
        select count(l.at) from generate_series(0, ${window_s - 1}) s
        left join bench.ledger l on l.at >= '${began}'::timestamptz + s * interval '1 second'
                                and l.at < '${began}'::timestamptz + (s + 1) * interval '1 second'
        group by s`)
    return median(seconds.trim().split('\n').map(Number))
}

async function survive(what, fault) {
    const before = await rate()
    const from = performance.now()
    const undo = await fault()
    const goneOn = done()
    await until('work after the fault', () => {
        keepSupplied(fastest)
        return done()
    }, (now) => now > goneOn)
    const recovered_s = (performance.now() - from) / second
    const after = await rate()
    await undo?.()
    lines.push(`${what}: ${Math.round(before)}/s before, ${Math.round(after)}/s after (${Math.round(100 * after / before)} %), at work again after ${recovered_s.toFixed(1)} s`)
}

async function restartDatabase() {
    await server.restartDatabase()
    await until('its answer', () => {
        try {
            return done()
        } catch {
            return undefined
        }
    }, (answer) => answer !== undefined)
}

async function cutSessions() {
    for (let cut = 0; cut < cuts; cut += 1) {
        server.administer(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'mobilytics_app' order by random() limit 1`)
        await sleep(50)
    }
}

/** As many as the database lets in; what it refuses, it would have refused the workers too. */
async function holdConnections() {
    const { socket, port } = server.database()
    const words = Buffer.from(['user', 'mobilytics_app', 'database', 'mobilytics', '', ''].join('\0').slice(0, -1) + '\0')
    const startup = Buffer.alloc(8)
    startup.writeInt32BE(8 + words.length, 0)
    startup.writeInt32BE(196_608, 4)
    const open = await Promise.all(Array.from({ length: idle }, () => new Promise((settle) => {
        const connection = net.connect(path.join(socket, `.s.PGSQL.${port}`))
        connection.on('error', () => settle(undefined))
        connection.once('data', (bytes) => settle(bytes[0] === 0x52 ? connection : undefined))
        connection.write(Buffer.concat([startup, words]))
    })))
    const held = open.filter(Boolean)
    assert.ok(held.length > 0, 'some connections are held')
    lines.push(`held ${held.length} of ${idle} idle connections, the rest was refused`)
    return () => held.forEach((connection) => connection.destroy())
}

async function killWorker(index) {
    await workers[index].kill()
    workers[index] = await startWorker()
}

async function killAgainAndAgain() {
    for (let kill = 0; kill < kills; kill += 1) {
        await killWorker(kill % workers.length)
        await sleep(300)
    }
}

/** What was never begun is taken away; what the killed had in hand comes back with the end of its lease, within a minute. */
async function loseNothing() {
    // Those that a worker is taking at this moment are passed over: waiting for them could lock both out.
    server.run(`with idle as (
            select id from jobs.jobs where kind = 'bench.noop' and state = 'ready' and attempts = 0 for update skip locked),
        dropped as (delete from jobs.jobs j using idle where j.id = idle.id returning j.id)
        delete from bench.enqueued using dropped where job_id = id`)
    await until('the end of the jobs', left, (count) => count === 0)
    const [{ begun, lost, again }] = server.rows(`
        select (select count(*) from bench.enqueued) as begun,
               (select count(*) from bench.enqueued e where not exists (select from bench.ledger l where l.job_id = e.job_id)) as lost,
               (select count(*) - count(distinct job_id) from bench.ledger) as again`)
    assert.ok(begun > 0)
    assert.equal(lost, 0)
    console.log([...lines, `${begun} jobs, ${lost} lost, ${again} run twice`].map((line) => `chaos: ${line}`).join('\n'))
}
