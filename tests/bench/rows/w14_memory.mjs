// W14: memory of the server's process alone, shared pages by their share (Pss): idle, with many connections that wait, and
// whether it grows under load. The peer is one process here. `--minutes` says how long the load lasts.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Server } from '../../journeys/server.mjs'
import { minute, second } from '../../journeys/measure.mjs'
import { startPeer } from '../peer.mjs'
import { digits, megabytes } from '../print.mjs'
import { load, writeRequests } from '../programs.mjs'
import { companyWithCampaigns } from '../rollups.mjs'

export const title = 'W14 memory'

const connections = 1000
const warm = 5  // seconds of load, so that caches and pools are as they stay
const look = second

export async function run({ minutes }) {
    const server = await Server.start('bench_memory')
    let peer
    try {
        const idle = pss(server.child.pid)
        const { key, campaigns: [{ assets: [asset] }] } = await companyWithCampaigns(server, [1])
        peer = await startPeer(server, { processes: 1 })
        const file = writeRequests(path.join(server.home, 'requests.tsv'), [{ target: `/v1/assets/${asset.id}`, bearer: key.secret }])
        const sides = [
            { of: server, pid: server.child.pid, idle },
            { of: peer, pid: peer.pids[0], idle: pss(peer.pids[0]) },
        ]
        for (const side of sides) {
            await load(side.of, file, 200, { connections: 16, seconds: warm })
            side.connected = await withWaiting(side.of, () => pss(side.pid))
        }
        const grown = await growth(sides[0], () => load(server, file, 200, { connections: 16, seconds: minutes * minute / second }))
        return [
            { short: 'memory idle, beside Fastify + pg', ...line('idle, just started', sides, 'idle') },
            { short: `memory with ${connections} connections`, ...line(`${connections} connections that wait, after ${warm} s of point reads`, sides, 'connected') },
            {
                what: `${minutes} min of point reads, memory of its own without files: from the first quarter's median to the last's`,
                ours: `${megabytes(grown.first)} to ${megabytes(grown.last)}`, limit: 'none',
                ratio: `**${digits(grown.last / grown.first)}**`, aim: 'flat',
            },
        ]
    } finally {
        await peer?.end()
        await server.end()
    }
}

const rollup = (pid, name) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1])
const pss = (pid) => rollup(pid, 'Pss')
/** What the process made itself: its share of files changes with whoever else has them open. */
const own = (pid) => rollup(pid, 'Pss_Anon')

/** With that many connections, each of which had an answer and stays open. */
async function withWaiting({ port }, look_at) {
    const sockets = []
    try {
        for (let index = 0; index < connections; index += 1) {
            const socket = net.connect(port, '127.0.0.1')
            sockets.push(socket)
            await once(socket, 'connect')
            socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n')
            await once(socket, 'data')
        }
        return look_at()
    } finally {
        for (const socket of sockets) socket.destroy()
    }
}

async function growth({ pid }, work) {
    const seen = []
    let done = false
    const working = work().finally(() => { done = true })
    while (!done) {
        await sleep(look)
        seen.push(own(pid))
    }
    await working
    const quarter = Math.ceil(seen.length / 4)
    const median = (list) => list.toSorted((one, other) => one - other)[list.length >> 1]
    return { first: median(seen.slice(0, quarter)), last: median(seen.slice(-quarter)) }
}

function line(what, [ours, theirs], name) {
    return {
        what, ours: megabytes(ours[name]), limit: `Fastify + pg, one process: ${megabytes(theirs[name])}`,
        ratio: `**${digits(ours[name] / theirs[name])}**`, aim: '≤ 0.3',
    }
}
