// Whatever changes something leaves an event that says who did it, and from which request. Every state-changing
// operation of api/openapi.json is run once here; one that is missing fails the last test.
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { operationOf, operations } from './api.mjs'
import { day, instant } from './measure.mjs'
import { appCode } from './app_code.mjs'
import { Authenticator } from './authenticator.mjs'
import { OpenIdProvider } from './openid_provider.mjs'
import { Server } from './server.mjs'
import { Receiver, settings } from './receiver.mjs'
import { addCompany, addMember, addModel, letterTo, letters, password, tokenIn, until } from './world.mjs'

// What devices measured is no key action: it is kept as what it is, raw records. Looking at an invitation changes nothing,
// asking for a letter changes nothing until its link is used, and a challenge nothing until it is answered; nor does
// going to a provider, until one comes back.
const noEvent = new Set(['measurements.ingest', 'invitations.preview', 'password_resets.ask', 'passkeys.challenge', 'passkeys.confirm',
    'provider_sign_in.begin'])

const now = Date.now()
const done = new Map()
let receiver, server, api, staff, owner, company, model

suite('the trail of what was done', { concurrency: 1 }, () => {
    before(async () => {
        receiver = await Receiver.start()
        server = await Server.start('audit_trail', [], settings)
        api = server.api
        staff = await server.staff()
        model = await addModel(api, staff, { name: 'Eye 3' })
        const made = await addCompany(api, staff, { name: 'Harbour Outdoor', email: 'owner@harbour.example' })
        company = made.company
        owner = made.owner
    })
    after(async () => {
        await server?.end()
        await receiver?.end()
    })

    test('sessions leave events', sessions)
    test('companies and device models leave events', staffsWork)
    test('keys leave events', keys)
    test('tokens of programs leave events', tokens)
    test('invitations and members leave events', people)
    test('what guards an account leaves events', account)
    test('a provider leaves events, and so do those whom it signs in', provider)
    test('webhooks leave events', webhooks)
    test('assets and devices leave events', fleet)
    test('campaigns and assignments leave events', campaigns)
    test('what staff do to jobs leaves events', jobs)
    test('what staff do to people and to each other leaves events', staffAndPeople)
    test('looking after an alert leaves an event', alerts)
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
async function act(actor, method, path, { body, headers, expect, reader = owner, action, resource } = {}) {
    const answer = await api.call(actor, method, path, { body, headers, expect: expect ?? [200, 201, 204] })
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
    assert.deepEqual([event.actor.kind, event.actor.label], ['person', 'Harbour Outdoor Owner'])
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
    const bare = await api.post(staff, '/v1/companies', { name: 'Cove', zone: 'America/Toronto', country: 'CA', owner: { email: 'first@cove.example' } })
    await api.call(staff, 'PUT', `/v1/companies/${bare.id}/first-owner`, { body: { email: 'owner@cove.example' }, expect: 200 })
    await api.post(null, '/v1/invitations/accept', { token: tokenIn(await letterTo(api, 'owner@cove.example')), name: 'Cora', password }, 200)
    const cora = await api.signIn('owner@cove.example', password)
    const told = (await api.get(cora, '/v1/audit-events', { limit: 20 })).items.filter(({ action }) => action === 'invitation.created')
    assert.deepEqual(told.map(({ actor, resource_label }) => [actor.kind, resource_label]), [['staff', 'owner@cove.example'], ['staff', 'first@cove.example']])
    done.set('companies.invite_first_owner', told[0])
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

/** A program's tokens, from the key that it shows to their end. */
async function tokens() {
    const key = await api.post(owner, '/v1/api-keys', { name: 'Feed', role: 'manager' })
    const issue = { body: { grant_type: 'client_credentials', client_secret: key.secret }, action: 'token.issued', resource: {} }
    const { body: issued, event } = await act(null, 'POST', '/v1/token', issue)
    assert.deepEqual([event.actor.kind, event.actor.id, event.actor.label], ['key', key.id, 'Feed'])
    for (const secret of [issued.access_token, issued.refresh_token]) assert.ok(!JSON.stringify(event).includes(secret))
    const byToken = await act({ bearer: issued.access_token }, 'POST', '/v1/assets', { body: { kind: 'vehicle', name: 'By token' }, action: 'asset.created' })
    assert.deepEqual([byToken.event.actor.kind, byToken.event.actor.id, byToken.event.method], ['key', key.id, 'token'])
    await act(null, 'POST', '/v1/token/revoke', { body: { token: issued.refresh_token }, action: 'token.ended', resource: { id: event.resource_id } })
    await act(null, 'POST', '/v1/token', issue)
    const { items: [family] } = await api.get(owner, `/v1/api-keys/${key.id}/tokens`)
    await act(owner, 'DELETE', `/v1/api-keys/${key.id}/tokens/${family.id}`, { action: 'token.ended', resource: family })
}

async function keys() {
    const { body: key, event } = await act(owner, 'POST', '/v1/api-keys', {
        body: { name: 'Loader', role: 'manager' }, action: 'api_key.created',
    })
    assert.ok(!JSON.stringify(event).includes(key.secret), 'the secret stays out of the event')
    const byKey = await act({ bearer: key.secret }, 'POST', '/v1/assets', { body: { kind: 'vehicle', name: 'By key' }, action: 'asset.created' })
    assert.deepEqual([byKey.event.actor.kind, byKey.event.actor.id, byKey.event.actor.label], ['key', key.id, 'Loader'])
    const { event: rotated } = await act(owner, 'POST', `/v1/api-keys/${key.id}/secret/rotate`, { body: {}, action: 'api_key.rotated', resource: key })
    assert.deepEqual(rotated.changes, { secret: { to: 'hidden' } })
    await act(owner, 'DELETE', `/v1/api-keys/${key.id}`, { action: 'api_key.revoked', resource: key })
}

async function people() {
    const invite = (email) => ({ body: { email, role: 'analyst' }, action: 'invitation.created' })
    const { body: first } = await act(owner, 'POST', '/v1/invitations', invite('ann@harbour.example'))
    await letterTo(api, 'ann@harbour.example')
    // The next one may go after a minute, which nobody waits for here.
    server.run("update auth.invitations set sent_at = sent_at - interval '1 hour'")
    await act(owner, 'POST', `/v1/invitations/${first.id}/resend`, { action: 'invitation.sent_again', resource: first })
    const token = tokenIn(await letterTo(api, 'ann@harbour.example', 2))
    await act(null, 'POST', '/v1/invitations/accept', { body: { token, name: 'Ann', password }, action: 'invitation.accepted', resource: {} })
    const { body: second } = await act(owner, 'POST', '/v1/invitations', invite('bob@harbour.example'))
    await act(owner, 'DELETE', `/v1/invitations/${second.id}`, { action: 'invitation.withdrawn', resource: second })
    await act(owner, 'POST', '/v1/invitations', invite('owner@bay.example'))
    const bay = await api.signIn('owner@bay.example', password)
    const known = tokenIn(await letterTo(api, 'owner@bay.example'))
    await act(bay, 'POST', '/v1/invitations/join', { body: { token: known }, action: 'invitation.accepted', resource: {} })
    const { items } = await api.get(owner, '/v1/members')
    const { user_id: id } = items.find(({ email }) => email === 'ann@harbour.example')
    await act(owner, 'PATCH', `/v1/members/${id}`, { body: { role: 'viewer' }, action: 'member.role_changed', resource: { id } })
    await act(owner, 'DELETE', `/v1/members/${id}`, { action: 'member.removed', resource: { id } })
}

/** What belongs to a person belongs to no company: staff read it. */
async function account() {
    const reader = staff
    let bay = await api.signIn('owner@bay.example', password)
    const again = (answer) => ({ ...bay, cookie: answer.headers['set-cookie'][0].split(';')[0] })
    const confirmed = await act(bay, 'POST', '/v1/sessions/current/confirm', { body: { password }, reader, action: 'session.confirmed', resource: {} })
    bay = again(confirmed.answer)
    await act(bay, 'PATCH', '/v1/account', { body: { name: 'Bob' }, reader, action: 'account.edited' })
    await act(bay, 'PATCH', '/v1/account/notifications', { body: { member_joined: false }, reader, action: 'account.notifications_changed' })
    await act(bay, 'POST', '/v1/account/email', { body: { email: 'bob@bay.example' }, reader, action: 'account.email_change_asked', expect: 202, resource: {} })
    const { body: app } = await act(bay, 'POST', '/v1/account/second-factor', { reader, action: 'account.second_factor_begun', resource: {} })
    const { body: made, event: added } = await act(bay, 'POST', '/v1/account/second-factor/finish', {
        body: { code: await appCode(app.secret) }, reader, action: 'account.second_factor_added', resource: {},
    })
    const { body: renewed } = await act(bay, 'POST', '/v1/account/second-factor/recovery-codes', { reader, action: 'account.recovery_codes_made', resource: {} })
    const events = await api.get(reader, '/v1/audit-events', { limit: 20 })
    for (const secret of [app.secret, ...made.recovery_codes, ...renewed.recovery_codes]) assert.ok(!JSON.stringify([added, events]).includes(secret))
    for (const second_factor_required of [true, false]) {
        await act(bay, 'PUT', '/v1/access-rules', { body: { second_factor_required }, reader: bay, action: 'company.access_changed', resource: {} })
    }
    await act(bay, 'DELETE', '/v1/account/second-factor', { reader, action: 'account.second_factor_removed', resource: {} })
    await passkeys(bay, reader)
    const token = tokenIn(await letterTo(api, 'bob@bay.example'))
    await act(null, 'POST', '/v1/account/email/confirm', { body: { token }, reader, action: 'account.email_changed', resource: {} })
    const other = await api.signIn('bob@bay.example', password)
    await act(bay, 'DELETE', `/v1/sessions/${other.session.id}`, { reader, action: 'session.ended', resource: { id: other.session.id } })
    await act(bay, 'DELETE', '/v1/sessions', { reader, action: 'session.others_ended', resource: {} })
    const next = 'a second long enough password'
    const changed = await act(bay, 'POST', '/v1/account/password', {
        body: { current_password: password, new_password: next }, reader, action: 'account.password_changed', resource: {},
    })
    assert.ok(!JSON.stringify(changed.event).includes(next), 'the password stays out of the event')
    await api.call(null, 'POST', '/v1/password-resets', { body: { email: 'bob@bay.example' }, expect: 202 })
    const toBob = async () => (await letters(api)).filter(({ to, text }) => to === 'bob@bay.example' && text.includes('/reset-password#'))
    const [reset] = (await until('the letter with the link', toBob, (all) => all.length > 0)).map(tokenIn)
    await act(null, 'POST', '/v1/password-resets/complete', { body: { token: reset, password }, reader, action: 'account.password_reset', resource: {} })
}

/** Of somebody whose session is confirmed. */
async function passkeys(bay, reader) {
    const device = new Authenticator(`http://localhost:${server.port}`)
    const { body: options } = await act(bay, 'POST', '/v1/passkeys/registration', { reader, action: 'account.passkey_begun', resource: {} })
    const { body: made } = await act(bay, 'POST', '/v1/passkeys', {
        body: { name: 'Laptop', credential: device.make(options) }, reader, action: 'account.passkey_added', resource: {},
    })
    const at = `/v1/passkeys/${made.passkey.id}`
    const renamed = await act(bay, 'PATCH', at, { body: { name: 'Work' }, reader, action: 'account.passkey_renamed', resource: {} })
    assert.deepEqual(renamed.event.changes, { passkey: { from: 'Laptop', to: 'Work' } })
    const events = await api.get(reader, '/v1/audit-events', { limit: 20 })
    for (const code of made.recovery_codes) assert.ok(!JSON.stringify(events).includes(code))
    await act(bay, 'DELETE', at, { reader, action: 'account.passkey_removed', resource: {} })
}

/** The company's own provider is set, signs its owner in, and goes. */
async function provider() {
    const people = { owner: { email: 'owner@harbour.example', email_verified: true } }
    const outside = await OpenIdProvider.start({ redirectUri: `http://localhost:${server.port}/sign-in/returned`, people })
    const resource = company
    try {
        const { event } = await act(owner, 'PUT', '/v1/identity-provider', {
            body: { sign_in_name: 'harbour', issuer: outside.issuer, ...outside.client }, action: 'company.provider_set', resource,
        })
        assert.deepEqual(event.changes.client_secret, { to: 'hidden' })
        assert.ok(!JSON.stringify(event).includes(outside.client.client_secret))
        const begun = await api.call(null, 'POST', '/v1/sign-in/openid', { body: { sign_in_name: 'harbour' }, expect: 200 })
        const brought = await outside.walk(begun.body.url, 'owner')
        const back = { body: { state: brought.get('state'), code: brought.get('code'), iss: brought.get('iss') }, headers: { cookie: begun.headers['set-cookie'][0].split(';')[0] } }
        const signedIn = await act(null, 'POST', '/v1/sign-in/openid/finish', { ...back, action: 'session.opened', resource: {} })
        assert.deepEqual([signedIn.event.actor.kind, signedIn.event.method], ['person', 'provider'])
        await act(owner, 'DELETE', '/v1/identity-provider', { action: 'company.provider_removed', resource })
    } finally {
        await outside.end()
    }
}

async function webhooks() {
    const { body: { webhook } } = await act(owner, 'POST', '/v1/webhooks', {
        body: { url: receiver.url, description: 'Ours' }, action: 'webhook.created', resource: {},
    })
    const at = `/v1/webhooks/${webhook.id}`
    const resource = webhook
    await act(owner, 'PATCH', at, { body: { description: 'Theirs' }, action: 'webhook.changed', resource })
    const rotated = await act(owner, 'POST', `${at}/secret/rotate`, { action: 'webhook.secret_rotated', resource })
    assert.ok(!JSON.stringify(rotated.event).includes('whsec_'), 'the secret stays out of the event')
    await act(owner, 'GET', `${at}/secret`, { action: 'webhook.secret_shown', resource })
    await act(owner, 'POST', `${at}/test`, { action: 'webhook.tested', expect: 202, resource })
    const { items: [delivery] } = await until('a delivery that ended', () => api.get(owner, `${at}/deliveries`), ({ items }) => items.length > 0 && items[0].state !== 'pending')
    await act(owner, 'POST', `${at}/deliveries/${delivery.id}/retry`, { action: 'webhook.delivery_retried', expect: [200, 202], resource })
    await act(owner, 'POST', `${at}/replay`, { body: { from: instant(now - day), to: instant(now + day) }, action: 'webhook.replayed', expect: [200, 202], resource })
    await act(owner, 'POST', `${at}/disable`, { action: 'webhook.disabled', resource })
    await act(owner, 'POST', `${at}/enable`, { action: 'webhook.enabled', resource })
    await act(owner, 'DELETE', at, { action: 'webhook.deleted', resource })
}

async function fleet() {
    const { body: asset } = await act(owner, 'POST', '/v1/assets', {
        body: { kind: 'vehicle', name: 'Truck 7', faces: [{ name: 'side', format: 'truck', placement: 'side' }] }, action: 'asset.created',
    })
    const plated = await act(owner, 'PATCH', `/v1/assets/${asset.id}`, { body: { plate: 'ABC 1' }, action: 'asset.changed' })
    assert.equal(plated.event.actor.label, 'Harbour Outdoor Owner')
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

/** A job of the company is in its trail, a kind of jobs in that of no company. */
async function jobs() {
    const kind = 'measurements.on.assets.changed'
    const addDead = () => server.run(`insert into jobs.jobs (id, kind, company_id, payload, state, run_at, attempts, max_attempts, ended_at)
        select gen_random_uuid(), '${kind}', company_id, '{}', 'dead', now(), 10, 10, now() from companies.companies where name = 'Harbour'`)
    await act(staff, 'POST', `/v1/job-kinds/${kind}/pause`, { reader: staff, action: 'job_kind.paused', resource: { id: kind } })
    addDead()
    const { items: [dead] } = await api.get(staff, '/v1/jobs', { state: 'dead', company: company.id })
    const { event } = await act(staff, 'POST', `/v1/jobs/${dead.id}/retry`, { action: 'job.retried', resource: dead })
    assert.deepEqual(event.changes, { state: { from: 'dead', to: 'ready' } })
    await act(staff, 'POST', `/v1/jobs/${dead.id}/cancel`, { action: 'job.cancelled', resource: dead })
    addDead()
    await act(staff, 'POST', '/v1/jobs/redrive', { body: { kind, company_id: company.id }, action: 'job_kind.redriven', resource: { id: kind } })
    const { items: [again] } = await api.get(staff, '/v1/jobs', { state: 'ready', company: company.id })
    await api.call(staff, 'POST', `/v1/jobs/${again.id}/cancel`, { expect: 200 })
    await act(staff, 'POST', `/v1/job-kinds/${kind}/resume`, { reader: staff, action: 'job_kind.resumed', resource: { id: kind } })
}

/** Somebody's account in the hands of staff, and their way back once every factor is lost. */
async function staffAndPeople() {
    const support = await server.staff('support')
    const lost = await addMember(api, owner, { email: 'lost@harbour.example', name: 'Lou', role: 'viewer' })
    const { id } = lost.session.user
    const resource = { id }
    const of = { reader: staff, resource }
    const found = await act(support, 'POST', '/v1/people/find', { ...of, body: { email: 'lost@harbour.example' }, action: 'person.seen' })
    assert.ok(!JSON.stringify(found.event).includes('lost@'), 'the address stays out of the event')
    await act(support, 'GET', `/v1/people/${id}`, { ...of, action: 'person.seen' })
    await act(support, 'DELETE', `/v1/people/${id}/sessions`, { ...of, action: 'person.sessions_ended' })
    const kept = await act(support, 'POST', `/v1/people/${id}/disable`, { ...of, body: { reason: 'asked by phone' }, action: 'person.disabled' })
    assert.equal(kept.event.reason, 'asked by phone')
    await act(support, 'POST', `/v1/people/${id}/enable`, { ...of, action: 'person.enabled' })
    const { items } = await api.get(owner, '/v1/audit-events', { action: 'member.' })
    for (const action of ['member.disabled', 'member.enabled']) assert.ok(items.some((event) => event.action === action && event.resource_id === id))

    const begin = async () => {
        server.run(`insert into auth.second_factors (user_id, secret_sealed, created_at, confirmed_at)
            select user_id, 'x', now(), now() from auth.users where email = 'lost@harbour.example' on conflict do nothing`)
        await act(support, 'POST', `/v1/people/${id}/recovery`, { ...of, body: { reason: 'lost the phone' }, action: 'person.recovery_begun', expect: 202 })
        const links = async () => (await letters(api)).filter(({ to, text }) => to === 'lost@harbour.example' && text.includes('/recover#'))
        begun += 1
        return tokenIn((await until('the letter with the way back', links, (all) => all.length >= begun)).at(-1))
    }
    let begun = 0
    await act(null, 'POST', '/v1/recoveries/stop', { ...of, body: { token: await begin() }, action: 'account.recovery_stopped' })
    await act(null, 'POST', '/v1/recoveries/complete', { ...of, body: { token: await begin(), password }, action: 'account.recovered' })

    await act(staff, 'POST', '/v1/staff', { ...of, body: { user_id: id, role: 'finance' }, action: 'staff.added' })
    const changed = await act(staff, 'PATCH', `/v1/staff/${id}`, { ...of, body: { role: 'support' }, action: 'staff.role_changed' })
    assert.deepEqual(changed.event.changes, { role: { from: 'finance', to: 'support' } })
    const { body: key } = await act(staff, 'POST', '/v1/staff-keys', { body: { name: 'Backup' }, reader: staff, action: 'staff_key.created' })
    await act(staff, 'DELETE', `/v1/staff-keys/${key.id}`, { reader: staff, resource: key, action: 'staff_key.revoked' })
    await act(staff, 'DELETE', `/v1/staff/${id}`, { ...of, action: 'staff.removed' })
}

/** Of a process that this one knows nothing of: it stands until that has been silent for an hour. */
async function alerts() {
    server.run(`insert into monitoring.alerts (alert_id, rule, about, value, since, fired_at, told_at, judged_at)
        values (gen_random_uuid(), 'disk_low', 'another-host', 1, now(), now(), now(), now())`)
    const { items } = await api.get(staff, '/v1/alerts', { state: 'open' })
    const alert = items.find(({ subject }) => subject === 'another-host')
    const { event } = await act(staff, 'POST', `/v1/alerts/${alert.id}/acknowledge`, { body: { note: 'Mine' }, reader: staff, action: 'alert.acknowledged' })
    assert.deepEqual(event.changes, { note: { to: 'Mine' } })
}

async function refused() {
    const before_it = await api.get(owner, '/v1/audit-events', { limit: 1 })
    await api.call(owner, 'POST', '/v1/campaigns', { body: { name: '', from: instant(now), to: instant(now) }, expect: 422 })
    const after_it = await api.get(owner, '/v1/audit-events', { limit: 1 })
    assert.equal(after_it.items[0].sequence, before_it.items[0].sequence)
}

async function otherCompany() {
    const bay = await api.signIn('bob@bay.example', password)
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
