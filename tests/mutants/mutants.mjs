// Each takes one wall between companies away and leaves all else as it is.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { serverRoles, tenantTables } from '../journeys/database_wall.mjs'
import { root } from '../journeys/server.mjs'

/** Walls of the database, each with the statement that opens it and, where it is about one, its table. */
export function databaseMutants(server) {
    const { policed, raw } = tenantTables(server)
    const ofTable = (table) => [
        { kind: 'policy shows all', sql: `alter policy company_rows on ${table} using (true);` },
        { kind: 'policy takes all', sql: `alter policy company_rows on ${table} with check (true);` },
        { kind: 'row-level security off', sql: `alter table ${table} disable row level security;` },
        { kind: 'row-level security not forced', sql: `alter table ${table} no force row level security;` },
    ].map((one) => ({ ...one, name: table, table }))
    const granted = raw.flatMap((table) => serverRoles.flatMap((role) => ['select', 'delete'].map((what) => (
        { kind: `${what} on a raw stream`, name: `${table} to ${role}`, table, sql: `grant ${what} on ${table} to ${role};` }))))
    const everywhere = [
        { kind: 'scope', name: 'is_system', sql: 'create or replace function platform.is_system() returns boolean language sql stable return true;' },
        ...serverRoles.map((role) => ({ kind: 'bypassrls', name: role, sql: `alter role ${role} bypassrls;` })),
    ]
    return [...policed.flatMap(ofTable), ...granted, ...everywhere, ...functionMutants(server)]
}

const wall = /[a-z]*\.?company_id = platform\.current_company\(\)/g

/** Functions that run as their owner, each without one of its comparisons with the company. Of tables one is asked about. */
function functionMutants(server) {
    const functions = server.rows(`select p.oid::regproc::text as name, pg_get_functiondef(p.oid) as text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.prosecdef and n.nspname = 'measurements' order by 1`)
    return functions.flatMap(({ name, text }) => [...text.matchAll(wall)].map(({ index, 0: found }, number) => ({
        kind: 'function', name: `${name}, comparison ${number + 1}`, table: 'measurements.visits', sql: `${text.slice(0, index)}true${text.slice(index + found.length)};`,
    })))
}

const predicate = /\b(?:[a-z]+\.)?company_id = (\$\d+)/g

/** The statements as the program carries them: embed_sql writes them for the compiler. */
function embedded() {
    const folder = mkdtempSync(path.join(tmpdir(), 'statements-'))
    const rooms = ['src', 'platform'].flatMap((tree) => readdirSync(path.join(root, tree), { withFileTypes: true })
        .filter((entry) => entry.isDirectory()).map(({ name }) => [name, path.join(root, tree, name)]))
    try {
        return rooms.flatMap(([room, place]) => {
            const files = readdirSync(place).filter((name) => name.endsWith('queries.sql')).toSorted().map((name) => path.join(place, name))
            if (files.length === 0) return []
            const out = path.join(folder, `${room}.hpp`)
            execFileSync('python3', ['-B', path.join(root, 'tools/embed_sql/embed_sql.py'), room, ...files, out])
            return [...readFileSync(out, 'utf8').matchAll(/db::Query \w+\{"([\w.]+)", R"sql\((.*?)\)sql"/gs)].map(([, name, text]) => ({ name, text }))
        })
    } finally {
        rmSync(folder, { recursive: true })
    }
}

/** Every comparison of a statement with the caller's company, in the order of the files. */
export const predicateMutants = () => embedded().flatMap(({ name, text }) => [...text.matchAll(predicate)].map(({ index, 0: found, 1: parameter }, number, all) => ({
    kind: 'predicate', name: all.length > 1 ? `${name}, comparison ${number + 1}` : name, text,
    // True for every row and of the same length, and the parameter keeps its type: the program can be patched in place.
    mutated: `${text.slice(0, index)}${`${parameter}::uuid=${parameter}`.padEnd(found.length)}${text.slice(index + found.length)}`,
})))

/** A copy of the program with another statement in the place of one. */
export function patched(program, { name, text, mutated }, to) {
    const bytes = Buffer.from(program)
    const [from, into] = [`${text}\0`, `${mutated}\0`].map((one) => Buffer.from(one))
    let many = 0
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) {
        into.copy(bytes, at)
        many += 1
    }
    if (many === 0) throw new Error(`the program does not hold the statement ${name}; is it built from this tree?`)
    writeFileSync(to, bytes, { mode: 0o755 })
    return to
}

/** A list in an order that a seed decides. */
export function shuffled(list, seed) {
    let state = seed
    const next = () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        return state / 2 ** 32
    }
    return list.map((one) => [next(), one]).toSorted(([one], [other]) => one - other).map(([, one]) => one)
}
