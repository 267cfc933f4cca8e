// Whatever changes something leaves an event that says who did it, and from which request. Every state-changing
// operation of api/openapi.json is run once here; one that is missing fails the last test.
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { operationOf, operations } from './api.mjs'
import { day, instant } from './measure.mjs'
import { Server } from './server.mjs'
import { addCompany, addModel, password } from './world.mjs'

// What devices measured is no key action: it is kept as what it is, raw records.
const noEvent = new Set(['measurements.ingest'])

const now = Date.now()
const done = new Map()
let server, api, staff, owner, company, model

suite('the trail of what was done', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('audit_trail')
        api = server.api
        staff = await server.staff()
        model = await addModel(api, staff, { name: 'Eye 3' })
        const made = await addCompany(api, staff, { name: 'Harbour Outdoor', email: 'owner@harbour.example' })
        company = made.company
        owner = made.owner
    })
    after(() => server?.end())

    test('sessions leave events', sessions)
    test('companies and device models leave events', staffsWork)
    test('people and keys leave events', peopleAndKeys)
    test('assets and devices leave events', fleet)
    test('campaigns and assignments leave events', campaigns)
    test('a refused change leaves none', refused)
    test('another company sees nothing of it', otherCompany)
    test('every operation that changes something was run', () => {
        const missing = operations.filter(({ id, method }) => method !== 'GET' && !done.has(id) && !noEvent.has(id))
        assert.deepEqual(missing.map(({ id }) => id), [])
        console.log(`audit trail: ${done.size} operations, each with its event`)
    })
    test('the command line says whether anything was changed since', verify)
})

/** Runs the operation and finds its event by the request's id, in the trail that `reader` reads. */
async function act(actor, method, path, { body, expect, reader = owner, action, resource } = {}) {
    const answer = await api.call(actor, method, path, { body, expect: expect ?? [200, 201, 204] })
    const { items } = await api.get(reader, '/v1/audit-events', { limit: 20 })
    const event = items.find(({ request_id }) => request_id === answer.headers['x-request-id'])
    assert.ok(event, `${method} ${path} left no event`)
    assert.equal(event.action, action)
    assert.equal(event.outcome, 'success')
    assert.notEqual(event.address, '')
    const { id } = resource ?? answer.body ?? {}
    if (id) assert.equal(event.resource_id, id)
    done.set(operationOf(method, path).id, event)
    return { answer, event, body: answer.body }
}

async function sessions() {
    const { event } = await act(null, 'POST', '/v1/sessions', {
        body: { email: 'owner@harbour.example', password }, action: 'session.opened', resource: {},
    })
    assert.equal(event.actor.kind, 'person')
    const guest = await api.signIn('owner@harbour.example', password)
    await act(guest, 'POST', '/v1/sessions/current/company', {
        body: { company_id: company.id }, action: 'session.company_entered', resource: {},
    })
    await act(guest, 'DELETE', '/v1/sessions/current', { action: 'session.ended' })
}

async function staffsWork() {
    await api.post(staff, '/v1/companies', {
        name: 'Bay', zone: 'America/Toronto', country: 'CA', owner: { email: 'owner@bay.example', name: 'Bo', password },
    })
    const bay = await api.signIn('owner@bay.example', password)
    const { items } = await api.get(bay, '/v1/audit-events', { limit: 20 })
    assert.deepEqual(items.map(({ action }) => action), ['session.opened', 'member.added', 'company.created'])
    assert.equal(items[2].actor.kind, 'staff')
    done.set('companies.create', items[2])
    const changed = await act(staff, 'PATCH', `/v1/companies/${company.id}`, { body: { name: 'Harbour' }, action: 'company.changed' })
    assert.deepEqual(changed.event.changes, { name: { from: 'Harbour Outdoor', to: 'Harbour' } })
    await act(owner, 'PUT', `/v1/companies/${company.id}/parked-policy`, {
        body: { kind: 'cap', minutes: 5, effective_from: instant(now - day) }, action: 'company.parked_policy_set', resource: {},
    })
    await act(staff, 'POST', '/v1/device-models', {
        body: { name: 'Eye 4', expected_interval_s: 60 }, reader: staff, action: 'device_model.created',
    })
    await act(staff, 'POST', `/v1/device-models/${model.id}/calibrations`, {
        body: { effective_from: instant(now - day), factor: 1, low: 1, high: 1, method: 'counted' },
        reader: staff, action: 'device_model.calibrated', resource: model,
    })
}

async function peopleAndKeys() {
    await act(owner, 'POST', '/v1/members', {
        body: { email: 'ann@harbour.example', name: 'Ann', password, role: 'analyst' }, action: 'member.added',
    })
    const { body: key, event } = await act(owner, 'POST', '/v1/api-keys', {
        body: { name: 'Loader', role: 'manager' }, action: 'api_key.created',
    })
    assert.ok(!JSON.stringify(event).includes(key.secret), 'the secret stays out of the event')
    const byKey = await act({ bearer: key.secret }, 'POST', '/v1/assets', { body: { kind: 'vehicle', name: 'By key' }, action: 'asset.created' })
    assert.deepEqual([byKey.event.actor.kind, byKey.event.actor.id, byKey.event.actor.label], ['key', key.id, 'Loader'])
    await act(owner, 'DELETE', `/v1/api-keys/${key.id}`, { action: 'api_key.revoked', resource: key })
}

async function fleet() {
    const { body: asset } = await act(owner, 'POST', '/v1/assets', {
        body: { kind: 'vehicle', name: 'Truck 7', faces: [{ name: 'side', format: 'truck', placement: 'side' }] }, action: 'asset.created',
    })
    await act(owner, 'PATCH', `/v1/assets/${asset.id}`, { body: { plate: 'ABC 1' }, action: 'asset.changed' })
    await act(owner, 'POST', `/v1/assets/${asset.id}/faces`, {
        body: { name: 'rear', format: 'truck', placement: 'rear' }, action: 'asset.face_added', resource: asset,
    })
    const { body: device } = await act(owner, 'POST', '/v1/devices', {
        body: { serial: 'H-1', name: 'Eye', model_id: model.id }, action: 'device.created',
    })
    await act(owner, 'PATCH', `/v1/devices/${device.id}`, { body: { name: 'Eye 1' }, action: 'device.changed' })
    await act(owner, 'PUT', `/v1/devices/${device.id}/near-threshold`, {
        body: { near_dbm: -70, effective_from: instant(now - day) }, action: 'device.near_threshold_set', resource: device,
    })
    await act(owner, 'POST', `/v1/devices/${device.id}/calibrations`, {
        body: { effective_from: instant(now - day), factor: 1, low: 1, high: 1, method: 'counted' }, action: 'device.calibrated', resource: device,
    })
    const { body: token, event } = await act(owner, 'POST', `/v1/devices/${device.id}/tokens`, { action: 'device_token.issued' })
    assert.ok(!JSON.stringify(event).includes(token.secret), 'the secret stays out of the event')
    await act(owner, 'DELETE', `/v1/devices/${device.id}/tokens/${token.id}`, { action: 'device_token.revoked', resource: token })
    const { body: attachment } = await act(owner, 'POST', `/v1/devices/${device.id}/attachments`, {
        body: { asset_id: asset.id, from: instant(now - day) }, action: 'attachment.created',
    })
    await act(owner, 'PATCH', `/v1/attachments/${attachment.id}`, { body: { to: instant(now) }, action: 'attachment.changed' })
    await act(owner, 'DELETE', `/v1/attachments/${attachment.id}`, { action: 'attachment.deleted', resource: attachment })
}

async function campaigns() {
    const { body: asset } = await api.call(owner, 'POST', '/v1/assets', {
        body: { kind: 'vehicle', name: 'Truck 8', faces: [{ name: 'side', format: 'truck', placement: 'side' }] }, expect: 201,
    })
    const draft = { name: 'Fall', from: instant(now - day), to: instant(now + day) }
    const { body: campaign } = await act(owner, 'POST', '/v1/campaigns', { body: draft, action: 'campaign.created' })
    const { event } = await act(owner, 'PATCH', `/v1/campaigns/${campaign.id}`, { body: { name: 'Autumn' }, action: 'campaign.changed' })
    assert.deepEqual(event.changes, { name: { from: 'Fall', to: 'Autumn' } })
    const { body: assignment } = await act(owner, 'POST', `/v1/campaigns/${campaign.id}/assignments`, {
        body: { face_id: asset.faces[0].id, from: instant(now - day), share: 0.5 }, action: 'assignment.created',
    })
    await act(owner, 'PATCH', `/v1/assignments/${assignment.id}`, { body: { share: 1 }, action: 'assignment.changed' })
    await act(owner, 'DELETE', `/v1/assignments/${assignment.id}`, { action: 'assignment.deleted', resource: assignment })
    for (const [verb, past] of [['book', 'booked'], ['launch', 'launched'], ['pause', 'paused'], ['resume', 'resumed'], ['finish', 'finished']]) {
        await act(owner, 'POST', `/v1/campaigns/${campaign.id}/${verb}`, { action: `campaign.${past}` })
    }
    const { body: second } = await act(owner, 'POST', '/v1/campaigns', { body: draft, action: 'campaign.created' })
    await act(owner, 'POST', `/v1/campaigns/${second.id}/cancel`, { action: 'campaign.cancelled' })
}

async function refused() {
    const before_it = await api.get(owner, '/v1/audit-events', { limit: 1 })
    await api.call(owner, 'POST', '/v1/campaigns', { body: { name: '', from: instant(now), to: instant(now) }, expect: 422 })
    const after_it = await api.get(owner, '/v1/audit-events', { limit: 1 })
    assert.equal(after_it.items[0].sequence, before_it.items[0].sequence)
}

async function otherCompany() {
    const bay = await api.signIn('owner@bay.example', password)
    const { text } = await api.call(bay, 'GET', '/v1/audit-events/export.json', { expect: 200 })
    assert.ok(!/Harbour|Truck|Autumn|Loader/.test(text))
    const { text: csv } = await api.call(owner, 'GET', '/v1/audit-events/export.csv', { expect: 200 })
    assert.match(csv, /"campaign.launched"/)
}

async function verify() {
    const whole = await server.command(['audit', 'verify'])
    assert.match(whole, new RegExp(`${company.id}: events 1 to \\d+: whole`))
    assert.match(whole, /of no company: events 1 to \d+: whole/)
    server.administer(`alter table trail.events disable trigger events_stay;
        update trail.events set actor_label = 'Somebody else' where action = 'campaign.launched'`)
    await assert.rejects(server.command(['audit', 'verify', '--company', company.id]), /is not what was written, or not in its place/)
}
