// What staff see of work that starts by itself, and what they do about it: pause and resume a kind, retry, cancel and
// redrive, each with its event in the trail; and a worker that is killed in the middle of a job.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, suite, test } from 'node:test'
import { day, hour, instant, minute } from './measure.mjs'
import { Server } from './server.mjs'
import { addCampaign, addCompany, addDevice, addModel, addTruck, settledSummary, until, visitor } from './world.mjs'

const start = Math.floor(Date.now() / hour) * hour - 8 * hour
const refresh = 'measurements.refresh'
const correction = 'measurements.on.assets.changed'
const people = 20

let server, api, staff, company, owner, asset, device, campaign

suite('jobs', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('jobs')
        api = server.api
        staff = await server.staff()
        const model = await addModel(api, staff, { name: 'Eye 3' });
        ({ company, owner } = await addCompany(api, staff, { name: 'Workers', email: 'owner@workers.example' }))
        asset = await addTruck(api, owner, 'Truck')
        device = await addDevice(api, owner, { serial: 'J-1', name: 'Eye', model, asset, from: start, to: start + 4 * hour })
        campaign = await addCampaign(api, owner, { name: 'Everywhere', from: start - day, to: start + 2 * day, faces: [[asset.faces[0], 1]] })
    })
    after(() => server?.end())

    test('every kind that the product knows is there, with its figures', showKinds)
    test('a paused kind waits, and goes on when it is resumed', pauseAndResume)
    test('a dead job is shown without what it was given, and runs again', retryDead)
    test('a waiting job is cancelled, and can be brought back', cancelWaiting)
    test('the dead of a kind are brought back together', redriveKind)
    test('only staff are shown any of it', refuseOthers)
    test('what was done is in the trail', showTrail)
    test('the jobs of a killed worker are done by the next one', killAndRescue)
})

const kinds = async () => (await api.get(staff, '/v1/job-kinds')).items
const kind = async (name) => (await kinds()).find((one) => one.kind === name)
const jobs = async (query) => (await api.get(staff, '/v1/jobs', query)).items
const verb = (path, expect = 200) => api.post(staff, path, undefined, expect)

/** A correction as it stands when all its attempts were in vain. */
function addDead() {
    const payload = JSON.stringify({ company_id: company.id, asset_id: asset.id })
    server.run(`insert into jobs.jobs (id, kind, company_id, payload, state, run_at, attempts, max_attempts, error, ended_at)
        select gen_random_uuid(), '${correction}', company_id, '${payload}', 'dead', now(), 10, 10, 'database.57014', now()
        from companies.companies where name = 'Workers'`)
}

async function send(first) {
    const sightings = Array.from({ length: people }, (_, index) => [0, 30_000].map((later) => ({
        at: instant(start + first * 10 * minute + index * 1_000 + later), visitor: visitor(first * people + index), rssi_dbm: -60,
    }))).flat()
    await api.post(device.token, '/v1/ingest/batch', { batch: `batch-${first}`, positions: [], heartbeats: [], sightings }, 202)
}

const counted = (batches) => settledSummary(api, owner, campaign, {
    from: start, to: start + 4 * hour, through: start + batches * 10 * minute, visits: batches * people,
})

async function showKinds() {
    await send(0)
    await counted(1)
    const shown = await until('the figures', kinds, (all) => all.find((one) => one.kind === refresh)?.done_per_minute > 0)
    for (const name of [refresh, correction, 'measurements.find_work', 'measurements.open_hours']) {
        assert.ok(shown.some((one) => one.kind === name), name)
    }
    const refreshed = shown.find((one) => one.kind === refresh)
    assert.ok(refreshed.run_p50_ms > 0 && refreshed.run_p95_ms >= refreshed.run_p50_ms, JSON.stringify(refreshed))
    assert.ok(refreshed.wait_p95_ms > 0, JSON.stringify(refreshed))
    assert.equal(refreshed.dead, 0)
}

async function pauseAndResume() {
    const paused = await verb(`/v1/job-kinds/${refresh}/pause`)
    assert.ok(paused.paused_at)
    await send(1)
    const waiting = await until('a job that waits', () => kind(refresh), (one) => one.ready > 0)
    assert.equal(waiting.running, 0)
    assert.ok(waiting.oldest_at)
    const [job] = await jobs({ kind: refresh })
    assert.equal(job.state, 'ready')
    assert.equal(job.company_id, company.id)
    await verb(`/v1/job-kinds/${refresh}/resume`)
    await counted(2)
    await verb('/v1/job-kinds/no.such.kind/pause', 404)
}

async function retryDead() {
    addDead()
    const [dead] = await jobs({ state: 'dead', company: company.id })
    assert.equal(dead.error, 'database.57014')
    const { text } = await api.call(staff, 'GET', `/v1/jobs/${dead.id}`, { expect: 200 })
    assert.ok(!text.includes(asset.id), 'the payload is not shown')
    // A correction that never came holds the numbers open, and is done when it has run.
    const open = () => server.rows(`select at from companies.companies c, measurements.open_from(c.company_id) where name = 'Workers'`)
    assert.equal(Date.parse(open()[0].at), 0)
    await verb(`/v1/jobs/${dead.id}/retry`)
    await until('the job is done', () => jobs({ kind: correction }), (left) => left.length === 0)
    await until('nothing is open', open, ([{ at }]) => at === null)
    await verb(`/v1/jobs/${dead.id}/retry`, 404)
}

async function cancelWaiting() {
    await verb(`/v1/job-kinds/${correction}/pause`)
    addDead()
    const [dead] = await jobs({ state: 'dead' })
    await verb(`/v1/jobs/${dead.id}/retry`)
    const { job } = await verb(`/v1/jobs/${dead.id}/cancel`)
    assert.equal(job.state, 'cancelled')
    await verb(`/v1/jobs/${dead.id}/cancel`, 409)
    assert.deepEqual((await api.post(staff, '/v1/jobs/redrive', { kind: correction, state: 'cancelled' }, 200)), { redriven: 1, left: 0 })
    await verb(`/v1/job-kinds/${correction}/resume`)
    await until('the job is done', () => jobs({ kind: correction }), (left) => left.length === 0)
}

async function redriveKind() {
    for (let count = 0; count < 3; count += 1) addDead()
    assert.deepEqual(await api.post(staff, '/v1/jobs/redrive', { kind: correction }, 200), { redriven: 3, left: 0 })
    await until('all are done', () => jobs({ kind: correction }), (left) => left.length === 0)
    await api.post(staff, '/v1/jobs/redrive', { kind: correction, state: 'ready' }, 422)
}

async function refuseOthers() {
    for (const path of ['/v1/jobs', '/v1/job-kinds']) await api.call(owner, 'GET', path, { expect: 403 })
    await api.call(owner, 'POST', `/v1/job-kinds/${refresh}/pause`, { expect: 403 })
    assert.equal((await kind(refresh)).paused_at, null)
}

async function showTrail() {
    const told = server.rows(`select action, resource_id, actor_kind, actor_id from trail.events
        where action like 'job%' order by event_id`)
    assert.deepEqual(told.map(({ action }) => action), [
        'job_kind.paused', 'job_kind.resumed', 'job.retried', 'job_kind.paused', 'job.retried', 'job.cancelled',
        'job_kind.redriven', 'job_kind.resumed', 'job_kind.redriven',
    ])
    for (const { actor_kind, actor_id } of told) assert.deepEqual([actor_kind, actor_id], ['staff', staff.session.user.id])
}

/** Killed with a job in its hands, which hangs on a lock: the next process takes the job from it within a minute. */
async function killAndRescue() {
    await verb(`/v1/job-kinds/${refresh}/pause`)
    await send(2)
    await until('a job that waits', () => kind(refresh), (one) => one.ready > 0)
    const lock = spawn('psql', ['-XAtq', '-d', server.conninfo('mobilytics_owner'), '-c', 'begin; lock table measurements.visits; select pg_sleep(300)'])
    const unlocked = once(lock, 'exit')
    await until('the lock', () => server.count(`select count(*) from pg_locks where relation = 'measurements.visits'::regclass
        and mode = 'AccessExclusiveLock' and granted`), (locks) => locks === 1)
    await verb(`/v1/job-kinds/${refresh}/resume`)
    const [job] = await until('a running job', () => jobs({ kind: refresh, state: 'running' }), (running) => running.length === 1)
    await server.kill()
    const killed = Date.now()
    lock.kill()
    await unlocked
    await server.launch()
    await counted(3)
    const after_s = (Date.now() - killed) / 1000
    await until('the figure', () => kind(refresh), (one) => one.rescued >= 1)
    assert.equal((await jobs({ kind: refresh })).filter(({ id }) => id === job.id).length, 0)
    console.log(`jobs: what a killed worker had begun was done ${after_s.toFixed(0)} s later`)
}
