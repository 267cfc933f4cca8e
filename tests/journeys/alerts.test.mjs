// The product says by itself what is wrong with it: something real is stopped, taken away or changed, the alert fires,
// staff are written to, and it ends by itself when the cause is gone. Its spans are a two-hundredth of what they are.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { day, hour, instant } from './measure.mjs'
import { root, Server } from './server.mjs'
import { addCompany, addDevice, addModel, addTruck, letters, until, visitor } from './world.mjs'

const start = Math.floor(Date.now() / hour) * hour - 3 * hour
const refresh = 'measurements.refresh'
const settings = '[alerts]\nevery_seconds = 1\npatience = 0.005\n'

let server, api, staff, company, owner, device

suite('alerts', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('alerts', [], settings)
        api = server.api
        staff = await server.staff()
        const model = await addModel(api, staff, { name: 'Eye 3' });
        ({ company, owner } = await addCompany(api, staff, { name: 'Watched', email: 'owner@watched.example' }))
        const asset = await addTruck(api, owner, 'Truck')
        device = await addDevice(api, owner, { serial: 'A-1', name: 'Eye', model, asset, from: start - day })
    })
    after(() => server?.end())

    test('a kind that is paused makes jobs wait and numbers late, until it is resumed', pauseAndResume)
    test('letters that do not get out are an alert, until they do', loseMail)
    test('a job that was given up is an alert, until it is brought back', giveUp)
    test('a trail that is not what was written is an alert', tamper)
    test('staff see every check of readiness', checks)
    test('the same words are in the rules, the guide for operators and Prometheus', sameWords)
})

const alerts = async (query) => (await api.get(staff, '/v1/alerts', query)).items
const open = async (rule) => (await alerts({ state: 'open' })).filter((alert) => alert.rule === rule)
const fires = (rule, subject = '') => until(`${rule} to fire`, () => open(rule), (all) => all.some((alert) => alert.subject === subject))
    .then((all) => all.find((alert) => alert.subject === subject))
const resolves = (id) => until('the alert to end', () => alerts({ state: 'resolved' }), (all) => all.some((alert) => alert.id === id))
const events = (id) => server.rows(`select action from trail.events where resource_id = '${id}' order by event_id`).map(({ action }) => action)

async function pauseAndResume() {
    await api.post(staff, `/v1/job-kinds/${refresh}/pause`, undefined, 200)
    const sightings = [1, 2].map((index) => ({ at: instant(start + index), visitor: visitor(index), rssi_dbm: -60 }))
    await api.post(device.token, '/v1/ingest/batch', { batch: 'late', positions: [], heartbeats: [], sightings }, 202)
    const waiting = await fires('jobs_waiting', refresh)
    const late = await fires('rollups_behind')
    assert.ok(waiting.value > 0 && late.value > 0)
    const told = await until('the letter', async () => (await letters(api)).filter(({ to, text }) => to === staff.session.user.email && text.includes(refresh)), (all) => all.length > 0)
    assert.match(told[0].text, /Jobs wait too long \(measurements\.refresh\): Resume the kind/)
    const metrics = (await api.send(null, 'GET', '/metrics')).text
    assert.match(metrics, /^alerts_firing\{rule="jobs_waiting"\} [1-9]/m)
    const acknowledged = await api.post(staff, `/v1/alerts/${late.id}/acknowledge`, { note: 'paused on purpose' }, 200)
    assert.equal(acknowledged.acknowledged.by, staff.session.user.id)
    await api.post(staff, `/v1/job-kinds/${refresh}/resume`, undefined, 200)
    await resolves(waiting.id)
    await resolves(late.id)
    assert.deepEqual(events(late.id).slice(0, 3), ['alert.fired', 'alert.acknowledged', 'alert.resolved'])
    await api.post(staff, `/v1/alerts/${late.id}/acknowledge`, {}, 409)
}

/** A file stands where the folder of letters should be. */
async function loseMail() {
    const folder = path.join(server.home, 'mail')
    await until('the folder of letters', () => existsSync(folder), Boolean)
    renameSync(folder, `${folder}.away`)
    writeFileSync(folder, '')
    await api.post(owner, '/v1/invitations', { email: 'new@watched.example', role: 'viewer' })
    const failing = await fires('mail_failing')
    rmSync(folder)
    renameSync(`${folder}.away`, folder)
    // Nobody waits for the pause before the next attempt.
    server.run(`update jobs.jobs set run_at = now() where state = 'ready' and concurrency_key = 'mail'`)
    await resolves(failing.id)
}

async function giveUp() {
    const kind = 'measurements.on.assets.changed'
    await api.post(staff, `/v1/job-kinds/${kind}/pause`, undefined, 200)
    server.run(`insert into jobs.jobs (id, kind, company_id, payload, state, run_at, attempts, max_attempts, error, ended_at)
        select gen_random_uuid(), '${kind}', company_id, '{}', 'dead', now(), 10, 10, 'database.57014', now() from companies.companies where name = 'Watched'`)
    const dead = await fires('dead_jobs', kind)
    assert.equal(dead.value, 1)
    const { items: [job] } = await api.get(staff, '/v1/jobs', { state: 'dead', company: company.id })
    await api.post(staff, `/v1/jobs/${job.id}/retry`, undefined, 200)
    await api.post(staff, `/v1/jobs/${job.id}/cancel`, undefined, 200)
    await resolves(dead.id)
    await api.post(staff, `/v1/job-kinds/${kind}/resume`, undefined, 200)
}

/** With all rights in the database; the signer finds it at its next run. */
async function tamper() {
    await server.command(['audit', 'sign'])
    assert.deepEqual(await open('trail_broken'), [])
    server.administer(`update trail.heads set hash = set_byte(hash, 0, get_byte(hash, 0) # 1)
        where company_id = (select company_id from companies.companies where name = 'Watched')`)
    await server.command(['audit', 'sign'])
    const broken = await fires('trail_broken')
    assert.equal(broken.severity, 'page')
}

async function checks() {
    const { items } = await api.get(staff, '/v1/checks')
    assert.deepEqual(items, ['shutdown', 'database', 'ingest', 'reporting', 'schema'].map((name) => ({ name, ok: true, reason: '' })))
}

async function sameWords() {
    const { items: rules } = await api.get(staff, '/v1/alert-rules')
    const english = new Map(rules.map(({ rule, words }) => [rule, words.find(({ locale }) => locale === 'en')]))
    const guide = readFileSync(path.join(root, 'docs/operating.md'), 'utf8')
    const rows = [...guide.matchAll(/^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$/gm)].filter(([, name]) => english.has(name))
    assert.deepEqual(rows.map(([, name, title, , action]) => [name, title, action]), rules.map(({ rule }) => [rule, english.get(rule).title, english.get(rule).action]))
    const prometheus = readFileSync(path.join(root, 'deploy/prometheus/alerts.yml'), 'utf8').split('- alert:').slice(1)
    const same = prometheus.flatMap((text) => {
        const rule = /^ {10}rule: (\w+)$/m.exec(text)?.[1]
        return rule ? [{ rule, action: /action: "(.*)"/.exec(text)[1] }] : []
    })
    assert.ok(same.length > 1)
    for (const { rule, action } of same) assert.equal(action, english.get(rule)?.action, rule)
    const others = prometheus.find((text) => text.includes('alerts_firing'))
    assert.deepEqual(/rule!~"([^"]+)"/.exec(others)[1].split('|').toSorted(), same.map(({ rule }) => rule).toSorted())
}
