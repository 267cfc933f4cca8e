// A thousand and ten thousand clients that stay connected: all of them are answered, again and again, and the memory that
// each costs is printed.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, suite, test } from 'node:test'
import { RawSocket } from './raw_socket.mjs'
import { Server } from './server.mjs'
import { addCompany, addTruck } from './world.mjs'

const rounds = 2
const atOnce = 200

let server, request
const clients = []

suite('clients that stay connected', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('connections')
        const { api } = server
        const { owner } = await addCompany(api, await server.staff(), { name: 'Crowded', email: 'owner@crowded.example' })
        await addTruck(api, owner, 'Truck')
        const key = await api.post(owner, '/v1/api-keys', { name: 'Reader', role: 'viewer' })
        request = `GET /v1/assets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key.secret}\r\n\r\n`
    })
    after(async () => {
        for (const client of clients) client.reset()
        await server?.end()
    })

    for (const many of [1_000, 10_000]) test(`${many} connections`, (t) => hold(t, many))
    test('when they have gone, a new one is served', async () => {
        for (const client of clients.splice(0)) client.reset()
        assert.equal((await server.api.send(null, 'GET', '/livez')).status, 200)
        assert.doesNotMatch(readFileSync(server.log, 'utf8'), /accept failed|connection failed/)
    })
})

/** What the process alone would give back if it ended, and its share of what it has in common with others. */
const pss_kB = () => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${server.child.pid}/smaps_rollup`, 'utf8'))[1])

async function inTurns(list, work) {
    for (let from = 0; from < list.length; from += atOnce) await Promise.all(list.slice(from, from + atOnce).map(work))
}

async function hold(t, many) {
    const before = pss_kB()
    const had = clients.length
    const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${server.child.pid}/limits`, 'utf8'))[1])
    assert.ok(limit > many + 200, `the server may open ${limit} files; raise the limit (ulimit -n) to hold ${many} connections`)
    await inTurns(Array.from({ length: many - had }), async () => clients.push(await RawSocket.open(server.port)))
    for (let round = 1; round <= rounds; round += 1) await inTurns(clients, ask)
    const now = pss_kB()
    t.diagnostic(`${many} connections, each answered ${rounds} times: Pss ${(now / 1024).toFixed(1)} MB, ${((now - before) / (many - had)).toFixed(1)} kB for each more`)
}

async function ask(client) {
    const { status, body } = await client.ask(request)
    assert.equal(status, 200)
    assert.equal(JSON.parse(body).items.length, 1)
}
