// Signing in by a company's own OpenID provider: npm oidc-provider as the real other side, then a provider that lies.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { LyingProvider, newKey, OpenIdProvider } from './openid_provider.mjs'
import { settings } from './receiver.mjs'
import { Server } from './server.mjs'
import { fromWeb } from './web_packages.mjs'
import { addCompany, addMember, password } from './world.mjs'

let server, api, maple, oak, ann, provider, liar, jose

const people = {
    ann: { email: 'ann@maple.example', email_verified: true, name: 'Ann Lee' },
    nina: { email: 'nina@maple.example', email_verified: true, name: 'Nina Roy' },
    odd: { email: 'odd@maple.example', email_verified: false, name: 'Odd' },
    olga: { email: 'owner@oak.example', email_verified: true, name: 'Olga' },
}

suite('sign-in by a company’s provider', { concurrency: 1 }, () => {
    before(async () => {
        jose = await fromWeb('jose')
        server = await Server.start('provider_sign_in', [], settings)
        api = server.api
        const staff = await server.staff()
        maple = await addCompany(api, staff, { name: 'Maple Fleet', email: 'owner@maple.example' })
        oak = await addCompany(api, staff, { name: 'Oak Outdoor', email: 'owner@oak.example' })
        ann = await addMember(api, maple.owner, { email: 'ann@maple.example', name: 'Ann', role: 'analyst' })
        provider = await OpenIdProvider.start({ redirectUri: `http://localhost:${server.port}/sign-in/returned`, people })
        liar = await LyingProvider.start()
    })
    after(async () => {
        await server?.end()
        await provider?.end()
        await liar?.end()
    })

    test('an owner sets the provider, which is looked at at once', setting)
    test('a member signs in with it, again and again', signingIn)
    test('no token of the provider reaches the browser', noToken)
    test('the secret is shown in the body where the provider wants it there', bySecretInBody)
    test('the session is good for the company and for nothing of the account', bound)
    test('strangers need an invitation, unless the company lets them join', strangers)
    test('who refuses at the provider is told so', refusedThere)
    test('what is brought back is good once, in the browser that began', replayed)
    test('a provider that lies lets nobody in', lies)
    test('a provider that publishes nonsense is not taken', nonsense)
    test('nothing inside is asked, unless tests are allowed to', inside)
    test('a provider that is taken away ends what it opened', takenAway)
})

const problem = ({ status, body }) => `${status} ${body?.code ?? ''}`.trim()
const cookieOf = ({ headers }, name) => headers['set-cookie'].find((line) => line.startsWith(`${name}=`))?.split(';')[0]
const put = (owner, body, expect) => api.call(owner, 'PUT', '/v1/identity-provider', { body, ...(expect ? { expect } : {}) })

async function begin(sign_in_name, headers) {
    const answer = await api.call(null, 'POST', '/v1/sign-in/openid', { body: { sign_in_name }, headers, expect: 200 })
    const cookie = cookieOf(answer, '__Host-mobilytics-sign-in')
    assert.match(answer.headers['set-cookie'][0], /; Max-Age=600; HttpOnly; Secure; SameSite=Strict$/)
    return { url: answer.body.url, cookie, asked: new URL(answer.body.url).searchParams }
}

const finish = (body, cookie) => api.call(null, 'POST', '/v1/sign-in/openid/finish', { body, headers: { cookie } })

/** All the way; gives the answer, and the actor if there is one. */
async function enter(login, { name = 'maple', press } = {}) {
    const begun = await begin(name)
    const brought = Object.fromEntries(await provider.walk(begun.url, login, press))
    const body = Object.fromEntries(['state', 'code', 'error', 'iss'].filter((one) => brought[one]).map((one) => [one, brought[one]]))
    const answer = await finish(body, begun.cookie)
    if (answer.status !== 201) return { answer }
    const cookie = cookieOf(answer, '__Host-mobilytics')
    return { answer, body, begun, actor: { cookie, csrf: answer.body.csrf_token, session: answer.body } }
}

const wanted = (more) => ({ sign_in_name: 'maple', issuer: provider.issuer, ...provider.client, ...more })

async function setting() {
    const none = await api.get(maple.owner, '/v1/identity-provider')
    assert.deepEqual(none, { provider: null, redirect_uri: `http://localhost:${server.port}/sign-in/returned`, version: '0' })
    const refused = await put(maple.owner, wanted({ issuer: `${provider.issuer}/` }), 422)
    assert.equal(refused.body.code, 'auth.provider_unusable')
    assert.equal(refused.body.errors[0].detail, `its discovery document names another issuer: ${provider.issuer}`)
    assert.equal((await put(maple.owner, wanted({ issuer: 'http://localhost:9' }), 422)).body.errors[0].pointer, '/issuer')
    const { text } = await put(maple.owner, wanted(), 200)
    assert.ok(!text.includes(provider.client.client_secret), 'the secret is not shown again')
    assert.equal(problem(await put(oak.owner, wanted())), '409 auth.sign_in_name_taken')
    assert.equal(problem(await api.call(null, 'POST', '/v1/sign-in/openid', { body: { sign_in_name: 'nobody' } })), '404 auth.sign_in_name_unknown')
}

async function signingIn() {
    const { asked } = await begin('maple')
    assert.deepEqual([asked.get('response_type'), asked.get('scope'), asked.get('code_challenge_method')], ['code', 'openid email profile', 'S256'])
    const first = await enter('ann')
    assert.equal(first.answer.status, 201, JSON.stringify(first.answer.body))
    const { session } = first.actor
    assert.deepEqual([session.user.id, session.role, session.company.name, session.opened_by_provider],
        [ann.session.user.id, 'analyst', 'Maple Fleet', true])
    assert.ok(first.body.iss, 'oidc-provider names itself, and that was looked at')
    people.ann.email = 'another@maple.example'
    const again = await enter('ann')
    assert.equal(again.answer.body.user.email, 'ann@maple.example', 'the subject decides')
    const { items } = await api.get(maple.owner, '/v1/audit-events', { limit: 50 })
    assert.equal(items.filter(({ action }) => action === 'member.linked').length, 1)
    assert.equal(items.filter(({ action, method }) => action === 'session.opened' && method === 'provider').length, 2)
}

async function noToken() {
    const { answer } = await enter('ann')
    const seen = JSON.stringify([answer.headers, answer.text])
    // How each of them begins: {"alg":
    assert.ok(!/eyJhbGciOi|id_token|access_token/.test(seen), seen)
}

async function bySecretInBody() {
    const other = await OpenIdProvider.start({
        redirectUri: `http://localhost:${server.port}/sign-in/returned`, people: { olga: people.olga }, auth: 'client_secret_post',
    })
    try {
        await put(oak.owner, { sign_in_name: 'oak', issuer: other.issuer, ...other.client }, 200)
        const begun = await begin('oak')
        const brought = await other.walk(begun.url, 'olga')
        const answer = await finish({ state: brought.get('state'), code: brought.get('code'), iss: brought.get('iss') }, begun.cookie)
        assert.equal(answer.status, 201, JSON.stringify(answer.body))
        assert.equal(answer.body.company.name, 'Oak Outdoor')
        await api.call(oak.owner, 'DELETE', '/v1/identity-provider', { expect: 204 })
    } finally {
        await other.end()
    }
}

async function bound() {
    // Ann works for both; Maple's provider speaks for Maple.
    server.run(`insert into auth.memberships (company_id, user_id, role, created_at)
        select c.company_id, u.user_id, 'owner', now() from companies.companies c, auth.users u
        where c.name = 'Oak Outdoor' and u.email = 'ann@maple.example'`)
    const { actor } = await enter('ann')
    assert.deepEqual(actor.session.companies.map(({ name }) => name), ['Maple Fleet'])
    await api.get(actor, '/v1/campaigns')
    const refusals = [
        ['POST', '/v1/sessions/current/company', { company_id: oak.company.id }, '404 auth.company_not_found'],
        ['POST', '/v1/account/password', { current_password: password, new_password: 'a second long password' }, '403 auth.opened_by_provider'],
        ['POST', '/v1/sessions/current/confirm', { password }, '403 auth.opened_by_provider'],
        ['GET', '/v1/passkeys', undefined, '403 auth.opened_by_provider'],
        ['POST', '/v1/account/second-factor', undefined, '403 auth.opened_by_provider'],
        ['PATCH', '/v1/account', { name: 'Eve' }, '403 auth.opened_by_provider'],
    ]
    for (const [method, path, body, expected] of refusals) {
        assert.equal(problem(await api.call(actor, method, path, { body })), expected, `${method} ${path}`)
    }
    const { items } = await api.get(actor, '/v1/sessions')
    assert.ok(items.length > 0 && items.every(({ id }) => id !== ann.session.id), 'those that the provider opened, not her own')
    await api.call(actor, 'DELETE', '/v1/sessions', { expect: 204 })
    assert.deepEqual((await api.get(actor, '/v1/sessions')).items.map(({ current }) => current), [true])
    await api.call(actor, 'DELETE', '/v1/sessions/current', { expect: 204 })
    assert.equal((await api.call(actor, 'GET', '/v1/sessions/current')).status, 401)
    assert.equal((await api.call(ann, 'GET', '/v1/sessions/current')).status, 200, 'her own goes on')
}

async function strangers() {
    assert.equal(problem((await enter('nina')).answer), '403 auth.provider_stranger')
    assert.equal(problem((await enter('odd')).answer), '403 auth.provider_address_unverified')
    await put(maple.owner, wanted({ client_secret: null, joins_as: 'viewer' }), 200)
    const { actor } = await enter('nina')
    assert.deepEqual([actor.session.user.name, actor.session.role, actor.session.user.email_verified], ['Nina Roy', 'viewer', false])
    assert.equal(problem((await enter('olga')).answer), '403 auth.provider_stranger', 'who has an account is invited')
    assert.equal(problem(await api.call(null, 'POST', '/v1/sessions', { body: { email: 'nina@maple.example', password } })), '401 auth.wrong_credentials')
    await api.call(maple.owner, 'DELETE', `/v1/members/${actor.session.user.id}`, { expect: 204 })
    assert.equal((await api.call(actor, 'GET', '/v1/sessions/current')).status, 401)
    assert.equal(problem((await enter('nina')).answer), '403 auth.provider_stranger', 'removed is removed')
}

async function refusedThere() {
    const { answer } = await enter('ann', { press: 'refuse' })
    assert.equal(problem(answer), '403 auth.provider_denied')
    assert.match(answer.body.detail, /\(access_denied\)/)
}

async function replayed() {
    const over = '403 auth.provider_sign_in_over'
    const { answer, body, begun } = await enter('ann')
    assert.equal(answer.status, 201)
    assert.equal(problem(await finish(body, begun.cookie)), over)
    const fresh = await begin('maple')
    assert.equal(problem(await finish({ ...body, state: fresh.asked.get('state') }, fresh.cookie)), '403 auth.provider_denied', 'the code itself is spent')
    const victim = await begin('maple')
    const attackers = await begin('maple')
    const brought = await provider.walk(attackers.url, 'ann')
    const attack = { state: brought.get('state'), code: brought.get('code'), iss: brought.get('iss') }
    assert.equal(problem(await finish(attack, victim.cookie)), over, 'nobody is signed in as somebody else by a link')
    assert.equal(problem(await finish({ ...attack, state: victim.asked.get('state') }, victim.cookie)), '403 auth.provider_denied', 'PKCE: another flow’s code')
}

/** An ID token of the liar's for this flow: `claims` and `header` replace those of a good one. */
async function idToken({ asked }, { claims = {}, header = {}, key = liar.key.privateKey } = {}) {
    const now = Math.floor(Date.now() / 1000)
    const all = {
        iss: liar.issuer, sub: 'ann', aud: 'mobilytics', exp: now + 300, iat: now, nonce: asked.get('nonce'),
        email: 'ann@maple.example', email_verified: true, ...claims,
    }
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    return new jose.CompactSign(new TextEncoder().encode(JSON.stringify(given))).setProtectedHeader({ alg: 'RS256', kid: 'first', ...header }).sign(key)
}

const url64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

async function lies() {
    const lying = { sign_in_name: 'maple', issuer: liar.issuer, client_id: 'mobilytics', client_secret: 's3cret' }
    liar.behave()
    await put(maple.owner, lying, 200)
    const told = async (make, more = {}) => {
        const begun = await begin('maple')
        const token = await make(begun)
        liar.behave({ token: { access_token: 'x', token_type: 'Bearer', id_token: token } })
        return problem(await finish({ state: begun.asked.get('state'), code: 'c0de', ...more }, begun.cookie))
    }
    assert.equal(await told((begun) => idToken(begun)), '201', 'told the truth it lets Ann in')
    const now = Math.floor(Date.now() / 1000)
    const other = await newKey('first')
    const pem = await jose.exportSPKI(await jose.importJWK(liar.key.public_jwk, 'RS256'))
    const signedBySecret = async (begun, secret) => {
        const [, payload] = (await idToken(begun)).split('.')
        const text = `${url64({ alg: 'HS256', kid: 'first' })}.${payload}`
        return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
    }
    const lies = {
        'another nonce': (begun) => idToken(begun, { claims: { nonce: 'n' } }),
        'no nonce': (begun) => idToken(begun, { claims: { nonce: undefined } }),
        'another audience': (begun) => idToken(begun, { claims: { aud: 'another' } }),
        'two audiences': (begun) => idToken(begun, { claims: { aud: ['mobilytics', 'another'] } }),
        'another party': (begun) => idToken(begun, { claims: { azp: 'another' } }),
        'another issuer': (begun) => idToken(begun, { claims: { iss: provider.issuer } }),
        expired: (begun) => idToken(begun, { claims: { exp: now - 120 } }),
        'from the future': (begun) => idToken(begun, { claims: { iat: now + 600 } }),
        old: (begun) => idToken(begun, { claims: { iat: now - 3600 } }),
        'no subject': (begun) => idToken(begun, { claims: { sub: undefined } }),
        'another key of that name': (begun) => idToken(begun, { key: other.privateKey }),
        'a key that is not published': (begun) => idToken(begun, { header: { kid: 'second' } }),
        'no signature': async (begun) => `${url64({ alg: 'none' })}.${(await idToken(begun)).split('.')[1]}.`,
        'no signature, under a good header': async (begun) => `${(await idToken(begun)).split('.').slice(0, 2).join('.')}.`,
        'HS256 by the public key': (begun) => signedBySecret(begun, pem),
        'HS256 by the key’s modulus': (begun) => signedBySecret(begun, Buffer.from(liar.key.public_jwk.n, 'base64url')),
        'HS256 by the client’s secret': (begun) => signedBySecret(begun, 's3cret'),
        'claims changed after signing': async (begun) => {
            const [header, payload, signature] = (await idToken(begun)).split('.')
            const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
            return `${header}.${url64({ ...claims, sub: 'owner' })}.${signature}`
        },
        'a giant': (begun) => idToken(begun, { claims: { name: 'x'.repeat(20_000) } }),
        'no token': () => 'nothing',
    }
    for (const [what, make] of Object.entries(lies)) assert.equal(await told(make), '403 auth.provider_doubtful', what)
    assert.equal(await told((begun) => idToken(begun), { iss: 'http://evil.example' }), '403 auth.provider_doubtful', 'mixed up with another provider')
    assert.equal(await told((begun) => idToken(begun, { claims: { email: 'owner@oak.example', sub: 'olga' } })), '403 auth.provider_stranger', 'the owner of another company')
    assert.equal(await told((begun) => idToken(begun, { claims: { email: 'staff@mobilytics.example', sub: 'staff' } })), '403 auth.provider_stranger', 'our staff')
    assert.equal(server.count("select count(*) from auth.sessions where bound_company is not null"), 1, 'of all of them one opened a session')
}

async function nonsense() {
    const lying = { sign_in_name: 'maple', issuer: liar.issuer, client_id: 'another', client_secret: 's3cret' }
    const refused = async (discovery) => {
        liar.behave({ discovery })
        const { status, body } = await put(maple.owner, lying)
        assert.equal(`${status} ${body.code}`, '422 auth.provider_unusable', JSON.stringify(discovery))
        return body.errors[0].detail
    }
    const at = `${liar.issuer}/.well-known/openid-configuration`
    assert.equal(await refused([302, { location: `${provider.issuer}/.well-known/openid-configuration` }, '']), `${at} answered 302`)
    assert.equal(await refused([200, {}, `{"issuer":"${'x'.repeat(300_000)}"}`]), `${at} answered more than 131072 bytes`)
    assert.match(await refused([200, {}, '<html>']), /is not the JSON of a provider/)
    assert.match(await refused({ issuer: provider.issuer }), /names another issuer/)
    const whole = { issuer: liar.issuer, authorization_endpoint: `${liar.issuer}/auth`, token_endpoint: `${liar.issuer}/token`, jwks_uri: `${liar.issuer}/keys` }
    assert.match(await refused({ ...whole, authorization_endpoint: 'javascript:alert(1)' }), /must be a URL/)
    assert.match(await refused({ ...whole, token_endpoint: 'http://10.0.0.1/token' }), /not public/)
    assert.match(await refused({ ...whole, jwks_uri: 'file:///etc/passwd' }), /must begin with https/)
    liar.behave()
    await put(maple.owner, lying, 200)
    const unseen = async (from, keys) => {
        const begun = await begin('maple')
        const token = await idToken(begun, { claims: { iss: from.issuer, aud: 'another' }, header: { kid: 'unseen' } })
        from.behave({ keys, token: { id_token: token } })
        return problem(await finish({ state: begun.asked.get('state'), code: 'c0de' }, begun.cookie))
    }
    const askedForKeys = ({ asked }) => asked.filter((path) => path === '/keys').length
    const before = askedForKeys(liar)
    for (let i = 0; i < 5; i += 1) assert.equal(await unseen(liar), '403 auth.provider_doubtful')
    assert.ok(askedForKeys(liar) - before <= 1, 'names of keys that nobody knows do not make the server ask each time')
    const giant = await LyingProvider.start()
    try {
        await put(maple.owner, { ...lying, issuer: giant.issuer }, 200)
        assert.equal(await unseen(giant, [200, {}, `{"keys":[${'{},'.repeat(100_000)}{}]}`]), '403 auth.provider_doubtful', 'a giant set of keys')
        assert.equal(askedForKeys(giant), 1)
    } finally {
        await giant.end()
    }
}

async function inside() {
    const strict = await Server.start('provider_sign_in_strict')
    try {
        const staff = await strict.staff()
        const { owner } = await addCompany(strict.api, staff, { name: 'Strict', email: 'owner@strict.example' })
        for (const issuer of [liar.issuer, 'https://127.0.0.1', 'https://[::1]', 'https://169.254.169.254', 'https://10.1.2.3', 'https://localhost:8443']) {
            const { status, body } = await strict.api.call(owner, 'PUT', '/v1/identity-provider', {
                body: { sign_in_name: 'strict', issuer, client_id: 'a', client_secret: 'b' },
            })
            assert.equal(`${status} ${body.code} ${body.errors[0].pointer}`, '422 auth.invalid_provider /issuer', issuer)
        }
    } finally {
        await strict.end()
    }
}

async function takenAway() {
    people.ann.email = 'ann@maple.example'
    await put(maple.owner, wanted(), 200)
    const { actor } = await enter('ann')
    assert.equal((await api.call(actor, 'GET', '/v1/sessions/current')).status, 200)
    const begun = await begin('maple')
    await api.call(maple.owner, 'DELETE', '/v1/identity-provider', { expect: 204 })
    assert.equal((await api.call(actor, 'GET', '/v1/sessions/current')).status, 401)
    const brought = await provider.walk(begun.url, 'ann')
    const late = { state: brought.get('state'), code: brought.get('code'), iss: brought.get('iss') }
    assert.equal(problem(await finish(late, begun.cookie)), '403 auth.provider_sign_in_over')
}
