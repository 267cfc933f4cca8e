// Runs the rows and prints them as a table. A row is one file: `title`, and `run(options)`, which gives lines {what, ours,
// limit, ratio, aim}; how it starts and ends what it needs is its own affair. A line with `short` stands in the README
// too, with its ratio or what `figure` says.
import { parseArgs } from 'node:util'
import { root } from '../journeys/server.mjs'
import { circumstances } from './machine.mjs'
import { heading, lineOf, write } from './report.mjs'

const rows = {
    visit_engine: () => import('./rows/visit_engine.mjs'),
    jobs: () => import('./rows/jobs.mjs'),
    access: () => import('./rows/access.mjs'),
    w1_json: () => import('./rows/w1_json.mjs'),
    w2_point_read: () => import('./rows/w2_point_read.mjs'),
    w3_series: () => import('./rows/w3_series.mjs'),
    w5_cached: () => import('./rows/w5_cached.mjs'),
    w6_ingest: () => import('./rows/w6_ingest.mjs'),
    w7_replay: () => import('./rows/w7_replay.mjs'),
    w8_lag: () => import('./rows/w8_lag.mjs'),
    w9_tile: () => import('./rows/w9_tile.mjs'),
    w12_neighbours: () => import('./rows/w12_neighbours.mjs'),
    w14_memory: () => import('./rows/w14_memory.mjs'),
}

const { values, positionals } = parseArgs({
    options: {
        pairs: { type: 'string', default: '5' }, seconds: { type: 'string', default: '3' }, minutes: { type: 'string', default: '2' },
        write: { type: 'boolean', default: false },
    },
    allowPositionals: true,
})
const options = { pairs: Number(values.pairs), seconds: Number(values.seconds), minutes: Number(values.minutes) }

const unknown = positionals.filter((name) => !rows[name])
if (unknown.length) throw new Error(`no row ${unknown.join(', ')}; there are: ${Object.keys(rows).join(', ')}`)
if (values.write && positionals.length) throw new Error('--write publishes all rows, so name none')

const about = { ...circumstances(root), ...options }
console.log(`${Object.values(about).join('; ')}\n\n${heading}`)
const lines = []
let failed = 0
for (const name of positionals.length ? positionals : Object.keys(rows)) {
    try {
        const { title, run } = await rows[name]()
        for (const line of await run(options)) {
            lines.push({ title, ...line })
            console.log(lineOf(lines.at(-1)))
        }
    } catch (error) {
        failed += 1
        console.error(`${name}: ${error.stack}`)
    }
}
if (values.write && failed === 0) write(root, about, lines)
process.exitCode = failed ? 1 : 0
