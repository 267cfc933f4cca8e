// Checkpoints of the trail in a bucket, over the real protocol: moto (Debian's python3-moto) stands for S3, and Amazon's
// own library checks what we sign (s3_server.py).
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort, Server } from './server.mjs'
import { addCompany, until } from './world.mjs'

const settings = (port, { id, secret }) => `
[objects]
endpoint = "http://127.0.0.1:${port}"
region = "us-east-1"
bucket = "trail"
prefix = "mobilytics"
access_key = "${id}"
secret_key = "${secret}"
`

let s3, server, company

suite('the trail signed into a bucket', { concurrency: 1 }, () => {
    before(async () => {
        s3 = await startS3()
        server = await Server.start('audit_bucket', [], settings(s3.port, s3))
        const staff = await server.staff()
        company = (await addCompany(server.api, staff, { name: 'Harbour', email: 'owner@harbour.example' })).company
    })
    after(async () => {
        await server?.end()
        await s3?.end()
    })

    test('a checkpoint is kept, and verified', async () => {
        await server.command(['audit', 'sign'])
        assert.match(await server.command(['audit', 'verify']), new RegExp(`${company.id}: .*: whole; [1-9]\\d* signed checkpoint`))
    })
    test('a history written anew shows', async () => {
        server.administer(`alter table trail.events disable trigger events_stay; delete from trail.events;
            update trail.heads set sequence = 0, hash = ''`)
        await assert.rejects(server.command(['audit', 'verify']), /is missing, which a signed checkpoint holds/)
    })
    test('a bucket that refuses us says so', async () => {
        const file = path.join(server.home, 'wrong.toml')
        writeFileSync(file, settings(s3.port, { id: s3.id, secret: 'wrong' }))
        await assert.rejects(server.command(['audit', 'sign', '--config', file]), /the object store answered 403/)
    })
})

/** moto with one bucket; whoever asks for more than the making of it must sign as Amazon's own library does. */
async function startS3() {
    const [port, id, secret] = [await freePort(), 'AKIAJOURNEY', randomBytes(20).toString('base64')]
    const server = fileURLToPath(new URL('s3_server.py', import.meta.url))
    const child = spawn('python3', [server, String(port), id, secret], { stdio: 'ignore' })
    await until('S3', () => fetch(`http://127.0.0.1:${port}/trail`, { method: 'PUT' }).then(({ ok }) => ok, () => false), Boolean)
    return {
        port, id, secret,
        async end() {
            child.kill()
            await once(child, 'exit')
        },
    }
}
