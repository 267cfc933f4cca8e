// The peer beside the product, on the product's database and so on the very same rows.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../journeys/server.mjs'
import { placeholder } from './programs.mjs'

const program = path.join(root, 'tests/bench/peers/server.mjs')

/** Starts it; `processes` as many as processors, so that it has what the product has. */
export async function startPeer(server, { processes = os.availableParallelism() } = {}) {
    const { socket: host, port } = server.database()
    const settings = { host, port: Number(port), user: 'mobilytics_owner', database: 'mobilytics', processes }
    // A copy, so that no page of it is shared with the Node that measures.
    const node = path.join(server.home, 'node')
    copyFileSync(process.execPath, node)
    const child = spawn(node, [program, JSON.stringify(settings)], {
        stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_ENV: 'production' },
    })
    const exited = once(child, 'exit')
    const { value, done } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
    assert.ok(!done, 'the peer ended before it served')
    return {
        ...JSON.parse(value),
        home: server.home,
        postmaster: () => server.postmaster(),
        async end() {
            child.kill('SIGTERM')
            await exited
        },
    }
}

/** Throws unless both give the same JSON to a request, but for the last bits of sums. */
export async function requireSameAnswers(server, peer, requests) {
    for (const { method = 'GET', target, bearer, body } of requests) {
        // What is stored once is given to each under a name of its own.
        const ask = async ({ port }) => {
            const name = randomUUID()
            const headers = { ...(bearer && { authorization: `Bearer ${bearer}` }), ...(body && { 'content-type': 'application/json' }) }
            const answer = await fetch(`http://127.0.0.1:${port}${target}`, { method, headers, body: body?.replace(placeholder, name) })
            return { status: answer.status, body: JSON.parse((await answer.text()).replace(name, placeholder)) }
        }
        const [ours, theirs] = [await ask(server), await ask(peer)]
        assert.ok(ours.status < 300, `${method} ${target} answered ${ours.status}`)
        requireSame(theirs, ours, `${method} ${target}`)
    }
}

function requireSame(theirs, ours, place) {
    if (typeof ours === 'number') {
        assert.ok(Math.abs(theirs - ours) <= 1e-9 * Math.max(1, Math.abs(ours)), `${place}: the peer says ${theirs}, not ${ours}`)
    } else if (ours !== null && typeof ours === 'object') {
        assert.deepEqual(Object.keys(theirs ?? {}).toSorted(), Object.keys(ours).toSorted(), place)
        for (const name of Object.keys(ours)) requireSame(theirs[name], ours[name], `${place} ${name}`)
    } else {
        assert.equal(theirs, ours, place)
    }
}
