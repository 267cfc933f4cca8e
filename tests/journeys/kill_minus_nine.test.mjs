// Nothing that was acknowledged is lost, and nothing counts twice, when the server, its worker or their database is
// killed at any moment under ingest and reads. MOBILYTICS_KILLS says how many of each; by hand it is a hundred.
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Server } from './server.mjs'
import { spread, Traffic } from './traffic.mjs'

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
    test('every acknowledged batch is there: sent again it is answered as before', async (t) => {
        await traffic.checkReplays()
        t.diagnostic(`${traffic.acknowledged.length} batches acknowledged, ${traffic.sentAgain} of them after sending again; ${traffic.reads} reads`)
        assert.ok(traffic.sentAgain > 0, 'some sender was interrupted; otherwise nothing was tried')
    })
    test('no visit is lost and none counts twice', async (t) => {
        const from = performance.now()
        const visits = await traffic.checkNumbers()
        t.diagnostic(`${visits} visits, all of them counted ${Math.round((performance.now() - from) / 1000)} s after the last kill's batches`)
    })
    test('visits and roll-ups equal those of a rebuild', async (t) => t.diagnostic(await traffic.checkRebuild()))
})

async function whileSending(t, name, kill) {
    const times = []
    await traffic.during(async () => {
        for (let index = 0; index < kills; index += 1) {
            await traffic.answered()
            await sleep(Math.random() * 1500)
            const from = performance.now()
            await kill()
            times.push(await traffic.answered(from))
        }
    })
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

async function killDatabase() {
    process.kill(server.postmaster(), 'SIGKILL')
    await sleep(50)
    assert.equal(server.child.exitCode, null, 'the server outlives its database')
    assert.equal(worker.child.exitCode, null, 'the worker outlives it too')
    await server.ready()
}
