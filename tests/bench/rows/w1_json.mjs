// W1: the smallest answer there is, so what a request costs before it does anything.
import path from 'node:path'
import { Server } from '../../journeys/server.mjs'
import { interleaved, measure } from '../pairs.mjs'
import { requireSameAnswers, startPeer } from '../peer.mjs'
import { lineBesidePeer } from '../print.mjs'
import { load, writeRequests } from '../programs.mjs'

export const title = 'W1 JSON'

const connections = 64

export async function run({ pairs: count, seconds }) {
    const server = await Server.start('bench_json', ['--only', 'api'])
    let peer
    try {
        peer = await startPeer(server)
        const requests = [{ target: '/livez' }]
        await requireSameAnswers(server, peer, requests)
        const file = writeRequests(path.join(server.home, 'requests.tsv'), requests)
        const asked = (of) => () => measure(of, () => load(of, file, 200, { connections, seconds }))
        const measured = await interleaved({ count, sides: [asked(server), asked(peer)] })
        return [lineBesidePeer({ what: `GET /livez, ${connections} connections`, short: 'the smallest answer, beside Fastify', measured, aim: "server's CPU ≤ 0.55" })]
    } finally {
        await peer?.end()
        await server.end()
    }
}
