// The peers of the job queue, one a process: graphile-worker or pg-boss with a task that does nothing, set up as their
// pages on performance advise. Obeys the commands of tests/bench/jobs_worker.cpp.
import assert from 'node:assert/strict'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, makeWorkerUtils, run, runMigrations } from 'graphile-worker'
import pg from 'pg'
import { PgBoss } from 'pg-boss'

const queue = 'bench.noop'
const ofOneInsert = 1_000

const [which, settings] = [process.argv[2], JSON.parse(process.argv[3])]
const waits_us = []
let done = 0

function handle({ asked_us }) {
    if (asked_us !== undefined) waits_us.push(now_us() - asked_us)
    done += 1
}

const now_us = () => Number(process.hrtime.bigint() / 1_000n)

async function graphile({ concurrency, ...database }) {
    const pgPool = new pg.Pool({ ...database, max: 10 })
    const logger = new Logger(() => () => undefined)
    await runMigrations({ pgPool, logger })
    const utils = await makeWorkerUtils({ pgPool, logger })
    for (const event of ['error', 'connect']) pgPool.on(event, () => undefined)
    const preset = { worker: { logger, concurrentJobs: concurrency, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } }
    let runner
    return {
        add: (jobs) => (jobs.length === 1 ? utils.addJob(queue, jobs[0]) : utils.addJobs(jobs.map((payload) => ({ identifier: queue, payload })))),
        async work() {
            runner = await run({ pgPool, preset, noHandleSignals: true, taskList: { [queue]: async (payload) => handle(payload) } })
        },
        async end() {
            await runner?.stop()
            await utils.release()
            await pgPool.end()
        },
    }
}

async function boss({ concurrency, ...database }) {
    const boss = new PgBoss({ ...database, max: 10, useListenNotify: true })
    boss.on('error', (error) => console.error(error))
    await boss.start()
    await boss.createQueue(queue, { notify: true })
    return {
        add: (jobs) => (jobs.length === 1 ? boss.send(queue, jobs[0]) : boss.insert(queue, jobs.map((data) => ({ data })))),
        work: () => boss.work(queue, { batchSize: concurrency, localConcurrency: 2, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 },
            async (jobs) => jobs.forEach(({ data }) => handle(data))),
        end: () => boss.stop({ graceful: true }),
    }
}

async function timed(work) {
    const began = performance.now()
    await work()
    return { seconds: (performance.now() - began) / 1_000 }
}

async function until(count) {
    while (done < count) await sleep(1)
}

const commands = {
    enqueue: (count) => timed(async () => {
        for (let left = count; left > 0; left -= ofOneInsert) await peer.add(Array.from({ length: Math.min(left, ofOneInsert) }, () => ({})))
    }),
    burn: (count) => timed(async () => {
        await peer.work()
        await until(count)
    }),
    async sustain(rate, count) {
        const [began, before, added] = [performance.now(), done, []]
        const took = await timed(async () => {
            for (let sent = 0; sent < count; sent += 1) {
                const early = began + sent * 1_000 / rate - performance.now()
                if (early > 0) await sleep(early)
                added.push(peer.add([{ asked_us: now_us() }]))
            }
            await Promise.all(added)
            await until(before + count)
        })
        waits_us.sort((one, other) => one - other)
        const at = (share) => waits_us[Math.floor(share * (waits_us.length - 1))]
        return { ...took, p50_us: at(0.5), p99_us: at(0.99) }
    },
}

const peer = await { graphile, boss }[which](settings)
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
    const [command, ...numbers] = line.split(' ')
    assert.ok(commands[command], `no command: ${line}`)
    console.log(JSON.stringify(await commands[command](...numbers.map(Number))))
}
await peer.end()
