// Letters: over SMTP to a real server, and kept in the home folder where none is configured.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { certify } from './certificates.mjs'
import { Server } from './server.mjs'
import { addCompany, letterTo, until } from './world.mjs'

/** aiosmtpd in a process of its own; `letters` is what came so far. */
class SmtpServer {
    static async start(options = {}) {
        const script = fileURLToPath(new URL('smtp_server.py', import.meta.url))
        const server = new SmtpServer()
        server.child = spawn('python3', [script, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] })
        server.letters = []
        const lines = createInterface({ input: server.child.stdout })
        const [first] = await Promise.race([once(lines, 'line'), once(server.child, 'exit').then(() => { throw new Error('the SMTP server ended') })])
        server.port = JSON.parse(first).port
        lines.on('line', (line) => server.letters.push(JSON.parse(line)))
        return server
    }

    async end() {
        if (this.child.exitCode !== null || this.child.signalCode !== null) return
        process.kill(this.child.pid, 'SIGTERM')
        await once(this.child, 'exit')
    }
}

const certificate = (folder) => certify(folder, 'server', { subject: '/CN=localhost', names: ['DNS:localhost', 'IP:127.0.0.1'] })

const settings = (lines) => `[mail]\n${Object.entries(lines).map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join('\n')}\n`
const received = (smtp, many = 1) => until(`${many} letters`, async () => smtp.letters, (all) => all.length >= many)

async function invite(server, email, name = 'Maple Fleet') {
    const staff = await server.staff()
    const { owner } = await addCompany(server.api, staff, { name, email: 'owner@maple.example' })
    await server.api.post(owner, '/v1/invitations', { email, role: 'analyst', locale: 'fr-CA' })
    return owner
}

test('a letter goes over SMTP with TLS and a password, and says what it says in any language', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mobilytics-smtp-'))
    const { certificate: ca_file, key } = certificate(folder)
    const smtp = await SmtpServer.start({ certificate: ca_file, key, user: 'mobilytics', password: 'the secret of the relay' })
    const server = await Server.start('mail_smtp', [], settings({
        url: `smtp://localhost:${smtp.port}`, user: 'mobilytics', password: 'the secret of the relay', ca_file, from: 'Mobilytics Québec <no-reply@mobilytics.example>',
    }))
    try {
        await invite(server, 'nina@maple.example', 'Érable "Nord" & Cie')
        const [letter] = await received(smtp)
        assert.equal(letter.from, 'no-reply@mobilytics.example')
        assert.deepEqual(letter.to, ['nina@maple.example'])
        assert.deepEqual([letter.encrypted, letter.user, letter.defects], [true, 'mobilytics', []])
        assert.equal(letter.headers.from, 'Mobilytics Québec <no-reply@mobilytics.example>')
        assert.equal(letter.headers.subject, 'Érable "Nord" & Cie Owner vous invite dans Érable "Nord" & Cie sur Mobilytics')
        assert.equal(letter.headers['auto-submitted'], 'auto-generated')
        assert.match(letter.headers['message-id'], /^<[0-9a-z]{26}@mobilytics\.example>$/)
        assert.match(letter.text, /vous invite à rejoindre Érable "Nord" & Cie sur Mobilytics en tant que analyste\./)
        assert.match(letter.text, new RegExp(`http://localhost:${server.port}/accept-invitation#mob_inv_`))
        assert.match(letter.html, /Érable &quot;Nord&quot; &amp; Cie/)
        assert.ok(letter.longest_line <= 78, `a line of ${letter.longest_line}`)
        const page = await server.api.send(null, 'GET', '/dev/mail.json')
        assert.equal(page.status, 404, 'no page shows letters that are sent')
        assert.equal((await server.api.send(null, 'GET', '/dev/mail')).status, 404)
    } finally {
        await server.end()
        await smtp.end()
        rmSync(folder, { recursive: true })
    }
})

test('a mail server that is away, refuses for now or cannot be trusted gets the letter later; one that refuses for good does not', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mobilytics-smtp-'))
    const { certificate: ca_file, key } = certificate(folder)
    let smtp = await SmtpServer.start({ refuse: '450 not now' })
    const { port } = smtp
    const server = await Server.start('mail_outage', [], settings({ url: `smtp://127.0.0.1:${port}`, starttls: false }))
    const jobs = () => server.rows("select kind, state, attempts from jobs.jobs where kind like 'auth.%'")
    const again = async (options) => {
        await smtp.end()
        smtp = await SmtpServer.start({ ...options, port })
        server.run("update jobs.jobs set run_at = now() - interval '1 day' where state = 'ready'")
    }
    try {
        const owner = await invite(server, 'nina@maple.example')
        await until('a try', jobs, ([job]) => job?.attempts >= 1 && job.state === 'ready')
        await smtp.end()
        server.run("update jobs.jobs set run_at = now() - interval '1 day' where state = 'ready'")
        await until('another', jobs, ([job]) => job?.attempts >= 2 && job.state === 'ready')
        await again({})
        const [letter] = await received(smtp)
        assert.deepEqual([letter.to, letter.encrypted], [['nina@maple.example'], false])
        await until('no job', jobs, (all) => all.length === 0)
        await again({ refuse: '550 no such person' })
        await server.api.post(owner, '/v1/invitations', { email: 'nobody@maple.example', role: 'viewer' })
        await until('given up', jobs, ([job]) => job?.state === 'discarded' && job.attempts === 1)
        assert.deepEqual(smtp.letters, [])
    } finally {
        await server.end()
        await smtp.end()
    }
    // A relay whose certificate nobody vouches for is told nothing, not even the password.
    smtp = await SmtpServer.start({ certificate: ca_file, key, user: 'u', password: 'p' })
    const careful = await Server.start('mail_untrusted', [], settings({ url: `smtp://localhost:${smtp.port}`, user: 'u', password: 'p' }))
    try {
        await invite(careful, 'nina@maple.example')
        await until('a try', async () => careful.rows("select attempts, state from jobs.jobs where kind = 'auth.invitation'"),
            ([job]) => job?.attempts >= 1 && job.state === 'ready')
        assert.deepEqual(smtp.letters, [])
    } finally {
        await careful.end()
        await smtp.end()
        rmSync(folder, { recursive: true })
    }
})

test('without a mail server letters are kept for the person at the machine alone', async () => {
    const server = await Server.start('mail_kept')
    const ask = (headers) => new Promise((done, fail) => {
        http.get({ host: '127.0.0.1', port: server.port, path: '/dev/mail.json', headers, agent: false }, (response) => {
            response.resume()
            done(response.statusCode)
        }).on('error', fail)
    })
    try {
        await invite(server, 'nina@maple.example')
        const letter = await letterTo(server.api, 'nina@maple.example')
        assert.equal(letter.language, 'fr-CA')
        const folder = path.join(server.home, 'mail')
        const names = readdirSync(folder)
        assert.equal(names.filter((name) => name.endsWith('.eml')).length, 1)
        for (const name of names) assert.equal(statSync(path.join(folder, name)).mode & 0o077, 0, `others may read ${name}`)
        assert.match(readFileSync(path.join(folder, names.find((name) => name.endsWith('.eml'))), 'latin1'), /^From: .*\r\nTo: nina@maple\.example\r\n/)
        assert.equal(await ask({ host: `localhost:${server.port}` }), 200)
        for (const headers of [{ host: 'app.example.com' }, { host: `localhost:${server.port}`, 'x-forwarded-for': '203.0.113.7' }]) {
            assert.equal(await ask(headers), 404, JSON.stringify(headers))
        }
        const page = await server.api.send(null, 'GET', '/dev/mail')
        assert.match(page.headers['content-type'], /^text\/html/)
        assert.match(page.text, /accept-invitation#mob_inv_/)
    } finally {
        await server.end()
    }
    // A server with a public name has strangers in front of it, whatever it listens on.
    const open = await Server.start('mail_public', [], '[server]\nurl = "https://app.mobilytics.example"\n')
    try {
        assert.equal((await open.api.send(null, 'GET', '/dev/mail.json')).status, 404)
    } finally {
        await open.end()
    }
})
