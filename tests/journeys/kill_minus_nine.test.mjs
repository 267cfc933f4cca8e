// Nothing that was acknowledged is lost, and nothing counts twice, when the server, its worker or their database is
// killed at any moment under ingest and reads. MOBILYTICS_KILLS says how many of each; by hand it is a hundred.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Server } from './server.mjs'
import { proveNothingLost, spread, Traffic } from './traffic.mjs'
import { until } from './world.mjs'

const kills = Number(process.env.MOBILYTICS_KILLS ?? 5)

let server, worker, traffic

suite('kill -9 during ingest', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('kill_minus_nine', ['--only', 'api'])
        worker = await Server.start('kill_minus_nine_worker', ['--only', 'worker'], `[database]\nurl = "${server.conninfo('mobilytics_owner')}"\n`)
        traffic = await Traffic.begin(server, { name: 'Sturdy' })
    })
    after(async () => {
        await worker?.end()
        await server?.end()
    })

    for (const [name, kill] of Object.entries({ server: killServer, worker: killWorker, database: killDatabase })) {
        test(`the ${name} is killed ${kills} times while devices send and people read`, (t) => whileSending(t, name, kill))
    }
    proveNothingLost(() => traffic)
})

async function whileSending(t, name, kill) {
    const times = await traffic.spansOf(kill, { times: kills, longestWait_ms: 1500 })
    t.diagnostic(`${name}: ${kills} kills, from kill to the next acknowledged batch ${spread(times)}`)
}

async function killServer() {
    await server.kill()
    await server.launch()
}

/** Nobody who sends notices; what it was at is taken up by the next one. */
async function killWorker() {
    await worker.kill()
    await worker.launch()
}

/** A batch of before the last kill may be acknowledged behind it: then the next one has not begun yet. */
async function livingPostmaster() {
    return until('a postmaster that lives', async () => {
        const pid = server.postmasterNow()
        return pid && existsSync(`/proc/${pid}`) ? pid : undefined
    }, Boolean)
}

async function killDatabase() {
    process.kill(await livingPostmaster(), 'SIGKILL')
    await sleep(50)
    assert.equal(server.child.exitCode, null, 'the server outlives its database')
    assert.equal(worker.child.exitCode, null, 'the worker outlives it too')
    await server.ready()
}
