// What the journeys have in common: a company with people, vehicles, billboards, devices and a campaign, made through
// the API as a person would.
import { setTimeout as sleep } from 'node:timers/promises'
import { instant } from './measure.mjs'

export const password = 'correct horse battery staple'

/** A company with its first owner, signed in. */
export async function addCompany(api, staff, { name, zone = 'America/Regina', country = 'CA', email }) {
    const company = await api.post(staff, '/v1/companies', {
        name, zone, country, owner: { email, name: `${name} Owner`, password },
    })
    return { company, owner: await api.signIn(email, password) }
}

/** The letters kept instead of being sent, oldest first. */
export async function letters(api) {
    const { status, text } = await api.send(null, 'GET', '/dev/mail.json')
    if (status !== 200) throw new Error(`/dev/mail.json answered ${status}: ${text}`)
    return JSON.parse(text).items
}

/** The newest letter to an address, once there are as many as wanted. */
export async function letterTo(api, address, many = 1) {
    const found = await until(`letter ${many} to ${address}`, async () => (await letters(api)).filter(({ to }) => to === address),
        (all) => all.length >= many)
    return found.at(-1)
}

/** What a letter's link carries behind the #. */
export const tokenIn = ({ text }) => /#(\S+)/.exec(text)?.[1]

/** A new person in the owner's company, invited and signed in. */
export async function addMember(api, owner, { email, name, role }) {
    await api.post(owner, '/v1/invitations', { email, role })
    const token = tokenIn(await letterTo(api, email))
    await api.post(null, '/v1/invitations/accept', { token, name, password }, 200)
    return api.signIn(email, password)
}

/** A vehicle with one face. */
export const addTruck = (api, owner, name) => api.post(owner, '/v1/assets', {
    kind: 'vehicle', name, faces: [{ name: 'side', format: 'truck', placement: 'side' }],
})

/** A device model and its calibration, which are everybody's. */
export async function addModel(api, staff, { name, expected_interval_s = 300, calibration }) {
    const model = await api.post(staff, '/v1/device-models', { name, expected_interval_s })
    if (calibration) await api.post(staff, `/v1/device-models/${model.id}/calibrations`, calibration)
    return model
}

/** A device with a token, on an asset over [from, to). */
export async function addDevice(api, owner, { serial, name, model, asset, from, to, calibration, position }) {
    const device = await api.post(owner, '/v1/devices', { serial, name, model_id: model.id })
    const { secret, id } = await api.post(owner, `/v1/devices/${device.id}/tokens`)
    if (calibration) await api.post(owner, `/v1/devices/${device.id}/calibrations`, calibration)
    const attachment = await api.post(owner, `/v1/devices/${device.id}/attachments`, {
        asset_id: asset.id, position, from: instant(from), ...(to ? { to: instant(to) } : {}),
    })
    return { ...device, token: { bearer: secret }, token_id: id, attachment }
}

/** A live campaign over [from, to) on faces with shares: [[face, share], ...]. */
export async function addCampaign(api, owner, { name, from, to, zone, faces, ...more }) {
    const campaign = await api.post(owner, '/v1/campaigns', { name, from: instant(from), to: instant(to), zone, ...more })
    for (const [face, share] of faces) {
        await api.post(owner, `/v1/campaigns/${campaign.id}/assignments`, { face_id: face.id, from: instant(from), share })
    }
    await api.post(owner, `/v1/campaigns/${campaign.id}/book`, undefined, 200)
    return api.post(owner, `/v1/campaigns/${campaign.id}/launch`, undefined, 200)
}

/** A visitor as devices make them up: 16 hex digits. */
export const visitor = (number) => (0x9e3779b97f4a7c15n * BigInt(number + 1) & 0xffffffffffffffffn).toString(16).padStart(16, '0')

/** Asks until the answer is as wanted; says what was still missing when it never is. */
export async function until(what, ask, wanted, within_ms = 120_000) {
    const end = Date.now() + within_ms
    for (let pause = 100; ; pause = Math.min(pause * 1.3, 1000)) {
        const answer = await ask()
        if (wanted(answer)) return answer
        if (Date.now() > end) throw new Error(`${what}: not after ${within_ms / 1000} s; last: ${JSON.stringify(answer).slice(0, 1500)}`)
        await sleep(pause)
    }
}

/** The summary of a campaign once everything that was sent counts in it: complete past `through`, and settled. */
export function settledSummary(api, actor, campaign, { from, to, through, visits }) {
    return until(`the summary of ${campaign.name}`,
        () => api.get(actor, `/v1/campaigns/${campaign.id}/summary`, { from: instant(from), to: instant(to) }),
        ({ about, totals }) => Date.parse(about.complete_to) > through && Math.abs(totals.visits - visits) < 1e-6)
}
