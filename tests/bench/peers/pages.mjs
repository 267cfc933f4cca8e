// Compressed pages out of memory, with their ETag: as cheap as it gets in Node.
import { readFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.join(import.meta.dirname, '../../../web/dist/assets')

export function pages(server) {
    const kept = new Map()
    const read = (name) => {
        const body = readFileSync(path.join(folder, `${name}.br`))
        kept.set(name, { body, etag: `"${name}"` })
        return kept.get(name)
    }
    server.get('/assets/:name', async (request, reply) => {
        const { name } = request.params
        const { body, etag } = kept.get(name) ?? read(name)
        reply.headers({ etag, vary: 'Accept-Encoding', 'cache-control': 'public, max-age=31536000, immutable' })
        if (request.headers['if-none-match'] === etag) return reply.code(304).send()
        return reply.headers({ 'content-encoding': 'br', 'content-type': 'text/javascript; charset=utf-8' }).send(body)
    })
}
