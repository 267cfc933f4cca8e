// run [--examples N] [--seed N]  starts the built product, makes a company with something of everything, and lets fuzz.py
// hold the server against its own description. Its findings can be repeated: the seed decides everything but ids.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { day, hour, instant, minute } from '../journeys/measure.mjs'
import { artefacts, root, Server } from '../journeys/server.mjs'
import { addCampaign, addCompany, addDevice, addModel, addTruck, password, visitor } from '../journeys/world.mjs'

const roles = ['owner', 'manager', 'analyst', 'viewer', 'installer']
const start = Math.floor(Date.now() / hour) * hour - 8 * hour

/** What a company needs so that most operations have something to work on. */
async function furnish(api, staff, model, name) {
    const { company, owner } = await addCompany(api, staff, { name, email: `owner@${name}.example` })
    const keys = {}
    for (const role of roles) keys[role] = await api.post(owner, '/v1/api-keys', { name: role, role })
    const truck = await addTruck(api, owner, `${name} truck`)
    const device = await addDevice(api, owner, { serial: `${name}-1`, name: 'Eye', model, asset: truck, from: start - day })
    const spare = await api.post(owner, `/v1/devices/${device.id}/tokens`)
    const campaign = await addCampaign(api, owner, {
        name: `${name} campaign`, from: start - day, to: start + 3 * day, faces: [[truck.faces[0], 0.5]],
    })
    const { items } = await api.get(owner, `/v1/campaigns/${campaign.id}/assignments`)
    return { company, owner, keys, truck, device, spare, campaign, assignment: items[0], ...await addCallers(api, owner, name) }
}

/** Who else the company deals with: somebody invited, and a receiver that is not there. */
async function addCallers(api, owner, name) {
    const invitation = await api.post(owner, '/v1/invitations', { email: `invited@${name}.example`, role: 'viewer' })
    const { webhook } = await api.post(owner, '/v1/webhooks', { url: `https://hooks.${name}.example/events` })
    const delivery = await api.post(owner, `/v1/webhooks/${webhook.id}/test`, undefined, 202)
    return { invitation, webhook, delivery }
}

/** Batches of every shape that the words of the description allow. */
function batches({ device }) {
    const at = instant(start + minute)
    const position = { device: device.id, at, lat: 43.6, lon: -79.4, speed_mps: 3 }
    const sighting = { device: device.id, at, visitor: visitor(1), rssi_dbm: -60 }
    const heartbeat = { device: device.id, at, firmware: '1.0', battery: 0.5 }
    return [
        { batch: 'contract-1', positions: [position] },
        { batch: 'contract-2', positions: [position], sightings: [sighting, { ...sighting, rssi_dbm: 5 }], heartbeats: [heartbeat] },
        { batch: 'contract-3', positions: [{ ...position, lat: 91 }, { ...position, at: '1970-01-01T00:00:00Z' }] },
        { batch: 'contract-4', heartbeats: [{ ...heartbeat, device: 'nobody' }] },
        { batch: 'contract-5' },
    ]
}

const idsOf = ({ company, owner, keys, truck, device, spare, campaign, assignment, invitation, webhook, delivery }, model) => ({
    co: [company.id], usr: [owner.session.user.id], ses: [owner.session.id], key: [keys.viewer.id], ast: [truck.id], fac: [truck.faces[0].id],
    dev: [device.id], tok: [spare.id], att: [device.attachment.id], cmp: [campaign.id], asg: [assignment.id], mdl: [model.id],
    inv: [invitation.id], wep: [webhook.id], dlv: [delivery.id],
})

async function worldOf(server) {
    const { api } = server
    const staff = await server.staff()
    const model = await addModel(api, staff, { name: 'Eye 3' })
    const one = await furnish(api, staff, model, 'fuzzed')
    // What is changed and deleted at random is not what the others read with: a suspended company answers nothing.
    const spare = await addCompany(api, staff, { name: 'spare', email: 'owner@spare.example' })
    const key = await api.post(one.owner, '/v1/api-keys', { name: 'spare', role: 'viewer' })
    const callers = await addCallers(api, one.owner, 'spare')
    const ids = idsOf(one, model)
    const session = ({ cookie, csrf }, role) => ({ scheme: 'session', role, headers: { Cookie: cookie, 'X-Csrf-Token': csrf } })
    const bearer = (secret, scheme, role) => ({ scheme, role, headers: { Authorization: `Bearer ${secret}` } })
    const person = await api.signIn(one.owner.session.user.email, password)
    return {
        port: server.port,
        actors: {
            ...Object.fromEntries(roles.map((role) => [role, bearer(one.keys[role].secret, 'api_key', role)])),
            person: session(person, 'owner'), staff: session(staff, 'staff'), device: bearer(one.device.token.bearer, 'device_token', 'device'),
        },
        ids,
        spare_ids: { ...ids, co: [spare.company.id], usr: [spare.owner.session.user.id], key: [key.id], inv: [callers.invitation.id], wep: [callers.webhook.id], dlv: [callers.delivery.id] },
        times: [start - hour, start, start + hour, start + day, start + 2 * day].map(instant),
        // What a schema does not say: which words of OAuth go together, and that a second factor asked by a key keeps out the people.
        bodies: {
            'measurements.ingest': batches(one), 'access_rules.set': [{ second_factor_required: false }],
            'tokens.issue': [{ grant_type: 'client_credentials', client_secret: one.keys.viewer.secret }],
            'tokens.revoke': [{ token: 'nothing' }],
        },
    }
}

const server = await Server.start('contract')
let code = 1
try {
    mkdirSync(artefacts, { recursive: true })
    const file = path.join(artefacts, 'contract_world.json')
    writeFileSync(file, JSON.stringify(await worldOf(server)))
    const words = [path.join(root, 'tests/contract/fuzz.py'), file, ...process.argv.slice(2)]
    // Hypothesis keeps tables of its own in the folder it is run in.
    const environment = { ...process.env, HYPOTHESIS_STORAGE_DIRECTORY: path.join(root, 'build/hypothesis'), PYTHONDONTWRITEBYTECODE: '1' }
    const child = spawn('python3', words, { stdio: 'inherit', env: environment })
    ;[code] = await once(child, 'exit')
} finally {
    await server.end()
}
process.exitCode = code ?? 1
