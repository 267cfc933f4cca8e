// OpenID providers on this machine: a real one (npm oidc-provider), and one that says whatever a test wants. The server must
// have been started with the settings of receiver.mjs, that let it ask this machine.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { fromWeb } from './web_packages.mjs'

async function listen(handler) {
    const server = http.createServer(handler).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { server, issuer: `http://localhost:${server.address().port}` }
}

async function close(server) {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
}

async function newKey(kid) {
    const { generateKeyPair, exportJWK } = await fromWeb('jose')
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
    const more = { kid, use: 'sig', alg: 'RS256' }
    return { privateKey, private_jwk: { ...await exportJWK(privateKey), ...more }, public_jwk: { ...await exportJWK(publicKey), ...more } }
}

const page = (uid) => `<!doctype html><html lang="en"><title>Maple ID</title><main><h1>Maple ID</h1>
<form method="post" action="/interaction/${uid}"><label>Login <input name="login" autofocus></label>
<button name="do" value="enter">Enter</button><button name="do" value="refuse">Refuse</button></form></main></html>`

/** oidc-provider with a page of its own. Everybody named in `people` may enter: {login: {email, email_verified, name}}. */
export class OpenIdProvider {
    static async start({ redirectUri, people, auth = 'client_secret_basic' }) {
        const { default: Provider } = await fromWeb('oidc-provider')
        const { private_jwk: key } = await newKey('first')
        const self = new OpenIdProvider()
        self.people = people
        const { server, issuer } = await listen((request, response) => self.#answer(request, response))
        Object.assign(self, { server, issuer, client: { client_id: 'mobilytics', client_secret: 'a secret: of & both' } })
        self.provider = new Provider(issuer, {
            clients: [{ ...self.client, redirect_uris: [redirectUri], token_endpoint_auth_method: auth }],
            clientAuthMethods: [auth],
            jwks: { keys: [key] },
            cookies: { keys: ['of this test'] },
            ttl: { AccessToken: 60, Grant: 60, IdToken: 300, Interaction: 300, Session: 300 },
            claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
            features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true } },
            interactions: { url: (_, { uid }) => `/interaction/${uid}` },
            findAccount: (_, login) => self.people[login] && { accountId: login, claims: () => ({ sub: login, ...self.people[login] }) },
            // Whoever enters has agreed: the company runs both sides.
            loadExistingGrant: async ({ oidc }) => {
                const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
                grant.addOIDCScope('openid email profile')
                grant.addOIDCClaims(['email', 'email_verified', 'name'])
                await grant.save()
                return grant
            },
        })
        self.callback = self.provider.callback()
        return self
    }

    async #answer(request, response) {
        const uid = /^\/interaction\/([\w-]+)$/.exec(request.url)?.[1]
        if (!uid) return this.callback(request, response)
        if (request.method === 'GET') return response.writeHead(200, { 'content-type': 'text/html' }).end(page(uid))
        const pieces = []
        for await (const piece of request) pieces.push(piece)
        const given = new URLSearchParams(Buffer.concat(pieces).toString('utf8'))
        const login = given.get('login')
        const result = given.get('do') === 'enter' && this.people[login] ? { login: { accountId: login } } : { error: 'access_denied' }
        return this.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
    }

    /** What a browser does from `url` on, with somebody who fills in the page; gives what it is sent back with. */
    async walk(url, login, press = 'enter') {
        const jar = new Map()
        let [next, init] = [url, {}]
        for (let step = 0; step < 12; step += 1) {
            const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
            const response = await fetch(next, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } })
            for (const line of response.headers.getSetCookie()) {
                const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
                jar.set(name, value)
            }
            const location = response.headers.get('location')
            if (location && !location.startsWith(this.issuer) && !location.startsWith('/')) return new URL(location).searchParams
            if (location) [next, init] = [new URL(location, this.issuer).href, {}]
            else {
                assert.equal(response.status, 200, await response.text())
                init = { method: 'POST', body: new URLSearchParams({ login, do: press }) }
            }
        }
        throw new Error('the provider never sent the browser back')
    }

    end() {
        return close(this.server)
    }
}

/** A provider that answers as it is told; by itself it would be a good one. */
export class LyingProvider {
    static async start() {
        const self = new LyingProvider()
        self.key = await newKey('first')
        self.asked = []
        const { server, issuer } = await listen((request, response) => self.#answer(request, response))
        Object.assign(self, { server, issuer })
        self.behave()
        return self
    }

    /** What differs from a good one: `discovery`, `keys` and `token` are answers, [status, headers, body] or a body. */
    behave({ discovery, keys, token } = {}) {
        const { issuer } = this
        this.answers = {
            '/.well-known/openid-configuration': discovery ?? {
                issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys`,
            },
            '/keys': keys ?? { keys: [this.key.public_jwk] },
            '/token': token ?? { error: 'invalid_grant' },
        }
    }

    #answer(request, response) {
        request.resume()
        this.asked.push(request.url)
        const answer = this.answers[request.url] ?? [404, {}, '']
        const [status, headers, body] = Array.isArray(answer) ? answer : [200, {}, JSON.stringify(answer)]
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    }

    end() {
        return close(this.server)
    }
}

export { newKey }
