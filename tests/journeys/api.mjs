// A small client of the API. It checks every answer against api/openapi.json: the operation is documented, the status
// is, the content type is, and the body is as its schema says.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { gzipSync } from 'node:zlib'
import { complaints } from './schema.mjs'

const root = new URL('../../', import.meta.url)
export const document = JSON.parse(readFileSync(new URL(process.env.MOBILYTICS_OPENAPI ?? 'api/openapi.json', root), 'utf8'))

const methods = ['get', 'post', 'put', 'patch', 'delete']

/** Every documented operation: {id, method, path, pattern, doc}; templates with more fixed text come first. */
export const operations = Object.entries(document.paths).flatMap(([path, item]) => {
    const pattern = new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '([^/]+?)')}$`)
    return methods.filter((method) => item[method]).map((method) => ({
        id: item[method].operationId, method: method.toUpperCase(), path, pattern, doc: item[method],
    }))
}).sort((one, other) => one.path.split('{').length - other.path.split('{').length)

export function operationOf(method, path) {
    return operations.find((operation) => operation.method === method && operation.pattern.test(path))
}

/** What is wrong with an answer, in words; nothing when it is as documented. */
export function faultsOf(operation, answer) {
    const { responses } = operation.doc
    const documented = responses[answer.status] ?? (answer.status >= 400 ? responses.default : undefined)
    if (!documented) return [`status ${answer.status} is not documented`]
    return [...faultsOfHeaders(documented, answer.headers), ...faultsOfBody(documented, answer)]
}

/** As text, or as the number that it is said to be. */
const valueOf = (text, { type }) => (type === 'integer' && /^\d+$/.test(text) ? Number(text) : text)

function faultsOfHeaders({ headers = {} }, given) {
    return Object.entries(headers).flatMap(([name, { $ref }]) => {
        const { required, schema } = document.components.headers[$ref.split('/').at(-1)]
        const text = given[name.toLowerCase()]
        if (text === undefined) return required ? [`header ${name} is missing`] : []
        return complaints(document, schema, valueOf(text, schema)).map((fault) => `header ${name}: ${fault}`)
    })
}

function faultsOfBody(documented, answer) {
    if (!documented.content) return answer.bytes.length === 0 ? [] : ['an answer without documented content has a body']
    const type = (answer.headers['content-type'] ?? '').split(';')[0].trim()
    const content = documented.content[type]
    if (!content) return [`content type '${type}' is not documented`]
    if (!content.schema) return []
    const faults = complaints(document, content.schema, answer.body)
    if (answer.status >= 400 && answer.body?.status !== answer.status) faults.push('the problem names another status')
    return faults
}

function bodyOf({ body, raw, type, gzip }) {
    if (body === undefined && raw === undefined) return { bytes: undefined, headers: {} }
    const plain = Buffer.from(raw ?? JSON.stringify(body))
    const bytes = gzip ? gzipSync(plain) : plain
    const headers = { 'content-type': type ?? 'application/json', 'content-length': bytes.length }
    return { bytes, headers: gzip ? { ...headers, 'content-encoding': 'gzip' } : headers }
}

function credentials(actor, method) {
    if (actor?.bearer) return { authorization: `Bearer ${actor.bearer}` }
    if (!actor?.cookie) return {}
    return { cookie: actor.cookie, ...(method === 'GET' ? {} : { 'x-csrf-token': actor.csrf }) }
}

export class Api {
    #agent = new http.Agent({ keepAlive: true, maxSockets: 32 })
    requests = 0
    ran = new Set()

    constructor(port) {
        this.port = port
    }

    close() {
        this.#agent.destroy()
    }

    /** One request as it goes over the wire, unchecked. Rejects when the connection breaks. */
    send(actor, method, path, options = {}) {
        const { bytes, headers } = bodyOf(options)
        const query = new URLSearchParams(Object.entries(options.query ?? {}).filter(([, value]) => value !== undefined))
        const target = query.size ? `${path}?${query}` : path
        this.requests += 1
        return new Promise((done, fail) => {
            const request = http.request({
                host: '127.0.0.1', port: this.port, agent: this.#agent, method, path: target, timeout: 60_000,
                headers: { host: `localhost:${this.port}`, ...credentials(actor, method), ...headers, ...options.headers },
            }, (response) => {
                const pieces = []
                response.on('data', (piece) => pieces.push(piece))
                response.on('error', fail)
                response.on('end', () => done(answerOf(response, Buffer.concat(pieces))))
            })
            request.on('timeout', () => request.destroy(new Error(`${method} ${target}: no answer within a minute`)))
            request.on('error', fail)
            request.end(bytes)
        })
    }

    /** One request whose answer must be as documented; `expect` names the status or the statuses wanted. */
    async call(actor, method, path, options = {}) {
        const operation = operationOf(method, path)
        assert.ok(operation, `${method} ${path} is no operation of api/openapi.json`)
        const answer = await this.send(actor, method, path, options)
        this.ran.add(operation.id)
        const faults = faultsOf(operation, answer)
        assert.deepEqual(faults, [], `${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 2000)}`)
        if (options.expect !== undefined) {
            const wanted = [options.expect].flat()
            assert.ok(wanted.includes(answer.status),
                `${method} ${path} answered ${answer.status}, not ${wanted.join(' or ')}: ${answer.text.slice(0, 2000)}`)
        }
        return answer
    }

    async get(actor, path, query) {
        const { body } = await this.call(actor, 'GET', path, { query, expect: 200 })
        return body
    }

    async post(actor, path, body, expect = 201) {
        const answer = await this.call(actor, 'POST', path, { body, expect })
        return answer.body
    }

    /** Signs in and gives the actor for later calls. */
    async signIn(email, password, sent = {}) {
        const { body: session, headers } = await this.call(null, 'POST', '/v1/sessions', {
            body: { email, password }, headers: sent, expect: 201,
        })
        const line = (headers['set-cookie'] ?? []).find((one) => one.startsWith('__Host-mobilytics='))
        assert.ok(line, 'signing in sets the session cookie')
        for (const rule of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) assert.match(line, new RegExp(`; ${rule}(;|$)`))
        return { cookie: line.split(';')[0], csrf: session.csrf_token, session }
    }
}

function answerOf(response, bytes) {
    const text = bytes.toString('utf8')
    const json = /^application\/(problem\+)?json\b/.test(response.headers['content-type'] ?? '')
    return { status: response.statusCode, headers: response.headers, bytes, text, body: json && text ? JSON.parse(text) : undefined }
}
