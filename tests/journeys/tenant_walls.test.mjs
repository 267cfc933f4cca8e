// Nobody sees another company. Every operation of api/openapi.json is run as every role of company Beta, by session and
// by API key, as Beta's device, as staff and as nobody, with the ids of company Alpha in every place that takes one. No
// answer may hold anything of Alpha, none may be a 500, and Alpha must be as it was.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { document, faultsOf, operations } from './api.mjs'
import { idPlaces, inOrder, requestOf } from './every_operation.mjs'
import { agree, day, hour, instant, minute } from './measure.mjs'
import { Receiver, settings } from './receiver.mjs'
import { Server } from './server.mjs'
import { addCampaign, addCompany, addDevice, addMember, addModel, settledSummary, until, visitor } from './world.mjs'

const roles = ['owner', 'manager', 'analyst', 'viewer', 'installer', 'billing']
const idText = /\b[a-z]{2,4}_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g
// What everybody may know: the models of devices.
const shared = new Set(['mdl', 'cal'])

// Each company has a word that is in all of its texts, and numbers that nobody else has.
const alphaMarks = { word: 'zanzibar', lat: 61.2176871, lon: -149.8996543, goal: 48_211_907, factor: 1.7320508, temperature: 31.40625, queue_depth: 271_828 }
const betaMarks = { word: 'beta', lat: 43.6532, lon: -79.3832, goal: 1000, factor: 1, temperature: 20, queue_depth: 1 }

const start = Math.floor(Date.now() / hour) * hour - 5 * hour
const end = start + hour
const span = { from: start - hour, to: end + hour }

let server, receiver, api, staff, model, alpha, beta, before_of_alpha

suite('the walls between companies', { concurrency: 1 }, () => {
    before(async () => {
        receiver = await Receiver.start()
        server = await Server.start('tenant_walls', [], settings)
        api = server.api
        staff = await server.staff()
        model = await addModel(api, staff, { name: 'Eye 3' })
        alpha = await furnish('Zanzibar Alpha', alphaMarks)
        beta = await furnish('Beta', betaMarks)
        await addRegions(alpha)
    })
    after(async () => {
        await server?.end()
        await receiver?.end()
    })

    test('the document in the tree is the one that is served', async () => {
        const served = await api.send(null, 'GET', '/openapi.json')
        assert.deepEqual(JSON.parse(served.text), document)
    })
    test('Alpha has something of everything that could leak', checkAlpha)
    for (const actor of ['nobody', 'staff', 'device', ...roles, ...roles.map((role) => `key of ${role}`)]) {
        test(`every operation as ${actor}${roles.includes(actor) ? ' of another company' : ''}`, () => runAll(actor))
    }
    test('every operation was run', (t) => {
        assert.deepEqual(operations.map(({ id }) => id).filter((id) => !tried.has(id)), [])
        t.diagnostic(`${operations.length} operations, ${requests} requests`)
        console.log(`tenant walls: ${operations.length} operations, ${requests} requests, no answer held anything of the other company`)
    })
    test('Alpha is as it was', async () => assert.deepEqual(await picture(), before_of_alpha))
})

/** A company with members of every role, keys, assets, devices with tokens and history, a campaign and numbers. */
async function furnish(name, marks) {
    const { word } = marks
    const text = (what) => `${word} ${what}`
    const { company, owner } = await addCompany(api, staff, { name, email: `owner@${word}.example` })
    const people = { owner }
    for (const role of roles.slice(1)) {
        people[role] = await addMember(api, owner, { email: `${role}@${word}.example`, name: text(role), role })
    }
    const invitation = await api.post(owner, '/v1/invitations', { email: `invited@${word}.example`, role: 'viewer' })
    const keys = {}
    for (const role of roles) keys[role] = await api.post(owner, '/v1/api-keys', { name: text(`key of ${role}`), role })
    const faces = [{ name: text('left'), format: 'truck', placement: 'left' }]
    const truck = await api.post(owner, '/v1/assets', { kind: 'vehicle', name: text('truck'), plate: text('1'), faces })
    const board = await api.post(owner, '/v1/assets', {
        kind: 'billboard', name: text('board'), point: { lat: marks.lat, lon: marks.lon }, faces: [{ name: text('front'), format: 'bulletin', placement: 'roadside' }],
    })
    const calibration = { effective_from: instant(start - day), factor: marks.factor, low: marks.factor, high: marks.factor, method: text('count') }
    const device = await addDevice(api, owner, { serial: text('T-1'), name: text('eye'), model, asset: truck, from: start, to: end, calibration })
    const other = await addDevice(api, owner, { serial: text('B-1'), name: text('mast'), model, asset: board, from: start, to: end, calibration })
    const campaign = await addCampaign(api, owner, {
        name: text('campaign'), advertiser: text('advertiser'), from: start - day, to: start + 2 * day, goal_impressions: marks.goal,
        faces: [[truck.faces[0], 1], [board.faces[0], 0.5]],
    })
    const webhook = await addWebhook(owner, text('hooks'))
    const made = { company, people, invitation, keys, truck, board, device, other, campaign, webhook, marks }
    await measure(made)
    return made
}

/** An endpoint that was sent one message, and is told of nothing else, so that it stays as it is. */
async function addWebhook(owner, description) {
    const { webhook } = await api.post(owner, '/v1/webhooks', { url: receiver.url, description, event_types: ['webhook.secret_rotated'] })
    const { id } = await api.post(owner, `/v1/webhooks/${webhook.id}/test`, undefined, 202)
    const { delivery } = await until('the message', () => api.get(owner, `/v1/webhooks/${webhook.id}/deliveries/${id}`), (log) => log.delivery.state === 'succeeded')
    return { ...webhook, delivery }
}

/** A set of regions of the company's own, around its billboard. */
async function addRegions({ company, marks: { word, lat, lon } }) {
    const file = path.join(server.home, `${word}.geojson`)
    const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]].map(([east, north]) => [lon + east / 10, lat + north / 10])
    const feature = { type: 'Feature', properties: { code: `${word}-1`, name: `${word} bay` }, geometry: { type: 'Polygon', coordinates: [corners] } }
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features: [feature] }))
    await server.command(['import', 'regions', file, '--company', company.id, '--set', 'harbour', '--set-name', `${word} regions`,
        '--map', 'code=code', '--map', 'name=name'])
}

/** Twenty visits by the truck, twenty by the billboard: enough for every report to have something to show. */
async function measure({ people, device, other, campaign, marks }) {
    const at = (index) => start + (index * 2 + 1) * minute
    const count = Array.from({ length: 20 }, (_, index) => index)
    const body = (name) => ({
        batch: `${marks.word}-${name}`,
        positions: name === 'truck' ? count.map((index) => ({ at: instant(at(index)), lat: marks.lat, lon: marks.lon, speed_mps: 0 })) : [],
        sightings: count.map((index) => ({ at: instant(at(index)), visitor: visitor(index + marks.goal), rssi_dbm: -61 })),
        heartbeats: count.map((index) => ({ at: instant(at(index)), firmware: `${marks.word}-1.0`, battery: 0.5, temperature: marks.temperature, queue_depth: marks.queue_depth })),
    })
    for (const [sender, name] of [[device, 'truck'], [other, 'board']]) {
        await api.call(sender.token, 'POST', '/v1/ingest/batch', { body: body(name), expect: 202 })
    }
    await settledSummary(api, people.owner, campaign, { ...span, through: end, visits: 30 })
}

const idsOf = ({ company, people, invitation, keys, truck, board, device, campaign, webhook }) => ({
    co: company.id, usr: people.owner.session.user.id, ses: people.owner.session.id, key: keys.viewer.id, inv: invitation.id, ast: board.id, fac: truck.faces[0].id,
    dev: device.id, tok: device.token_id, att: device.attachment.id, cmp: campaign.id, asg: campaign.assignment, mdl: model.id,
    wep: webhook.id, dlv: webhook.delivery.id, job: 'job_01jzzzzzzzzzzzzzzzzzzzzzzz',
})

const bodies = {
    // Signing in with success would end the session that the other operations are run with.
    'sessions.create': () => ({ email: 'nobody@beta.example', password: 'not the password' }),
    // Confirming, and another password, would give the session another cookie.
    'sessions.confirm': () => ({ password: 'not the password' }),
    'account.change_password': () => ({ current_password: 'not the password', new_password: 'another long password' }),
    // Ingest explains its body in words only.
    'measurements.ingest': (idOf) => ({
        batch: `walls-${requests}`,
        positions: [{ device: idOf('dev'), at: instant(start + 50 * minute), lat: 1, lon: 1 }],
        sightings: [{ device: idOf('dev'), at: instant(start + 50 * minute), visitor: visitor(9_999), rssi_dbm: -50 }],
        heartbeats: [{ device: idOf('dev'), at: instant(start + 50 * minute), firmware: 'walls' }],
    }),
}

let requests = 0
const tried = new Set()
let marks

/** What Alpha's own owner is shown by every operation that only reads. */
async function picture() {
    const ids = idsOf(alpha)
    const shown = {}
    for (const operation of operations.filter(({ method, doc }) => method === 'GET' && !doc['x-roles']?.every((role) => role === 'staff'))) {
        const { path: target, query } = requestOf(operation, (prefix) => ids[prefix], bodies)
        const answer = await api.send(alpha.people.owner, 'GET', target, { query: { ...query, ...timesOf(operation) } })
        shown[target] = [answer.status, answer.body ? steady(answer.body) : answer.bytes.toString('latin1')]
    }
    return shown
}

const timesOf = ({ doc }) => ((doc.parameters ?? []).some(({ name, in: place }) => name === 'from' && place === 'query')
    ? { from: instant(span.from), to: instant(span.to) } : {})

// These move by themselves as time goes by.
const moving = new Set(['last_used_at', 'last_seen_at', 'expires_at', 'complete_to', 'final_to', 'data_version', 'instance'])
const steady = (body) => JSON.parse(JSON.stringify(body, (name, value) => (moving.has(name) ? undefined : value)))

/** Collects Alpha's marks: every id it was ever shown, its word, its numbers, its cells. */
async function checkAlpha() {
    for (const one of [alpha, beta]) {
        const { items } = await api.get(one.people.owner, `/v1/campaigns/${one.campaign.id}/assignments`)
        one.campaign.assignment = items[0].id
    }
    before_of_alpha = await picture()
    const all = JSON.stringify(before_of_alpha)
    const ofBeta = new Set(Object.values(idsOf(beta)))
    const ids = [...new Set(all.match(idText))].filter((id) => !shared.has(id.split('_')[0]) && !ofBeta.has(id))
    const { word, ...numbers } = alphaMarks
    const cells = [...new Set(all.match(/\b8[0-9a-f]{14}\b/g) ?? [])]
    marks = { ids, texts: [word, ...Object.values(numbers).map(String), ...cells] }
    for (const kind of ['co', 'usr', 'ses', 'inv', 'key', 'ast', 'fac', 'dev', 'tok', 'att', 'cmp', 'asg', 'wep', 'dlv', 'msg']) {
        assert.ok(ids.some((id) => id.startsWith(`${kind}_`)), `Alpha's owner is shown an id of kind ${kind}`)
    }
    for (const text of [word, ...Object.values(numbers).map(String)]) {
        assert.ok(all.toLowerCase().includes(text), `Alpha's owner is shown its own ${text}`)
    }
    const summary = Object.entries(before_of_alpha).find(([target]) => target.endsWith('/summary'))[1][1]
    agree(summary.totals.visits, 30, 'Alpha\'s visits')
}

function actorOf(name) {
    if (name === 'nobody') return { who: null, scheme: undefined, role: undefined }
    if (name === 'staff') return { who: staff, scheme: 'session', role: 'staff' }
    if (name === 'device') return { who: beta.device.token, scheme: 'device_token', role: undefined }
    if (name.startsWith('key of ')) return { who: { bearer: beta.keys[name.slice(7)].secret }, scheme: 'api_key', role: name.slice(7) }
    return { who: beta.people[name], scheme: 'session', role: name }
}

/** Which of the two companies' ids stand in which place: all Alpha's, then one at a time; Beta's own for reading. */
function mixtures(operation) {
    const places = idPlaces(operation).filter(({ prefix }) => !shared.has(prefix))
    const own = operation.method === 'GET' || places.length === 0 ? [places.map(() => false)] : []
    if (places.length === 0) return own
    const single = places.length > 1 ? places.map((_, index) => places.map((__, other) => other === index)) : []
    return [places.map(() => true), ...single, ...own]
}

async function runAll(name) {
    const actor = actorOf(name)
    for (const operation of inOrder()) {
        // Staff are entitled to companies, and would change Alpha itself.
        if (name === 'staff' && operation.doc['x-roles']?.includes('staff')) continue
        for (const foreign of mixtures(operation)) await runOne(name, actor, operation, foreign)
    }
    if (name === 'staff') staff = await api.signIn(staff.session.user.email, 'a long enough password of staff')
}

async function runOne(name, actor, operation, foreign) {
    const [ofAlpha, ofBeta] = [idsOf(alpha), idsOf(beta)]
    let place = -1
    const idOf = (prefix) => {
        if (shared.has(prefix)) return ofBeta[prefix]
        place += 1
        return (foreign[place] ? ofAlpha : ofBeta)[prefix]
    }
    const { path: target, query, body, ids } = requestOf(operation, idOf, bodies)
    assert.ok(!ids.includes(undefined), `${operation.id} wants an id of a kind that this test does not have`)
    const answer = await api.send(actor.who, operation.method, target, { query: { ...query, ...timesOf(operation) }, body })
    requests += 1
    tried.add(operation.id)
    const told = `${name}: ${operation.method} ${target} (${foreign.map((one) => (one ? 'Alpha' : 'Beta')).join(', ')}) -> ${answer.status} ${answer.text.slice(0, 600)}`
    assert.ok(answer.status < 500, told)
    assert.deepEqual(faultsOf(operation, answer), [], told)
    const everything = `${JSON.stringify(answer.headers)}\n${answer.text}\n${answer.bytes.toString('latin1')}`.toLowerCase()
    for (const id of marks.ids) assert.ok(ids.includes(id) || !everything.includes(id), `shows Alpha's ${id}; ${told}`)
    for (const text of marks.texts) assert.ok(!everything.includes(text), `shows Alpha's ${text}; ${told}`)
    const allowed = statusesOf(actor, operation, foreign)
    assert.ok(allowed.includes(answer.status), `should be ${allowed.join(' or ')}; ${told}`)
}

// Refused with the status of a permission, since the password of tenant_walls' bodies is wrong.
const asksPassword = new Set(['sessions.confirm', 'account.change_password'])

const fine = [200, 201, 202, 204, 304, 400, 404, 409, 412, 422]

/** The statuses that the contract allows: who may not is refused first, then what is foreign does not exist. */
function statusesOf({ who, scheme, role }, operation, foreign) {
    const schemes = (operation.doc.security ?? []).flatMap((one) => Object.keys(one))
    if (schemes.length === 0) return [...fine, 401, 429]
    if (!who) return [401]
    if (!schemes.includes(scheme)) return [401, 403]
    const permitted = operation.doc['x-roles']
    if (role && permitted && !permitted.includes(role)) return [403]
    if (asksPassword.has(operation.id)) return [403]
    // Ingest judges item by item: a foreign device is unknown there.
    if (operation.id === 'measurements.ingest') return [202]
    if (!foreign.includes(true)) return fine
    const places = idPlaces(operation).filter(({ prefix }) => !shared.has(prefix))
    return places.some(({ place }, index) => place === 'path' && foreign[index]) ? [404] : [404, 422]
}
