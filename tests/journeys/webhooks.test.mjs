// Webhooks from the event to somebody else's server: signed so that an independent library agrees, tried again, given
// up, replayed, and never sent where they should not go.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { certify } from './certificates.mjs'
import { instant } from './measure.mjs'
import { Receiver, settings } from './receiver.mjs'
import { Server } from './server.mjs'
import { fromWeb } from './web_packages.mjs'
import { addCompany, letterTo, until } from './world.mjs'

let server, api, owner, receiver, Webhook, WebhookVerificationError
const testsOnly = ['webhook.secret_rotated']

/** An endpoint of its own for each test; it is told of nothing but what the test sends it. */
async function addEndpoint(name, actor = owner) {
    const { webhook, secret } = await api.post(actor, '/v1/webhooks', { url: `${receiver.url}/${name}`, description: name, event_types: testsOnly })
    return { ...webhook, secret, path: `/v1/webhooks/${webhook.id}`, at: `/${name}` }
}

const send = (endpoint) => api.post(owner, `${endpoint.path}/test`, undefined, 202)
const logOf = (endpoint, delivery) => api.get(owner, `${endpoint.path}/deliveries/${delivery.id}`)

const logWith = (endpoint, delivery, wanted) => until(`the delivery to ${endpoint.description}`, () => logOf(endpoint, delivery), wanted)
const ended = (endpoint, delivery) => logWith(endpoint, delivery, (log) => log.delivery.state !== 'pending')
const attempted = (endpoint, delivery, times) => logWith(endpoint, delivery, (log) => log.attempts.length >= times)

/** What waits for a later try runs now. */
const runNow = () => server.run("update jobs.jobs set run_at = now() where kind = 'webhooks.deliver' and state = 'ready'")

suite('webhooks', { concurrency: 1 }, () => {
    before(async () => {
        ({ Webhook, WebhookVerificationError } = await fromWeb('standardwebhooks'))
        server = await Server.start('webhooks', [], settings)
        api = server.api
        receiver = await Receiver.start()
        const staff = await server.staff()
        const made = await addCompany(api, staff, { name: 'Told', email: 'owner@told.example' })
        owner = made.owner
    })
    after(async () => {
        await receiver?.end()
        await server?.end()
    })

    test('a message arrives, and an independent library verifies it', async () => {
        const endpoint = await addEndpoint('first')
        const delivery = await send(endpoint)
        const log = await ended(endpoint, delivery)
        assert.equal(log.delivery.state, 'succeeded')
        assert.equal(log.attempts[0].status, 204)
        const [{ headers, body }] = receiver.at('/first')
        assert.equal(headers['webhook-id'], delivery.message_id)
        assert.equal(headers['content-type'], 'application/json')
        assert.equal(body, log.body)
        const message = new Webhook(endpoint.secret).verify(body, headers)
        assert.equal(message.type, 'webhook.test')
        assert.equal(message.data.id, endpoint.id)
        const other = await addEndpoint('other')
        for (const [secret, text] of [[other.secret, body], [endpoint.secret, body.replace('webhook.test', 'webhook.best')]]) {
            assert.throws(() => new Webhook(secret).verify(text, headers), WebhookVerificationError)
        }
        assert.equal((await api.get(owner, `${endpoint.path}/secret`)).secret, endpoint.secret)
    })

    test('a message and its event continue the trace of the request that they follow from', async () => {
        const traceId = '0af7651916cd43dd8448eb211c80319c'
        const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }
        const { webhook } = await api.post(owner, '/v1/webhooks', { url: `${receiver.url}/traced`, event_types: testsOnly })
        const made = await addEndpoint('elsewhere')
        await api.call(owner, 'POST', `${made.path}/secret/rotate`, { headers, expect: 200 })
        const [message] = await until('the message', () => receiver.at('/traced'), ({ length }) => length > 0)
        const [version, ofMessage, span, flags] = message.headers.traceparent.split('-')
        assert.deepEqual([version, ofMessage, flags], ['00', traceId, '01'])
        assert.notEqual(span, 'b7ad6b7169203331')
        assert.equal(JSON.parse(message.body).data.id, made.id)
        assert.equal(server.count(`select count(*) from trail.events where trace_id = '${traceId}' and action = 'webhook.secret_rotated'`), 1)
        for (const id of [webhook.id, made.id]) await api.call(owner, 'DELETE', `/v1/webhooks/${id}`, { expect: 204 })
    })

    test('what happens in the product is told to who asked for it', async () => {
        const { webhook, secret } = await api.post(owner, '/v1/webhooks', { url: `${receiver.url}/events`, event_types: ['webhook.created', 'webhook.deleted'] })
        const made = await addEndpoint('short-lived')
        await api.call(owner, 'DELETE', made.path, { expect: 204 })
        await until('both messages', () => receiver.at('/events').length, (count) => count >= 2)
        const messages = receiver.at('/events').map(({ headers, body }) => new Webhook(secret).verify(body, headers))
        assert.deepEqual(messages.map(({ type }) => type).sort(), ['webhook.created', 'webhook.deleted'])
        for (const { data } of messages) assert.equal(data.id, made.id)
        await api.call(owner, 'DELETE', `/v1/webhooks/${webhook.id}`, { expect: 204 })
    })

    test('a failure is tried again under the same id', async () => {
        const endpoint = await addEndpoint('moody')
        receiver.willAnswer({ status: 500, body: 'not today' })
        const delivery = await send(endpoint)
        const first = await attempted(endpoint, delivery, 1)
        assert.equal(first.delivery.state, 'pending')
        assert.equal(first.attempts[0].response_body, 'not today')
        const wait = Date.parse(first.delivery.next_attempt_at) - Date.parse(first.attempts[0].at)
        assert.ok(wait >= 4_500, `the next attempt comes after ${wait} ms`)
        runNow()
        const log = await ended(endpoint, delivery)
        assert.equal(log.delivery.state, 'succeeded')
        const [one, two] = receiver.at('/moody')
        assert.equal(one.headers['webhook-id'], two.headers['webhook-id'])
        assert.equal(one.body, two.body)
        new Webhook(endpoint.secret).verify(two.body, two.headers)
    })

    test('an endpoint that answers 410 is told nothing more', async () => {
        const endpoint = await addEndpoint('gone')
        receiver.willAnswer({ status: 410 })
        const log = await ended(endpoint, await send(endpoint))
        assert.equal(log.delivery.state, 'failed')
        const off = await api.get(owner, endpoint.path)
        assert.deepEqual([off.enabled, off.disabled_because], [false, 'gone'])
        await api.call(owner, 'POST', `${endpoint.path}/test`, { expect: 409 })
        const [event] = server.rows(`select actor_kind, resource_id from trail.events where action = 'webhook.disabled'`)
        assert.deepEqual(event, { actor_kind: 'job', resource_id: endpoint.id })
        const letter = await letterTo(api, 'owner@told.example')
        assert.match(letter.subject, /^A webhook of .* was disabled$/)
        assert.equal((await api.post(owner, `${endpoint.path}/enable`, undefined, 200)).enabled, true)
    })

    test('a redirect is not followed', async () => {
        const endpoint = await addEndpoint('moved')
        receiver.willAnswer({ status: 302, headers: { location: `${receiver.url}/elsewhere` } })
        const log = await attempted(endpoint, await send(endpoint), 1)
        assert.equal(log.attempts[0].status, 302)
        assert.equal(log.delivery.state, 'pending')
        assert.deepEqual(receiver.at('/elsewhere'), [])
    })

    test('an address that is not public is refused, when it is given and when it is sent to', async () => {
        for (const url of ['http://10.0.0.1/', 'http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/', 'http://[::ffff:192.168.0.1]/', 'http://0xa9fea9fe/']) {
            const { body } = await api.call(owner, 'POST', '/v1/webhooks', { body: { url }, expect: 422 })
            assert.deepEqual(body.errors, [{ pointer: '/url', detail: 'must not lead to an address that is not public' }])
        }
        const endpoint = await addEndpoint('inside')
        server.run(`update webhooks.endpoints set url = 'http://192.168.0.1/' where description = 'inside'`)
        const log = await attempted(endpoint, await send(endpoint), 1)
        assert.deepEqual([log.attempts[0].status, log.attempts[0].failure], [null, 'the URL must not lead to an address that is not public'])
    })

    test('a certificate that nobody vouches for ends the attempt', async () => {
        const folder = mkdtempSync(path.join(tmpdir(), 'certificate-'))
        const { key, certificate } = certify(folder, 'receiver', { subject: '/CN=127.0.0.1', names: ['IP:127.0.0.1'] })
        const secure = await Receiver.start({ key: readFileSync(key), cert: readFileSync(certificate) })
        try {
            const { webhook } = await api.post(owner, '/v1/webhooks', { url: `${secure.url}/`, description: 'self-signed', event_types: testsOnly })
            const endpoint = { ...webhook, path: `/v1/webhooks/${webhook.id}` }
            const log = await attempted(endpoint, await send(endpoint), 1)
            assert.equal(log.attempts[0].status, null)
            assert.match(log.attempts[0].failure, /certificate/i)
            assert.deepEqual(secure.got, [])
        } finally {
            await secure.end()
            rmSync(folder, { recursive: true })
        }
    })

    test('both secrets sign after a rotation', async () => {
        const endpoint = await addEndpoint('rotating')
        const { secret, previous_until } = await api.post(owner, `${endpoint.path}/secret/rotate`, undefined, 200)
        assert.notEqual(secret, endpoint.secret)
        assert.ok(Date.parse(previous_until) > Date.now() + 23 * 3_600_000)
        await ended(endpoint, await send(endpoint))
        const [{ headers, body }] = receiver.at('/rotating')
        assert.equal(headers['webhook-signature'].split(' ').length, 2)
        for (const one of [secret, endpoint.secret]) new Webhook(one).verify(body, headers)
        // A day later the old one is worth nothing.
        server.run(`update webhooks.endpoints set previous_until = now() where description = 'rotating'`)
        await ended(endpoint, await send(endpoint))
        const [, later] = receiver.at('/rotating')
        new Webhook(secret).verify(later.body, later.headers)
        assert.throws(() => new Webhook(endpoint.secret).verify(later.body, later.headers), WebhookVerificationError)
    })

    test('a delivery and a span are sent again when asked', async () => {
        const endpoint = await addEndpoint('replayed')
        const from = Date.now() - 1000
        const first = await send(endpoint)
        await ended(endpoint, first)
        await api.post(owner, `${endpoint.path}/deliveries/${first.id}/retry`, undefined, 202)
        await attempted(endpoint, first, 2)
        await ended(endpoint, await send(endpoint))
        const span = { from: instant(from), to: instant(Date.now() + 60_000) }
        assert.deepEqual(await api.post(owner, `${endpoint.path}/replay`, span, 202), { deliveries: 0 })
        assert.deepEqual(await api.post(owner, `${endpoint.path}/replay`, { ...span, only_failed: false }, 202), { deliveries: 2 })
        await until('all of it', () => receiver.at('/replayed').length, (count) => count === 5)
        const ids = receiver.at('/replayed').map(({ headers }) => headers['webhook-id'])
        assert.equal(new Set(ids).size, 2, 'a receiver can tell what it has seen')
    })

    test('a receiver that never answers holds up nobody', async () => {
        const slow = await addEndpoint('slow')
        receiver.willAnswer(...Array.from({ length: 8 }, () => 'never'))
        const held = await Promise.all(Array.from({ length: 8 }, () => send(slow)))
        await until('it is asked', () => receiver.at('/slow').length, (count) => count > 0)
        const other = await addEndpoint('quick')
        // What the receiver holds back is taken from the same row of answers, so the quick one has another server.
        const elsewhere = await Receiver.start()
        await api.call(owner, 'PATCH', other.path, { body: { url: `${elsewhere.url}/quick` }, expect: 200 })
        const log = await ended(other, await send(other))
        assert.equal(log.delivery.state, 'succeeded')
        const waiting = await Promise.all(held.map((one) => logOf(slow, one)))
        assert.ok(waiting.every(({ delivery }) => delivery.state === 'pending'))
        await elsewhere.end()
        // Fewer are sent at once to one endpoint than wait; the rest must not keep the next test's.
        receiver.recover()
    })

    test('another company sees nothing of it', async () => {
        const staff = await api.signIn('staff@mobilytics.example', 'a long enough password of staff')
        const other = await addCompany(api, staff, { name: 'Curious', email: 'owner@curious.example' })
        const endpoint = await addEndpoint('private')
        const delivery = await send(endpoint)
        await ended(endpoint, delivery)
        assert.deepEqual((await api.get(other.owner, '/v1/webhooks')).items, [])
        for (const [method, target] of [['GET', endpoint.path], ['GET', `${endpoint.path}/secret`], ['POST', `${endpoint.path}/test`], ['POST', `${endpoint.path}/secret/rotate`],
            ['GET', `${endpoint.path}/deliveries/${delivery.id}`], ['POST', `${endpoint.path}/deliveries/${delivery.id}/retry`], ['DELETE', endpoint.path]]) {
            const { body } = await api.call(other.owner, method, target, { expect: 404 })
            assert.equal(body.code, 'webhooks.not_found')
        }
        assert.equal((await api.get(owner, endpoint.path)).enabled, true)
    })

    test('secrets lie sealed in the database, by a key in the home that its owner alone may read', () => {
        const stored = JSON.stringify(server.rows('select * from webhooks.endpoints'))
        assert.ok(!stored.includes('whsec_'))
        assert.match(execFileSync('stat', ['-c', '%a', path.join(server.home, 'secrets.key')], { encoding: 'utf8' }), /^600$/m)
    })
})
