// Checkpoints of the trail in a bucket, over the real protocol: moto (Debian's python3-moto) stands for S3 and checks
// signatures as IAM does.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
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

const json = async (response) => {
    assert.ok(response.ok, `${response.url} answered ${response.status}`)
    return response.text()
}

/** moto's server with a bucket and a user; from then on every request must be signed by one who may. */
async function startS3() {
    const port = await freePort()
    const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
    const url = `http://127.0.0.1:${port}`
    const answers = () => fetch(`${url}/moto-api/data.json`).then(({ ok }) => ok, () => false)
    await until('moto', answers, Boolean)
    await fetch(`${url}/trail`, { method: 'PUT' }).then(json)
    const iam = (action, words) => fetch(url, {
        method: 'POST',
        headers: { authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x' },
        body: new URLSearchParams({ Action: action, Version: '2010-05-08', ...words }),
    }).then(json)
    await iam('CreateUser', { UserName: 'mobilytics' })
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:PutObject', 's3:GetObject', 's3:ListBucket'], Resource: '*' }] }
    await iam('PutUserPolicy', { UserName: 'mobilytics', PolicyName: 'objects', PolicyDocument: JSON.stringify(policy) })
    const keys = await iam('CreateAccessKey', { UserName: 'mobilytics' })
    await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', body: '0' }).then(json)
    return {
        port,
        id: /<AccessKeyId>(\S+?)</.exec(keys)[1],
        secret: /<SecretAccessKey>(\S+?)</.exec(keys)[1],
        async end() {
            child.kill()
            await once(child, 'exit')
        },
    }
}
