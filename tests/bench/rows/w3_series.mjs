// W3: seven days of a campaign by hour, out of a table of roll-ups that is not small.
import path from 'node:path'
import { Server } from '../../journeys/server.mjs'
import { instant } from '../../journeys/measure.mjs'
import { interleaved, measure } from '../pairs.mjs'
import { requireSameAnswers, startPeer } from '../peer.mjs'
import { count as counted, lineBesidePeer } from '../print.mjs'
import { load, writeRequests } from '../programs.mjs'
import { companyWithCampaigns, fillAssetHours, hours } from '../rollups.mjs'

export const title = 'W3 series'

const fleets = [1, 40]
const connections = 16

export async function run({ pairs: count, seconds }) {
    const server = await Server.start('bench_series', ['--only', 'api'])
    let peer
    try {
        const world = await companyWithCampaigns(server, fleets)
        const rows = await fillAssetHours(server, world)
        peer = await startPeer(server)
        const lines = []
        for (const [index, fleet] of fleets.entries()) {
            const query = new URLSearchParams({ grain: 'hour', from: instant(world.window.from), to: instant(world.window.to) })
            const requests = [{ target: `/v1/campaigns/${world.campaigns[index].id}/metrics?${query}`, bearer: world.key.secret }]
            await requireSameAnswers(server, peer, requests)
            const file = writeRequests(path.join(server.home, 'requests.tsv'), requests)
            const asked = (of) => () => measure(of, () => load(of, file, 200, { connections, seconds }))
            const measured = await interleaved({ count, sides: [asked(server), asked(peer)] })
            lines.push(lineBesidePeer({
                what: `${hours} hours of a campaign on ${fleet} ${fleet === 1 ? 'vehicle' : 'vehicles'}, of ${counted(rows)} rows`,
                short: fleet === 1 ? 'a week of a campaign by hour, beside Fastify + pg' : undefined,
                measured, aim: fleet === 1 ? "server's CPU ≤ 0.25" : 'not set',
            }))
        }
        return lines
    } finally {
        await peer?.end()
        await server.end()
    }
}
