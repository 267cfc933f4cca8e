// Nobody sees another company. Alpha has a marker in every text, number and secret. Every operation of api/openapi.json
// is run by every role of company Beta, by its keys and devices, by somebody who left Alpha for Beta, by staff and by
// nobody, with what is Alpha's in every place that takes something. Bodies, headers, exports, tiles, letters, webhooks and
// the log are scanned for the markers; Alpha's owner, asking the same, must be shown them. A third company then lives a
// whole life beside Alpha, whose rows must stay as they were. Last the database is asked alone.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, suite, test } from 'node:test'
import { document, operations } from './api.mjs'
import { breachesOf } from './database_wall.mjs'
import { inOrder } from './every_operation.mjs'
import { agree } from './measure.mjs'
import { actorNames, showsNoCompany } from './leak_hunt.mjs'
import { changedRows, changesOf, huntIn, lifeOf, pictureOf, rowsOf, worldOf } from './leak_world.mjs'
import { Receiver, settings } from './receiver.mjs'
import { Server } from './server.mjs'
import { letters } from './world.mjs'

// Below these the test would have lost its eyes.
const leastMarkers = 60
const leastShown = 30
const leastChangesShown = 15

let server, receiver, api, world, hunt, before_of_alpha

suite('the walls between companies', { concurrency: 1 }, () => {
    before(async () => {
        receiver = await Receiver.start()
        server = await Server.start('leaks', [], settings)
        api = server.api
        world = await worldOf(server, receiver)
        hunt = huntIn(api, world)
    })
    after(async () => {
        await server?.end()
        await receiver?.end()
    })

    test('the document in the tree is the one that is served', async () => {
        const served = await api.send(null, 'GET', '/openapi.json')
        assert.deepEqual(JSON.parse(served.text), document)
    })
    test('Alpha\'s owner is shown its markers by everything that shows', shown)
    test('every operation as every role of another company, as nobody and as staff', { concurrency: true }, async (t) => {
        // Nobody waits for another: together they are quicker, and what one is shown must not reach the next.
        const waiting = [...actorNames]
        const next = async () => {
            for (let name = waiting.shift(); name; name = waiting.shift()) {
                const actor = name
                await t.test(`every operation as ${actor}`, () => hunt.runAs(actor))
            }
        }
        await Promise.all([next(), next(), next(), next()])
        assert.deepEqual(hunt.findings, [])
    })
    test('every operation was run', () => {
        assert.deepEqual(operations.map(({ id }) => id).filter((id) => !hunt.tried.has(id)), [])
    })
    test('a third company lives its life, and is shown nothing of Alpha', async () => {
        assert.deepEqual(await lifeOf(server, receiver, world), [])
    })
    test('no letter, webhook or line of the log tells of Alpha', carriers)
    test('the database holds without the program in front of it', () => {
        const [{ breaches, asked, tables }] = breachesOf(server, world.alpha, world.beta)
        assert.deepEqual(breaches, [])
        console.log(`the database alone: ${tables} tables, ${asked} attempts, none saw or wrote a row of the other company`)
    })
    test('Alpha is as it was, and so is the neighbour', async () => {
        assert.deepEqual(changedRows(before_of_alpha.rows, rowsOf(server, world)), [])
        assert.deepEqual(await pictureOf(api, world), before_of_alpha.picture)
    })
    test('Alpha\'s owner is shown its markers by what changes', async () => {
        const changes = await changesOf(api, world.alpha, world.model, hunt.bodies)
        const told = changes.filter(({ answer, sent }) => world.markers.inAnswer(answer, sent).length > 0)
        assert.ok(told.length >= leastChangesShown, `only ${told.length} of ${changes.length}: ${told.map(({ id }) => id).join(', ')}`)
        console.log(`positive control: ${told.length} of ${changes.length} changing operations showed Alpha's owner a marker`)
    })
    test('the count', (t) => {
        const told = `leaks: ${operations.length} operations x ${actorNames.length} callers, ${hunt.requests} requests, `
            + `${(hunt.bytes / 1e6).toFixed(1)} MB scanned for ${world.markers.size} markers, none found`
        t.diagnostic(told)
        console.log(told)
    })
})

/** The same scan, by whom it is about: what it finds here it would find there. */
async function shown() {
    assert.ok(world.markers.size >= leastMarkers, `${world.markers.size} markers`)
    for (const kind of ['co', 'usr', 'ses', 'inv', 'key', 'ast', 'fac', 'dev', 'tok', 'att', 'cmp', 'asg', 'wep', 'dlv', 'msg']) {
        assert.ok(world.markers.made.ids.some((id) => id.startsWith(`${kind}_`)), `an id of kind ${kind} is a marker`)
    }
    const { word, share, sooner, ...numbers } = world.alpha.marks
    for (const number of Object.values(numbers)) assert.ok(world.markers.numbers.has(String(number)), `${number} is a marker`)
    assert.ok(world.markers.cells.size > 0)
    // Being shown a webhook's secret is an event, so that the rows come after the picture.
    before_of_alpha = { picture: await pictureOf(api, world), rows: rowsOf(server, world) }
    const told = world.answers.filter(({ markers }) => markers.length > 0)
    const reading = inOrder().filter(({ method, id }) => method === 'GET' && !showsNoCompany.has(id)).map(({ id }) => id)
    assert.deepEqual(reading.filter((id) => !told.some((one) => one.id === id)), [])
    assert.ok(told.length >= leastShown, `${told.length} operations`)
    // A word in each text, also where texts are the only thing that could tell.
    const all = world.answers.map(({ text }) => text).join('\n').toLowerCase()
    for (const what of ['company', 'browser', 'manager', 'key of scoped', 'left', 'truck', '1', 'board', 'front', 'count', 't-1', 'eye', 'roof', 'campaign',
        'advertiser', 'hooks', 'thanks', 'regions', 'bay']) assert.ok(all.includes(`${word} ${what}`), `the owner is shown '${what}'`)
    const [{ body: summary }] = world.answers.filter(({ id }) => id === 'analytics.summary')
    agree(summary.totals.visits, 20 * (1 + share), 'Alpha\'s visits')
    console.log(`positive control: ${told.length} of ${world.answers.length} reading operations showed Alpha's owner a marker`)
}

/** What leaves by other ways than an answer. */
async function carriers() {
    const { markers, alpha } = world
    const all = await letters(api)
    const [theirs, others] = [all.filter(({ to }) => to.includes(alpha.marks.word)), all.filter(({ to }) => !to.includes(alpha.marks.word))]
    assert.ok(theirs.length > 0 && theirs.every((letter) => markers.in(JSON.stringify(letter)).length > 0), 'letters to Alpha are full of it')
    assert.ok(others.length >= 5, `${others.length} letters`)
    // One person left Alpha; the letter that once invited them there is theirs.
    const strangers = others.filter(({ text }) => !world.lettersBefore.includes(text))
    for (const letter of strangers) assert.deepEqual(markers.in(JSON.stringify(letter)), [], letter.subject)
    const [ours, beside] = [receiver.at(`/${alpha.marks.word}`), receiver.got.filter(({ path }) => path !== `/${alpha.marks.word}`)]
    assert.ok(ours.some((one) => markers.in(JSON.stringify(one)).length > 0), 'a webhook of Alpha carries a marker')
    assert.ok(beside.length >= 2, `${beside.length} webhooks of others`)
    for (const one of beside) assert.deepEqual(markers.in(JSON.stringify(one)), [], one.path)
    // The log says which company a request was for, and which person's a letter is; texts, numbers and secrets are nobody's there.
    const lines = readFileSync(server.log, 'utf8').trimEnd().split('\n')
    assert.ok(lines.some((line) => line.includes(alpha.company.id)), 'the log names Alpha by its id')
    for (const line of lines) {
        const own = line.includes(`"company":"${alpha.company.id}"`) || markers.ids.has(/"user":"(usr_\w+)"/.exec(line)?.[1])
        const found = markers.in(line).filter((marker) => !own || !markers.ids.has(marker))
        assert.deepEqual(found, [], line)
    }
    console.log(`carriers: ${all.length} letters, ${receiver.got.length} webhooks, ${lines.length} lines of the log`)
}
