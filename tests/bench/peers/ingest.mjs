// POST /v1/ingest/batch of a device: judged, then stored with unnest, a transaction a batch.
import { createHash, randomUUID } from 'node:crypto'
import { judge } from './judge.mjs'

const hour = 3_600_000

const insertBatch = {
    name: 'insert_batch',
    text: `insert into measurements.batches (company_id, sender_id, batch, body_sha256, answer, received_at)
           values ($1, $2, $3, $4, $5, now()) on conflict (company_id, sender_id, batch) do nothing`,
}
const findBatch = {
    name: 'find_batch',
    text: 'select body_sha256, answer from measurements.batches where company_id = $1 and sender_id = $2 and batch = $3',
}
const insertPositions = {
    name: 'insert_positions',
    text: `insert into measurements.positions (company_id, device_id, at, lat, lon, speed_mps, heading_deg, accuracy_m)
           select $1, $2, * from unnest($3::timestamptz[], $4::float8[], $5::float8[], $6::real[], $7::real[], $8::real[])`,
}
const insertSightings = {
    name: 'insert_sightings',
    text: `insert into measurements.sightings (company_id, device_id, at, visitor, rssi_dbm, randomized)
           select $1, $2, * from unnest($3::timestamptz[], $4::bigint[], $5::smallint[], $6::boolean[])`,
}
const insertHeartbeats = {
    name: 'insert_heartbeats',
    text: `insert into measurements.heartbeats (company_id, device_id, at, firmware, battery, temperature, queue_depth)
           select $1, $2, * from unnest($3::timestamptz[], $4::text[], $5::real[], $6::real[], $7::bigint[])`,
}
const insertDirty = {
    name: 'insert_dirty',
    text: `insert into measurements.dirty (company_id, dirty_id, device_id, from_at, to_at, positions, visits, coverage, marked_at)
           select $1, d.id, $2, d.from_at, d.to_at, d.stream = 'positions', d.stream = 'sightings', d.stream = 'heartbeats', now()
           from unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::text[]) as d (id, from_at, to_at, stream)`,
}

const column = (items, name) => items.map((item) => item[name] ?? null)
const signed = (visitor) => BigInt.asIntN(64, BigInt(`0x${visitor}`)).toString()

/** Spans of a stream without a gap of an hour, which the workers derive again: [[from, to], ...]. */
function touched(items) {
    const spans = []
    for (const at of Float64Array.from(items, (item) => Date.parse(item.at)).sort()) {
        const last = spans.at(-1)
        if (last && at - last[1] < hour) last[1] = at + 1
        else spans.push([at, at + 1])
    }
    return spans
}

async function insertItems(client, sender, { positions, sightings, heartbeats }) {
    const insert = (statement, items, columns) => items.length && client.query({ ...statement, values: [...sender, ...columns] })
    const times = (items) => column(items, 'at')
    await insert(insertPositions, positions,
        [times(positions), ...['lat', 'lon', 'speed_mps', 'heading_deg', 'accuracy_m'].map((name) => column(positions, name))])
    await insert(insertSightings, sightings,
        [times(sightings), sightings.map(({ visitor }) => signed(visitor)), column(sightings, 'rssi_dbm'), column(sightings, 'randomized')])
    await insert(insertHeartbeats, heartbeats,
        [times(heartbeats), ...['firmware', 'battery', 'temperature', 'queue_depth'].map((name) => column(heartbeats, name))])
    const dirty = Object.entries({ positions, sightings, heartbeats })
        .flatMap(([stream, items]) => touched(items).map(([from, to]) => ({ id: randomUUID(), from: new Date(from), to: new Date(to), stream })))
    await insert(insertDirty, dirty, ['id', 'from', 'to', 'stream'].map((name) => column(dirty, name)))
}

/** Stores a batch once; gives the answer that it got the first time. */
async function store(pool, sender, { batch, digest, answer, kept }) {
    const client = await pool.connect()
    try {
        await client.query('begin')
        const { rowCount } = await client.query({ ...insertBatch, values: [...sender, batch, digest, answer] })
        if (rowCount === 1) await insertItems(client, sender, kept)
        await client.query('commit')
        if (rowCount === 1) return answer
        const { rows: [first] } = await client.query({ ...findBatch, values: [...sender, batch] })
        if (!first.body_sha256.equals(digest)) throw Object.assign(new Error('A batch with this id had another body.'), { statusCode: 422 })
        return first.answer
    } catch (error) {
        await client.query('rollback')
        throw error
    } finally {
        client.release()
    }
}

export function ingest(server, pool, { device }) {
    server.register(async (scope) => {
        scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
        scope.post('/v1/ingest/batch', { onRequest: device }, async ({ company, device: sender, body }, reply) => {
            const text = JSON.parse(body)
            const { kept, rejected } = judge(text)
            const accepted = { positions: kept.positions.length, sightings: kept.sightings.length, heartbeats: kept.heartbeats.length }
            const answer = JSON.stringify({ batch: text.batch, accepted, rejected })
            const digest = createHash('sha256').update(body).digest()
            reply.code(202).type('application/json; charset=utf-8')
            return store(pool, [company, sender], { batch: text.batch, digest, answer, kept })
        })
    })
}
