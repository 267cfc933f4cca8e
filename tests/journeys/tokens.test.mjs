// Tokens of programs as a program sees them, with jose as the other implementation: it verifies ours through the keys that
// we publish, and signs forgeries that must be refused.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { Server } from './server.mjs'
import { fromWeb } from './web_packages.mjs'
import { addCompany } from './world.mjs'

let server, api, owner, oak, key, jose

suite('tokens', { concurrency: 1 }, () => {
    before(async () => {
        jose = await fromWeb('jose')
        server = await Server.start('tokens')
        api = server.api
        const staff = await server.staff()
        owner = (await addCompany(api, staff, { name: 'Maple Fleet', email: 'owner@maple.example' })).owner
        oak = (await addCompany(api, staff, { name: 'Oak Outdoor', email: 'owner@oak.example' })).owner
        key = await api.post(owner, '/v1/api-keys', { name: 'feed', role: 'manager' })
    })
    after(() => server?.end())

    test('another implementation verifies a token by the keys that are published', verified)
    test('what others sign is refused', forged)
    test('a program works for days on refresh tokens, each used once', refreshed)
    test('a token in two hands ends in both', stolen)
    test('a key that is revoked, and one that signs and is replaced, end their tokens', ended)
    test('a restart ends nothing', restarted)
})

const form = (fields) => ({ raw: new URLSearchParams(fields).toString(), type: 'application/x-www-form-urlencoded' })
const ask = (fields, headers) => api.call(null, 'POST', '/v1/token', { ...form(fields), headers })
const basic = ({ id, secret }) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` })

async function issue(fields = {}) {
    const { status, body, headers } = await ask({ grant_type: 'client_credentials', ...fields }, basic(key))
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(headers['cache-control'], 'no-store')
    return body
}

const refresh = (token) => ask({ grant_type: 'refresh_token', refresh_token: token })
const seen = async (token) => {
    const { status, body } = await api.call({ bearer: token }, 'GET', '/v1/assets')
    return status === 200 ? 'good' : body.code
}

/** Verifies as any other service would. */
async function claimsOf(token) {
    const metadata = await api.get(null, '/.well-known/oauth-authorization-server')
    assert.equal(metadata.issuer, server.url)
    const jwks = jose.createLocalJWKSet(await api.get(null, new URL(metadata.jwks_uri).pathname))
    const { payload, protectedHeader } = await jose.jwtVerify(token, jwks, {
        algorithms: ['EdDSA'], typ: 'at+jwt', issuer: metadata.issuer, audience: `${server.url}/v1`, maxTokenAge: '15 minutes',
        requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'],
    })
    return { payload, header: protectedHeader }
}

async function verified() {
    const tokens = await issue({ scope: 'assets.read campaigns.read' })
    assert.deepEqual([tokens.token_type, tokens.expires_in, tokens.scope], ['Bearer', 900, 'assets.read campaigns.read'])
    const { payload, header } = await claimsOf(tokens.access_token)
    assert.deepEqual(Object.keys(header).toSorted(), ['alg', 'kid', 'typ'])
    assert.deepEqual([payload.sub, payload.client_id, payload.scope], [key.id, key.id, tokens.scope])
    assert.equal(payload.exp - payload.iat, 900)
    const { headers, body } = await api.call(null, 'GET', '/.well-known/jwks.json')
    assert.equal(headers['cache-control'], 'public, max-age=300')
    assert.deepEqual(Object.keys(body.keys[0]).toSorted(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'], 'and nothing of the private half')
    assert.equal(await jose.calculateJwkThumbprint(body.keys[0]), header.kid)
    assert.equal(await seen(tokens.access_token), 'good')
    const written = await api.call({ bearer: tokens.access_token }, 'POST', '/v1/assets', { body: { kind: 'vehicle', name: 'x' } })
    assert.equal(written.body.code, 'auth.out_of_scope')
}

/** A table of what could be tried: a real token's claims, under other signatures. */
async function forged() {
    const { access_token: token } = await issue()
    const { payload, header } = await claimsOf(token)
    const [ourHeader, ourPayload, ourSignature] = token.split('.')
    const { keys: [jwk] } = await api.get(null, '/.well-known/jwks.json')
    const { privateKey } = await jose.generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const sign = (claims, head, by) => new jose.SignJWT(claims).setProtectedHeader(head).sign(by)
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const secrets = [Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.x), Buffer.from(JSON.stringify(jwk)), Buffer.from(key.id)]
    const forgeries = [
        await sign(payload, header, privateKey),
        await sign(payload, { ...header, kid: 'x' }, privateKey),
        await sign(payload, { ...header, kid: await jose.calculateJwkThumbprint(await jose.exportJWK(privateKey)) }, privateKey),
        await sign(payload, { ...header, jwk: { kty: 'OKP', crv: 'Ed25519', x: (await jose.exportJWK(privateKey)).x } }, privateKey),
        await sign(payload, { ...header, jku: `${server.url}/.well-known/jwks.json` }, privateKey),
        await sign(payload, { ...header, alg: 'RS256' }, rsa), await sign(payload, { ...header, alg: 'PS256' }, rsa),
        await sign(payload, { ...header, alg: 'ES256' }, ec),
        ...await Promise.all(secrets.map((secret) => sign(payload, { ...header, alg: 'HS256' }, secret))),
        new jose.UnsecuredJWT(payload).encode(),
        ...['none', 'None', 'NONE', 'nOnE'].map((alg) => `${encode({ ...header, alg })}.${ourPayload}.`),
        ...['none', 'HS256', 'Ed25519'].map((alg) => `${encode({ ...header, alg })}.${ourPayload}.${ourSignature}`),
        `${encode({ ...header, typ: 'JWT' })}.${ourPayload}.${ourSignature}`,
        ...[{ scope: 'members.manage' }, { exp: payload.exp + 1e6 }, { sub: 'key_01jzzzzzzzzzzzzzzzzzzzzzzz' }].map((more) => `${ourHeader}.${encode({ ...payload, ...more })}.${ourSignature}`),
        `${ourHeader}.${ourPayload}.`, `${ourHeader}.${ourPayload}`, `${ourHeader}..${ourSignature}`, `${token}=`, `${token}.`, token.slice(0, -1),
        `${ourHeader}.${ourPayload}.${'A'.repeat(86)}`, 'eyJ', 'eyJ..', `eyJ${'A'.repeat(6000)}`,
    ]
    for (const text of forgeries) assert.equal(await seen(text), 'auth.bad_credentials', text)
    assert.ok(forgeries.length > 30)
    assert.equal(await seen(token), 'good')
}

async function refreshed() {
    let tokens = await issue()
    for (let day = 0; day < 3; day += 1) {
        const { body: next, status } = await refresh(tokens.refresh_token)
        assert.equal(status, 200)
        await claimsOf(next.access_token)
        assert.equal(await seen(next.access_token), 'good')
        tokens = next
    }
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(tokens.refresh_token)))
    assert.deepEqual(answers.map(({ status }) => status), Array(10).fill(200))
    assert.equal(new Set(answers.map(({ body }) => body.refresh_token)).size, 1, 'a program with several hands keeps one chain')
    assert.equal(new Set(answers.map(({ body }) => body.access_token)).size, 10)
}

async function stolen() {
    const first = await issue()
    const { body: second } = await refresh(first.refresh_token)
    server.run("update auth.token_families set previous_until = now() - interval '1 second'")
    const reused = await refresh(first.refresh_token)
    assert.deepEqual([reused.status, reused.body.error, reused.body.code], [400, 'invalid_grant', 'auth.invalid_grant'])
    assert.equal((await refresh(second.refresh_token)).body.error, 'invalid_grant')
    assert.equal(await seen(second.access_token), 'auth.bad_credentials')
    const { items: [event] } = await api.get(owner, '/v1/audit-events', { action: 'token.reused' })
    assert.deepEqual([event.outcome, event.actor.id, event.resource_label], ['refused', key.id, 'feed'])
    const { items } = await api.get(owner, `/v1/api-keys/${key.id}/tokens`)
    assert.ok(!items.some(({ id }) => id === event.resource_id))
}

async function ended() {
    const [one, other] = [await issue(), await issue()]
    const { items } = await api.get(owner, `/v1/api-keys/${key.id}/tokens`)
    assert.equal((await api.call(oak, 'DELETE', `/v1/api-keys/${key.id}/tokens/${items[0].id}`)).body.code, 'auth.token_not_found')
    await api.call(owner, 'DELETE', `/v1/api-keys/${key.id}/tokens/${items[0].id}`, { expect: 204 })
    assert.deepEqual([await seen(one.access_token), await seen(other.access_token)], ['good', 'auth.bad_credentials'])

    const { keys: [before] } = await api.get(null, '/.well-known/jwks.json')
    assert.match(await server.command(['keys', 'replace']), /signed with [\w-]{43} from now on/)
    const { keys } = await api.get(null, '/.well-known/jwks.json')
    assert.ok(!keys.some(({ kid }) => kid === before.kid))
    assert.equal(await seen(one.access_token), 'auth.bad_credentials')
    const { body: again } = await refresh(one.refresh_token)
    await claimsOf(again.access_token)

    const { status, bytes } = await api.call(null, 'POST', '/v1/token/revoke', form({ token: again.refresh_token }))
    assert.deepEqual([status, bytes.length], [200, 0])
    assert.equal(await seen(again.access_token), 'auth.bad_credentials')

    const last = await issue()
    const spare = await api.post(owner, '/v1/api-keys', { name: 'spare', role: 'manager' })
    await api.call(owner, 'DELETE', `/v1/api-keys/${key.id}`, { expect: 204 })
    assert.equal(await seen(last.access_token), 'auth.bad_credentials')
    assert.equal((await refresh(last.refresh_token)).body.error, 'invalid_grant')
    assert.equal((await ask({ grant_type: 'client_credentials' }, basic(key))).body.error, 'invalid_client')
    key = spare
}

async function restarted() {
    const tokens = await issue()
    await server.stop()
    await server.launch()
    await claimsOf(tokens.access_token)
    assert.equal(await seen(tokens.access_token), 'good')
    assert.equal((await refresh(tokens.refresh_token)).status, 200)
}
