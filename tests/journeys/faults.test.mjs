// What goes wrong around a server that itself lives on: its database restarts, its sessions are cut, its connections are
// all taken, and clocks jump. Nothing that was acknowledged is lost, and nothing counts twice.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { day, hour, instant, minute, second } from './measure.mjs'
import { Server } from './server.mjs'
import { proveNothingLost, spread, Traffic } from './traffic.mjs'
import { visitor } from './world.mjs'

const restarts = 3
const cuts = 3
// More at once than all connections of the server together, and few enough for the connections of our own client.
const crowd = 20

let server, traffic

suite('faults around the server', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('faults')
        traffic = await Traffic.begin(server, { name: 'Steady' })
    })
    after(() => server?.end())

    test(`the database restarts ${restarts} times`, (t) => repeatedly(t, restarts, () => server.restartDatabase()))
    test(`all sessions of the database are cut ${cuts} times`, (t) => repeatedly(t, cuts, cutSessions))
    test('all connections to the database are taken', takeAllConnections)
    test('the clock of a device jumps', jumpOfDevice)
    test('the clock of the server jumps ahead and back', jumpOfServer)
    proveNothingLost(() => traffic)
})

async function repeatedly(t, times, fault) {
    const pid = server.child.pid
    const spans = await traffic.spansOf(fault, { times, longestWait_ms: 500 })
    assert.equal(server.child.pid, pid)
    assert.equal(server.child.exitCode, null, 'the server lives on')
    t.diagnostic(`from the fault to the next acknowledged batch ${spread(spans)}`)
}

function cutSessions() {
    server.administer('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and usename is not null')
}

/** Holds a lock on what every request of the company needs, until it is told to let go. */
async function lockTables() {
    const { socket, port } = server.database()
    const psql = spawn('psql', ['-h', socket, '-p', port, '-U', 'postgres', '-d', 'mobilytics', '-XAtq', '-v', 'ON_ERROR_STOP=1'], { stdio: ['pipe', 'pipe', 'inherit'] })
    psql.stdin.write('begin; lock table measurements.batches, assets.assets in access exclusive mode; select 1;\n')
    await once(psql.stdout, 'data')
    return async () => {
        psql.stdin.end('commit;\n')
        await once(psql, 'close')
    }
}

/** Who waits too long for a connection is told to come back; who holds one is answered; who needs none goes on. */
async function takeAllConnections(t) {
    const { api, owner } = traffic
    await traffic.during(async () => {
        await traffic.answered()
        const letGo = await lockTables()
        const asked = Array.from({ length: crowd }, () => api.send(owner, 'GET', '/v1/assets'))
        try {
            const first = await Promise.race(asked)
            assert.equal(first.status, 503)
            const { status } = await api.send(null, 'GET', '/livez')
            assert.equal(status, 200, 'the process says that it lives')
        } finally {
            await letGo()
        }
        const from = performance.now()
        const again = await traffic.answered(from)
        const told = await Promise.all(asked)
        const reasons = Object.entries(Object.groupBy(told, ({ status, body }) => `${status} ${body.code ?? ''}`)).map(([reason, those]) => `${those.length} x ${reason}`)
        const fine = ({ status, headers }) => status === 200 || (status === 503 && Number(headers['retry-after']) > 0)
        assert.ok(told.every(fine), `each has its list, or is told when to come back: ${reasons}`)
        t.diagnostic(`${reasons.join(', ')}; from the end of it to the next acknowledged batch ${spread([again])}`)
    })
}

/** Records far ahead and long ago are refused alone; those of a clock set back count where they say. */
async function jumpOfDevice() {
    const [device] = traffic.carriers
    const now = Date.now()
    const who = visitor(999_000_001)
    const seen = (at) => ({ at, visitor: who, rssi_dbm: -50 })
    const start = Date.parse(device.attachment.from)
    // Forwards within what the server takes, then back by half an hour: the later records lie before the earlier ones.
    const kept = [start + 40 * minute, start + 41 * minute, start + 10 * minute, start + 11 * minute].map(seen)
    const refused = [now + hour, now + 365 * day, now - 100 * day, 0, Date.parse('9999-12-31T23:59:59Z')].map(seen)
    const sightings = [...kept, ...refused].map(({ at, ...more }) => ({ at: instant(at), ...more }))
    const answer = await traffic.sendOnce(device, 'jump', { positions: [], heartbeats: [], sightings }, kept)
    assert.equal(answer.accepted.sightings, kept.length)
    assert.deepEqual(answer.rejected.map(({ reason }) => reason), ['too_far_ahead', 'too_far_ahead', 'too_old', 'too_old', 'too_far_ahead'])
}

/** The process ends, and the next one finds another time, as after a broken clock was set right. */
async function jumpOfServer(t) {
    const spans = []
    for (const ahead of [2 * hour, -2 * hour, 0]) {
        await traffic.during(async () => {
            await traffic.answered()
            const from = performance.now()
            await server.stop()
            const settings = ahead ? `[clock]\nstart_at = "${instant(Date.now() + ahead)}"\n` : ''
            writeFileSync(path.join(server.home, 'mobilytics.toml'), settings)
            await server.launch()
            spans.push(await traffic.answered(from))
            // Long enough for what starts by itself every two seconds to be queued by this clock.
            await sleep(3 * second)
        })
    }
    t.diagnostic(`two hours ahead, two behind, and right again: from the stop to the next acknowledged batch ${spread(spans)}`)
}
