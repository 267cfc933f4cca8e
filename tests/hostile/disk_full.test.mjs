// The disk of the database fills up while devices send and people read, and is made free again by its operator: nobody
// gets a wrong answer meanwhile, the server comes back by itself, and nothing that was acknowledged is lost. Run by hand,
// for it mounts a small file system of its own, which takes root.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { second } from '../journeys/measure.mjs'
import { Server } from '../journeys/server.mjs'
import { proveNothingLost, spread, Traffic } from '../journeys/traffic.mjs'

const megabyte = 1 << 20
const size_mb = 800
// What is left when the filling begins, in steps: the last of them stops the database.
const left_mb = [48, 24, 12, 4, 0]
const fullFor_ms = 10 * second

let folder, filler, server, traffic

suite('the disk is full', { concurrency: 1 }, () => {
    before(async () => {
        folder = mkdtempSync(path.join(tmpdir(), 'mobilytics-disk-'))
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size_mb}m,mode=755`, 'tmpfs', folder])
        filler = path.join(folder, 'filler')
        // Where the server's home is made.
        process.env.TMPDIR = folder
        server = await Server.start('disk_full')
        traffic = await Traffic.begin(server, { name: 'Crammed' })
    })
    after(async () => {
        try {
            await server?.end()
        } finally {
            rmSync(filler, { force: true })
            execFileSync('umount', [folder])
            rmdirSync(folder)
        }
    })

    test('twice, under ingest and reads', async (t) => {
        const { pid } = server.child
        const spans = []
        await traffic.during(async () => {
            for (let time = 0; time < 2; time += 1) {
                await traffic.answered()
                await fill()
                rmSync(filler)
                spans.push(await traffic.answered())
            }
        })
        assert.equal(server.child.exitCode, null)
        assert.equal(server.child.pid, pid, 'the server lives on')
        t.diagnostic(`from space to the next acknowledged batch ${spread(spans)}`)
    })
    proveNothingLost(() => traffic)
})

const free_mb = () => {
    const { bavail, bsize } = statfsSync(folder)
    return Math.floor((bavail * bsize) / megabyte)
}

/** Takes more and more of the space, then all of it for a while, whatever the database frees meanwhile. */
async function fill() {
    for (const left of left_mb) {
        take(left)
        await sleep(second)
    }
    for (const until = Date.now() + fullFor_ms; Date.now() < until; await sleep(100)) take(0)
}

function take(left) {
    const some = free_mb() - left
    if (some <= 0) return
    try {
        writeFileSync(filler, Buffer.alloc(some * megabyte, 1), { flag: 'a' })
    } catch (error) {
        // The database was quicker.
        assert.equal(error.code, 'ENOSPC')
    }
}
