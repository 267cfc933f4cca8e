// What several people may edit, each with two ways to edit it: {method, path, read, body, get}. `read` gives the thing with
// its version, `get` is where it is read by itself, if it is; `body(n)` is another edit for an odd n than for an even one.
import { day, instant } from './measure.mjs'
import { addMember, addModel } from './world.mjs'

const start = instant(Date.now() - 2 * day)
const truck = { kind: 'vehicle', name: 'Truck', faces: [{ name: 'side', format: 'truck', placement: 'side' }] }
const named = (n) => ({ name: `Number ${n}` })
const ending = (n) => ({ to: instant(Date.now() + n * day) })
let made = 0
const itemOf = async (api, actor, path, isIt) => (await api.get(actor, path, { limit: 200 })).items.find(isIt)

/** Something that has an address of its own. */
async function atAddress({ api, actor }, path, body) {
    return { actor, path, get: path, read: () => api.get(actor, path), body }
}

const addDevice = async ({ api, actor, staff }, serial) => {
    const model = await addModel(api, staff, { name: `Eye of ${serial}` })
    return api.post(actor, '/v1/devices', { serial, model_id: model.id })
}
const addCampaign = ({ api, actor }, name) => api.post(actor, '/v1/campaigns', { name, from: start, to: instant(Date.now() + 9 * day) })

/** By operation; `world` has {api, actor, owner, staff, company, receiver}, the actor being an owner's key. */
export const edits = {
    'access_rules.set': (world) => atAddress(world, '/v1/access-rules', (n) => ({ second_factor_required: n % 2 === 1 })),
    'assets.change': async (world) => {
        const { id } = await world.api.post(world.actor, '/v1/assets', truck)
        return atAddress(world, `/v1/assets/${id}`, named)
    },
    'assignments.correct': async (world) => {
        const { api, actor } = world
        const campaign = await addCampaign(world, 'Given faces')
        const { faces } = await api.post(actor, '/v1/assets', truck)
        const { id } = await api.post(actor, `/v1/campaigns/${campaign.id}/assignments`, { face_id: faces[0].id, from: start })
        const read = () => itemOf(api, actor, `/v1/campaigns/${campaign.id}/assignments`, (one) => one.id === id)
        return { actor, path: `/v1/assignments/${id}`, read, body: (n) => ({ share: n % 2 === 1 ? 0.5 : 0.25 }) }
    },
    'attachments.correct': async (world) => {
        const { api, actor } = world
        const device = await addDevice(world, `ATT-${++made}`)
        const { id: asset_id } = await api.post(actor, '/v1/assets', truck)
        const { id } = await api.post(actor, `/v1/devices/${device.id}/attachments`, { asset_id, from: start })
        const read = () => itemOf(api, actor, `/v1/devices/${device.id}/attachments`, (one) => one.id === id)
        return { actor, path: `/v1/attachments/${id}`, read, body: ending }
    },
    'campaigns.change': async (world) => {
        const { id } = await addCampaign(world, 'Edited')
        const { faces } = await world.api.post(world.actor, '/v1/assets', truck)
        await world.api.post(world.actor, `/v1/campaigns/${id}/assignments`, { face_id: faces[0].id, from: start })
        return atAddress(world, `/v1/campaigns/${id}`, named)
    },
    'companies.edit': (world) => atAddress({ ...world, actor: world.staff }, `/v1/companies/${world.company.id}`, named),
    'companies.set_parked_policy': async (world) => ({
        ...await atAddress(world, `/v1/companies/${world.company.id}`, (n) => ({ kind: 'cap', minutes: n, effective_from: start })),
        path: `/v1/companies/${world.company.id}/parked-policy`,
    }),
    'devices.change': async (world) => {
        const { id } = await addDevice(world, `DEV-${++made}`)
        return atAddress(world, `/v1/devices/${id}`, named)
    },
    'identity_provider.set': (world) => atAddress(world, '/v1/identity-provider', (n) => ({
        sign_in_name: `convened-${n}`, issuer: `${world.receiver.url}/id/convened`, client_id: 'convened', client_secret: 'secret',
    })),
    'members.change_role': async ({ api, actor, owner }) => {
        const { session: { user } } = await addMember(api, owner, { email: `edited-${++made}@convened.example`, name: 'Ed', role: 'viewer' })
        const read = () => itemOf(api, actor, '/v1/members', ({ user_id }) => user_id === user.id)
        return { actor, path: `/v1/members/${user.id}`, read, body: (n) => ({ role: n % 2 === 1 ? 'analyst' : 'manager' }) }
    },
    'staff.change_role': async ({ api, server, staff }) => {
        const { session: { user } } = await server.staff('support')
        const read = () => itemOf(api, staff, '/v1/staff', ({ user_id }) => user_id === user.id)
        return { actor: staff, path: `/v1/staff/${user.id}`, read, body: (n) => ({ role: n % 2 === 1 ? 'finance' : 'fulfilment' }) }
    },
    'webhooks.change': async (world) => {
        const { webhook } = await world.api.post(world.actor, '/v1/webhooks', { url: `${world.receiver.url}/convened` })
        return atAddress(world, `/v1/webhooks/${webhook.id}`, (n) => ({ description: `Number ${n}` }))
    },
}

/** What is no edit, and refused as one is to whoever has not seen the last edit: by operation, which edit that is, and
 * the steps that come before it. */
export const steps = {
    'assignments.delete': ['assignments.correct'],
    'attachments.delete': ['attachments.correct'],
    'campaigns.book': ['campaigns.change'],
    'campaigns.cancel': ['campaigns.change'],
    'campaigns.finish': ['campaigns.change', 'book', 'launch'],
    'campaigns.launch': ['campaigns.change', 'book'],
    'campaigns.pause': ['campaigns.change', 'book', 'launch'],
    'campaigns.resume': ['campaigns.change', 'book', 'launch', 'pause'],
    'identity_provider.remove': ['identity_provider.set'],
    'members.remove': ['members.change_role'],
    'staff.remove': ['staff.change_role'],
    'webhooks.delete': ['webhooks.change'],
    'webhooks.disable': ['webhooks.change'],
    'webhooks.enable': ['webhooks.change', 'disable'],
    'webhooks.rotate_secret': ['webhooks.change'],
}

/** Beside such a thing, and no step of it: what adds to it, or sends something. */
export const beside = new Set(['assets.add_face', 'campaigns.assign', 'devices.attach', 'devices.calibrate', 'devices.issue_token',
    'devices.revoke_token', 'webhooks.replay', 'webhooks.retry', 'webhooks.test'])

/** Whose last edit wins: what is one person's own, and what is dated or sent anew and overwrites nothing that was seen. */
export const unguarded = new Set(['account.edit', 'account.change_notifications', 'passkeys.rename', 'companies.invite_first_owner',
    'devices.set_near_threshold'])
