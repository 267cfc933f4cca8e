// What would give a company away wherever it turned up: its word, its ids in each way of writing them, its numbers, its
// secrets. A scan takes bytes, whatever they are.
import { gunzipSync } from 'node:zlib'

const idText = /\b[a-z]{2,4}_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g
const uuidText = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g
const cellText = /\b8[0-9a-f]{14}\b/g
const numberText = /-?\d+\.\d{4,}(?:e-?\d+)?|\d{7,}/g
const packedText = /[a-z0-9+/_-]{22,}/gi

const crockford = '0123456789abcdefghjkmnpqrstvwxyz'

/** The UUID that a printed id stands for, as 32 hexadecimal digits. */
const hexOf = (id) => [...id.split('_')[1]].reduce((number, letter) => number * 32n + BigInt(crockford.indexOf(letter)), 0n).toString(16).padStart(32, '0')
export const uuidOf = (id) => hexOf(id).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
const rawOf = (id) => Buffer.from(hexOf(id), 'hex').toString('latin1')

const idsIn = (text) => text.match(idText) ?? []
// A sum ends in other digits when its parts are added in another order: 2.0000000000000004 is a two, and anybody's.
const rounded = (number) => Number(number.toPrecision(12))

/** Numbers that nobody would hit upon: seven digits of meaning, and no number of bytes or milliseconds. */
function numbersIn(value, found = new Set()) {
    if (typeof value === 'number' && String(Math.abs(rounded(value))).replace(/^0\.0*|\./, '').length >= 7) found.add(value)
    else if (value && typeof value === 'object') for (const one of Object.values(value)) numbersIn(one, found)
    return found
}

const doubleOf = (number) => {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleLE(Number(number))
    return bytes.toString('latin1')
}

export class Markers {
    /** Out of what a company's owner is shown (answers), less what the others' owners are shown too. */
    static of({ word, secrets, answers, others, shared }) {
        const text = answers.map((answer) => answer.text).join('\n')
        const known = others.map((answer) => answer.text).join('\n')
        const knownIds = new Set(idsIn(known))
        const knownNumbers = new Set([...others.reduce((found, { body }) => numbersIn(body, found), new Set())].map(rounded))
        const ids = [...new Set(idsIn(text))].filter((id) => !shared.has(id.split('_')[0]) && !knownIds.has(id))
        const numbers = [...answers.reduce((found, { body }) => numbersIn(body, found), new Set())].filter((one) => !knownNumbers.has(rounded(one))).map(String)
        const cells = [...new Set(text.match(cellText))].filter((one) => !known.includes(one))
        return new Markers({ word, secrets, ids, numbers, cells })
    }

    /** `made` is plain, so that it can be kept in a file. */
    constructor(made) {
        this.made = made
        this.word = made.word.toLowerCase()
        this.secrets = made.secrets.map((secret) => secret.toLowerCase())
        this.ids = new Set(made.ids)
        this.uuids = new Set(made.ids.map(uuidOf))
        this.raw = new Set(made.ids.map(rawOf))
        this.numbers = new Set(made.numbers)
        this.doubles = made.numbers.map(doubleOf)
        this.cells = new Set(made.cells)
    }

    get size() {
        return 1 + this.secrets.length + this.ids.size + this.numbers.size + this.cells.size
    }

    /** The markers in a text (bytes as latin1). `sent` are the ids that the request itself named: those may come back. */
    in(bytes, sent = new Set()) {
        const text = bytes.toLowerCase()
        const found = new Set()
        for (let at = text.indexOf(this.word); at >= 0; at = text.indexOf(this.word, at + 1)) found.add(text.slice(at, at + this.word.length + 12))
        for (const secret of this.secrets) if (text.includes(secret)) found.add(`a secret: ${secret.slice(0, 8)}...`)
        for (const id of idsIn(text)) if (this.ids.has(id) && !sent.has(id)) found.add(id)
        for (const uuid of text.match(uuidText) ?? []) if (this.uuids.has(uuid)) found.add(uuid)
        for (const cell of text.match(cellText) ?? []) if (this.cells.has(cell)) found.add(cell)
        for (const number of text.match(numberText) ?? []) if (this.numbers.has(String(Number(number)))) found.add(number)
        for (const packed of bytes.match(packedText) ?? []) this.#inPacked(packed, found)
        return [...found]
    }

    /** What is in an answer: status line apart, everything that came. */
    inAnswer({ headers, bytes }, sent) {
        const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
        const body = plain.toString('latin1')
        const found = this.in(`${JSON.stringify(headers)}\n${body}`, sent)
        // Tiles hold their numbers as doubles.
        if (!/json|text/.test(headers['content-type'] ?? '')) {
            this.doubles.forEach((double, index) => body.includes(double) && found.push(this.made.numbers[index]))
        }
        return found
    }

    /** Cursors are words in base64. */
    #inPacked(packed, found) {
        const inside = Buffer.from(packed, 'base64').toString('latin1')
        if (inside.toLowerCase().includes(this.word)) found.add(`${this.word} in base64`)
        for (const id of idsIn(inside)) if (this.ids.has(id)) found.add(`${id} in base64`)
        for (let at = 0; at + 16 <= inside.length; at += 1) if (this.raw.has(inside.slice(at, at + 16))) found.add('an id in base64')
    }
}
