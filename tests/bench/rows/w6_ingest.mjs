// W6: batches of devices over HTTP, judged, deduplicated and stored, beside COPY BINARY of the same rows into the same
// tables on one connection, and beside the peer. Without workers: what derives visits is measured by itself.
import assert from 'node:assert/strict'
import { Server } from '../../journeys/server.mjs'
import { itemsOf, mix, requestsOf, Sender, senders } from '../ingest.mjs'
import { interleaved, measure, medianOf, ratioOf } from '../pairs.mjs'
import { requireSameAnswers, startPeer } from '../peer.mjs'
import { costOf, count as counted, digits, lineBesidePeer, ratio } from '../print.mjs'
import { placeholder, rawCopy } from '../programs.mjs'

export const title = 'W6 ingest'

const itemsOfBatch = itemsOf(mix)
const rowsPerCommit = 5000
const lone = { sightings: 9, positions: 1, heartbeats: 0 }
const loneItems = itemsOf(lone)
const loneRate = 20  // a second

export async function run({ pairs, seconds }) {
    const server = await Server.start('bench_ingest', ['--only', 'api'])
    let peer, raw
    try {
        const tokens = await senders(server)
        peer = await startPeer(server)
        await requireSameAnswers(server, peer, examples(tokens[0]))
        requireSameRows(server)
        const [full, small] = [requestsOf(tokens, mix), requestsOf(tokens, lone, 1)]
        const sender = new Sender(server, 'full.tsv', full)
        const loneSender = new Sender(server, 'small.tsv', small)
        const peersSender = new Sender(peer, 'peer.tsv', full)
        const posted = (by, options) => () => measure(by.server, () => by.send(options))
        const copied = (rows) => () => measure(server, async () => {
            const { rows: operations, ...took } = await raw.copy(rows)
            return { operations, ...took }
        }).then((one) => ({ ...one, server_us: 0 }))  // the server idles meanwhile

        // What raw COPY sends is what the product stored of one round of all batches.
        const sightings = () => server.count('select count(*) from measurements.sightings')
        const before = sightings()
        await sender.send({ connections: 8, requests: full.length })
        assert.equal(sightings() - before, full.length * mix.sightings, 'sightings stored')
        raw = await rawCopy(server, full.length * itemsOfBatch)
        const many = await interleaved({
            count: pairs,
            sides: [posted(sender, { connections: 16, seconds }), copied(rowsPerCommit), posted(peersSender, { connections: 16, seconds })],
        })
        // A sender that waits for each answer has a commit a batch, and so has its limit.
        const one = await interleaved({ count: pairs, sides: [posted(sender, { connections: 1, seconds }), copied(itemsOfBatch)] })
        await raw.end()
        raw = await rawCopy(server, 2000)
        const few = await interleaved({ count: pairs, sides: [posted(loneSender, { connections: 4, rate: loneRate, seconds }), copied(loneItems)] })
        const batches = `${counted(itemsOfBatch)} items a batch`
        return [
            { short: 'ingest over HTTP, 16 senders, beside COPY BINARY on one connection', ...besideCopy(`${batches}, 16 at once; COPY of ${counted(rowsPerCommit)} rows a commit`, many) },
            lineBesidePeer({ what: `${batches}, 16 at once`, short: 'the same, beside Fastify + pg with unnest', measured: many, side: 2, of: 'row', aim: 'rate ≥ 5' }),
            { short: 'one sender that waits for each answer, beside COPY with as many rows a commit', ...besideCopy(`${batches}, 1 at once; COPY of ${counted(itemsOfBatch)} rows a commit`, one) },
            ofAnswers(few),
        ]
    } finally {
        await raw?.end()
        await peer?.end()
        await server.end()
    }
}

/** A good batch and one with an item of each fault. */
function examples(bearer) {
    const [good, other] = requestsOf([bearer], mix, 2)
    const { positions: [position], sightings: [sighting], heartbeats: [heartbeat] } = JSON.parse(other.body)
    const body = {
        batch: placeholder,
        positions: [position, { ...position, lat: 91 }, { ...position, lon: undefined }],
        sightings: [sighting, { ...sighting, rssi_dbm: 5 }, { ...sighting, visitor: 'XYZ' }, { ...sighting, at: '2100-01-01T00:00:00Z' }],
        heartbeats: [heartbeat, { ...heartbeat, firmware: undefined }],
    }
    return [good, { ...good, body: JSON.stringify(body) }]
}

/** Throws unless each row stands there twice: once from us, once from the peer. */
function requireSameRows(server) {
    const tables = {
        positions: 'company_id, device_id, at, lat, lon, speed_mps, heading_deg, accuracy_m',
        sightings: 'company_id, device_id, at, visitor, rssi_dbm, randomized',
        heartbeats: 'company_id, device_id, at, firmware, battery, temperature, queue_depth',
        dirty: 'company_id, device_id, from_at, to_at, positions, visits, coverage',
    }
    for (const [table, columns] of Object.entries(tables)) {
        const rows = `from measurements.${table} where device_id is not null`
        assert.notEqual(server.count(`select count(*) ${rows}`), 0, table)
        assert.equal(server.count(`select count(*) from (select 1 ${rows} group by ${columns} having count(*) <> 2) of_one`), 0, table)
    }
}

const answered = (one) => one.latency_us.p50

function besideCopy(what, measured) {
    const ours = (of) => medianOf(measured, 0, of)
    const cpu = ratioOf(measured, (one) => one.database_us)
    return {
        what,
        ours: `${costOf(measured, 0, 'row')}; answer after ${digits(ours(answered) / 1000)} ms (p99 ${digits(ours((one) => one.latency_us.p99) / 1000)})`,
        limit: costOf(measured, 1, 'row'),
        ratio: `rate ${ratio(ratioOf(measured, ({ rate }) => rate), measured)}; database's CPU ${digits(cpu.median)}`,
        aim: 'rate ≥ 0.7',
    }
}

function ofAnswers(measured) {
    const ours = (of) => medianOf(measured, 0, of)
    const commit_us = (one) => 1e6 * one.seconds / one.transactions
    return {
        what: `${loneItems} items a batch, ${loneRate} batches a second: how long an answer takes; COPY and COMMIT of as many rows`,
        ours: `${digits(ours(answered) / 1000)} ms (p99 ${digits(ours((one) => one.latency_us.p99) / 1000)})`,
        limit: `${digits(medianOf(measured, 1, commit_us) / 1000)} ms on average`,
        ratio: `time ${ratio(ratioOf(measured, (one) => one.latency_us?.p50 ?? commit_us(one)), measured)}`,
        aim: 'not set',
    }
}
