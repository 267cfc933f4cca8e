// What an operator sees of a running server: its log, its metrics, its readiness, and that what is shipped in deploy/
// speaks of metrics that there are.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { day, hour, instant } from './measure.mjs'
import { root, Server } from './server.mjs'
import { addCompany, addDevice, addModel, addTruck, password, until, visitor } from './world.mjs'

const start = Math.floor(Date.now() / hour) * hour - 3 * hour
const traceId = '0af7651916cd43dd8448eb211c80319c'

let server, api, company, owner, device

suite('observability', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('observability')
        api = server.api
        const staff = await server.staff()
        const model = await addModel(api, staff, { name: 'Eye 3' })
        ;({ company, owner } = await addCompany(api, staff, { name: 'Watched', email: 'owner@watched.example' }))
        const truck = await addTruck(api, owner, 'Truck')
        device = await addDevice(api, owner, { serial: 'W-1', name: 'Eye', model, asset: truck, from: start - day })
    })
    after(() => server?.end())

    test('the log says of a request who asked what, in one line of JSON', logged)
    test('the log says of a refusal who was refused what', refused)
    test('the log and the metrics say of a job who caused it and what came of it', worked)
    test('metrics count sign-ins by what came of them', signedIn)
    test('metrics count requests by route, and records by outcome', counted)
    test('readiness names every check when asked', ready)
    test('dashboard and alerts name only metrics that there are', shipped)
    test('the guide names security events by problems that there are', namedEvents)
})

async function logged() {
    const { headers } = await api.call(owner, 'GET', '/v1/assets', {
        query: { q: 'a secret of the owner' }, headers: { 'x-request-id': 'journey-1', traceparent: `00-${traceId}-b7ad6b7169203331-01` }, expect: 200,
    })
    assert.equal(headers['x-request-id'], 'journey-1')
    const line = await until('the line of the request', () => lines().find((one) => one.request_id === 'journey-1'), Boolean)
    const { at, duration_ms, bytes, ...rest } = line
    assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/)
    assert.equal(typeof duration_ms, 'number')
    assert.equal(typeof bytes, 'number')
    assert.deepEqual(rest, {
        level: 'info', message: 'request', request_id: 'journey-1', trace_id: traceId, company: company.id, user: owner.session.user.id,
        impersonator: '', method: 'GET', route: '/v1/assets', status: 200, problem: '', address: '',
    })
    const log = readFileSync(server.log, 'utf8')
    for (const secret of ['a secret of the owner', owner.csrf, owner.cookie.split('=')[1], device.token.bearer]) assert.ok(!log.includes(secret))
}

async function refused() {
    const { body: key } = await api.call(owner, 'POST', '/v1/api-keys', { body: { name: 'screen', role: 'viewer' }, expect: 201 })
    const asked = { 403: [{ bearer: key.secret }, 'POST', '/v1/assets', { body: {} }], 401: [{ bearer: 'nobody' }, 'GET', '/v1/assets'] }
    for (const [status, [actor, method, route, options]] of Object.entries(asked)) {
        const id = `journey-${status}`
        await api.call(actor, method, route, { ...options, headers: { 'x-request-id': id }, expect: Number(status) })
        const line = await until('the line of the refusal', () => lines().find((one) => one.request_id === id), Boolean)
        const known = status === '403'
        assert.deepEqual([line.status, line.method, line.route, line.address], [Number(status), method, route, '127.0.0.1'])
        assert.equal(line.problem, { 401: 'auth.bad_credentials', 403: 'auth.not_permitted' }[status])
        assert.deepEqual([line.user, line.company], known ? [key.id, company.id] : ['', ''])
    }
}

// Of nobody's name or address: staff look the ids up.
async function worked() {
    const address = 'nina@watched.example'
    const series = ['jobs_ended_total{kind="auth.invitation",outcome="done"}', 'jobs_wait_seconds_count{kind="auth.invitation"}',
        'jobs_run_seconds_count{kind="auth.invitation"}', 'mail_letters_total{outcome="sent"}']
    const first = await metrics()
    await api.call(owner, 'POST', '/v1/invitations', {
        body: { email: address, role: 'analyst' }, headers: { 'x-request-id': 'journey-job', traceparent: `00-${traceId}-b7ad6b7169203331-01` }, expect: 201,
    })
    const line = await until('the line of the job', () => lines().find((one) => one.message === 'job' && one.request_id === 'journey-job'), Boolean)
    const { at, duration_ms, job, ...rest } = line
    assert.match(at, /^\d{4}-\d\d-\d\dT/)
    assert.match(job, /^job_[0-9a-z]{26}$/)
    assert.equal(typeof duration_ms, 'number')
    assert.deepEqual(rest, {
        level: 'info', message: 'job', attempt: 1, outcome: 'done', error: '', kind: 'auth.invitation', request_id: 'journey-job', trace_id: traceId,
        company: company.id, user: owner.session.user.id, impersonator: '',
    })
    const second = await metrics()
    for (const one of series) assert.equal(second.get(one) - first.get(one), 1, one)
    assert.ok(!readFileSync(server.log, 'utf8').includes(address))
}

async function signedIn() {
    const outcomes = ['succeeded', 'wrong_credentials'].map((outcome) => `auth_sign_ins_total{method="password",outcome="${outcome}"}`)
    const first = await metrics()
    await api.call(null, 'POST', '/v1/sessions', { body: { email: 'owner@watched.example', password }, expect: 201 })
    await api.call(null, 'POST', '/v1/sessions', { body: { email: 'owner@watched.example', password: 'not this one at all' }, expect: 401 })
    const second = await metrics()
    for (const one of outcomes) assert.equal(second.get(one) - first.get(one), 1, one)
    assert.equal(second.get('auth_passwords_under_way'), 0)
}

const lines = () => readFileSync(server.log, 'utf8').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))

async function metricsText() {
    const { status, text } = await api.send(null, 'GET', '/metrics')
    assert.equal(status, 200, text)
    return text
}

/** {series with its labels: value} */
async function metrics() {
    const text = await metricsText()
    return new Map(text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
        const end = line.lastIndexOf(' ')
        return [line.slice(0, end), Number(line.slice(end + 1))]
    }))
}

async function counted() {
    const asked = 'http_server_request_duration_seconds_count{method="GET",route="/v1/assets/{id}",status="4xx"}'
    const stored = 'ingest_records_total{outcome="accepted"}', refused = 'ingest_records_total{outcome="refused"}'
    const first = await metrics()
    await api.call(owner, 'GET', '/v1/assets/ast_01jzzzzzzzzzzzzzzzzzzzzzzz', { expect: 404 })
    const sighting = (at, index) => ({ at, visitor: visitor(index), rssi_dbm: -60 })
    const body = { batch: 'watched-1', sightings: [sighting(instant(start), 1), sighting(instant(start), 2), sighting('1970-01-01T00:00:00Z', 3)] }
    await api.call(device.token, 'POST', '/v1/ingest/batch', { body, expect: 202 })
    const wanted = { [asked]: 1, [stored]: 2, [refused]: 1 }
    const grown = (now) => Object.fromEntries(Object.keys(wanted).map((series) => [series, (now.get(series) ?? 0) - (first.get(series) ?? 0)]))
    // A request is counted once its answer is on its way.
    const second = await until('the metrics of what was asked', metrics, (now) => Object.entries(wanted).every(([series, by]) => grown(now)[series] >= by))
    assert.deepEqual(grown(second), wanted)
    const names = [...second.keys()].join('\n')
    for (const text of [company.id, owner.session.user.id, device.id, 'ast_']) assert.ok(!names.includes(text), `a label holds ${text}`)
    assert.equal(second.get('db_pool_waiting'), 0)
    assert.ok(second.get('process_resident_memory_bytes') > 1e6)
    const forwarded = await api.send(null, 'GET', '/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' } })
    assert.equal(forwarded.status, 403)
}

async function ready() {
    const { body } = await api.call(null, 'GET', '/readyz', { query: { verbose: '' }, expect: 200 })
    assert.deepEqual(body, { status: 'ok', checks: ['shutdown', 'database', 'ingest', 'reporting', 'schema'].map((name) => ({ name, status: 'ok' })) })
}

function namedEvents() {
    const text = (file) => readFileSync(path.join(root, 'docs', file), 'utf8')
    const paragraph = /- \*\*Security events\*\*[^]*?\n- /.exec(text('operating.md'))[0]
    const named = [...paragraph.matchAll(/`((?:auth|http)\.\w+)`/g)].map(([, code]) => code)
    const known = new Set([...text('problems/codes.md').matchAll(/^\| `(\S+)` \|/gm)].map(([, code]) => code))
    assert.ok(named.length > 10)
    assert.deepEqual(named.filter((code) => !known.has(code)), [])
}

// What a scrape adds by itself.
const ofPrometheus = new Set(['up'])
const words = new Set(['and', 'or', 'unless', 'bool', 'offset', 'on', 'ignoring', 'group_left', 'group_right', 'by', 'without'])

/** The names of metrics in an expression of PromQL: all words that are no function, label or keyword. */
function namesIn(expression) {
    const bare = expression.replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ').replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    return [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w|\s*\()/g)].map(([name]) => name).filter((name) => !words.has(name))
}

/** {name: [{label: value}]} of all series. */
function seriesIn(text) {
    const series = new Map()
    for (const [, name, labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
        const of = Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value]))
        series.set(name, [...(series.get(name) ?? []), of])
    }
    return series
}

// Of what happens seldom there may be no series with that label yet.
const seldom = new Set(['http_server_request_duration_seconds_count', 'jobs_by_state', 'metrics_failed_total'])

/** What an expression asks of a label that no series of the metric has. */
function askedInVain(expression, series) {
    const vain = []
    for (const [, name, matchers] of expression.matchAll(/(\w+)\{([^}]*)\}/g)) {
        if (seldom.has(name) || ofPrometheus.has(name)) continue
        for (const [, label, operator, value] of matchers.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)) {
            if (value.startsWith('$')) continue
            const values = (series.get(name) ?? []).map((one) => one[label])
            const is = (one) => one !== undefined && (operator === '=' ? one === value : operator === '=~' ? new RegExp(`^(?:${value})$`).test(one) : true)
            if (!values.some(is)) vain.push(`${name}{${label}${operator}"${value}"}`)
        }
    }
    return vain
}

async function shipped() {
    // A family may have no series yet.
    const metricsNow = await metricsText(), series = seriesIn(metricsNow)
    const families = [...metricsNow.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
    const given = new Set(families.flatMap(([, name, kind]) => (kind === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name])))
    const text = (file) => readFileSync(path.join(root, 'deploy', file), 'utf8')
    const dashboard = JSON.parse(text('grafana/mobilytics.json'))
    const expressions = [
        ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
        ...dashboard.templating.list.map(({ query }) => /^label_values\((\w+),/.exec(query)?.[1]).filter(Boolean),
        ...text('prometheus/alerts.yml').split('- alert:').slice(1).map((rule) => /expr: (?:\|\n)?(.*?)\n {8}(?:for|labels):/s.exec(rule)[1]),
    ]
    assert.ok(expressions.length > 20)
    assert.deepEqual(namesIn('sum by (le) (rate(a_total{b="c"}[5m])) / time() > on(x) d:e'), ['a_total', 'd:e'])
    assert.deepEqual(askedInVain('a{b="c",d=~"e.*"} + a{b="f"}', new Map([['a', [{ b: 'c', d: 'eg' }]]])), ['a{b="f"}'])
    for (const expression of expressions) {
        assert.deepEqual(askedInVain(expression, series), [], expression)
        const names = namesIn(expression)
        assert.ok(names.length > 0, expression)
        for (const name of names) assert.ok(given.has(name) || ofPrometheus.has(name), `${name} in '${expression}' is no metric of /metrics`)
    }
}
