// A database that is reached over the network and lets nobody in by a password: each role has a certificate of its own,
// and a node that holds those of its three roles cannot become the owner.
import assert from 'node:assert/strict'
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { certify } from './certificates.mjs'
import { Server } from './server.mjs'

// The port cannot be chosen, and another database of this machine may have it on the usual address.
const address = `127.83.${process.pid >> 8 & 255}.${process.pid % 254 + 1}`
const roles = ['app', 'ingest', 'reporting']
let folder, front, node

suite('a database that knows each role by its certificate', { concurrency: 1 }, () => {
    before(async () => {
        folder = mkdtempSync(path.join(tmpdir(), 'mobilytics-certificates-'))
        const by = certify(folder, 'authority', { subject: '/CN=Authority of a test' })
        certify(folder, 'server', { subject: '/CN=localhost', names: ['DNS:localhost'], by })
        for (const role of roles) certify(folder, role, { subject: `/CN=mobilytics_${role}`, by })
        front = await Server.start('certificates_front', ['--only', 'api'])
        await openToTheNetwork()
        node = await Server.start('certificates_node', ['--only', 'worker'], settings())
    })
    after(async () => {
        await node?.end()
        await front?.end()
        rmSync(folder, { recursive: true, force: true })
    })

    test('a node works with the certificates alone', works)
    test('the certificate of one role opens nothing to another', refuses)
    test('whoever has no certificate, or trusts another authority, gets nowhere', distrusts)
})

const file = (name) => path.join(folder, name)

/** The front's private database listens on loopback too from its next start on, for certificates alone. */
async function openToTheNetwork() {
    const [, data] = front.postmasterLines()
    const { uid, gid } = statSync(data)
    const give = (name, text) => {
        writeFileSync(path.join(data, name), text, { mode: 0o600 })
        chownSync(path.join(data, name), uid, gid)
    }
    for (const name of ['server.pem', 'server.key', 'authority.pem']) give(name, readFileSync(file(name)))
    give('open_hba.conf', 'local all all peer map=mobilytics\nhostssl all all 127.0.0.0/8 cert\n')
    give('local.conf', [`listen_addresses = '${address}'`, `hba_file = '${path.join(data, 'open_hba.conf')}'`, 'ssl = on', "ssl_cert_file = 'server.pem'",
        "ssl_key_file = 'server.key'", "ssl_ca_file = 'authority.pem'"].map((line) => `${line}\n`).join(''))
    await front.restartDatabase()
    await front.ready()
}

function url(role, { by = role, authority = 'authority' } = {}) {
    const { port } = front.database()
    const own = by ? `&sslcert=${file(`${by}.pem`)}&sslkey=${file(`${by}.key`)}` : '&sslcertmode=disable'
    return `postgresql://mobilytics_${role}@localhost:${port}/mobilytics?hostaddr=${address}&sslmode=verify-full&sslrootcert=${file(`${authority}.pem`)}${own}`
}

const settings = (of = {}) => `[database]\n${roles.map((role) => `${role}_url = "${url(role, of[role])}"\n`).join('')}`

async function works() {
    assert.equal((await fetch(`${node.url}/readyz`)).status, 200)
    const seen = front.administer(`select distinct a.usename || ' ' || s.client_dn from pg_stat_ssl s join pg_stat_activity a using (pid) where s.ssl`)
    assert.ok(seen.includes('mobilytics_app /CN=mobilytics_app'), seen)
    for (const line of seen.split('\n')) assert.match(line, /^(\w+) \/CN=\1$/)
    const found = await node.command(['check'])
    assert.match(found, /database as owner: not given/)
    for (const role of roles) assert.match(found, new RegExp(`database as ${role}: mobilytics_${role}, PostgreSQL`))
}

async function refusedWith(of, why) {
    const home = path.join(folder, `home-${readdirSync(folder).length}`)
    const other = new Server('certificates_refused', home, 0, [])
    mkdirSync(home)
    writeFileSync(path.join(home, 'mobilytics.toml'), settings(of))
    await assert.rejects(other.command(['check']), why)
}

async function refuses() {
    await refusedWith({ app: { by: 'ingest' } }, /certificate authentication failed for user "mobilytics_app"/)
    await assert.rejects(node.command(['migrate']), /migrate needs database\.url/)
}

async function distrusts() {
    await refusedWith({ reporting: { by: null } }, /requires a valid client certificate/)
    await refusedWith({ reporting: { authority: 'server' } }, /certificate verify failed/)
}
