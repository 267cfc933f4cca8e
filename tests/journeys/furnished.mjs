// Companies with something of everything that could leak. All texts of a company hold its word, its numbers are nobody
// else's, and what it got from the server (ids, secrets) is its own by nature.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { uuidOf } from './markers.mjs'
import { day, hour, instant, minute } from './measure.mjs'
import { addCampaign, addCompany, addDevice, addMember, addModel, letterTo, password, settledSummary, tokenIn, until, visitor } from './world.mjs'

export const roles = ['owner', 'manager', 'analyst', 'viewer', 'installer', 'billing']

export const staffRoles = ['support', 'fulfilment', 'finance', 'admin']

/** What belongs to no company: the models of devices, which everybody may know, and jobs and alerts, which staff alone are shown. */
export const shared = new Set(['mdl', 'cal', 'job', 'alr'])

const start = Math.floor(Date.now() / hour) * hour - 5 * hour
const end = start + hour
export const span = { from: start - hour, to: end + hour }

const visits = 20
const digits = (low, high, places) => Number((low + Math.random() * (high - low)).toFixed(places))

/** Letters and numbers that are drawn for one company and will not be met by chance anywhere else. */
export const drawMarks = () => ({
    word: `qz${[...randomBytes(14)].map((byte) => String.fromCharCode(97 + byte % 26)).join('')}`,
    lat: digits(44, 60, 7), lon: digits(-120, -80, 7), goal: Math.floor(digits(1e7, 9e7, 0)), factor: digits(1.1, 1.9, 8), share: digits(0.3, 0.7, 8),
    sooner: Math.floor(digits(1e3, 3e6, 0)), // milliseconds: a moment is nobody else's either
    // Kept in four bytes: as many digits as those give back.
    temperature: Math.fround(Math.floor(digits(2 ** 17, 2 ** 18, 0)) / 2 ** 13), queue_depth: Math.floor(digits(1e7, 9e7, 0)),
})

/** Everything that a company is made with: the clients, staff, a model that all share, and a receiver of webhooks. */
export async function surroundings(server, receiver) {
    const staff = await server.staff()
    return { server, api: server.api, staff, receiver, model: await addModel(server.api, staff, { name: 'Eye 3' }) }
}

/** A company with members of every role (or those it is `staffed` with), keys, assets, devices with tokens and history, a campaign, regions and numbers. */
export async function furnish(around, { marks = drawMarks(), staffed = roles } = {}) {
    const { api, staff, model } = around
    const { word } = marks
    const text = (what) => `${word} ${what}`
    const { company, owner: first } = await addCompany(api, staff, { name: text('company'), email: `owner@${word}.example` })
    const people = { owner: await api.signIn(first.session.user.email, password, { 'user-agent': text('browser') }) }
    const { owner } = people
    for (const role of staffed.filter((role) => role !== 'owner')) {
        people[role] = await addMember(api, owner, { email: `${role}@${word}.example`, name: text(role), role })
    }
    const invitation = await api.post(owner, '/v1/invitations', { email: `invited@${word}.example`, role: 'viewer' })
    // An address that all companies invited, in vain.
    await api.post(owner, '/v1/invitations', { email: 'everybody@people.example', role: 'viewer' })
    around.server.run(`update auth.invitations set expires_at = now() - interval '1 minute'
        where company_id = '${uuidOf(company.id)}' and email = 'everybody@people.example'`)
    const keys = await addKeys(api, owner, text)
    const faces = [{ name: text('left'), format: 'truck', placement: 'left' }]
    const truck = await api.post(owner, '/v1/assets', { kind: 'vehicle', name: text('truck'), plate: text('1'), faces })
    const board = await api.post(owner, '/v1/assets', {
        kind: 'billboard', name: text('board'), point: { lat: marks.lat, lon: marks.lon },
        faces: [{ name: text('front'), format: 'bulletin', placement: 'roadside' }],
    })
    const calibration = { effective_from: instant(start - day), factor: marks.factor, low: marks.factor, high: marks.factor, method: text('count') }
    const device = await addDevice(api, owner, { serial: text('T-1'), name: text('eye'), model, asset: truck, from: start, calibration, position: text('roof') })
    const other = await addDevice(api, owner, { serial: text('B-1'), name: text('mast'), model, asset: board, from: start, to: end, calibration })
    const policyFrom = instant(start - day - marks.sooner)
    await api.call(owner, 'PUT', `/v1/companies/${company.id}/parked-policy`, {
        body: { kind: 'count', minutes: 7, effective_from: policyFrom }, expect: 200,
    })
    const campaign = await addCampaign(api, owner, {
        name: text('campaign'), advertiser: text('advertiser'), from: start - day, to: start + 2 * day, goal_impressions: marks.goal,
        faces: [[truck.faces[0], 1], [board.faces[0], marks.share]],
    })
    const { items: [assignment] } = await api.get(owner, `/v1/campaigns/${campaign.id}/assignments`)
    const made = { company, people, invitation, keys, truck, board, device, other, campaign, assignment, marks, policyFrom }
    await api.post(null, '/v1/token', { grant_type: 'client_credentials', client_secret: keys.viewer.secret }, 200)
    const { items: [family] } = await api.get(owner, `/v1/api-keys/${keys.viewer.id}/tokens`)
    made.family = family
    made.webhook = await addWebhook(around, made)
    await api.call(owner, 'PUT', '/v1/identity-provider', {
        body: { sign_in_name: word, issuer: `${around.receiver.url}/id/${word}`, client_id: text('client'), client_secret: text('secret') }, expect: 200,
    })
    made.set = await addRegions(around, made)
    await measure(around, made)
    return made
}

/** A key of every role, one that is kept to a scope and an address, and one that is over. */
async function addKeys(api, owner, text) {
    const make = (name, more) => api.post(owner, '/v1/api-keys', { name: text(`key of ${name}`), ...more })
    const keys = {}
    for (const role of roles) keys[role] = await make(role, { role })
    keys.scoped = await make('scoped', { role: 'owner', scopes: ['assets.read', 'campaigns.read'], addresses: ['127.0.0.0/8', '203.0.113.77/32'] })
    keys.revoked = await make('revoked', { role: 'owner' })
    await api.call(owner, 'DELETE', `/v1/api-keys/${keys.revoked.id}`, { expect: 204 })
    return keys
}

/** An endpoint that was sent one message, and is told of nothing else, so that it stays as it is. */
async function addWebhook({ api, receiver }, { people: { owner }, marks: { word } }) {
    const { webhook, secret } = await api.post(owner, '/v1/webhooks', {
        url: `${receiver.url}/${word}`, description: `${word} hooks`, event_types: ['webhook.secret_rotated'],
    })
    receiver.willAnswer({ status: 200, body: `${word} thanks` })
    const { id } = await api.post(owner, `/v1/webhooks/${webhook.id}/test`, undefined, 202)
    const { delivery } = await until('the message', () => api.get(owner, `/v1/webhooks/${webhook.id}/deliveries/${id}`),
        (log) => log.delivery.state === 'succeeded')
    // Another that is told of everything, at a place of the company's own.
    await api.post(owner, '/v1/webhooks', { url: `${receiver.url}/${word}`, description: `${word} all` })
    return { ...webhook, secret, delivery }
}

/** A set of regions of the company's own, around its billboard. All companies call theirs the same. */
async function addRegions({ server }, { company, marks: { word, lat, lon } }) {
    const file = path.join(server.home, `${word}.geojson`)
    const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]].map(([east, north]) => [lon + east / 10, lat + north / 10])
    const feature = { type: 'Feature', properties: { code: `${word}-1`, name: `${word} bay` }, geometry: { type: 'Polygon', coordinates: [corners] } }
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features: [feature] }))
    await server.command(['import', 'regions', file, '--company', company.id, '--set', 'harbour', '--set-name', `${word} regions`,
        '--map', 'code=code', '--map', 'name=name'])
    return 'harbour'
}

/** Visits by the truck, as many by the billboard: enough for every report to have something to show. */
async function measure({ api }, { people, device, other, campaign, marks }) {
    const at = (index) => start + (index * 2 + 1) * minute
    const count = Array.from({ length: visits }, (_, index) => index)
    const body = (name) => ({
        batch: `${marks.word}-${name}`,
        positions: name === 'truck' ? count.map((index) => ({ at: instant(at(index)), lat: marks.lat, lon: marks.lon, speed_mps: 0 })) : [],
        sightings: count.map((index) => ({ at: instant(at(index)), visitor: visitor(index + marks.goal), rssi_dbm: -61 })),
        heartbeats: count.map((index) => ({
            at: instant(at(index)), firmware: `${marks.word}-1.0`, battery: 0.5, temperature: marks.temperature, queue_depth: marks.queue_depth,
        })),
    })
    for (const [sender, name] of [[device, 'truck'], [other, 'board']]) {
        await api.call(sender.token, 'POST', '/v1/ingest/batch', { body: body(name), expect: 202 })
    }
    await settledSummary(api, people.owner, campaign, { ...span, through: end, visits: visits * (1 + marks.share) })
}

// The same request, made once for each of two companies by the same person: an answer that is kept belongs to one.
const repeatable = { body: { kind: 'vehicle', name: 'The same again' }, headers: { 'idempotency-key': '5e2f6c1e-4f0b-4a52-9d5c-1c2b7f3f8a11' }, expect: 201 }
export const repeat = (api, person) => api.call(person, 'POST', '/v1/assets', repeatable)

/** Somebody who worked for one company, and now does for the other. Gives them signed in, and what they made before. */
export async function changeSides({ api }, from, to) {
    const email = 'leaver@people.example'
    const person = await addMember(api, from.people.owner, { email, name: 'Lee Leaver', role: 'manager' })
    const { body: made } = await repeat(api, person)
    await api.post(to.people.owner, '/v1/invitations', { email, role: 'manager' })
    await api.post(person, '/v1/invitations/join', { token: tokenIn(await letterTo(api, email, 2)) }, 200)
    await api.call(from.people.owner, 'DELETE', `/v1/members/${person.session.user.id}`, { expect: 204 })
    const again = await api.signIn(email, password)
    await api.call(again, 'POST', '/v1/sessions/current/company', { body: { company_id: to.company.id }, expect: 200 })
    return { person: again, made }
}

export const idsOf = ({ company, people, invitation, keys, family, truck, board, device, assignment, campaign, webhook }, model) => ({
    co: company.id, usr: people.owner.session.user.id, ses: people.owner.session.id, key: keys.viewer.id, tkf: family.id, inv: invitation.id, ast: board.id,
    fac: truck.faces[0].id, dev: device.id, tok: device.token_id, att: device.attachment.id, cmp: campaign.id, asg: assignment.id, mdl: model.id,
    wep: webhook.id, dlv: webhook.delivery.id, job: 'job_01jzzzzzzzzzzzzzzzzzzzzzzz', psk: 'psk_01jzzzzzzzzzzzzzzzzzzzzzzz',
    alr: 'alr_01jzzzzzzzzzzzzzzzzzzzzzzz',
})

export const batchOf = (device, name) => ({
    batch: name,
    positions: [{ device, at: instant(start + 50 * minute), lat: 1, lon: 1 }],
    sightings: [{ device, at: instant(start + 50 * minute), visitor: visitor(9_999), rssi_dbm: -50 }],
    heartbeats: [{ device, at: instant(start + 50 * minute), firmware: 'walls' }],
})
