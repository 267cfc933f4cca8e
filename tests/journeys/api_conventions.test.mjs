// What holds for every operation alike: repeated requests, edits of what was seen, quotas, other sites' pages, pages about the API itself.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { operations } from './api.mjs'
import { beside, edits, steps, unguarded } from './edits.mjs'
import { Receiver, settings as ofReceiver } from './receiver.mjs'
import { Server } from './server.mjs'
import { addCompany } from './world.mjs'

const site = 'https://partner.example'
const quota = 60, window = 86400, ofStrangers = 300
const settings = `[server]\ncors_origins = "${site}"\n[quota]\nrequests = ${quota}\nwindow_seconds = ${window}\nanonymous_requests = ${ofStrangers}\n${ofReceiver}`

let receiver, server, api, staff, company, owner

suite('API conventions', { concurrency: 1 }, () => {
    before(async () => {
        receiver = await Receiver.start()
        server = await Server.start('api_conventions', [], settings)
        api = server.api
        staff = await server.staff()
        ;({ company, owner } = await addCompany(api, staff, { name: 'Convened', email: 'owner@convened.example' }))
    })
    after(async () => {
        await server?.end()
        await receiver?.end()
    })

    test('every POST of somebody who is known takes an Idempotency-Key', documented)
    test('a request that is sent again does its work once', once)
    test('ten at once do the work once', together)
    test('a secret is told again to who has the key, and to nobody else', secret)
    test('whoever edits what somebody else has changed meanwhile is told, and changes nothing', quicker)
    test('the pages about the API are there without anything from elsewhere', pages)
    test('pages of a listed site may call with a key, others may not', crossOrigin)
    test('a caller who asks too much is told when to come back', quotas)
    test('strangers who ask too much are told when to come back, and nobody else is', strangers)
})

const keyOf = ({ doc }) => (doc.parameters ?? []).find(({ name }) => name === 'Idempotency-Key')

function documented() {
    const posts = operations.filter(({ method, doc, id }) => method === 'POST' && doc.security.length > 0 && id !== 'measurements.ingest')
    assert.ok(posts.length > 10)
    for (const operation of posts) assert.ok(keyOf(operation), `${operation.id} takes no Idempotency-Key`)
    for (const operation of operations.filter(({ method }) => method !== 'POST')) assert.ok(!keyOf(operation), operation.id)
}

const truck = (name) => ({ kind: 'vehicle', name, faces: [{ name: 'side', format: 'truck', placement: 'side' }] })
const keyed = (key, body, options = {}) => ({ body, headers: { 'idempotency-key': key }, ...options })
const trucks = () => server.count('select count(*) from assets.assets')

async function once() {
    const key = randomUUID(), before = trucks()
    const first = await api.call(owner, 'POST', '/v1/assets', keyed(key, truck('One'), { expect: 201 }))
    assert.equal(first.headers['idempotency-replayed'], undefined)
    const again = await api.call(owner, 'POST', '/v1/assets', keyed(key, truck('One'), { expect: 201 }))
    assert.equal(again.headers['idempotency-replayed'], 'true')
    assert.deepEqual(again.body, first.body)
    assert.equal(again.headers.location, first.headers.location)
    const other = await api.call(owner, 'POST', '/v1/assets', keyed(key, truck('Two'), { expect: 422 }))
    assert.equal(other.body.code, 'http.idempotency_key_reused')
    const bad = await api.call(owner, 'POST', '/v1/assets', keyed('7', truck('Two'), { expect: 400 }))
    assert.equal(bad.body.code, 'http.bad_idempotency_key')
    assert.equal(trucks(), before + 1)
    // Nothing was done, so the key is free for the request as it should have been.
    const next = randomUUID()
    await api.call(owner, 'POST', '/v1/assets', keyed(next, truck(''), { expect: 422 }))
    await api.call(owner, 'POST', '/v1/assets', keyed(next, truck('Mended'), { expect: 201 }))
    assert.equal(trucks(), before + 2)
    await server.kill()
    await server.launch()
    const later = await api.call(owner, 'POST', '/v1/assets', keyed(key, truck('One'), { expect: 201 }))
    assert.deepEqual(later.body, first.body)
    assert.equal(trucks(), before + 2)
}

async function together() {
    const key = randomUUID(), before = trucks()
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.call(owner, 'POST', '/v1/assets', keyed(key, truck('Ten'), { expect: [201, 409] }))))
    const made = answers.filter(({ status }) => status === 201)
    assert.ok(made.length >= 1)
    assert.equal(new Set(made.map(({ body }) => body.id)).size, 1)
    for (const { body, headers } of answers.filter(({ status }) => status === 409)) {
        assert.equal(body.code, 'http.idempotency_in_progress')
        assert.match(headers['retry-after'], /^[1-5]$/)
    }
    assert.equal(trucks(), before + 1)
}

async function secret() {
    const key = randomUUID(), body = { name: 'robot', role: 'viewer' }
    const { body: made } = await api.call(owner, 'POST', '/v1/api-keys', keyed(key, body, { expect: 201 }))
    const { body: again } = await api.call(owner, 'POST', '/v1/api-keys', keyed(key, body, { expect: 201 }))
    assert.equal(again.secret, made.secret)
    const stored = server.rows("select encode(answer, 'escape') as answer, encode(key_hash, 'escape') as key_hash, caller, a::text from requests.answers a")
    assert.ok(stored.length > 0)
    assert.ok(!JSON.stringify(stored).includes(made.secret) && !JSON.stringify(stored).includes(key))
    // The same key of somebody else is another key.
    const viewer = { bearer: made.secret }
    await api.call(viewer, 'POST', '/v1/api-keys', keyed(key, body, { expect: 403 }))
}

async function quicker() {
    const edited = operations.filter(({ method }) => ['PUT', 'PATCH'].includes(method))
    const takesMatch = ({ doc }) => (doc.parameters ?? []).some(({ name }) => name === 'If-Match')
    assert.deepEqual(edited.filter((one) => !takesMatch(one)).map(({ id }) => id).sort(), [...unguarded].sort())
    assert.deepEqual(operations.filter(takesMatch).map(({ id }) => id).sort(), [...Object.keys(edits), ...Object.keys(steps)].sort())
    const addresses = edited.filter(takesMatch).map(({ path }) => path)
    const nearby = operations.filter(({ method, path }) => ['POST', 'DELETE'].includes(method)
        && addresses.some((address) => path === address || path.startsWith(`${address}/`)))
    assert.deepEqual(nearby.filter((one) => !takesMatch(one)).map(({ id }) => id).sort(), [...beside].sort())
    for (const { id, method } of edited.filter(takesMatch)) {
        const anew = async (name) => {
            // Each its own caller, for the quota's sake.
            const { secret: bearer } = await api.post(owner, '/v1/api-keys', { name, role: 'owner' })
            return edits[id]({ api, server, receiver, staff, owner, company, actor: { bearer } })
        }
        await quickerWith(id, method, await anew(id))
        for (const step of operations.filter((one) => steps[one.id]?.[0] === id)) await quickerThanStep(step, id, await anew(step.id))
    }
}

const quoted = ({ version }) => `"${version}"`

/** What was changed since it was seen is not deleted, launched, ...; what was seen as it is, is. */
async function quickerThanStep({ id, method, path: template }, edit, { actor, path, read, body }) {
    for (const earlier of steps[id].slice(1)) await api.call(actor, 'POST', `${path}/${earlier}`, { expect: 200 })
    const target = template.replace(/\{\w+\}/, () => path.split('/').at(-1))
    const take = (match, expect) => api.call(actor, method, target, { headers: { 'if-match': match }, expect })
    const seen = await read()
    const { method: how } = operations.find((one) => one.id === edit)
    await api.call(actor, how, path, { body: body(1), expect: 200 })
    const now = await read()
    assert.equal((await take(quoted(seen), 412)).body.code, 'http.changed_meanwhile', id)
    assert.deepEqual(await read(), now, `${id} changed something`)
    const { body: done, headers } = await take(quoted(now), [200, 204])
    if (done?.version) assert.deepEqual([(await read()).version, headers.etag], [done.version, quoted(done)], `${id} names the new version`)
}

async function quickerWith(id, method, { actor, path, read, get, body }) {
    const edit = (n, match, expect) => api.call(actor, method, path, { body: body(n), headers: match ? { 'if-match': match } : {}, expect })
    const seen = await read()
    const first = await edit(1, quoted(seen), 200)
    assert.equal(first.headers.etag, quoted(first.body), id)
    const now = await read()
    assert.equal(now.version, first.body.version, id)
    for (const match of [quoted(seen), `W/${quoted(now)}`])
        assert.equal((await edit(2, match, 412)).body.code, 'http.changed_meanwhile', id)
    assert.equal((await edit(2, now.version, 400)).body.code, 'http.malformed_if_match', id)
    assert.deepEqual(await read(), now, `${id} changed something`)
    await edit(2, `"another", ${quoted(now)}`, 200)
    await edit(3, '*', 200)
    const { body: last } = await edit(4, null, 200)
    if (!get) return
    const { status, headers } = await api.send(actor, 'GET', get, { headers: { 'if-none-match': quoted(last) } })
    assert.equal(headers.etag, quoted(last), id)
    // What a device says of itself is in no version of it.
    assert.equal(status, id === 'devices.change' ? 200 : 304, id)
}

async function pages() {
    const refusal = await api.call(owner, 'GET', '/v1/assets/ast_01jzzzzzzzzzzzzzzzzzzzzzzz', { expect: 404 })
    assert.equal(refusal.body.type, '/problems/assets.not_found')
    const wanted = { [refusal.body.type]: 'There is no such asset.', '/problems': 'campaigns.wrong_state', '/docs': 'POST /v1/campaigns' }
    for (const [target, text] of Object.entries(wanted)) {
        const page = await api.send(null, 'GET', target)
        assert.equal(page.status, 200, target)
        assert.match(page.headers['content-type'], /^text\/html/)
        assert.ok(page.text.includes(text), `${target} lacks '${text}'`)
        assert.ok(!/(?:src|href)="(?:https?:)?\/\//.test(page.text), `${target} wants something from elsewhere`)
        for (const [, link] of page.text.matchAll(/(?:src|href)="([^"#]+)"/g)) {
            const linked = await api.send(null, 'GET', link)
            assert.equal(linked.status, 200, `${target} leads to ${link}`)
        }
    }
    const { text } = await api.send(null, 'GET', '/docs')
    for (const { id } of operations) assert.ok(text.includes(`id="${id}"`), `/docs lacks ${id}`)
}

async function crossOrigin() {
    const { body: key } = await api.call(owner, 'POST', '/v1/api-keys', { body: { name: 'page', role: 'viewer' }, expect: 201 })
    const answer = await api.call({ bearer: key.secret }, 'GET', '/v1/assets', { headers: { origin: site }, expect: 200 })
    assert.equal(answer.headers['access-control-allow-origin'], site)
    assert.equal(answer.headers['access-control-allow-credentials'], undefined)
    assert.match(answer.headers.vary, /Origin/)
    const asked = { origin: site, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' }
    const preflight = await api.send(null, 'OPTIONS', '/v1/assets', { headers: asked })
    assert.equal(preflight.status, 204)
    assert.match(preflight.headers['access-control-allow-methods'], /POST/)
    const stranger = await api.call({ bearer: key.secret }, 'GET', '/v1/assets', { headers: { origin: 'https://other.example' }, expect: 200 })
    assert.equal(stranger.headers['access-control-allow-origin'], undefined)
}

/** A key that was made up is a stranger's. */
async function strangers() {
    const ask = (made_up) => api.send(null, 'GET', '/v1/sessions/current', made_up ? { headers: { authorization: 'Bearer made up' } } : {})
    const statuses = []
    while (statuses.length <= ofStrangers && statuses.at(-1) !== 429) statuses.push((await ask(statuses.length % 2 === 0)).status)
    assert.equal(statuses.pop(), 429)
    assert.ok(statuses.length > 50 && statuses.every((status) => status === 401), JSON.stringify(statuses))
    const { headers, text } = await ask(false)
    assert.equal(JSON.parse(text).code, 'http.quota_exceeded')
    assert.ok(Number(headers['retry-after']) > 0)
    await api.call(staff, 'GET', '/v1/companies', { expect: 200 })
}

async function quotas() {
    const { body: key } = await api.call(staff, 'POST', '/v1/companies', {
        body: { name: 'Busy', zone: 'UTC', country: 'CA', owner: { email: 'owner@busy.example', name: 'Busy Owner', password: 'a password that is long enough' } },
        expect: 201,
    }).then(() => api.signIn('owner@busy.example', 'a password that is long enough'))
        .then((busy) => api.call(busy, 'POST', '/v1/api-keys', { body: { name: 'busy', role: 'viewer' }, expect: 201 }))
    const actor = { bearer: key.secret }
    for (let left = quota - 1; left >= 0; left -= 1) {
        const { headers } = await api.call(actor, 'GET', '/v1/assets', { expect: 200 })
        assert.equal(headers['ratelimit-policy'], `"default";q=${quota};w=${window}`)
        assert.match(headers.ratelimit, new RegExp(`^"default";r=${left};t=\\d+$`))
    }
    const refused = await api.call(actor, 'GET', '/v1/assets', { expect: 429 })
    assert.equal(refused.body.code, 'http.quota_exceeded')
    assert.match(refused.headers['retry-after'], /^\d+$/)
    assert.ok(Number(refused.headers['retry-after']) <= window / quota)
    assert.match(refused.headers.ratelimit, /^"default";r=0;t=\d+$/)
    // Others are not held up, and nobody pays for signing in.
    await api.call(staff, 'GET', '/v1/companies', { expect: 200 })
    const stranger = await api.send(null, 'GET', '/readyz')
    assert.equal(stranger.headers.ratelimit, undefined)
}
