// Getting in: signing in beside the argon2id that it must do, somebody unknown beside a wrong password, and what a read
// costs by the way it is proved who asks.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Server } from '../../journeys/server.mjs'
import { addCompany, addTruck, password } from '../../journeys/world.mjs'
import { interleaved, measure, medianOf, ratioOf } from '../pairs.mjs'
import { costOf, digits, ratio } from '../print.mjs'
import { load, sql, writeRequests } from '../programs.mjs'

export const title = 'Access'

const here = import.meta.dirname
const signInsAtOnce = 2
const guesses = 40  // of each kind a round; a caller has a hundred free

export async function run({ pairs: count, seconds }) {
    const server = await Server.start('bench_access', ['--only', 'api'])
    let argon2
    try {
        const { api } = server
        const staff = await server.staff()
        const { owner } = await addCompany(api, staff, { name: 'Reader', email: 'owner@reader.example' })
        argon2 = await Argon2.start(server)
        const requests = (name, list) => writeRequests(path.join(server.home, `${name}.tsv`), list)
        const signIn = requests('sign_in', [trying('owner@reader.example', password)])
        const signedIn = await interleaved({
            count, sides: [
                () => measure(server, () => load(server, signIn, 201, { connections: signInsAtOnce, seconds })),
                () => measure(argon2, () => argon2.during(seconds)),
            ],
        })
        const wrong = requests('wrong', [trying('owner@reader.example', 'not the password')])
        const unknown = requests('unknown', [trying('nobody@reader.example', 'not the password')])
        const refused = (file) => async () => {
            await sql(server, 'delete from auth.sign_in_attempts')
            return measure(server, () => guessed(server, file))
        }
        const told = await interleaved({ count, sides: [refused(unknown), refused(wrong)] })
        const read = await readings(server, { owner, count, seconds })
        return [ofSigningIn(signedIn), ofTelling(told), ...read]
    } finally {
        await argon2?.end()
        await server.end()
    }
}

const trying = (email, secret) => ({ method: 'POST', target: '/v1/sessions', body: JSON.stringify({ email, password: secret }) })

/** One after the other, and what they took. Ten wrong ones of a person are free, so their count is taken away meanwhile. */
async function guessed(server, file) {
    const times = []
    for (let done = 0; done < guesses; done += 10) {
        const report = await load(server, file, 401, { connections: 1, requests: 10 })
        times.push(report)
        await sql(server, 'delete from auth.sign_in_attempts')
    }
    const sum = (name) => times.reduce((all, one) => all + one[name], 0)
    return { operations: sum('operations'), seconds: sum('seconds') }
}

async function readings(server, { owner, count, seconds }) {
    const { api } = server
    const key = await api.post(owner, '/v1/api-keys', { name: 'bench', role: 'viewer' })
    const { id } = await addTruck(api, owner, 'Truck')
    const target = `/v1/assets/${id}`
    const file = (name, request) => writeRequests(path.join(server.home, `${name}.tsv`), [request])
    const byKey = file('by_key', { target, bearer: key.secret })
    const bySession = file('by_session', { target })
    const read = (of, headers = []) => () => measure(server, () => load(server, of, 200, { connections: 8, seconds, headers }))
    const { access_token: token } = await api.post(null, '/v1/token', { grant_type: 'client_credentials', client_secret: key.secret }, 200)
    const byToken = file('by_token', { target, bearer: token })
    const beside = async (ours, limit) => {
        const measured = await interleaved({ count, sides: [ours, limit] })
        return {
            ours: costOf(measured, 0), limit: costOf(measured, 1),
            ratio: `CPU with the database's ${ratio(ratioOf(measured, all), measured)}`, aim: 'not set',
        }
    }
    return [{
        what: 'GET /v1/assets/{id} by an API key; the same by a session',
        short: 'a read by an API key, beside a session',
        ...await beside(read(byKey), read(bySession, [`Cookie: ${owner.cookie}`])),
    }, {
        what: 'GET /v1/assets/{id} by an access token of POST /v1/token, whose signature is verified each time; the same by the API key',
        short: 'a read by an access token, beside the API key', ...await beside(read(byToken), read(byKey)),
    }]
}

const all = ({ server_us, database_us }) => server_us + database_us

function ofSigningIn(measured) {
    return {
        what: `POST /v1/sessions with the right password, ${signInsAtOnce} at once; argon2id alone, with the same parameters`,
        short: 'signing in, beside argon2id alone', ours: costOf(measured, 0, 'sign-in'), limit: costOf(measured, 1, 'hash'),
        ratio: `CPU with the database's ${ratio(ratioOf(measured, all), measured)}`, aim: 'not set',
    }
}

function ofTelling(measured) {
    const each = ({ rate }) => 1e6 / rate
    const ms = (side) => `${digits(medianOf(measured, side, each) / 1000)} ms each`
    return {
        what: 'POST /v1/sessions for an address that nobody has; for one that somebody has, with a wrong password; one after the other',
        short: 'an unknown address, beside a wrong password', ours: `${ms(0)}; ${costOf(measured, 0)}`, limit: `${ms(1)}; ${costOf(measured, 1)}`,
        ratio: `time ${ratio(ratioOf(measured, each), measured)}`, aim: 'not to be told apart',
    }
}

class Argon2 {
    static async start(server) {
        const [stored] = await sql(server, "select password_hash from auth.users where email = 'owner@reader.example'")
        const [, memory, passes, lanes] = /\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(stored)
        const child = spawn(process.execPath, [path.join(here, '../peers/argon2.mjs'), memory, passes, lanes, String(signInsAtOnce)],
            { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, UV_THREADPOOL_SIZE: String(signInsAtOnce) } })
        const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
        assert.equal((await lines.next()).value, 'ready')
        return Object.assign(new Argon2(), { child, lines, pids: [child.pid], postmaster: () => server.postmaster() })
    }

    async during(seconds) {
        this.child.stdin.write(`${seconds}\n`)
        return JSON.parse((await this.lines.next()).value)
    }

    async end() {
        this.child.stdin.end()
        await once(this.child, 'exit')
    }
}
