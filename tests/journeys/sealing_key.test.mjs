// The key that seals what the database must not give away is changed while the product is in use: nothing that it sealed
// is lost, and in the end the old key is good for nothing.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { appCode } from './app_code.mjs'
import { Receiver, settings } from './receiver.mjs'
import { Server } from './server.mjs'
import { addCompany, password } from './world.mjs'

let server, api, owner, receiver, endpoint, appSecret, key
const present = randomBytes(32).toString('hex')

suite('the key that seals', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('sealing_key', [], settings)
        api = server.api
        receiver = await Receiver.start()
        const staff = await server.staff()
        owner = (await addCompany(api, staff, { name: 'Maple Fleet', email: 'owner@maple.example' })).owner
        const made = await api.post(owner, '/v1/webhooks', { url: `${receiver.url}/x`, description: 'x', event_types: ['webhook.secret_rotated'] })
        endpoint = { path: `/v1/webhooks/${made.webhook.id}`, first: made.secret }
        endpoint.second = (await api.post(owner, `${endpoint.path}/secret/rotate`, undefined, 200)).secret
        key = await api.post(owner, '/v1/api-keys', { name: 'feed', role: 'viewer' })
        await issue()
        appSecret = (await api.post(owner, '/v1/account/second-factor', undefined, 200)).secret
        await api.post(owner, '/v1/account/second-factor/finish', { code: await appCode(appSecret) }, 200)
    })
    after(async () => {
        await receiver?.end()
        await server?.end()
    })

    test('with both keys everything works, and what the old one sealed is sealed anew', changed)
    test('without the old one everything works', forgotten)
    test('with neither what was sealed is closed, and the command says so', lost)
})

const file = () => path.join(server.home, 'secrets.key')
const keys = () => readFileSync(file(), 'utf8').trim().split('\n')

async function restartWith(...lines) {
    await server.stop()
    writeFileSync(file(), `${lines.join('\n')}\n`)
    await server.launch()
}

async function issue() {
    const { status, body } = await api.call(null, 'POST', '/v1/token', {
        raw: new URLSearchParams({ grant_type: 'client_credentials' }).toString(), type: 'application/x-www-form-urlencoded',
        headers: { authorization: `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}` },
    })
    return status === 200 ? 'issued' : body.code
}

/** `steps`: a code is good once, so each sign-in takes that of another step. */
async function signIn(steps) {
    const { status, body } = await api.call(null, 'POST', '/v1/sessions', {
        body: { email: 'owner@maple.example', password, code: await appCode(appSecret, steps) },
    })
    return status === 201 ? 'in' : body.code
}

async function shownSecret() {
    const { status, body } = await api.call(owner, 'GET', `${endpoint.path}/secret`)
    return status === 200 ? body.secret : body.code
}

async function changed() {
    const [old] = keys()
    await restartWith(present, old)
    assert.deepEqual([await shownSecret(), await issue(), await signIn(1)], [endpoint.second, 'issued', 'in'])
    // The webhook's two, the app's and the key that signs.
    assert.match(await server.command(['secrets', 'reseal']), /^4 secrets sealed anew, 0 were already, 0 open with none of the keys$/m)
    assert.match(await server.command(['secrets', 'reseal']), /^0 secrets sealed anew, 4 were already, 0 open with none of the keys$/m)
}

async function forgotten() {
    await restartWith(present)
    assert.deepEqual([await shownSecret(), await issue()], [endpoint.second, 'issued'])
    const delivery = await api.post(owner, `${endpoint.path}/test`, undefined, 202)
    assert.ok(delivery.id, 'and signs')
}

async function lost() {
    await restartWith(randomBytes(32).toString('hex'))
    assert.deepEqual([await shownSecret(), await issue()], ['webhooks.sealed_by_another_key', 'auth.sealed_by_another_key'])
    await assert.rejects(server.command(['secrets', 'reseal']), /ended with 1:\n(.*\n)*0 secrets sealed anew, 0 were already, 4 open with none of the keys/)
    await restartWith(present)
    assert.deepEqual([await shownSecret(), await issue()], [endpoint.second, 'issued'], 'nothing was touched')
}
