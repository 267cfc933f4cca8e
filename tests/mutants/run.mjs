// run [--predicates N] [--seed N] [--workers N] [--only NAME,...]  takes one wall between companies away at a time and asks whether the hunt
// of tests/journeys/leaks.test.mjs turns red. Walls of the database are opened in the running one; comparisons in
// statements are taken out of a copy of the program, by bytes, and run with row-level security off, so that they stand
// alone. What turned red then is run once more with row-level security on: that is what the second wall is for.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { breachesOf, serverRoles } from '../journeys/database_wall.mjs'
import { changedRows, huntIn, lifeOf, rowsOf, worldOf } from '../journeys/leak_world.mjs'
import { Receiver, settings } from '../journeys/receiver.mjs'
import { artefacts, binary, freePort, Server } from '../journeys/server.mjs'
import { equivalent } from './equivalent.mjs'
import { databaseMutants, patched, predicateMutants, shuffled } from './mutants.mjs'

const { values: wanted } = parseArgs({
    options: { predicates: { type: 'string', default: '48' }, seed: { type: 'string', default: '1' }, workers: { type: 'string', default: '2' },
        only: { type: 'string' } },
})

// Between them they may do all that anybody may.
const callers = ['owner', 'leaver', 'key of owner', 'device', 'staff admin', 'nobody']

const say = (text) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`)

/** The database's walls: how many were missed by the journey's questions. */
function openDatabase(server, { alpha, beta }) {
    const mutants = databaseMutants(server)
    const [none, ...answers] = breachesOf(server, alpha, beta, [{}, ...mutants.map(({ sql, table }) => ({ before: sql, only: table }))])
    if (none.breaches.length > 0) throw new Error(`red without a mutation: ${none.breaches.join('; ')}`)
    return mutants.map((mutant, index) => ({ ...mutant, red: answers[index].breaches.length > 0, by: answers[index].breaches[0] }))
}

/** Homes as they were when their server stopped, with row-level security for the server's roles and without. */
async function keep(server, sides) {
    const kept = {}
    for (const [side, power] of sides) {
        for (const role of serverRoles) server.administer(`alter role ${role} ${power}`)
        await server.stop()
        kept[side] = `${server.home}.${side}`
        copyHome(server.home, kept[side])
        await server.launch()
    }
    return kept
}

/** With its owners: the database runs as another user when root starts it. */
const copyHome = (from, to) => execFileSync('cp', ['-a', from, to])

/** Beside the program itself, since it looks for its libraries there: a mutant that lacks one would be red for that. */
const copyOf = (worker) => `${binary}-mutant-${process.pid}-${worker}`

/** The program as it is, on the way that each mutant goes. */
async function unchanged(...rest) {
    const copy = copyOf(0)
    copyFileSync(binary, copy)
    try {
        return await red(copy, ...rest, 0)
    } finally {
        rmSync(copy)
    }
}

/** One world, as often as wanted: a program on a copy of a kept home. Gives what turned it red, or nothing. */
async function red(program, kept, world, receiver, digests, worker, stages = ['hunt', 'life']) {
    const home = path.join(tmpdir(), `mutant-${process.pid}-${worker}`)
    rmSync(home, { recursive: true, force: true })
    copyHome(kept, home)
    const server = new Server(`mutant_${worker}`, home, await freePort(), [], undefined, program)
    try {
        await server.launch()
        // The sessions are as old as the kept home; some operations want a fresh one.
        server.run('update auth.sessions set confirmed_at = now(), last_seen_at = now()')
        if (stages.includes('hunt')) {
            const found = await hunted(server, world)
            if (found) return { stage: 'hunt', found }
        }
        if (stages.includes('life')) {
            const [found] = await lifeOf(server, receiver, world).catch((error) => [`a third company cannot live: ${error.message}`])
            if (found) return { stage: 'life', found }
        }
        const changed = changedRows(digests, rowsOf(server, world))
        return changed.length > 0 ? { stage: 'life', found: `rows changed: ${changed.join(', ')}` } : undefined
    } catch (error) {
        return { stage: 'hunt', found: error.message.slice(0, 300) }
    } finally {
        await server.end().catch(async (error) => say(error.message.slice(0, 200)))
    }
}

async function hunted(server, world) {
    const hunt = huntIn(server.api, world)
    await Promise.all(callers.map((name) => hunt.runAs(name, ({ findings }) => findings.length > 0)))
    return hunt.findings[0]
}

function told({ name }, alone, both) {
    if (!alone) return `${equivalent.has(name) ? 'no hole' : 'SURVIVED'}: ${name}`
    return `red: ${name}, ${both ? 'through both walls' : 'held by the second wall'}: ${alone.found.replaceAll(/\s+/g, ' ').slice(0, 700)}`
}

/** Every predicate mutant, on both sides. */
async function openStatements(mutants, kept, world, receiver, digests) {
    const program = readFileSync(binary)
    const waiting = [...mutants]
    const done = []
    const work = async (worker) => {
        for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
            const copy = patched(program, mutant, copyOf(worker))
            const alone = await red(copy, kept.open, world, receiver, digests, worker)
            const both = alone && await red(copy, kept.closed, world, receiver, digests, worker, [alone.stage])
            done.push({ ...mutant, alone, both })
            say(told(mutant, alone, both))
            rmSync(copy)
        }
    }
    await Promise.all(Array.from({ length: Number(wanted.workers) }, (_, index) => work(index + 1)))
    return done
}

const per = (part, whole) => `${part} of ${whole} (${(100 * part / whole).toFixed(1)} %)`

function report(database, statements) {
    const kinds = Map.groupBy(database, ({ kind }) => kind)
    const lines = ['| what is taken away | mutants | red |', '|---|---|---|',
        ...[...kinds].map(([kind, those]) => `| ${kind} | ${those.length} | ${those.filter(({ red: is }) => is).length} |`)]
    const alive = statements.filter(({ alone }) => !alone)
    const harmless = alive.filter(({ name }) => equivalent.has(name))
    const holes = statements.length - harmless.length
    const killed = statements.filter(({ alone }) => alone)
    const held = killed.filter(({ both }) => !both)
    const survivors = [...database.filter(({ red: is }) => !is), ...alive.filter(({ name }) => !equivalent.has(name))]
    lines.push(`| a comparison with the company in a statement, row-level security off | ${statements.length} | ${killed.length} |`, '',
        `Statements: ${harmless.length} mutants open no hole; of the ${holes} that do, ${killed.length} turned red`
        + ` (${killed.filter(({ alone }) => alone.stage === 'hunt').length} by what was answered, the rest by what became of Alpha's rows).`,
        `With row-level security on, the second wall held ${held.length} of those ${killed.length}.`,
        `The kill rate: ${per(database.filter(({ red: is }) => is).length + killed.length, database.length + holes)}.`)
    console.log(lines.join('\n'))
    for (const { kind, name } of survivors) console.log(`survived: ${kind} ${name}`)
    console.log(`${database.length + statements.length - survivors.length} passed, ${survivors.length} failed`)
    writeFileSync(path.join(artefacts, 'mutants.json'), JSON.stringify({ lines, database: database.map(({ kind, name, red: is, by }) => ({ kind, name, red: is, by })),
        statements: statements.map(({ name, alone, both }) => ({ name, alone, both })) }, undefined, 1))
    return survivors.length
}

const receiver = await Receiver.start()
const server = await Server.start('mutants', [], settings)
let kept = {}
try {
    const world = await worldOf(server, receiver)
    say('furnished')
    const database = openDatabase(server, world)
    say(`${database.length} walls of the database`)
    kept = await keep(server, [['closed', 'nobypassrls'], ['open', 'bypassrls']])
    const digests = rowsOf(server, world)
    for (const side of ['closed', 'open']) {
        const found = await unchanged(kept[side], world, receiver, digests)
        if (found) throw new Error(`red without a mutation, ${side}: ${found.found}`)
        say(`green without a mutation, row-level security ${side === 'open' ? 'off' : 'on'}`)
    }
    const chosen = wanted.only ? predicateMutants().filter(({ name }) => wanted.only.split(',').includes(name.split(', ')[0]))
        : shuffled(predicateMutants(), Number(wanted.seed)).slice(0, Number(wanted.predicates))
    const statements = await openStatements(chosen, kept, world, receiver, digests)
    const late = await unchanged(kept.open, world, receiver, digests)
    if (late) throw new Error(`red without a mutation, at the end: ${late.found}`)
    process.exitCode = report(database, statements) > 0 ? 1 : 0
} finally {
    await server.end()
    await receiver.end()
    for (const folder of Object.values(kept)) if (existsSync(folder)) rmSync(folder, { recursive: true })
}
