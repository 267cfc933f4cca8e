// W2: one asset with its faces by id, asked with an API key: beside the peer, and beside pgbench of the same statements.
import path from 'node:path'
import { Server } from '../../journeys/server.mjs'
import { addCompany } from '../../journeys/world.mjs'
import { interleaved, measure, ratioOf } from '../pairs.mjs'
import { requireSameAnswers, startPeer } from '../peer.mjs'
import { uuidOf } from '../peers/credentials.mjs'
import { costOf, lineBesidePeer, ratio } from '../print.mjs'
import { load, pgbench, statement, writeRequests } from '../programs.mjs'

export const title = 'W2 point read'

const assets = 800
const asked = 8  // few, since pgbench prepares each statement once a script and connection
const connections = 8  // of pgbench, and of both servers to their database on two processors

const scope = (more = '') => `select set_config('app.company_id', :company, true), set_config('app.scope', 'company', true)${more};`
const readOnly = ", set_config('transaction_read_only', 'on', true)"

/** What a driver does with a statement under row-level security: four round trips. */
const plain = (asset) => ['begin;', scope(), statement('assets', 'find_asset', [':company', asset]), 'commit;', ''].join('\n')

/** What the product sends, statement by statement: the key's look-up, then the asset's, each one round trip. */
const asOurs = (asset) => [
    '\\startpipeline', scope(readOnly), statement('auth', 'find_api_key', [':company', ':key', "'127.0.0.1'", 'now()']), '\\endpipeline',
    '\\startpipeline', scope(readOnly), statement('assets', 'find_asset', [':company', asset]), '\\endpipeline', '',
].join('\n')

export async function run({ pairs: count, seconds }) {
    const server = await Server.start('bench_point_read', ['--only', 'api'])
    let peer
    try {
        const { company, key, ids } = await world(server)
        peer = await startPeer(server)
        const requests = ids.map((id) => ({ target: `/v1/assets/${id}`, bearer: key.secret }))
        await requireSameAnswers(server, peer, requests)
        const file = writeRequests(path.join(server.home, 'requests.tsv'), requests)
        const read = (of) => () => measure(of, () => load(of, file, 200, { connections: 2 * connections, seconds }))
        const variables = {
            company: uuidOf(company.id), key: uuidOf(key.id), ...Object.fromEntries(ids.map((id, index) => [`asset_${index}`, uuidOf(id)])),
        }
        const limited = (script) => () => measure(server, () => pgbench(server, {
            scripts: ids.map((_, index) => script(`:asset_${index}`)), variables, connections, seconds,
        })).then((one) => ({ ...one, server_us: 0 }))  // the server idles meanwhile
        const measured = await interleaved({ count, sides: [read(server), read(peer), limited(plain), limited(asOurs)] })
        return [
            lineBesidePeer({ what: 'GET /v1/assets/{id}', short: 'one asset by id with an API key, beside Fastify + pg', measured, aim: "server's CPU ≤ 0.33" }),
            { short: 'the same, beside pgbench', ...besidePgbench('the same; pgbench: BEGIN, set_config, select, COMMIT', measured, 2) },
            besidePgbench('the same; pgbench: the two pipelines that we send, the key\'s and the asset\'s', measured, 3),
        ]
    } finally {
        await peer?.end()
        await server.end()
    }
}

async function world(server) {
    const { api } = server
    const staff = await server.staff()
    const { company, owner } = await addCompany(api, staff, { name: 'Reader', email: 'owner@reader.example' })
    const key = await api.post(owner, '/v1/api-keys', { name: 'bench', role: 'viewer' })
    const ids = []
    for (let index = 0; index < assets; index += 1) {
        const faces = ['left', 'right'].map((name) => ({ name, format: 'truck', placement: name }))
        const { id } = await api.post(owner, '/v1/assets', { kind: 'vehicle', name: `Truck ${index}`, plate: `PLATE ${index}`, faces })
        if (index % (assets / asked) === 0) ids.push(id)
    }
    return { company, key, ids }
}

function besidePgbench(what, measured, side) {
    return {
        what, ours: costOf(measured, 0), limit: costOf(measured, side),
        ratio: `rate ${ratio(ratioOf(measured, ({ rate }) => rate, side), measured)}`, aim: 'rate ≥ 0.8',
    }
}
