// A company for the real records: what a test makes through the API is kept beside it as plain values, so that the plain
// computation knows the same world. And the importer as an operator calls it.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { instant } from './measure.mjs'
import { exposuresOf, tracksOf } from './naive_counting.mjs'
import { locate } from './naive_places.mjs'
import { settled } from './published.mjs'
import { batches, asLines } from './street.mjs'

const people = ({ from, factor, low, high }) => ({ effective_from: instant(from), factor, low, high, method: 'counted beside the vehicle' })
const optionalEnd = (to) => (to === undefined ? {} : { to: instant(to) })

export class Fleet {
    world = { devices: [], assets: [], policies: [] }

    constructor(server, staff, owner) {
        Object.assign(this, { server, api: server.api, staff, owner, company: owner.session.company.id })
    }

    async addModel(name, calibrations, interval_s) {
        const model = await this.api.post(this.staff, '/v1/device-models', { name, expected_interval_s: interval_s })
        for (const one of calibrations) await this.api.post(this.staff, `/v1/device-models/${model.id}/calibrations`, people(one))
        return { id: model.id, name, calibrations, interval_s }
    }

    async addAsset(name, format, faces, point) {
        const kind = point ? 'billboard' : 'vehicle'
        const asset = await this.api.post(this.owner, '/v1/assets', {
            kind, name, ...(point ? { point } : {}), faces: faces.map((face) => ({ name: face, format, placement: face })),
        })
        this.world.assets.push({ id: asset.id, name, point })
        return { id: asset.id, name, faces: Object.fromEntries(asset.faces.map((face) => [face.name, face.id])) }
    }

    /** A device that is new, or one that an import has made (`id`). */
    async addDevice(serial, model, { id, near_dbm = -75, calibrations = [] } = {}) {
        const made = id ? { id } : await this.api.post(this.owner, '/v1/devices', { serial, model_id: model.id, near_dbm })
        for (const one of calibrations) await this.api.post(this.owner, `/v1/devices/${made.id}/calibrations`, people(one))
        const device = {
            id: made.id, serial, near_dbm, calibrations, model_calibrations: model.calibrations,
            interval_s: model.interval_s, attachments: [], fixes: [], sightings: [], heartbeats: [],
        }
        this.world.devices.push(device)
        return device
    }

    async attach(device, asset, from, to, position) {
        await this.api.post(this.owner, `/v1/devices/${device.id}/attachments`, {
            asset_id: asset.id, from: instant(from), ...optionalEnd(to), ...(position ? { position } : {}),
        })
        device.attachments.push({ asset: asset.id, from, to })
    }

    /** A live campaign; `faces` are [asset, face's name, share, from, to]. */
    async addCampaign({ name, from, to, zone, dayparts }, faces) {
        const made = await this.api.post(this.owner, '/v1/campaigns', {
            name, from: instant(from), to: instant(to), zone, ...(dayparts ? { dayparts } : {}),
        })
        const campaign = { id: made.id, name, from, to, zone, dayparts, assignments: [] }
        for (const [asset, face, share, begins = from, ends = to] of faces) {
            await this.api.post(this.owner, `/v1/campaigns/${made.id}/assignments`, {
                face_id: asset.faces[face], from: instant(begins), to: instant(ends), share,
            })
            campaign.assignments.push({ asset: asset.id, from: begins, to: ends, share })
        }
        await this.api.post(this.owner, `/v1/campaigns/${made.id}/book`, undefined, 200)
        await this.api.post(this.owner, `/v1/campaigns/${made.id}/launch`, undefined, 200)
        return campaign
    }

    async setParkedPolicy(from, kind, minutes = 10) {
        await this.api.call(this.owner, 'PUT', `/v1/companies/${this.company}/parked-policy`, {
            body: { kind, minutes, effective_from: instant(from) }, expect: 200,
        })
        this.world.policies.push({ from, kind, minutes })
    }

    /** `mobilytics import`, as an operator calls it: what it counted, and the lines it refused as [line, reason]. */
    async import(stream, file, ...words) {
        const errors = path.join(this.server.home, `refused-${this.imports = (this.imports ?? 0) + 1}.csv`)
        const said = await this.server.command(['import', stream, file, '--company', this.company, '--errors', errors, ...words])
        const [read, stored, repeated, refused] = /(\d+) read, (\d+) stored, (\d+) stored before, (\d+) refused/.exec(said).slice(1).map(Number)
        const lines = existsSync(errors) ? readFileSync(errors, 'utf8').trim().split('\n').slice(1) : []
        return { read, stored, repeated, refused, lines: lines.map((text) => [Number(text.split(',')[0]), text.split(',')[1]]) }
    }

    /** The device sends all its records itself, in the forms that devices use; gives how many it sent. */
    async send(device) {
        const { secret } = await this.api.post(this.owner, `/v1/devices/${device.id}/tokens`)
        let accepted = 0
        for (const [index, body] of batches(device.serial, device, 4000).entries()) {
            const form = [{ body }, { body, gzip: true }, { raw: asLines(body), type: 'application/x-ndjson', gzip: true }][index % 3]
            const { body: answer } = await this.api.call({ bearer: secret }, 'POST', '/v1/ingest/batch', { ...form, expect: 202 })
            assert.deepEqual(answer.rejected, [])
            accepted += answer.accepted.positions + answer.accepted.sightings + answer.accepted.heartbeats
        }
        return accepted
    }

    /** Once all is derived: this company with what the plain computation makes of the same records. */
    async computed() {
        await settled(this.server)
        const tracks = tracksOf(this.world)
        return { api: this.api, owner: this.owner, world: this.world, tracks, exposures: locate(this.server, exposuresOf(this.world, tracks)) }
    }
}
