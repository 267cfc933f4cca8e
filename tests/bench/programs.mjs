// The programs beside the product: the load generator, raw COPY, pgbench.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { root } from '../journeys/server.mjs'

const run = promisify(execFile)
export const built = (name) => path.join(root, 'build/release/tests/bench', name)

/** In a body: the load generator puts the request's number in its place. */
export const placeholder = '%'.repeat(16)

/** A file of requests for the load generator: [{method, target, bearer, body}, ...]. */
export function writeRequests(file, requests) {
    writeFileSync(file, requests.map(({ method = 'GET', target, bearer = '', body = '' }) => `${method}\t${target}\t${bearer}\t${body}\n`).join(''))
    return file
}

/** Runs the load generator; every answer must have the status `expect`. `headers`: lines that all requests carry. */
export async function load(server, file, expect, { headers = [], ...options }) {
    const words = [...Object.entries({ port: server.port, file, ...options }), ...headers.map((line) => ['header', line])]
        .map(([name, value]) => `${name}=${value}`)
    const { stdout } = await run(built('load'), words)
    const report = JSON.parse(stdout)
    assert.deepEqual(Object.keys(report.statuses), [String(expect)], `answers by status: ${JSON.stringify(report.statuses)}`)
    return { ...report, operations: report.answers }
}

/** Raw COPY of rows that the product stored; ask it with `copy(rows a transaction)`, then `end()`. */
export async function rawCopy(server, rows) {
    const child = spawn(built('raw_copy'), ['mobilytics_owner', 'mobilytics_ingest'].map((user) => server.conninfo(user)).concat(String(rows)),
        { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    assert.equal((await lines.next()).value, 'ready')
    return {
        pid: child.pid,
        async copy(rowsPerTransaction) {
            child.stdin.write(`${rowsPerTransaction}\n`)
            return JSON.parse((await lines.next()).value)
        },
        async end() {
            child.stdin.end()
            await once(child, 'exit')
        },
    }
}

/** Runs SQL as the owner of the tables, with all companies in sight; gives psql's lines. */
export async function sql(server, text) {
    const child = run('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', server.conninfo('mobilytics_owner')], {
        env: { ...process.env, PGOPTIONS: '-c app.scope=system' }, maxBuffer: 64 << 20,
    })
    child.child.stdin.end(text)
    return (await child).stdout.trimEnd().split('\n')
}

/** pgbench -M prepared for some seconds on scripts, of which it picks one at random each time. */
export async function pgbench(server, { scripts, variables = {}, connections, seconds, user = 'mobilytics_app' }) {
    const files = scripts.map((text, index) => {
        const file = path.join(server.home, `pgbench-${index}.sql`)
        writeFileSync(file, text)
        return ['-f', file]
    })
    const set = Object.entries(variables).map(([name, value]) => ['-D', `${name}=${value}`])
    const words = ['-n', '-M', 'prepared', '-c', connections, '-j', 1, '-T', seconds, ...files.flat(), ...set.flat(), server.conninfo(user)]
        .map(String)
    const { stdout } = await run('pgbench', words)
    const number = (pattern) => Number(pattern.exec(stdout)[1])
    assert.equal(number(/number of failed transactions: (\d+)/), 0, stdout)
    const rate = number(/^tps = ([\d.]+)/m)
    const operations = number(/number of transactions actually processed: (\d+)/)
    return { operations, seconds: operations / rate }
}

/** A statement of the product by its name, with :parameters for its $1, $2, ... */
export function statement(room, name, parameters) {
    const text = readFileSync(path.join(root, 'src', room, 'queries.sql'), 'utf8')
    const [, sql] = new RegExp(`^-- name: ${name} .*\\n((?:(?!-- name:).*\\n)*)`, 'm').exec(text)
    const bare = sql.replace(/--.*\n/g, '').trim().replace(/;?$/, ';')
    return bare.replace(/\$(\d+)/g, (_, number) => parameters[number - 1])
}
