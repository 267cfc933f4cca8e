// How people get in, stay in and are kept out: invitations, roles, passwords, addresses and sessions, each as the person
// lives it and as somebody hostile tries it.
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { appCode } from './app_code.mjs'
import { Authenticator } from './authenticator.mjs'
import { Server } from './server.mjs'
import { addCompany, addMember, letters, letterTo, password, tokenIn, until } from './world.mjs'

let server, api, maple, oak

suite('access', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('access')
        api = server.api
        const staff = await server.staff()
        maple = await addCompany(api, staff, { name: 'Maple Fleet', email: 'owner@maple.example' })
        oak = await addCompany(api, staff, { name: 'Oak Outdoor', email: 'owner@oak.example' })
    })
    after(() => server?.end())

    test('somebody invited makes an account and works with the role they were given', invitation)
    test('an invitation is good for nothing once used, withdrawn, replaced or expired', deadInvitations)
    test('somebody with an account joins another company with it', joining)
    test('a role changes and ends at the next request', roles)
    test('an owner is told who joined, or does without', notices)
    test('a key is kept to scopes, addresses and an end, and changes its secret without a gap', keys)
    test('a second factor is added, asked for, used up and taken away', secondFactor)
    test('a passkey is added, signs in, confirms and is removed', passkey)
    test('a forgotten password is chosen anew by letter', forgotten)
    test('who asks learns nothing of who has an account', enumeration)
    test('an address is changed by who shows the password and reads the letter', address)
    test('sessions are seen and ended', sessions)
    test('a page of another site changes nothing', crossSite)
    test('the trail has each of these changes and no secret', trail)
})

const refusal = async (actor, method, path, body) => {
    const { status, body: problem } = await api.call(actor, method, path, { body })
    return `${status} ${problem?.code ?? ''}`.trim()
}
const renewed = (actor, { headers }) => ({ ...actor, cookie: headers['set-cookie'][0].split(';')[0] })
const alive = async (actor) => (await api.call(actor, 'GET', '/v1/sessions/current')).status === 200

async function invitation() {
    const made = await api.post(maple.owner, '/v1/invitations', { email: 'Ann@Maple.example', role: 'analyst' })
    assert.deepEqual([made.email, made.state], ['ann@maple.example', 'open'])
    const letter = await letterTo(api, 'ann@maple.example')
    const token = tokenIn(letter)
    assert.ok(letter.text.includes(`http://localhost:${server.port}/accept-invitation#${token}`))
    const offer = await api.post(null, '/v1/invitations/preview', { token }, 200)
    assert.deepEqual([offer.company.name, offer.role, offer.has_account], ['Maple Fleet', 'analyst', false])
    assert.equal(await refusal(null, 'POST', '/v1/invitations/accept', { token, name: 'Ann', password: 'qwerty123456' }), '422 auth.invalid_person')
    await api.post(null, '/v1/invitations/accept', { token, name: 'Ann', password }, 200)
    const ann = await api.signIn('ann@maple.example', password)
    assert.deepEqual([ann.session.role, ann.session.company.name, ann.session.user.email_verified], ['analyst', 'Maple Fleet', true])
    assert.equal(await refusal(ann, 'POST', '/v1/invitations', { email: 'x@y.example', role: 'viewer' }), '403 auth.not_permitted')
}

async function deadInvitations() {
    const dead = '404 auth.invitation_not_open'
    const tries = async (token) => [
        await refusal(null, 'POST', '/v1/invitations/preview', { token }),
        await refusal(null, 'POST', '/v1/invitations/accept', { token, name: 'Eve', password }),
        await refusal(oak.owner, 'POST', '/v1/invitations/join', { token }),
    ]
    const used = tokenIn(await letterTo(api, 'ann@maple.example'))
    assert.deepEqual(await tries(used), [dead, dead, dead], 'used')

    const made = await api.post(maple.owner, '/v1/invitations', { email: 'ben@maple.example', role: 'viewer' })
    const first = tokenIn(await letterTo(api, 'ben@maple.example'))
    assert.equal(await refusal(maple.owner, 'POST', `/v1/invitations/${made.id}/resend`), '429 auth.too_many_attempts')
    server.run("update auth.invitations set sent_at = sent_at - interval '1 hour'")
    await api.post(maple.owner, `/v1/invitations/${made.id}/resend`, undefined, 200)
    const second = tokenIn(await letterTo(api, 'ben@maple.example', 2))
    assert.deepEqual(await tries(first), [dead, dead, dead], 'replaced')
    assert.equal(await refusal(oak.owner, 'DELETE', `/v1/invitations/${made.id}`), '404 auth.invitation_not_found')
    assert.equal(await refusal(oak.owner, 'POST', `/v1/invitations/${made.id}/resend`), '404 auth.invitation_not_found')
    server.run("update auth.invitations set expires_at = now() - interval '1 second'")
    assert.deepEqual(await tries(second), [dead, dead, dead], 'expired')
    server.run("update auth.invitations set expires_at = now() + interval '1 day'")
    assert.equal(await refusal(null, 'POST', '/v1/invitations/preview', { token: second }), '200')
    await api.call(maple.owner, 'DELETE', `/v1/invitations/${made.id}`, { expect: 204 })
    assert.deepEqual(await tries(second), [dead, dead, dead], 'withdrawn')
    const forged = second.replace(/_[0-9a-z]{52}_/, `_${'0'.repeat(52)}_`)
    assert.deepEqual(await tries(forged), [dead, dead, dead], 'forged')
}

async function joining() {
    await api.post(maple.owner, '/v1/invitations', { email: 'owner@oak.example', role: 'manager' })
    const token = tokenIn(await letterTo(api, 'owner@oak.example'))
    assert.equal(await refusal(null, 'POST', '/v1/invitations/accept', { token, name: 'Eve', password: 'not the password' }), '401 auth.wrong_credentials')
    const ann = await api.signIn('ann@maple.example', password)
    assert.equal(await refusal(ann, 'POST', '/v1/invitations/join', { token }), '403 auth.invitation_of_another')
    await api.post(oak.owner, '/v1/invitations/join', { token }, 200)
    const session = await api.post(oak.owner, '/v1/sessions/current/company', { company_id: maple.company.id }, 200)
    assert.deepEqual([session.role, session.companies.length], ['manager', 2])
    await api.post(oak.owner, '/v1/sessions/current/company', { company_id: oak.company.id }, 200)
}

async function notices() {
    const told = async (address, name) => (await letters(api)).filter(({ to, subject }) => to === address && subject === `${name} joined Maple Fleet`).length
    const until_told = (address, name) => until(`${address} hears of ${name}`, () => told(address, name), (many) => many > 0)
    const nora = await addMember(api, maple.owner, { email: 'nora@maple.example', name: 'Nora', role: 'owner' })
    await until_told('owner@maple.example', 'Nora')
    assert.equal(await told('nora@maple.example', 'Nora'), 0, 'she knows')
    const changed = await api.call(maple.owner, 'PATCH', '/v1/account/notifications', { body: { member_joined: false }, expect: 200 })
    assert.deepEqual(changed.body, { webhook_disabled: true, api_key_ending: true, member_joined: false, alert_fired: true })
    assert.deepEqual(await api.get(maple.owner, '/v1/account/notifications'), changed.body)
    await addMember(api, maple.owner, { email: 'pia@maple.example', name: 'Pia', role: 'viewer' })
    await until_told('nora@maple.example', 'Pia')
    assert.equal(await told('owner@maple.example', 'Pia'), 0, 'does without')
    await api.call(nora, 'DELETE', `/v1/members/${nora.session.user.id}`, { expect: 204 })
}

async function roles() {
    const { roles: all, permissions } = await api.get(maple.owner, '/v1/roles')
    assert.equal(all.find(({ role }) => role === 'owner').permissions.length, permissions.length)
    const { items } = await api.get(maple.owner, '/v1/members')
    const idOf = (email) => items.find((member) => member.email === email).user_id
    const ann = await api.signIn('ann@maple.example', password)
    assert.equal(await refusal(ann, 'GET', '/v1/members'), '403 auth.not_permitted')
    const target = `/v1/members/${idOf('ann@maple.example')}`
    await api.call(maple.owner, 'PATCH', target, { body: { role: 'owner' }, expect: 200 })
    assert.equal(await refusal(ann, 'GET', '/v1/members'), '200')
    assert.match((await letterTo(api, 'ann@maple.example', 2)).subject, /^Your role in Maple Fleet/)
    const { secret } = await api.post(ann, '/v1/api-keys', { name: 'a way back', role: 'owner' })
    await api.call(maple.owner, 'DELETE', target, { expect: 204 })
    assert.equal(await alive(ann), false)
    assert.equal(await refusal({ bearer: secret }, 'GET', '/v1/members'), '401 auth.bad_credentials')
    assert.equal(await refusal(maple.owner, 'DELETE', `/v1/members/${idOf('owner@maple.example')}`), '409 auth.last_owner')
    assert.equal(await refusal(oak.owner, 'DELETE', `/v1/members/${idOf('owner@maple.example')}`), '404 auth.member_not_found')
}

async function keys() {
    const make = (limits) => api.post(maple.owner, '/v1/api-keys', { name: 'Feed', role: 'owner', ...limits })
    const reader = await make({ scopes: ['assets.read'], addresses: ['127.0.0.0/8', '::1'], expires_at: new Date(Date.now() + 3600e3).toISOString() })
    assert.equal(await refusal({ bearer: reader.secret }, 'GET', '/v1/assets'), '200')
    assert.equal(await refusal({ bearer: reader.secret }, 'POST', '/v1/assets', { kind: 'vehicle', name: 'By key' }), '403 auth.out_of_scope')
    assert.equal(await refusal({ bearer: reader.secret }, 'POST', '/v1/api-keys', { name: 'Wider', role: 'owner' }), '403 auth.out_of_scope')
    const elsewhere = await make({ addresses: ['203.0.113.0/24'] })
    assert.equal(await refusal({ bearer: elsewhere.secret }, 'GET', '/v1/assets'), '403 auth.address_not_allowed')
    const { items: [event] } = await api.get(maple.owner, '/v1/audit-events', { action: 'api_key.used' })
    assert.deepEqual([event.outcome, event.reason, event.resource_id, event.actor.kind], ['refused', 'address', elsewhere.id, 'key'])
    const rotated = await api.post(maple.owner, `/v1/api-keys/${reader.id}/secret/rotate`, {}, 200)
    for (const secret of [reader.secret, rotated.secret]) assert.equal(await refusal({ bearer: secret }, 'GET', '/v1/assets'), '200')
    server.run("update auth.api_keys set previous_until = now() - interval '1 second' where previous_until is not null")
    assert.equal(await refusal({ bearer: reader.secret }, 'GET', '/v1/assets'), '401 auth.bad_credentials', 'the overlap is over')
    assert.equal(await refusal({ bearer: rotated.secret }, 'GET', '/v1/assets'), '200')
    server.run("update auth.api_keys set expires_at = now() - interval '1 second' where expires_at is not null")
    assert.equal(await refusal({ bearer: rotated.secret }, 'GET', '/v1/assets'), '401 auth.bad_credentials', 'expired')
}

async function secondFactor() {
    const email = 'owner@oak.example'
    const signIn = (code) => refusal(null, 'POST', '/v1/sessions', { email, password, ...(code ? { code } : {}) })
    let here = await api.signIn(email, password)
    const there = await api.signIn(email, password)
    const { headers } = await api.call(here, 'POST', '/v1/sessions/current/confirm', { body: { password }, expect: 204 })
    here = { ...here, cookie: headers['set-cookie'][0].split(';')[0] }
    const { secret } = await api.post(here, '/v1/account/second-factor', undefined, 200)
    assert.equal(await signIn(), '201', 'begun is not asked for')
    const used = await appCode(secret)
    const { recovery_codes: codes } = await api.post(here, '/v1/account/second-factor/finish', { code: used }, 200)
    assert.equal(new Set(codes).size, 10)
    assert.match((await until('the notice', async () => (await letters(api)).findLast(({ to, subject }) => to === email && /second factor/.test(subject)), Boolean)).subject, /was added/)
    assert.equal(await alive(there), false, 'other sessions end')
    assert.equal(await signIn(), '403 auth.second_factor_required')
    assert.equal(await signIn(used), '403 auth.wrong_second_factor', 'a code is good once')
    const next = await appCode(secret, 1)
    assert.deepEqual((await Promise.all([signIn(next), signIn(next)])).toSorted(), ['201', '403 auth.wrong_second_factor'], 'also of two at once')
    assert.equal(await signIn(codes[0].toUpperCase()), '201')
    assert.equal(await signIn(codes[0]), '403 auth.wrong_second_factor')
    assert.deepEqual((await api.get(here, '/v1/account/second-factor')).recovery_codes, 9)
    assert.equal(server.count(`select count(*) from auth.recovery_codes where encode(code_sha256, 'escape') like '%${codes[1]}%'`), 0)
    await api.call(here, 'DELETE', '/v1/account/second-factor', { expect: 204 })
    assert.equal(await signIn(), '201')
}

async function passkey() {
    const email = 'owner@oak.example'
    const device = new Authenticator(`http://localhost:${server.port}`)
    const signIn = (body) => refusal(null, 'POST', '/v1/sessions', body)
    const shown = async () => device.show(await api.post(null, '/v1/passkeys/challenge', undefined, 200))
    let here = await api.signIn(email, password)
    const options = await api.post(here, '/v1/passkeys/registration', undefined, 200)
    assert.equal(options.rp.id, 'localhost')
    const { passkey: made, recovery_codes: codes } = await api.post(here, '/v1/passkeys', { name: 'Laptop', credential: device.make(options) }, 201)
    assert.equal(new Set(codes).size, 10)
    await until('the notice', async () => (await letters(api)).find(({ to, subject }) => to === email && /passkey was added/.test(subject)), Boolean)
    assert.equal(await signIn({ email, password }), '403 auth.second_factor_required')
    assert.equal(await signIn({ email, password, passkey: await shown() }), '201')
    assert.equal(await signIn({ email, password, code: codes[0] }), '201')
    const once = await shown()
    assert.deepEqual((await Promise.all([signIn({ passkey: once }), signIn({ passkey: once })])).toSorted(), ['201', '403 auth.wrong_passkey'], 'good once')
    server.run(`update auth.sessions set confirmed_at = confirmed_at - interval '1 hour' where user_id = (select user_id from auth.users where email = '${email}')`)
    assert.equal(await refusal(here, 'DELETE', `/v1/passkeys/${made.id}`), '403 auth.not_confirmed')
    const asked = await api.post(here, '/v1/passkeys/confirmation', undefined, 200)
    assert.equal(asked.allowCredentials.length, 1)
    here = renewed(here, await api.call(here, 'POST', '/v1/sessions/current/confirm', { body: { passkey: device.show(asked) }, expect: 204 }))
    assert.equal(await refusal(maple.owner, 'DELETE', `/v1/passkeys/${made.id}`), '404 auth.passkey_not_found')
    await api.call(here, 'DELETE', `/v1/passkeys/${made.id}`, { expect: 204 })
    assert.equal(await signIn({ passkey: await shown() }), '403 auth.wrong_passkey')
    assert.equal(await signIn({ email, password }), '201')
}

async function forgotten() {
    const here = await api.signIn('ann@maple.example', password)
    await api.post(null, '/v1/password-resets', { email: 'ann@maple.example' }, 202)
    const letter = await until('a letter', async () => (await letters(api)).findLast(({ to, text }) => to === 'ann@maple.example' && text.includes('/reset-password#')), Boolean)
    const token = tokenIn(letter)
    assert.equal(await refusal(null, 'POST', '/v1/password-resets/complete', { token, password: 'short' }), '422 auth.invalid_password')
    await api.call(null, 'POST', '/v1/password-resets/complete', { body: { token, password: 'another long password' }, expect: 204 })
    assert.equal(await alive(here), false, 'all sessions end')
    assert.equal(await refusal(null, 'POST', '/v1/password-resets/complete', { token, password: 'a third long password' }), '404 auth.link_not_good')
    assert.equal(await refusal(null, 'POST', '/v1/sessions', { email: 'ann@maple.example', password }), '401 auth.wrong_credentials')
    await api.signIn('ann@maple.example', 'another long password')
}

async function enumeration() {
    const before = (await letters(api)).length
    const seen = new Set()
    for (const email of ['owner@oak.example', 'nobody@nowhere.example']) {
        const { status, text, headers } = await api.call(null, 'POST', '/v1/password-resets', { body: { email } })
        seen.add(JSON.stringify([status, text, Object.keys(headers).toSorted()]))
        const signIn = await api.call(null, 'POST', '/v1/sessions', { body: { email, password: 'not the password' } })
        seen.add(JSON.stringify([signIn.status, signIn.body.code, signIn.body.detail]))
    }
    assert.equal(seen.size, 2, [...seen].join('\n'))
    await until('no job', async () => server.count("select count(*) from jobs.jobs where kind = 'auth.new_password'"), (many) => many === 0)
    assert.equal((await letters(api)).length, before + 1, 'a letter to the one who has an account')
    let slowed
    for (let i = 0; i < 6 && !slowed; i += 1) slowed = (await api.call(null, 'POST', '/v1/password-resets', { body: { email: 'nobody@nowhere.example' } })).status === 429
    assert.ok(slowed, 'asking on and on is slowed down, whoever has the address')
}

async function address() {
    let ann = await api.signIn('ann@maple.example', 'another long password')
    server.run("update auth.sessions set confirmed_at = confirmed_at - interval '1 hour'")
    assert.equal(await refusal(ann, 'POST', '/v1/account/email', { email: 'ann@new.example' }), '403 auth.not_confirmed')
    assert.equal(await refusal(ann, 'POST', '/v1/sessions/current/confirm', { password: 'not the password' }), '403 auth.wrong_password')
    const confirmed = await api.call(ann, 'POST', '/v1/sessions/current/confirm', { body: { password: 'another long password' }, expect: 204 })
    ann = renewed(ann, confirmed)
    await api.post(ann, '/v1/account/email', { email: 'owner@oak.example' }, 202)
    const told = await until('a letter', async () => (await letters(api)).findLast(({ to }) => to === 'owner@oak.example'), ({ subject }) => /has an account/.test(subject))
    assert.equal(tokenIn(told), undefined)
    await api.post(ann, '/v1/account/email', { email: 'ann@new.example' }, 202)
    const token = tokenIn(await letterTo(api, 'ann@new.example'))
    assert.equal(await refusal(null, 'POST', '/v1/password-resets/complete', { token, password: 'a fourth long password' }), '404 auth.link_not_good')
    await api.post(null, '/v1/account/email/confirm', { token }, 200)
    assert.equal(await refusal(null, 'POST', '/v1/account/email/confirm', { token }), '404 auth.link_not_good')
    const { user } = await api.get(ann, '/v1/sessions/current')
    assert.deepEqual([user.email, user.email_verified], ['ann@new.example', true])
    const notice = await until('a notice', async () => (await letters(api)).findLast(({ to }) => to === 'ann@maple.example'), ({ subject }) => /address was changed/.test(subject))
    assert.ok(notice.text.includes('ann@new.example'))
}

async function sessions() {
    const [here, there, third] = [await api.signIn('ann@new.example', 'another long password'), await api.signIn('ann@new.example', 'another long password'),
        await api.signIn('ann@new.example', 'another long password')]
    const { items } = await api.get(here, '/v1/sessions')
    assert.ok(items.length >= 3)
    assert.deepEqual(items.filter(({ current }) => current).map(({ id }) => id), [here.session.id])
    assert.equal(items[0].address, '127.0.0.1')
    assert.equal(await refusal(maple.owner, 'DELETE', `/v1/sessions/${there.session.id}`), '404 auth.session_not_found')
    await api.call(here, 'DELETE', `/v1/sessions/${there.session.id}`, { expect: 204 })
    assert.deepEqual([await alive(there), await alive(third)], [false, true])
    const changed = await api.call(here, 'POST', '/v1/account/password', {
        body: { current_password: 'another long password', new_password: 'yet another long password' }, expect: 204,
    })
    assert.deepEqual([await alive(third), await alive(renewed(here, changed))], [false, true])
    const other = await api.signIn('ann@new.example', 'yet another long password')
    await api.call(other, 'DELETE', '/v1/sessions', { expect: 204 })
    assert.deepEqual([await alive(renewed(here, changed)), await alive(other), await alive(maple.owner)], [false, true, true])
}

async function crossSite() {
    const evil = { 'sec-fetch-site': 'cross-site' }
    const old = { origin: 'https://evil.example' }
    for (const [path, body] of [
        ['/v1/sessions', { email: 'owner@maple.example', password }], ['/v1/password-resets', { email: 'owner@maple.example' }],
        ['/v1/password-resets/complete', { token: 'x', password }], ['/v1/invitations/accept', { token: 'x', name: 'x', password }],
        ['/v1/invitations/preview', { token: 'x' }], ['/v1/account/email/confirm', { token: 'x' }],
    ]) {
        for (const headers of [evil, old]) {
            const { status, body: problem } = await api.call(null, 'POST', path, { body, headers })
            assert.equal(`${status} ${problem.code}`, '403 auth.cross_site', path)
        }
    }
    const { status, body } = await api.call({ cookie: maple.owner.cookie, csrf: 'guessed' }, 'PATCH', '/v1/account', { body: { name: 'Eve' } })
    assert.equal(`${status} ${body.code}`, '403 auth.csrf_token')
}

async function trail() {
    const events = server.rows('select action, changes, actor_kind from trail.events')
    const actions = new Set(events.map(({ action }) => action))
    for (const action of ['invitation.created', 'invitation.sent_again', 'invitation.withdrawn', 'invitation.accepted', 'member.role_changed', 'member.removed',
        'account.password_reset', 'account.password_changed', 'account.email_change_asked', 'account.email_changed', 'session.confirmed', 'session.ended', 'session.others_ended']) {
        assert.ok(actions.has(action), `${action} is in the trail`)
    }
    const all = JSON.stringify(events)
    for (const secret of [password, 'another long password', 'mob_inv_']) assert.ok(!all.includes(secret), `the trail holds ${secret}`)
    const queue = JSON.stringify(server.rows('select payload from jobs.jobs'))
    assert.ok(!queue.includes('mob_inv_') && !queue.includes(password) && !queue.includes('.example'))
    await addMember(api, maple.owner, { email: 'last@maple.example', name: 'Last', role: 'billing' })
}
