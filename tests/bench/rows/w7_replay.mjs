// W7: batches sent a second time, as devices do that did not hear the answer: nothing is stored twice.
import assert from 'node:assert/strict'
import { Server } from '../../journeys/server.mjs'
import { itemsOf, mix, requestsOf, Sender, senders } from '../ingest.mjs'
import { interleaved, measure, ratioOf } from '../pairs.mjs'
import { costOf, count as counted, ratio } from '../print.mjs'

export const title = 'W7 replay'

const connections = 16
const rounds = 2  // of all batches, a side

const stored = ['positions', 'sightings', 'heartbeats', 'batches', 'dirty']
    .map((table) => `(select count(*) from measurements.${table})`).join(' + ')

export async function run({ pairs: count }) {
    const server = await Server.start('bench_replay', ['--only', 'api'])
    try {
        const sender = new Sender(server, 'full.tsv', requestsOf(await senders(server), mix))
        const options = { connections, requests: rounds * sender.round }
        const rows = () => server.count(`select ${stored}`)
        let first = sender.next
        const fresh = () => measure(server, () => {
            first = sender.next
            return sender.send(options)
        })
        const replayed = async () => {
            const before = rows()
            const report = await measure(server, () => sender.sendAgain(first, options))
            assert.equal(rows(), before, 'rows stored after a replay')
            return report
        }
        await fresh()
        const measured = await interleaved({ count, sides: [replayed, fresh] })
        return [{
            what: `${counted(options.requests)} batches of ${counted(itemsOf(mix))} items again, ${connections} at once, after which no row more is stored; the same for the first time`,
            short: 'batches sent again, beside the first time',
            ours: costOf(measured, 0, 'row'), limit: costOf(measured, 1, 'row'),
            ratio: `rate ${ratio(ratioOf(measured, ({ rate }) => rate), measured)}`, aim: 'rate ≥ 0.5, nothing twice',
        }]
    } finally {
        await server.end()
    }
}
