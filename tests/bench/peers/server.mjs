// The peer: what a team would write with Fastify and pg for the operations that are measured, on the product's own tables.
// Pooled, prepared, a process per processor. It goes without much that the product does (row-level security by request,
// access log, limits), so what it costs is a lower bound.
//
//   node server.mjs '{"host", "port", "user", "database", "processes"}'    prints {"port", "pids"} when it serves
import cluster from 'node:cluster'
import { once } from 'node:events'
import Fastify from 'fastify'
import pg from 'pg'
import { assets } from './assets.mjs'
import { authentication } from './credentials.mjs'
import { ingest } from './ingest.mjs'
import { metrics } from './metrics.mjs'
import { pages } from './pages.mjs'

const { processes, ...database } = JSON.parse(process.argv[2])
const connections = 4  // a process, as the product has a thread

const health = { type: 'object', properties: { status: { type: 'string' } } }

async function serve() {
    pg.types.setTypeParser(pg.types.builtins.INT8, Number)
    // Tenants are told apart by the statements alone; the policies see a session that may see all.
    const pool = new pg.Pool({ ...database, options: '-c app.scope=system', max: connections })
    const server = Fastify({ bodyLimit: 8 << 20 })
    server.get('/livez', { schema: { response: { 200: health } } }, async () => ({ status: 'ok' }))
    for (const add of [assets, metrics, ingest]) add(server, pool, authentication(pool))
    pages(server)
    await server.listen({ port: 0, host: '127.0.0.1' })
    return server.server.address().port
}

if (processes === 1) {
    console.log(JSON.stringify({ port: await serve(), pids: [process.pid] }))
} else if (cluster.isPrimary) {
    const workers = Array.from({ length: processes }, () => cluster.fork())
    const listening = await Promise.all(workers.map((worker) => once(worker, 'listening')))
    // Workers that listen on port 0 share the one that the first was given.
    console.log(JSON.stringify({ port: listening[0][0].port, pids: [process.pid, ...workers.map(({ process: { pid } }) => pid)] }))
} else {
    await serve()
}
