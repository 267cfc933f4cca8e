// GET /v1/assets/{id}
import { idOf, uuidOf } from './credentials.mjs'

const find = {
    name: 'find_asset',
    text: `select a.asset_id, a.kind, a.name, a.plate, a.lat, a.lon, a.state, a.version, a.created_at,
                  f.face_id, f.name as face_name, f.format, f.placement
           from assets.assets a left join assets.faces f on f.company_id = a.company_id and f.asset_id = a.asset_id
           where a.company_id = $1 and a.asset_id = $2
           order by f.face_id`,
}

const text = { type: 'string' }
const shape = {
    type: 'object',
    properties: {
        id: text, kind: text, name: text, plate: { type: ['string', 'null'] },
        point: { type: ['object', 'null'], properties: { lat: { type: 'number' }, lon: { type: 'number' } } },
        state: text,
        faces: { type: 'array', items: { type: 'object', properties: { id: text, name: text, format: text, placement: text } } },
        created_at: text,
        version: text,
    },
}

export function assets(server, pool, { key }) {
    server.get('/v1/assets/:id', { onRequest: key, schema: { response: { 200: shape } } }, async (request, reply) => {
        const { rows } = await pool.query({ ...find, values: [request.company, uuidOf(request.params.id)] })
        if (rows.length === 0) return reply.code(404).send({ detail: 'There is no such asset.' })
        const [asset] = rows
        reply.header('etag', `"${asset.version}"`)
        return {
            id: request.params.id, kind: asset.kind, name: asset.name, plate: asset.plate,
            point: asset.lat === null ? null : { lat: asset.lat, lon: asset.lon },
            state: asset.state,
            faces: rows.filter(({ face_id }) => face_id).map(({ face_id, face_name, format, placement }) => (
                { id: idOf('fac', face_id), name: face_name, format, placement }
            )),
            created_at: asset.created_at.toISOString(),
            version: String(asset.version),
        }
    })
}
