// What no proper client sends, over raw sockets to the built product: each request is answered with the status that it
// deserves, or its connection is closed; the process lives on, and nothing of it is stored.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { hour, instant } from './measure.mjs'
import { exchange, RawSocket } from './raw_socket.mjs'
import { Server } from './server.mjs'
import { addCompany, addDevice, addModel, addTruck, visitor } from './world.mjs'

const start = Math.floor(Date.now() / hour) * hour - 8 * hour
const megabyte = 1 << 20

// As the server has them: a header may take 10 s, and a client that reads nothing for 30 s is cut off.
const tricklers = 50
const deafClients = 20

let server, api, device, pid, slow, deaf

suite('hostile HTTP', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('hostile_http')
        api = server.api
        const staff = await server.staff()
        const model = await addModel(api, staff, { name: 'Eye 3' })
        const { owner } = await addCompany(api, staff, { name: 'Besieged', email: 'owner@besieged.example' })
        const asset = await addTruck(api, owner, 'Truck')
        device = await addDevice(api, owner, { serial: 'B-1', name: 'Eye', model, asset, from: start })
        pid = server.child.pid
        // They take their time while everything else goes on.
        slow = await Promise.all(Array.from({ length: tricklers }, trickle))
        deaf = await Promise.all(Array.from({ length: deafClients }, askAndNeverRead))
    })
    after(() => server?.end())

    for (const [kind, rows] of Object.entries({
        'chunk sizes that are none': badChunks(),
        'lengths that cannot be': badLengths(),
        'heads that are none': badHeads(),
        'bodies that are not what their head says': badBodies(),
    })) {
        test(kind, async () => {
            for (const row of rows) await check(row)
        })
    }
    test('pipelined requests are answered in order', pipeline)
    test('what follows a refused request is not read', smuggle)
    test('clients that leave at any point of a request', leaveEarly)
    test('a batch that is sent byte by byte is a batch', sendSlowly)
    test('clients that trickle a header are told to hurry', async () => {
        for (const { answers } of await Promise.all(slow.map((socket) => socket.whole()))) {
            assert.deepEqual(answers.map(({ status }) => status), [408])
        }
    })
    test('clients that read nothing are let go', async () => {
        await Promise.all(deaf.map((socket) => socket.gone()))
    })
    test('the same process serves on, nothing was stored, and nothing failed', checkServer)
})

let number = 0

/** A body that would be stored if it were believed. */
const batch = () => {
    number += 1
    return JSON.stringify({ batch: `hostile-${number}`, sightings: [{ at: instant(start), visitor: visitor(number), rssi_dbm: -60 }] })
}

const head = (lines, target = '/v1/ingest/batch', method = 'POST') =>
    `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${device.token.bearer}\r\nContent-Type: application/json\r\n${lines}\r\n`
const get = (target = '/livez', lines = '') => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${lines}\r\n`
const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)))
const withLength = (body, lines = '') => bytes(head(`${lines}Content-Length: ${Buffer.byteLength(body)}\r\n`), body)
const chunk = (body, size = Buffer.byteLength(body).toString(16)) => `${size}\r\n${body}\r\n`
const chunked = (body) => head('Transfer-Encoding: chunked\r\n') + body
const gzip = 'Content-Encoding: gzip\r\n'

// Rows of [name, bytes when asked, status]; 0 is a connection that is closed without an answer.
function badChunks() {
    return [
        ...['-5', '0x5', '5zz', '', ' ', '+5', '5 5', 'fffffffffffffffff', '10000000000000000'].map((size) =>
            [`'${size}'`, () => chunked(chunk(batch(), size) + chunk('')), 400]),
        ['a chunk longer than its size', () => chunked(chunk(batch(), '5') + chunk('')), 400],
        ['a chunk shorter than its size', () => chunked(chunk(batch(), '200') + chunk('')), 0],
        ['no end of a chunk', () => chunked(chunk(batch()).slice(0, -2) + chunk('')), 400],
        ['line feeds alone', () => chunked(chunk(batch()).replaceAll('\r\n', '\n')), 0],
        ['an extension without end', () => chunked(`5;${'x'.repeat(100_000)}`), 400],
        ['a trailer without end', () => chunked(`${chunk(batch())}0\r\nX: ${'x'.repeat(100_000)}`), 400],
        ['no last chunk', () => chunked(chunk(batch())), 0],
    ]
}

function badLengths() {
    return [
        ['two that differ', () => bytes(head('Content-Length: 5\r\nContent-Length: 6\r\n'), batch()), 400],
        ['the same twice', () => withLength(batch(), 'Content-Length: 5\r\n'), 400],
        ...['5, 5', '+5', '-5', '5abc', '0x5', '', '99999999999999999999', '18446744073709551616', '5 5', '5.0'].map((length) =>
            [`'${length}'`, () => bytes(head(`Content-Length: ${length}\r\n`), batch()), 400]),
        ['a length and chunks', () => bytes(head('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'), chunk(batch()), chunk('')), 400],
        ['chunks and a length', () => bytes(head('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n'), chunk(batch()), chunk('')), 400],
        ...['gzip', 'chunked, gzip', 'gzip, chunked', 'xchunked', 'chunked\r\nTransfer-Encoding: chunked', 'identity', 'chunked;q=1'].map((coding) =>
            [`Transfer-Encoding: ${JSON.stringify(coding)}`, () => bytes(head(`Transfer-Encoding: ${coding}\r\n`), chunk(batch()), chunk('')), 400]),
        ['a space before the colon', () => bytes(head('Transfer-Encoding : chunked\r\n'), chunk(batch()), chunk('')), 400],
        ['chunks in HTTP/1.0', () => chunked(chunk(batch()) + chunk('')).replace('HTTP/1.1', 'HTTP/1.0'), 400],
        ['more than a route takes', () => withLength(' '.repeat(megabyte + 1)), 413],
        ['a promise of a terabyte', () => head('Content-Length: 1099511627776\r\n'), 413],
        ['chunks without end', () => chunked(chunk(' '.repeat(65_536)).repeat(20)), 413],
        ['fewer bytes than promised', () => bytes(head('Content-Length: 1000\r\n'), batch()), 0],
    ]
}

function badHeads() {
    return [
        ['a long header', () => get('/livez', `X: ${'x'.repeat(20_000)}\r\n`), 431],
        ['many headers', () => get('/livez', 'X: y\r\n'.repeat(200)), 431],
        ['a header without end', () => get('/livez', `X: ${'x'.repeat(200_000)}`), 431],
        ['headers without end', () => get('/livez', 'X: yyyyyyyyyyyyyyyyyyyy\r\n'.repeat(10_000)), 431],
        ['a long address', () => get(`/livez?${'x'.repeat(10_000)}`), 414],
        ['an address without end', () => `GET /${'x'.repeat(200_000)}`, 414],
        ['no Host', () => 'GET /livez HTTP/1.1\r\n\r\n', 400],
        ['two Hosts', () => get('/livez', 'Host: other\r\n'), 400],
        ['a header without colon', () => get('/livez', 'X\r\n'), 400],
        ['a first header that begins with a space', () => 'GET /livez HTTP/1.1\r\n Host: a\r\n\r\n', 400],
        ['a folded header', () => get('/livez', 'X: y\r\n z: 1\r\n'), 200],
        ['a header without name', () => get('/livez', ': y\r\n'), 400],
        ['NUL in a header', () => get('/livez', 'X: a\0b\r\n'), 400],
        ['carriage return in a header', () => get('/livez', 'X: a\rb\r\n'), 400],
        ['line feeds alone', () => get().replaceAll('\r\n', '\n'), 400],
        ['carriage returns alone', () => get().replaceAll('\r\n', '\r'), 400],
        ['an address without slash', () => get('livez'), 400],
        ['a star', () => get('*'), 400],
        ['a space in the address', () => get('/live z'), 400],
        ['bytes in the address', () => bytes('GET /', [0xff, 0xfe], ' HTTP/1.1\r\nHost: a\r\n\r\n'), [400, 404]],
        ['NUL in the address', () => get('/livez\0'), 400],
        ['an encoded NUL', () => get('/%00'), 404],
        ['half an encoding', () => get('/livez%2'), 404],
        ['bytes that are no text', () => get('/%ff%fe'), 404],
        ['the way out of the folder', () => get('/../../../../etc/passwd'), 404],
        ['the same encoded', () => get('/..%2f..%2f..%2fetc/passwd'), 404],
        ['a query that is no text', () => get('/v1/basemap?%ff=%00'), [200, 400, 401, 422]],
        ['a method that is none', () => 'BREW /livez HTTP/1.1\r\nHost: a\r\n\r\n', 501],
        ['a method in small letters', () => 'get /livez HTTP/1.1\r\nHost: a\r\n\r\n', 501],
        ['CONNECT', () => 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', [400, 501]],
        ['TRACE', () => get().replace('GET', 'TRACE'), 501],
        ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
        ['HTTP/1.2', () => get().replace('HTTP/1.1', 'HTTP/1.2'), 505],
        ['HTTP/9.9.9', () => get().replace('HTTP/1.1', 'HTTP/9.9.9'), 400],
        ['another expectation', () => get('/livez', 'Expect: luck\r\n'), 417],
        ['TLS', () => bytes([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3], 'x'.repeat(500)), 400],
        ['nothing but bytes', () => Buffer.alloc(1000, 0xff), 400],
        ['nothing but zeroes', () => Buffer.alloc(1000), 400],
        ['nothing but empty lines', () => '\r\n'.repeat(500), [0, 400]],
        ['nothing', () => '', 0],
    ]
}

function badBodies() {
    return [
        ['gzip cut off', () => withLength(gzipSync(batch()).subarray(0, -5), gzip), 400],
        ['gzip with a wrong sum', () => withLength(bytes(gzipSync(batch()).subarray(0, -8), Buffer.alloc(8)), gzip), 400],
        ['gzip and more', () => withLength(bytes(gzipSync(batch()), 'more'), gzip), 400],
        ['no gzip', () => withLength(batch(), gzip), 400],
        ['an empty gzip', () => withLength('', gzip), 400],
        ['gzip within gzip', () => withLength(gzipSync(gzipSync(batch())), gzip), 400],
        ['a bomb', () => withLength(gzipSync(Buffer.alloc(200 * megabyte, ' ')), gzip), 413],
        ['a small bomb', () => withLength(gzipSync(Buffer.alloc(4 * megabyte, ' ')), gzip), 413],
        ['a bomb in chunks', () => bytes(head(`${gzip}Transfer-Encoding: chunked\r\n`), ...bombInChunks()), 413],
        ...['deflate', 'br', 'gzip, gzip', 'zstd'].map((coding) => [coding, () => withLength(batch(), `Content-Encoding: ${coding}\r\n`), 415]),
        ['another type', () => withLength(batch()).toString().replace('application/json', 'text/xml'), 415],
        ['another character set', () => withLength(batch()).toString().replace('application/json', 'application/json; charset=utf-16'), 415],
        ['no body', () => head(''), 400],
    ]
}

function bombInChunks() {
    const bomb = gzipSync(Buffer.alloc(200 * megabyte, ' '))
    const pieces = []
    for (let from = 0; from < bomb.length; from += 10_000) {
        const piece = bomb.subarray(from, from + 10_000)
        pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'))
    }
    return [...pieces, Buffer.from('0\r\n\r\n')]
}

async function check([name, make, wanted]) {
    const { answers, rest } = await exchange(server.port, make())
    const told = `${name}: ${answers.map(({ status }) => status)} ${rest.subarray(0, 200)}`
    assert.ok([wanted].flat().includes(answers[0]?.status ?? 0), `${told}, not ${wanted}`)
    assert.equal(rest.length, 0, told)
    // Nobody knows where a next request would begin.
    assert.ok(answers.length <= 1, told)
    for (const answer of answers) isProblem(answer, told)
    const { status } = await api.send(null, 'GET', '/livez')
    assert.equal(status, 200, `after ${name}`)
}

function isProblem({ status, headers, body }, told) {
    if (status < 400) return
    assert.equal(headers['content-type'], 'application/problem+json', told)
    const problem = JSON.parse(body)
    assert.equal(problem.status, status, told)
    assert.equal(problem.instance, headers['x-request-id'], told)
}

async function pipeline() {
    const targets = ['/livez', '/v1/nowhere', '/v1/assets', '/readyz']
    const requests = Array.from({ length: 400 }, (_, index) => get(targets[index % 4], `X-Request-Id: ${index}\r\n`))
    const { answers } = await exchange(server.port, requests.join(''))
    assert.deepEqual(answers.map(({ headers }) => Number(headers['x-request-id'])), requests.map((_, index) => index))
    assert.deepEqual(answers.map(({ status }) => status), requests.map((_, index) => [200, 404, 401, 200][index % 4]))
}

async function smuggle() {
    const inner = withLength(batch()).toString()
    const rows = [
        bytes(head('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n'), '0\r\n\r\n', inner),
        bytes(head('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n'), '0\r\n\r\n', inner),
        bytes(head('Content-Length: 0\r\nContent-Length: 5\r\n'), inner),
        bytes(head('Transfer-Encoding:\x0bchunked\r\nContent-Length: 0\r\n'), inner),
        bytes(get('/livez', 'X: y\nTransfer-Encoding: chunked\r\n'), inner),
    ]
    for (const row of rows) {
        const { answers } = await exchange(server.port, bytes(get(), row))
        assert.deepEqual(answers.map(({ status }) => status), [200, 400], row.subarray(0, 200).toString())
    }
}

async function leaveEarly() {
    const whole = withLength(batch())
    const cuts = Array.from({ length: 60 }, (_, index) => Math.floor((index * whole.length) / 60))
    await Promise.all(cuts.map(async (cut, index) => {
        const socket = await RawSocket.open(server.port)
        socket.send(whole.subarray(0, cut))
        if (index % 2) await sleep(5)
        socket.reset()
    }))
}

async function sendSlowly() {
    const body = batch()
    const socket = await RawSocket.open(server.port)
    for (const byte of withLength(body, 'Connection: close\r\n')) {
        socket.send(Buffer.from([byte]))
        await sleep(0)
    }
    const { answers } = await socket.whole()
    assert.deepEqual(answers.map(({ status }) => status), [202])
    stored += 1
}

let stored = 0

async function trickle() {
    const socket = await RawSocket.open(server.port)
    socket.send('GET /livez HTTP/1.1\r\n')
    const timer = setInterval(() => socket.send('X: y\r\n'), 500)
    socket.closed.then(() => clearInterval(timer))
    return socket
}

/** Asks for more than sockets hold and reads none of it. Who does not read learns only by sending that it was cut off. */
async function askAndNeverRead() {
    const socket = await RawSocket.open(server.port)
    socket.socket.pause()
    socket.send(get('/openapi.json').repeat(300))
    const timer = setInterval(() => socket.send('X'), 500)
    socket.closed.then(() => clearInterval(timer))
    return socket
}

function checkServer(t) {
    assert.equal(server.child.exitCode, null)
    assert.equal(server.child.pid, pid)
    assert.equal(server.count('select count(*) from measurements.batches'), stored)
    assert.equal(server.count('select count(*) from measurements.sightings'), stored)
    const log = readFileSync(server.log, 'utf8')
    assert.doesNotMatch(log, /request failed|connection failed|"status":5(?!0[15])/)
    const rss = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])
    t.diagnostic(`the server's memory never passed ${Math.round(rss / 1024)} MB`)
}
