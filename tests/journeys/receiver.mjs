// Somebody else's server that takes webhooks: it answers as it is told, and keeps what it was sent.
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'

export class Receiver {
    /** With `tls` ({key, cert}) over https. */
    static async start(tls) {
        const receiver = new Receiver()
        const take = (request, response) => void receiver.#take(request, response)
        receiver.server = (tls ? https.createServer(tls, take) : http.createServer(take)).listen(0, '127.0.0.1')
        await once(receiver.server, 'listening')
        receiver.url = `${tls ? 'https' : 'http'}://127.0.0.1:${receiver.server.address().port}`
        return receiver
    }

    /** What came, oldest first: {path, headers, body}. */
    got = []
    #answers = []
    #held = []

    /** What is answered next, in order, then always 204: {status, headers, body}; 'never' keeps the request waiting. */
    willAnswer(...answers) {
        this.#answers.push(...answers)
    }

    /** What was still to be answered otherwise is forgotten: from now on 204. */
    recover() {
        this.#answers = []
    }

    /** Everything that was sent to a path. */
    at(path) {
        return this.got.filter((one) => one.path === path)
    }

    /** Whoever is asked for as an issuer, `${url}/id/WORD`, is one. */
    #provider(word, response) {
        const issuer = `${this.url}/id/${word}`
        const document = { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` }
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
    }

    async #take(request, response) {
        const word = /^\/id\/(\w+)\/\.well-known\/openid-configuration$/.exec(request.url)?.[1]
        if (word) return this.#provider(word, response)
        const pieces = []
        for await (const piece of request) pieces.push(piece)
        this.got.push({ path: request.url, headers: request.headers, body: Buffer.concat(pieces).toString('utf8') })
        const answer = this.#answers.shift() ?? { status: 204 }
        if (answer === 'never') {
            return this.#held.push(response)
        }
        response.writeHead(answer.status, answer.headers).end(answer.body)
    }

    async end() {
        for (const response of this.#held) response.destroy()
        this.server.closeAllConnections()
        this.server.close()
        await once(this.server, 'close')
    }
}

/** For the server's mobilytics.toml: webhooks may go to a receiver on this machine. */
export const settings = '[webhooks]\nallow_http = true\nallow_this_machine_for_tests = true\n'
