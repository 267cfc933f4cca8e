// Mobilytics' own staff: what each role may, held against every operation that staff have; people looked after; a way
// back for somebody who lost every factor; and a factor that staff must have themselves.
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { operations } from './api.mjs'
import { appCode } from './app_code.mjs'
import { requestOf } from './every_operation.mjs'
import { staffRoles } from './furnished.mjs'
import { Server, staffPassword } from './server.mjs'
import { addCompany, addMember, letters, letterTo, password, tokenIn, until } from './world.mjs'

const everybody = staffRoles
const support = ['support', 'admin'], fulfilment = ['fulfilment', 'admin'], finance = ['finance', 'admin'], admin = ['admin']

/** Who of the staff may what, written a second time: from what each of them is there for. */
const may = {
    'roles.list': everybody,
    'companies.list': everybody, 'companies.get': everybody, 'companies.create': support,
    'companies.first_owner': everybody, 'companies.invite_first_owner': support,
    'companies.edit': ['support', ...finance], 'companies.set_parked_policy': ['support', ...finance],
    'companies.list_parked_policies': everybody,
    'device_models.list': everybody, 'device_models.add': fulfilment, 'device_models.calibrate': fulfilment,
    'jobs.list': support, 'jobs.get': support, 'jobs.list_kinds': support,
    'jobs.retry': admin, 'jobs.cancel': admin, 'jobs.redrive': admin, 'jobs.pause_kind': admin, 'jobs.resume_kind': admin,
    'alerts.list': support, 'alerts.list_rules': support, 'checks.list': support, 'alerts.acknowledge': admin,
    'audit_events.list': support, 'audit_events.export_csv': support, 'audit_events.export_json': support,
    'people.find': support, 'people.get': support, 'people.disable': support, 'people.enable': support, 'people.end_sessions': support,
    'people.begin_recovery': support,
    'staff.list': admin, 'staff.add': admin, 'staff.change_role': admin, 'staff.remove': admin, 'staff_keys.create': everybody, 'staff_keys.list': everybody, 'staff_keys.revoke': everybody,
}

let server, api, maple
const staff = {}
const refusal = async (actor, method, path, body) => {
    const { status, body: problem } = await api.call(actor, method, path, { body })
    return `${status} ${problem?.code ?? ''}`.trim()
}

suite('staff', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('staff')
        api = server.api
        for (const role of staffRoles) staff[role] = await server.staff(role)
        maple = await addCompany(api, staff.admin, { name: 'Maple Fleet', email: 'owner@maple.example' })
    })
    after(() => server?.end())

    test('every operation of staff is in the table, and its description says who may', () => {
        const ofStaff = operations.filter(({ doc }) => doc['x-roles']?.includes('staff'))
        assert.deepEqual(Object.fromEntries(ofStaff.map(({ id, doc }) => [id, doc['x-staff-roles']])),
            Object.fromEntries(ofStaff.map(({ id }) => [id, may[id]])))
        assert.deepEqual(Object.keys(may).filter((id) => !ofStaff.some((one) => one.id === id)), [])
        for (const { id, doc } of ofStaff) assert.match(doc['x-staff-permission'], /^[a-z_]+\.[a-z]+$/, id)
    })
    test('every operation of staff as every role of staff', everyRole)
    test('a state of a company takes a permission of its own', suspending)
    test('a company gets its first owner by letter', firstOwner)
    test('a changed role bites at the next request', changedRole)
    test('somebody is found, kept out and let in again', person)
    test('somebody who lost every factor gets back in by staff, mailbox and password together', recovery)
    test('the operator lets a member of staff back in who lost every factor', byOperator)
    test('staff without a second factor do nothing where the operator asks for one', askedFactor)
})

async function everyRole() {
    const wrong = []
    let asked = 0
    const nothing = (prefix) => `${prefix}_01jzzzzzzzzzzzzzzzzzzzzzzz`
    const bodies = { 'companies.edit': () => ({ name: 'Other' }) }
    for (const operation of operations.filter(({ id }) => may[id])) {
        for (const role of staffRoles) {
            const { path, query, body } = requestOf(operation, nothing, bodies)
            const { status, body: answer } = await api.send(staff[role], operation.method, path, { query, body })
            asked += 1
            const isRefused = status === 403 && answer?.code === 'auth.not_permitted'
            if (isRefused === may[operation.id].includes(role)) wrong.push(`${operation.id} as ${role}: ${status} ${answer?.code ?? ''}`)
            if (isRefused) assert.equal(answer.detail, `The role '${role}' does not hold the permission '${operation.doc['x-staff-permission']}'.`)
        }
    }
    assert.deepEqual(wrong, [])
    console.log(`staff: ${Object.keys(may).length} operations x ${staffRoles.length} roles, ${asked} requests`)
}

async function suspending() {
    const at = `/v1/companies/${maple.company.id}`
    assert.equal(await refusal(staff.support, 'PATCH', at, { state: 'suspended' }), '403 auth.not_permitted')
    for (const state of ['suspended', 'active']) assert.equal(await refusal(staff.finance, 'PATCH', at, { state }), '200')
}

async function firstOwner() {
    const { id } = await api.post(staff.support, '/v1/companies', {
        name: 'Cedar Signs', zone: 'America/Toronto', country: 'CA', owner: { email: 'typo@cedar.example' },
    })
    const at = `/v1/companies/${id}/first-owner`
    const mistyped = tokenIn(await letterTo(api, 'typo@cedar.example'))
    await api.call(staff.support, 'PUT', at, { body: { email: 'cleo@cedar.example', locale: 'fr-CA' }, expect: 200 })
    assert.equal(await refusal(null, 'POST', '/v1/invitations/preview', { token: mistyped }), '404 auth.invitation_not_open')
    const letter = await letterTo(api, 'cleo@cedar.example')
    assert.match(letter.subject, /^Mobilytics vous invite dans Cedar Signs/)
    await api.post(null, '/v1/invitations/accept', { token: tokenIn(letter), name: 'Cleo', password }, 200)
    const cleo = await api.signIn('cleo@cedar.example', password)
    assert.deepEqual([cleo.session.role, cleo.session.company.id], ['owner', id])
    assert.deepEqual(await api.get(staff.support, at), { joined: true, invited: null })
    assert.equal(await refusal(staff.admin, 'PUT', at, { email: 'staff@mobilytics.example' }), '409 auth.company_has_owner')
    const { items } = await api.get(cleo, '/v1/audit-events', { limit: 20 })
    assert.deepEqual(items.map(({ action, actor }) => `${action} ${actor.kind}`), [
        'session.opened person', 'invitation.accepted person', 'invitation.created staff', 'invitation.withdrawn staff',
        'invitation.created staff', 'company.created staff',
    ])
}

async function changedRole() {
    const { id } = staff.fulfilment.session.user
    assert.equal(await refusal(staff.fulfilment, 'GET', '/v1/jobs'), '403 auth.not_permitted')
    await api.call(staff.admin, 'PATCH', `/v1/staff/${id}`, { body: { role: 'support' }, expect: 200 })
    assert.equal(await refusal(staff.fulfilment, 'GET', '/v1/jobs'), '200')
    await api.call(staff.admin, 'PATCH', `/v1/staff/${id}`, { body: { role: 'fulfilment' }, expect: 200 })
    const catalogue = await api.get(staff.fulfilment, '/v1/roles')
    assert.deepEqual(catalogue.staff.roles.map(({ role }) => role), staffRoles)
    assert.equal((await api.get(maple.owner, '/v1/roles')).staff, null)
}

async function person() {
    const ann = await addMember(api, maple.owner, { email: 'ann@maple.example', name: 'Ann', role: 'manager' })
    const { id } = await api.post(staff.support, '/v1/people/find', { email: 'ann@maple.example' }, 200)
    assert.equal(id, ann.session.user.id)
    const seen = await api.get(staff.support, `/v1/people/${id}`)
    assert.deepEqual(seen.companies.map(({ name, role }) => [name, role]), [['Maple Fleet', 'manager']])
    assert.equal(await refusal(staff.support, 'POST', '/v1/people/find', { email: 'ann@maple' }), '404 auth.person_not_found')
    assert.equal(await refusal(maple.owner, 'GET', `/v1/people/${id}`), '403 auth.staff_only')
    await api.post(staff.support, `/v1/people/${id}/disable`, { reason: 'the phone was stolen' }, 200)
    assert.equal(await refusal(ann, 'GET', '/v1/sessions/current'), '401 auth.not_signed_in')
    assert.equal(await refusal(null, 'POST', '/v1/sessions', { email: 'ann@maple.example', password }), '401 auth.wrong_credentials')
    await api.post(staff.support, `/v1/people/${id}/enable`, undefined, 200)
    await api.signIn('ann@maple.example', password)
}

async function recovery() {
    const ann = await api.signIn('ann@maple.example', password)
    const { id } = ann.session.user
    const { secret } = await api.post(ann, '/v1/account/second-factor', undefined, 200)
    await api.post(ann, '/v1/account/second-factor/finish', { code: await appCode(secret) }, 200)
    const enter = (email) => refusal(null, 'POST', '/v1/sessions', { email, password })
    assert.equal(await enter('ann@maple.example'), '403 auth.second_factor_required')
    await api.post(staff.support, `/v1/people/${id}/recovery`, { reason: 'lost phone and paper' }, 202)
    const links = async () => (await letters(api)).filter(({ to, text }) => to === 'ann@maple.example' && text.includes('/recover#'))
    const [letter] = await until('the letter', links, (all) => all.length > 0)
    assert.ok(letter.text.includes(`http://localhost:${server.port}/recover#`))
    const token = tokenIn(letter)
    assert.equal(await enter('ann@maple.example'), '403 auth.second_factor_required', 'the letter alone changes nothing')
    assert.equal(await refusal(null, 'POST', '/v1/recoveries/complete', { token, password: 'another password' }), '403 auth.wrong_password')
    assert.equal(await refusal(null, 'POST', '/v1/recoveries/complete', { token, password }), '204')
    assert.equal(await refusal(null, 'POST', '/v1/recoveries/complete', { token, password }), '404 auth.link_not_good')
    assert.equal(await refusal(ann, 'GET', '/v1/sessions/current'), '401 auth.not_signed_in')
    assert.equal(await enter('ann@maple.example'), '201')
}

async function byOperator() {
    const { id } = staff.finance.session.user
    const { secret } = await api.post(staff.finance, '/v1/account/second-factor', undefined, 200)
    await api.post(staff.finance, '/v1/account/second-factor/finish', { code: await appCode(secret) }, 200)
    assert.equal(await refusal(staff.support, 'POST', `/v1/people/${id}/recovery`, { reason: 'please' }), '409 auth.staff_recover_on_the_machine')
    assert.match(await server.command(['user', 'recover', '--email', 'finance@mobilytics.example']), new RegExp(id))
    assert.equal(await refusal(staff.finance, 'GET', '/v1/companies'), '401 auth.not_signed_in')
    staff.finance = await api.signIn('finance@mobilytics.example', staffPassword)
    assert.equal(await refusal(staff.finance, 'GET', '/v1/companies'), '200')
    assert.match((await letterTo(api, 'finance@mobilytics.example', 2)).subject, /taken away/)
}

async function askedFactor() {
    const strict = await Server.start('staff_factor', [], '[server]\nurl = "https://app.mobilytics.example"\n')
    try {
        const somebody = await strict.staff()
        const ask = async (path) => {
            const { status, body } = await strict.api.call(somebody, 'GET', path)
            return `${status} ${body?.code ?? ''}`.trim()
        }
        assert.deepEqual([somebody.session.staff_second_factor_missing, somebody.session.staff_permissions], [true, []])
        assert.equal(await ask('/v1/companies'), '403 auth.second_factor_missing')
        assert.equal(await ask('/v1/sessions/current'), '200')
        const { secret } = await strict.api.post(somebody, '/v1/account/second-factor', undefined, 200)
        await strict.api.post(somebody, '/v1/account/second-factor/finish', { code: await appCode(secret) }, 200)
        assert.equal(await ask('/v1/companies'), '200')
        const { readFileSync } = await import('node:fs')
        assert.match(readFileSync(strict.log, 'utf8'), /"message":\s*"serving".*"staff_second_factor":\s*"required"/)
    } finally {
        await strict.end()
    }
}
