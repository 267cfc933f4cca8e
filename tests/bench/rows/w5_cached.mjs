// W5: what needs no computing: a page's script as it was compressed at the build, a tile out of the cache, and the answer
// that the browser's copy is still good.
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { Server, root } from '../../journeys/server.mjs'
import { instant } from '../../journeys/measure.mjs'
import { interleaved, measure } from '../pairs.mjs'
import { startPeer } from '../peer.mjs'
import { uuidOf } from '../peers/credentials.mjs'
import { costOf, digits, lineBesidePeer } from '../print.mjs'
import { load, sql, writeRequests } from '../programs.mjs'
import { companyWithCampaigns } from '../rollups.mjs'

export const title = 'W5 cached'

const connections = 16
const wanted = 60_000  // bytes, compressed
const rings = 40  // of cells around the middle: about 5 000
const middle = { lat: 43.65, lon: -79.38 }
const zoom = 11
const aims = { 200: 'server ≤ 29 µs', 304: 'server ≤ 13 µs' }

export async function run({ pairs: count, seconds }) {
    const server = await Server.start('bench_cached', ['--only', 'api'])
    let peer
    try {
        const tile = await tileRequest(server)
        peer = await startPeer(server)
        const lines = []
        for (const { what, request, encoding, others } of [
            { what: 'a script of the pages', request: { target: script() }, encoding: 'br', others: [peer] },
            { what: 'a tile, for which company, campaign and version are looked up', request: tile, encoding: 'gzip', others: [] },
        ]) {
            const file = writeRequests(path.join(server.home, 'requests.tsv'), [request])
            const accept = `Accept-Encoding: ${encoding}`
            for (const status of [200, 304]) {
                const asked = (of, answer) => {
                    const headers = status === 304 ? [accept, `If-None-Match: ${answer.etag}`] : [accept]
                    return () => measure(of, () => load(of, file, status, { connections, seconds, headers }))
                }
                const sides = []
                for (const of of [server, ...others]) sides.push(asked(of, await ask(of, request, encoding)))
                const { bytes } = await ask(server, request, encoding)
                const measured = await interleaved({ count, sides })
                const name = `${what}: ${status}${status === 200 ? `, ${digits(bytes / 1000)} kB` : ''}`
                lines.push(others.length
                    ? lineBesidePeer({ what: name, measured, aim: aims[status] })
                    : { what: name, ours: costOf(measured, 0), limit: 'none', ratio: '', aim: aims[status] })
            }
        }
        return lines
    } finally {
        await peer?.end()
        await server.end()
    }
}

async function ask({ port }, { target, bearer }, encoding) {
    const headers = { 'accept-encoding': encoding, ...(bearer && { authorization: `Bearer ${bearer}` }) }
    const answer = await fetch(`http://127.0.0.1:${port}${target}`, { headers })
    const bytes = (await answer.arrayBuffer()).byteLength
    assert.equal(answer.status, 200, target)
    assert.equal(answer.headers.get('content-encoding'), encoding, target)
    return { etag: answer.headers.get('etag'), bytes: Number(answer.headers.get('content-length') ?? bytes) }
}

/** Of the pages' scripts the one whose compressed form comes nearest to the wanted size. */
function script() {
    const folder = path.join(root, 'web/dist/assets')
    const off = (name) => Math.abs(statSync(path.join(folder, name)).size - wanted)
    const [nearest] = readdirSync(folder).filter((name) => name.endsWith('.js.br')).sort((one, other) => off(one) - off(other))
    return `/assets/${nearest.replace(/\.br$/, '')}`
}

async function tileRequest(server) {
    const { key, company, campaigns: [campaign], window } = await companyWithCampaigns(server, [1])
    const cells = server.scratch('h3', `select h3_grid_disk(h3_lat_lng_to_cell(point(${middle.lon}, ${middle.lat}), 9), ${rings})::bigint`)
    await sql(server, `insert into measurements.cell_hours
        select '${uuidOf(company.id)}', '${uuidOf(campaign.id)}', to_timestamp(${window.from / 1000}), cell, 20, 30, 25, 35, 20, 40, 600,
               array_fill(2::double precision, array[9]), hll_empty(12, 5), 20, 'mobilytics', 1
        from unnest(array[${cells.join()}]::bigint[]) as c (cell)`)
    const side = 2 ** zoom
    const x = Math.floor((middle.lon / 360 + 0.5) * side)
    const y = Math.floor((0.5 - Math.asinh(Math.tan(middle.lat * Math.PI / 180)) / (2 * Math.PI)) * side)
    const query = new URLSearchParams({ from: instant(window.from), to: instant(window.to), v: '1' })
    return { target: `/v1/campaigns/${campaign.id}/tiles/${zoom}/${x}/${y}.mvt?${query}`, bearer: key.secret }
}
