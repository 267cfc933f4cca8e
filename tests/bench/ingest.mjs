// Devices that send: their world, their batches, and how they are sent.
import path from 'node:path'
import { hour, instant } from '../journeys/measure.mjs'
import { addCompany, addDevice, addModel, addTruck, visitor } from '../journeys/world.mjs'
import { load, placeholder, writeRequests } from './programs.mjs'

export const devices = 16
export const batchesOfEach = 12
const attached = (batchesOfEach + 2) * hour
export const mix = { sightings: 900, positions: 90, heartbeats: 10 }

export const itemsOf = ({ sightings, positions, heartbeats }) => sightings + positions + heartbeats

/** Items of one device in [start, start + length): a person is seen some times around one moment. */
export function body(device, start, many, length = hour) {
    const at = (index, of) => instant(start + Math.floor(length * index / of))
    const fill = (of, item) => Array.from({ length: of }, (_, index) => item(index))
    const people = device * 1e9 + start / 1000
    return JSON.stringify({
        batch: placeholder,
        positions: fill(many.positions, (i) => ({
            at: at(i, many.positions), lat: 43.6 + i * 1e-4, lon: -79.4 + device * 1e-3, speed_mps: 8.25, heading_deg: 90, accuracy_m: 4.5,
        })),
        sightings: fill(many.sightings, (i) => ({
            at: at(i, many.sightings), visitor: visitor(people + (i >> 2)), rssi_dbm: -50 - (i * 7) % 45, randomized: i % 3 === 0,
        })),
        heartbeats: fill(many.heartbeats, (i) => ({
            at: at(i, many.heartbeats), firmware: '1.4.2', battery: 0.8, temperature: 21.5, queue_depth: 3,
        })),
    })
}

/** A company whose vehicles carry one device each; gives the devices' tokens. */
export async function senders(server, count = devices) {
    const { api } = server
    const staff = await server.staff()
    const model = await addModel(api, staff, { name: 'Eye 3' })
    const { owner } = await addCompany(api, staff, { name: 'Sender', email: 'owner@sender.example' })
    const tokens = []
    for (let index = 0; index < count; index += 1) {
        const asset = await addTruck(api, owner, `Truck ${index}`)
        const device = await addDevice(api, owner, { serial: `S-${index}`, name: `Eye ${index}`, model, asset, from: Date.now() - attached })
        tokens.push(device.token.bearer)
    }
    return tokens
}

/** A batch a device and hour, of the last whole hours. */
export function requestsOf(tokens, many, batches = batchesOfEach) {
    const now = Math.floor(Date.now() / hour) * hour
    return Array.from({ length: batches }, (_, index) => now - (index + 2) * hour)
        .flatMap((start) => tokens.map((bearer, device) => ({ method: 'POST', target: '/v1/ingest/batch', bearer, body: body(device, start, many) })))
}

/** Sends a file's batches round and round, every time under numbers of their own. */
export class Sender {
    static #made = 0
    #first = 1e12 * Sender.#made++  // so that no two share a number
    #file
    #items

    constructor(server, name, requests) {
        this.server = server
        this.round = requests.length
        this.#file = writeRequests(path.join(server.home, name), requests)
        const { sightings, positions, heartbeats } = JSON.parse(requests[0].body)
        this.#items = sightings.length + positions.length + heartbeats.length
    }

    async send(options) {
        const report = await this.sendAgain(this.#first, options)
        // A number belongs to the device at its place in the file.
        this.#first += Math.ceil(report.answers / this.round) * this.round
        return report
    }

    /** The batches numbered from `first` on; an operation is an item. */
    async sendAgain(first, options) {
        const report = await load(this.server, this.#file, 202, { first, ...options })
        return { ...report, operations: report.answers * this.#items }
    }

    get next() {
        return this.#first
    }
}
