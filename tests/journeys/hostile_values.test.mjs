// Every operation that takes a body gets every hostile value in every place of it, and every address hostile texts: what
// must be refused is refused with a problem document, nothing of it is stored, and no answer is a 500.
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { faultsOf, operations } from './api.mjs'
import { requestOf } from './every_operation.mjs'
import { hostileBodies, hostileTexts } from './hostile_values.mjs'
import { day, hour, instant } from './measure.mjs'
import { Server } from './server.mjs'
import { addCampaign, addCompany, addDevice, addModel, addTruck, visitor } from './world.mjs'

const start = Math.floor(Date.now() / hour) * hour - 8 * hour
const flight = { from: start - day, to: start + 2 * day }
const bodySchema = ({ doc }) => doc.requestBody?.content?.['application/json']?.schema
const withBody = operations.filter((operation) => Object.keys(bodySchema(operation) ?? {}).length > 0)

let server, api, staff, owner, device, ids, spare, requests = 0

suite('hostile values', { concurrency: 1 }, () => {
    before(async () => {
        server = await Server.start('hostile_values')
        api = server.api
        staff = await server.staff()
        const model = await addModel(api, staff, { name: 'Eye 3' })
        const made = await addCompany(api, staff, { name: 'Puzzled', email: 'owner@puzzled.example' })
        owner = made.owner
        spare = (await addCompany(api, staff, { name: 'Spare', email: 'owner@spare.example' })).owner
        const before = fingerprint()
        const asset = await addTruck(api, owner, 'Truck')
        assert.notEqual(fingerprint(), before, 'a row more shows')
        device = await addDevice(api, owner, { serial: 'P-1', name: 'Eye', model, asset, from: start - day })
        const campaign = await addCampaign(api, owner, { name: 'Everywhere', ...flight, faces: [[asset.faces[0], 1]] })
        const { items } = await api.get(owner, `/v1/campaigns/${campaign.id}/assignments`)
        const { webhook } = await api.post(owner, '/v1/webhooks', { url: 'https://hooks.puzzled.example/', event_types: ['webhook.secret_rotated'] })
        const sent = await api.post(owner, `/v1/webhooks/${webhook.id}/test`, undefined, 202)
        const key = await api.post(owner, '/v1/api-keys', { name: 'Feed', role: 'viewer' })
        const tokens = { grant_type: 'client_credentials', client_secret: key.secret }
        await api.post(null, '/v1/token', tokens, 200)
        const { items: [family] } = await api.get(owner, `/v1/api-keys/${key.id}/tokens`)
        ids = {
            co: made.company.id, usr: owner.session.user.id, ses: owner.session.id, ast: asset.id, fac: asset.faces[0].id, dev: device.id,
            tok: device.token_id, att: device.attachment.id, cmp: campaign.id, asg: items[0].id, mdl: model.id, key: key.id, tkf: family.id, inv: 'inv_01jzzzzzzzzzzzzzzzzzzzzzzz',
            wep: webhook.id, dlv: sent.id, job: 'job_01jzzzzzzzzzzzzzzzzzzzzzzz', psk: 'psk_01jzzzzzzzzzzzzzzzzzzzzzzz',
        }
    })
    after(() => server?.end())

    for (const operation of withBody) test(`bodies of ${operation.id}`, () => sendBodies(operation))
    test('items of a batch', sendItems)
    test('bodies of a batch', sendBatches)
    test('texts in every place of an address', sendAddresses)
    test('nothing failed', (t) => {
        t.diagnostic(`${requests} requests`)
        assert.equal(server.child.exitCode, null)
    })
})

const actorOf = ({ doc }) => (doc['x-roles']?.includes('staff') && !doc['x-roles'].includes('owner') ? staff : owner)
// Staff do things to people: not to somebody whom the others need.
const idFor = ({ path }, prefix) => (prefix === 'usr' && /^\/v1\/(people|staff)/.test(path) ? spare.session.user.id : ids[prefix])
const ask = (actor, method, path, options) => {
    requests += 1
    return api.send(actor, method, path, options)
}

/** A number that changes whenever a row of the product does; who was seen when, and what runs by itself, is left out. */
const fingerprint = () => server.count(`
    select hashtext(string_agg(md5(query_to_xml(format('select * from %I.%I t order by t::text', schemaname, tablename), false, true, '')::text),
                               ',' order by schemaname, tablename))
    from pg_tables
    where schemaname in ('companies', 'auth', 'assets', 'devices', 'campaigns', 'analytics')
      and schemaname || '.' || tablename not in ('auth.sessions', 'auth.sign_in_attempts', 'auth.invitations', 'auth.mailed_tokens')`)

async function sendBodies(operation) {
    const { path, body } = requestOf(operation, (prefix) => idFor(operation, prefix), {})
    const hostile = hostileBodies(bodySchema(operation), body)
    const wrong = []
    const send = async ({ what, raw, refused }) => {
        const answer = await ask(actorOf(operation), operation.method, path, { raw })
        const fine = answer.status < 500 && (!refused || answer.status >= 400)
        const faults = faultsOf(operation, answer)
        if (!fine || faults.length) wrong.push(`${what} -> ${answer.status} ${faults} ${answer.text.slice(0, 200)}`)
    }
    const before = fingerprint()
    for (const one of hostile.filter(({ refused }) => refused)) await send(one)
    assert.deepEqual(wrong, [], operation.id)
    assert.equal(fingerprint(), before, `${operation.id}: what is refused changes nothing`)
    for (const one of hostile.filter(({ refused }) => !refused)) await send(one)
    assert.deepEqual(wrong, [], operation.id)
}

const at = instant(start)
const who = visitor(1)
// What is no JSON makes a JSON batch none, while of NDJSON it spoils its own line.
const noJson = 'no JSON'
/** Items as raw JSON, and the reason why each is refused; none is kept. */
const items = {
    positions: [
        ['"lat":43,"lon":-79', undefined], ['"lat":90,"lon":180', undefined], ['"lat":43,"lon":-79,"speed_mps":-1', undefined],
        ['"lat":43,"lon":-79,"speed_mps":1e29', undefined], ['"lat":-0.0,"lon":1e-320', undefined],
        ['"lat":90.0000001,"lon":0', 'position_out_of_range'], ['"lat":0,"lon":-180.1', 'position_out_of_range'], ['"lat":0,"lon":0', 'position_out_of_range'],
        ['"lat":-0.0,"lon":0.0', 'position_out_of_range'], ['"lat":1e308,"lon":1', 'position_out_of_range'], ['"lat":1,"lon":1,"speed_mps":1e300', 'bad_value'],
        ['"lat":1,"lon":1,"accuracy_m":-1e31', 'bad_value'], ['"lat":"1","lon":1', 'bad_value'], ['"lat":[1],"lon":1', 'bad_value'], ['"lat":1e999,"lon":1', 'bad_value'],
        ['"lat":NaN,"lon":1', noJson], ['"lat":true,"lon":1', 'bad_value'], ['"lat":1', 'missing_field'], ['"lat":null,"lon":1', 'missing_field'],
        ['"lat":1,"lon":1,"altitude":5', 'unknown_field'], ['"lat":1,"lon":1,"heading_deg":"north"', 'bad_value'],
    ],
    sightings: [
        [`"visitor":"${who}","rssi_dbm":-110`, undefined], [`"visitor":"${visitor(2)}","rssi_dbm":-20,"randomized":true`, undefined],
        [`"visitor":"${who}","rssi_dbm":-111`, 'rssi_out_of_range'], [`"visitor":"${who}","rssi_dbm":-19`, 'rssi_out_of_range'],
        [`"visitor":"${who}","rssi_dbm":-9223372036854775808`, 'rssi_out_of_range'], [`"visitor":"${who}","rssi_dbm":65486`, 'rssi_out_of_range'],
        [`"visitor":"${who}","rssi_dbm":99999999999999999999`, 'bad_value'], [`"visitor":"${who}","rssi_dbm":-60.5`, 'bad_value'], [`"visitor":"${who}","rssi_dbm":"-60"`, 'bad_value'],
        ['"visitor":"00:11:22:33:44:55","rssi_dbm":-60', 'bad_value'], ['"visitor":"ABCDEF0123456789","rssi_dbm":-60', 'bad_value'], ['"visitor":"","rssi_dbm":-60', 'bad_value'],
        ['"visitor":"0123456789abcde\\u0000","rssi_dbm":-60', 'bad_value'], ['"visitor":1234567890123456,"rssi_dbm":-60', 'bad_value'], [`"visitor":"${who}"`, 'missing_field'],
        [`"visitor":"${who}","rssi_dbm":-60,"randomized":1`, 'bad_value'], [`"visitor":"${who}","rssi_dbm":-60,"mac":"00:11"`, 'unknown_field'],
    ],
    heartbeats: [
        ['"firmware":"1"', undefined], ['"firmware":"\\ud83d\\ude9a","battery":1.5', undefined], ['"firmware":"1","queue_depth":9223372036854775807', undefined],
        ['"firmware":"1","temperature":-1e29', undefined], ['"firmware":"1","battery":1e300', 'bad_value'], ['"firmware":"1","queue_depth":9223372036854775808', 'bad_value'],
        ['"firmware":"a\\u0000b"', 'bad_value'], ['"firmware":"\\ud800"', noJson], ['"firmware":"\xff"', noJson], [`"firmware":"${'x'.repeat(65)}"`, 'bad_value'],
        ['"firmware":1', 'bad_value'], ['"battery":1', 'missing_field'], ['"firmware":null', 'missing_field'],
    ],
}
// What no item may be, whichever its stream.
const noItems = [['null'], ['[]'], ['5'], ['"x"'], ['{}', 'missing_field'], ['{"at":5}'], ['{"at":"yesterday"}'], ['{"at":"9999-12-31T23:59:59Z"}', 'too_far_ahead'],
    ['{"at":"0000-01-01T00:00:00Z"}', 'too_old'], ['{"device":"dev_x"}'], ['{"device":"dev_01jzzzzzzzzzzzzzzzzzzzzzzz"}', 'not_your_device'], ['{"\xff":1}', noJson],
    [`{"at":${'['.repeat(300)}${']'.repeat(300)}}`, noJson]]

const stored = (stream) => server.count(`select count(*) from measurements.${stream}`)

async function sendItems() {
    for (const [stream, described] of Object.entries(items)) {
        // Items at different times, so that each kept one is a row of its own.
        const own = described.map(([text, reason], index) => [`{"at":"${instant(start + index * 1000)}",${text}}`, reason])
        const all = [...own, ...noItems.map(([text, reason = 'bad_value']) => [text, reason])]
        const before = stored(stream)
        for (const [text] of all.filter(([, reason]) => reason === noJson)) {
            const { status } = await post('json', stream, [text])
            assert.equal(status, 400, `${stream}: ${text}`)
        }
        for (const form of ['json', 'ndjson']) {
            const rows = form === 'json' ? all.filter(([, reason]) => reason !== noJson) : all
            const { status, text, body } = await post(form, stream, rows.map(([one]) => one))
            assert.equal(status, 202, `${stream} as ${form}: ${text}`)
            const found = new Map(body.rejected.map(({ index, reason }) => [index, reason]))
            const told = rows.map(([one], index) => `${one.slice(0, 80)}: ${found.get(index)}`)
            assert.deepEqual(told, rows.map(([one, reason]) => `${one.slice(0, 80)}: ${reason === noJson ? 'bad_value' : reason}`), `${stream} as ${form}`)
            assert.equal(body.accepted[stream], own.filter(([, reason]) => !reason).length)
        }
        assert.equal(stored(stream) - before, 2 * own.filter(([, reason]) => !reason).length, `${stream}: what is refused is not stored`)
    }
}

let batches = 0

/** Items as a batch of either form; the bytes of Latin-1, so that a text can hold what is no UTF-8. */
function post(form, stream, texts) {
    batches += 1
    const name = `values-${batches}`
    const kind = stream.slice(0, -1)
    const lines = [`{"batch":"${name}"}`, ...texts.map((text) => text.replace(/^\{(?=(.?))/, (_, next) => `{"kind":"${kind}"${next === '}' ? '' : ','}`))]
    const raw = form === 'json' ? `{"batch":"${name}","${stream}":[${texts.join(',')}]}` : lines.join('\n')
    return ask(device.token, 'POST', '/v1/ingest/batch', { raw: Buffer.from(raw, 'latin1'), type: form === 'json' ? undefined : 'application/x-ndjson' })
}

const good = `{"at":"${at}","visitor":"${visitor(3)}","rssi_dbm":-60}`
const noBatches = [
    '', 'null', '[]', '{}', '{"batch":5}', '{"batch":""}', `{"batch":"${'x'.repeat(129)}"}`, '{"batch":"a\\u0000b"}', '{"batch":"\xff"}', '{"batch":"\\ud800"}',
    `{"batch":"v","sightings":[${good}]`, `{"batch":"v","sightings":[${good}]}x`, `{"batch":"v","sightings":[${good}],"more":1}`, `{"batch":"v","sightings":{"0":${good}}}`,
    `{"sightings":[${good}]}`, `{"batch":"v","sightings":[${Array.from({ length: 5001 }, () => good)}]}`, `{"batch":"v","sightings":${'['.repeat(100_000)}`,
    `\xef\xbb\xbf{"batch":"v","sightings":[${good}]}`, `[{"batch":"v","sightings":[${good}]}]`, `{"batch":"v","sightings":[${good},]}`,
]

async function sendBatches() {
    const before = [stored('sightings'), stored('batches')]
    for (const raw of noBatches) {
        for (const type of [undefined, 'application/x-ndjson']) {
            const answer = await ask(device.token, 'POST', '/v1/ingest/batch', { raw: Buffer.from(raw, 'latin1'), type })
            // A line of NDJSON stands alone: behind a good first line the others are judged one by one.
            const told = `${type ?? 'json'} ${raw.slice(0, 100)} -> ${answer.status} ${answer.text.slice(0, 200)}`
            assert.ok([400, 413, 422].includes(answer.status), told)
            assert.deepEqual(faultsOf(operations.find(({ id }) => id === 'measurements.ingest'), answer), [], told)
        }
    }
    assert.deepEqual([stored('sightings'), stored('batches')], before)
}

/** Each parameter of each operation that only reads, one at a time, gets each text; the rest of the address is right. */
async function sendAddresses() {
    const wrong = []
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
        const { path, query } = requestOf(operation, (prefix) => ids[prefix], {})
        const right = Object.entries(query).map(([name, value]) => [name, encodeURIComponent(value)])
        for (const { name, in: place } of operation.doc.parameters ?? []) {
            for (const text of hostileTexts) {
                const target = place === 'path' ? withSegment(operation, path, name, text) : path
                const others = right.filter(([other]) => other !== name)
                const asked = place === 'query' ? [...others, [name, text]] : right
                const address = asked.length ? `${target}?${asked.map((pair) => pair.join('=')).join('&')}` : target
                const answer = await ask(actorOf(operation), 'GET', address)
                const faults = answer.status >= 400 ? faultsOf(operation, answer) : []
                if (answer.status >= 500 || faults.length) wrong.push(`${address.slice(0, 300)} -> ${answer.status} ${faults} ${answer.text.slice(0, 200)}`)
            }
        }
    }
    assert.deepEqual(wrong, [])
}

/** The address with a text in the place of one parameter of its path. */
function withSegment(operation, path, name, text) {
    const steps = path.split('/')
    return operation.path.split('/').map((step, index) => (step.includes(`{${name}}`) ? step.replace(`{${name}}`, text) : steps[index])).join('/')
}
