// A client that sends exactly the bytes it is told, for tests of what no proper client would send.
import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const headEnd = '\r\n\r\n'

// Far beyond all time limits of the server: only a test that would hang for ever gets there.
const patience_ms = 180_000

/** Splits what came into answers: {status, headers, body}. `rest` is what is no whole answer. */
export function answersIn(bytes) {
    const text = bytes.toString('latin1')
    const answers = []
    let from = 0
    while (from < text.length) {
        const end = text.indexOf(headEnd, from)
        const line = /^HTTP\/1\.1 (\d{3}) /.exec(text.slice(from, from + 16))
        if (!line || end < 0) break
        const status = Number(line[1])
        const headers = Object.fromEntries(text.slice(from, end).split('\r\n').slice(1).map((one) => {
            const colon = one.indexOf(':')
            return [one.slice(0, colon).toLowerCase(), one.slice(colon + 1).trim()]
        }))
        const size = Number(headers['content-length'] ?? 0)
        const start = end + headEnd.length
        if (start + size > text.length) break
        answers.push({ status, headers, body: bytes.subarray(start, start + size).toString('utf8') })
        from = start + size
    }
    return { answers, rest: bytes.subarray(from) }
}

export class RawSocket {
    #pieces = []

    static async open(port) {
        const socket = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true })
        await once(socket, 'connect')
        return new RawSocket(socket)
    }

    constructor(socket) {
        this.socket = socket
        socket.on('data', (piece) => this.#pieces.push(piece))
        // The server may cut off whom it does not want to hear: that is an answer too, told by `closed`.
        socket.on('error', () => {})
        this.closed = new Promise((done) => {
            socket.on('end', done)
            socket.on('close', done)
        })
    }

    send(bytes) {
        if (this.socket.writable) this.socket.write(bytes)
    }

    /** No more will be sent. */
    end() {
        this.socket.end()
    }

    received() {
        return answersIn(Buffer.concat(this.#pieces))
    }

    /** Sends one request and waits for its answer. */
    async ask(bytes) {
        const had = this.received().answers.length
        this.send(bytes)
        while (this.received().answers.length === had) {
            const gone = await Promise.race([this.closed.then(() => true), once(this.socket, 'data').then(() => false)])
            if (gone) throw new Error('the connection was closed without an answer')
        }
        return this.received().answers.at(-1)
    }

    /** Waits until the server closed; fails when it never does. */
    async gone() {
        const ended = await Promise.race([this.closed.then(() => true), sleep(patience_ms, false, { ref: false })])
        this.socket.destroy()
        if (!ended) throw new Error('the server did not close the connection')
    }

    /** Everything that the server had to say until it closed. */
    async whole() {
        await this.gone()
        return this.received()
    }

    /** Gone without a good-bye: what was not sent yet is lost, what comes is refused. */
    reset() {
        this.socket.resetAndDestroy()
    }
}

/** Sends bytes on a connection of their own and gives all that is answered. */
export async function exchange(port, bytes, { halfClose = true } = {}) {
    const socket = await RawSocket.open(port)
    socket.send(bytes)
    if (halfClose) socket.end()
    return socket.whole()
}
