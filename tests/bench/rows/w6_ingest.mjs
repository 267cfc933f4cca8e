// W6: batches of devices over HTTP, judged, deduplicated and stored, beside COPY BINARY of the same rows into the same
// tables on one connection. Without workers: what derives visits from the records is measured by itself.
import assert from 'node:assert/strict'
import path from 'node:path'
import { cpuOfServer } from '../machine.mjs'
import { Server } from '../../journeys/server.mjs'
import { hour, instant } from '../../journeys/measure.mjs'
import { addCompany, addDevice, addModel, addTruck, visitor } from '../../journeys/world.mjs'
import { interleaved, measure, medianOf, ratioOf } from '../pairs.mjs'
import { count as counted, digits, perSecond, ratio } from '../print.mjs'
import { load, rawCopy, writeRequests } from '../programs.mjs'

export const title = 'W6 ingest'

const devices = 16
const batchesOfEach = 12
const mix = { sightings: 900, positions: 90, heartbeats: 10 }
const itemsOfBatch = 1000
const rowsPerCommit = 5000
const lone = { sightings: 9, positions: 1, heartbeats: 0 }
const loneItems = 10
const loneRate = 20  // a second

/** One device-hour of a busy street: a person is seen some times around one moment. */
function body(device, hours, many) {
    const start = Math.floor(Date.now() / hour) * hour - (hours + 1) * hour
    const at = (index, of) => instant(start + Math.floor(hour * index / of))
    const fill = (length, item) => Array.from({ length }, (_, index) => item(index))
    return JSON.stringify({
        batch: '%'.repeat(16),
        positions: fill(many.positions, (i) => ({
            at: at(i, many.positions), lat: 43.6 + i * 1e-4, lon: -79.4 + device * 1e-3, speed_mps: 8.25, heading_deg: 90, accuracy_m: 4.5,
        })),
        sightings: fill(many.sightings, (i) => ({
            at: at(i, many.sightings), visitor: visitor(device * 1e6 + hours * 1000 + (i >> 2)), rssi_dbm: -50 - (i * 7) % 45, randomized: i % 3 === 0,
        })),
        heartbeats: fill(many.heartbeats, (i) => ({
            at: at(i, many.heartbeats), firmware: '1.4.2', battery: 0.8, temperature: 21.5, queue_depth: 3,
        })),
    })
}

export async function run({ pairs, seconds }) {
    const server = await Server.start('bench_ingest', ['--only', 'api'])
    let raw
    try {
        const tokens = await world(server)
        const file = (name, batches, many) => writeRequests(path.join(server.home, name), Array.from({ length: batches }, (_, hours) => hours)
            .flatMap((hours) => tokens.map((bearer, device) => ({ method: 'POST', target: '/v1/ingest/batch', bearer, body: body(device, hours, many) }))))
        const full = file('full.tsv', batchesOfEach, mix)
        const small = file('small.tsv', 1, lone)

        let first = 0
        const send = async (what, options) => {
            const report = await load(server, what, 202, { first, ...options })
            first += report.answers
            return report
        }
        const posted = (what, items, options) => () => measure(server, async () => {
            const report = await send(what, options)
            return { ...report, operations: report.answers * items }
        })
        const copied = (rows) => () => measure(server, async () => {
            const own = cpuOfServer(raw.pid)
            const { rows: operations, seconds: took, transactions } = await raw.copy(rows)
            return { operations, seconds: took, transactions, copier: cpuOfServer(raw.pid) - own }
        })

        // What raw COPY sends is what the product stored of one round of all batches.
        const batches = devices * batchesOfEach
        await send(full, { connections: 8, requests: batches })
        assert.equal(server.count('select count(*) from measurements.sightings'), batches * mix.sightings, 'sightings stored')
        raw = await rawCopy(server, batches * itemsOfBatch)
        const lines = []
        // A sender that waits for each answer has a commit a batch, and so has its limit.
        for (const [connections, rows] of [[16, rowsPerCommit], [1, itemsOfBatch]]) {
            const measured = await interleaved({
                count: pairs, ours: posted(full, itemsOfBatch, { connections, seconds }), limit: copied(rows),
            })
            lines.push(ofRows(`${counted(itemsOfBatch)} items a batch, ${connections} at once; COPY of ${counted(rows)} rows a commit`, measured))
        }
        await raw.end()
        raw = await rawCopy(server, 2000)
        lines.push(ofAnswers(await interleaved({
            count: pairs, ours: posted(small, loneItems, { connections: 4, rate: loneRate, seconds }), limit: copied(loneItems),
        })))
        return lines
    } finally {
        await raw?.end()
        await server.end()
    }
}

async function world(server) {
    const { api } = server
    const staff = await server.staff()
    const model = await addModel(api, staff, { name: 'Eye 3' })
    const { owner } = await addCompany(api, staff, { name: 'Sender', email: 'owner@sender.example' })
    const tokens = []
    for (let index = 0; index < devices; index += 1) {
        const asset = await addTruck(api, owner, `Truck ${index}`)
        const device = await addDevice(api, owner, { serial: `S-${index}`, name: `Eye ${index}`, model, asset, from: Date.now() - 100 * hour })
        tokens.push(device.token.bearer)
    }
    return tokens
}

function ofRows(what, measured) {
    const ours = (of) => medianOf(measured, 0, of)
    const limit = (of) => medianOf(measured, 1, of)
    const latency = `answer after ${digits(ours((one) => one.latency_us.p50) / 1000)} ms (p99 ${digits(ours((one) => one.latency_us.p99) / 1000)})`
    const cpu = ratioOf(measured, (one) => one.database_us)
    return {
        what,
        ours: `${perSecond(ours(({ rate }) => rate))} rows; CPU a row: server ${digits(ours((one) => one.server_us))} + database ${digits(ours((one) => one.database_us))} µs; ${latency}`,
        limit: `${perSecond(limit(({ rate }) => rate))} rows; CPU a row: database ${digits(limit((one) => one.database_us))} µs`,
        ratio: `rate ${ratio(ratioOf(measured, ({ rate }) => rate), measured)}; database's CPU ${digits(cpu.median)}`,
        aim: 'rate ≥ 0.7',
    }
}

function ofAnswers(measured) {
    const ours = (of) => medianOf(measured, 0, of)
    const commit_us = (one) => 1e6 * one.seconds / one.transactions
    return {
        what: `${loneItems} items a batch, ${loneRate} batches a second: how long an answer takes; COPY and COMMIT of as many rows`,
        ours: `${digits(ours((one) => one.latency_us.p50) / 1000)} ms (p99 ${digits(ours((one) => one.latency_us.p99) / 1000)})`,
        limit: `${digits(medianOf(measured, 1, commit_us) / 1000)} ms on average`,
        ratio: `time ${ratio(ratioOf(measured, (one) => one.latency_us?.p50 ?? commit_us(one)), measured)}`,
        aim: 'not set',
    }
}
