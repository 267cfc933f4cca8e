// Starts the built product as a person would: a fresh home folder, its own database in it, a free port. Everything is
// ended by process id.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, copyFileSync, existsSync, fstatSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Api } from './api.mjs'
import { until } from './world.mjs'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const binary = path.resolve(root, process.env.MOBILYTICS_BINARY ?? 'build/release/app/mobilytics')
export const artefacts = path.join(root, 'build/artefacts')

// The server is given what this file says and nothing that happens to be set around it: a port, another home.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MOBILYTICS_')))

export const staffPassword = 'a long enough password of staff'

// Tests ask faster than any person or program would; those about quotas set one.
const withoutQuota = { ...env, MOBILYTICS_QUOTA_REQUESTS: '0', MOBILYTICS_QUOTA_ANONYMOUS_REQUESTS: '0' }

// A start includes initdb and every migration; restarts after kill -9 include the database's recovery.
const readyWithin_ms = 120_000
const endWithin_ms = 60_000

export async function freePort() {
    const probe = net.createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address()
    probe.close()
    await once(probe, 'close')
    return port
}

const alive = (pid) => {
    try {
        process.kill(pid, 0)
        return true
    } catch {
        return false
    }
}

export class Server {
    /** `name` is the journey's; its log is kept as build/artefacts/<name>.log. `words` go to the command line of serve,
     * `settings` are the text of mobilytics.toml, which every verb on this home reads. */
    static async start(name, words = [], settings = '') {
        assert.ok(existsSync(binary), `${binary} is not built`)
        const home = mkdtempSync(path.join(tmpdir(), 'mobilytics-'))
        // The database runs as another user when root starts it, and must get through to its folder.
        chmodSync(home, 0o755)
        if (settings) writeFileSync(path.join(home, 'mobilytics.toml'), settings)
        const server = new Server(name, home, await freePort(), words, settings.includes('[quota]') ? env : withoutQuota)
        try {
            await server.launch()
        } catch (error) {
            await server.end().catch(() => {})
            throw error
        }
        return server
    }

    /** `program` is the product, or one that differs from it on purpose. */
    constructor(name, home, port, words, environment = withoutQuota, program = binary) {
        this.name = name
        this.program = program
        this.environment = environment
        this.home = home
        this.port = port
        this.words = words
        this.url = `http://localhost:${port}`
        this.log = path.join(home, 'journey.log')
        this.api = new Api(port)
    }

    async launch() {
        const out = openSync(this.log, 'a')
        const words = ['serve', '--home', this.home, '--port', String(this.port), '--web', path.join(root, 'web/dist'), ...this.words]
        this.child = spawn(this.program, words, { cwd: root, env: this.environment, stdio: ['ignore', out, out] })
        closeSync(out)
        this.exited = once(this.child, 'exit')
        await this.ready()
    }

    /** Waits until the server says that it is ready; fails with the end of its log. */
    async ready() {
        const until = Date.now() + readyWithin_ms
        while (Date.now() < until) {
            if (this.child.exitCode !== null || this.child.signalCode) break
            if (await this.#answers('/readyz')) return
            await sleep(50)
        }
        throw new Error(`the server is not ready; its log ends:\n${this.#tail()}`)
    }

    #answers(target) {
        return new Promise((done) => {
            const request = http.get({ host: '127.0.0.1', port: this.port, path: target, timeout: 5_000, agent: false }, (response) => {
                response.resume()
                done(response.statusCode === 200)
            })
            request.on('timeout', () => request.destroy())
            request.on('error', () => done(false))
        })
    }

    #tail() {
        // Of its end only: a log of hours is larger than a string may be.
        const file = openSync(this.log, 'r')
        try {
            const { size } = fstatSync(file)
            const end = Buffer.alloc(Math.min(size, 64 * 1024))
            readSync(file, end, 0, end.length, size - end.length)
            return end.toString('utf8').split('\n').slice(-40).join('\n')
        } finally {
            closeSync(file)
        }
    }

    /** Runs another verb of the binary on the same home; resolves with what it printed. */
    async command(words, input = '') {
        const child = spawn(this.program, [...words, '--home', this.home], { cwd: root, env, stdio: ['pipe', 'pipe', 'pipe'] })
        const pieces = []
        child.stdout.on('data', (piece) => pieces.push(piece))
        child.stderr.on('data', (piece) => pieces.push(piece))
        child.stdin.end(input)
        const [code] = await once(child, 'close')
        const text = Buffer.concat(pieces).toString('utf8')
        assert.equal(code, 0, `mobilytics ${words.join(' ')} ended with ${code}:\n${text}`)
        return text
    }

    /** A member of staff, an admin unless told otherwise, made on the command line and signed in. */
    async staff(role = 'admin') {
        const email = role === 'admin' ? 'staff@mobilytics.example' : `${role}@mobilytics.example`
        const words = ['user', 'add', '--staff', '--role', role, '--email', email, '--name', 'Staff Member', '--password-stdin']
        await this.command(words, `${staffPassword}\n`)
        return this.api.signIn(email, staffPassword)
    }

    /** What the private database's postmaster says of itself: [pid, data folder, start, port, socket folder, ...]. */
    postmasterLines() {
        const file = this.#find(this.home, 3)
        assert.ok(file, `no postmaster.pid under ${this.home}`)
        return readFileSync(file, 'utf8').split('\n')
    }

    postmaster() {
        return Number(this.postmasterLines()[0])
    }

    /** The same, or nothing while there is none; its file comes and goes with it. */
    postmasterNow() {
        try {
            return this.postmaster() || undefined
        } catch {
            return undefined
        }
    }

    /** Stops it as its operator would (sessions are ended, what is committed is written); the server starts another. */
    async restartDatabase() {
        const before = this.postmaster()
        process.kill(before, 'SIGINT')
        await until('another database process', () => this.postmasterNow(), (now) => now !== undefined && now !== before)
    }

    /** Where the private database listens: {socket, port}. */
    database() {
        const [, , , port, socket] = this.postmasterLines()
        return { socket, port }
    }

    /** For libpq, as one of the roles. */
    conninfo(user) {
        const { socket, port } = this.database()
        return `host=${socket} port=${port} user=${user} dbname=mobilytics`
    }

    #psql(user, database, sql) {
        const { socket, port } = this.database()
        const words = ['-h', socket, '-p', port, '-U', user, '-d', database, '-XAtq', '-v', 'ON_ERROR_STOP=1']
        // Row-level security holds for the owner of the tables too; this scope sees all companies.
        const asked = { encoding: 'utf8', input: sql, maxBuffer: 64 << 20, env: { ...env, PGOPTIONS: '-c app.scope=system' } }
        return execFileSync('psql', words, asked).trimEnd()
    }

    /** One number asked of the database itself, past everything that the product could hide. */
    count(sql) {
        return Number(this.#psql('mobilytics_owner', 'mobilytics', sql))
    }

    /** Rows asked in the same way, as objects; numbers beyond doubles come as text only if asked for so. */
    rows(sql) {
        return JSON.parse(this.#psql('mobilytics_owner', 'mobilytics', `select coalesce(json_agg(one), '[]') from (${sql}) one`))
    }

    /** Changes something past the product. */
    run(sql) {
        this.#psql('mobilytics_owner', 'mobilytics', sql)
    }

    /** What only the database's superuser may do. */
    administer(sql) {
        return this.#psql('postgres', 'mobilytics', sql)
    }

    /** Asks a database beside the product's, with an extension that the product does without; gives psql's lines. */
    scratch(extension, sql) {
        const ask = (database, text) => this.#psql('postgres', database, text)
        if (!ask('postgres', "select 1 from pg_database where datname = 'scratch'")) ask('postgres', 'create database scratch')
        ask('scratch', `set client_min_messages = warning; create extension if not exists ${extension}`)
        return ask('scratch', sql).split('\n')
    }

    #find(folder, depth) {
        for (const entry of readdirSync(folder, { withFileTypes: true })) {
            if (entry.name === 'postmaster.pid') return path.join(folder, entry.name)
            const deeper = entry.isDirectory() && depth > 0 && entry.name !== 'base' && this.#find(path.join(folder, entry.name), depth - 1)
            if (deeper) return deeper
        }
        return undefined
    }

    /** The end that nobody can prepare for. */
    async kill() {
        process.kill(this.child.pid, 'SIGKILL')
        await this.exited
    }

    /** Asks the server to stop and waits until it did. */
    async stop() {
        process.kill(this.child.pid, 'SIGTERM')
        const ended = await Promise.race([this.exited, sleep(endWithin_ms, undefined, { ref: false })])
        assert.ok(ended, `the server did not stop within ${endWithin_ms / 1000} s of SIGTERM:\n${this.#tail()}`)
        assert.deepEqual(ended, [0, null], `the server did not end cleanly:\n${this.#tail()}`)
    }

    /** Stops it and waits until its database is gone too; then the home folder goes. */
    async end() {
        this.api.close()
        const postmaster = this.postmasterNow()
        try {
            if (this.child.exitCode === null && !this.child.signalCode) {
                await this.stop()
                assert.ok(!postmaster || !alive(postmaster), 'the database runs on after its server stopped')
            }
        } finally {
            if (this.child.exitCode === null && !this.child.signalCode) await this.kill()
            if (postmaster && alive(postmaster)) process.kill(postmaster, 'SIGINT')
            mkdirSync(artefacts, { recursive: true })
            copyFileSync(this.log, path.join(artefacts, `${this.name}.log`))
            rmSync(this.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
        }
    }
}
