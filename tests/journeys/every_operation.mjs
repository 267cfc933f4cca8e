// Makes a request for any operation of api/openapi.json out of its own description, with ids of one's choosing in every
// place that takes an id. What the description cannot say (that a text is an e-mail address) is in `words`.
import { document, operations } from './api.mjs'
import { day, instant } from './measure.mjs'
import { resolve } from './schema.mjs'

/** Which kind of id a schema wants ("cmp"), from its pattern; nothing when it is none. */
function prefixOf(schema) {
    return /^\^([a-z]+)_\[/.exec(resolve(document, schema).pattern ?? '')?.[1]
}

const words = {
    email: 'someone@beta.example', password: 'a password that is long enough', zone: 'America/Toronto', country: 'CA',
    name: 'Beta thing', serial: 'BETA-1', method: 'counted', plate: 'BETA 1', position: 'main', batch: 'beta-1', advertiser: 'Beta',
    from: instant(Date.now() - 2 * day), to: instant(Date.now() - day), start: '08:00', end: '18:00', effective_from: instant(Date.now() - day),
    near_dbm: -70, factor: 1, low: 1, high: 1, share: 1, expected_interval_s: 60, lat: 43.6, lon: -79.4, minutes: 10, weekdays: [0],
    locale: 'en-CA', token: 'no-such-token',
    z: 12, x: 1145, y: 1494, set: 'harbour', grain: 'day', metric: 'visits', kind: 'vehicle', format: 'truck', placement: 'side', state: undefined,
    url: 'https://hooks.beta.example/',
}

/** A value as the schema wants it. Every id in it is asked of `idOf(prefix)`. */
function valueOf(schema, name, idOf) {
    const known = resolve(document, schema)
    const prefix = prefixOf(known)
    if (prefix) return idOf(prefix)
    if (words[name] !== undefined && (known.enum?.includes(words[name]) ?? true)) return words[name]
    if (known.enum) return known.enum[0]
    const choice = known.allOf ?? known.anyOf ?? known.oneOf
    if (choice) return valueOf(choice[0], name, idOf)
    const type = [known.type].flat()[0]
    if (type === 'object') return objectOf(known, idOf)
    if (type === 'array') return [valueOf(known.items, name, idOf)]
    if (type === 'boolean') return true
    if (type === 'integer' || type === 'number') return known.minimum ?? 1
    return 'beta'
}

/** All required members, and those optional ones that carry an id or that a change would be about. */
function objectOf(schema, idOf) {
    const wanted = Object.entries(schema.properties ?? {}).filter(([name, property]) => {
        const required = schema.required?.includes(name)
        return required || prefixOf(property) || (!schema.required && words[name] !== undefined)
    })
    return Object.fromEntries(wanted.map(([name, property]) => [name, valueOf(property, name, idOf)]))
}

const bodySchema = (operation) => operation.doc.requestBody?.content?.['application/json']?.schema

/** The places of an operation that take an id: {place: 'path' | 'query' | 'body', prefix}. */
export function idPlaces(operation) {
    const found = (operation.doc.parameters ?? []).filter((parameter) => prefixOf(parameter.schema))
        .map((parameter) => ({ place: parameter.in, prefix: prefixOf(parameter.schema) }))
    const body = bodySchema(operation)
    if (body) valueOf(body, undefined, (prefix) => found.push({ place: 'body', prefix }))
    return found
}

/**
 * A request of the operation: {path, query, body, ids}. `idOf(prefix, index)` chooses the id for the index-th place of
 * idPlaces; `bodies` has bodies of its own for some operations, by id, above all for those without a schema.
 */
export function requestOf(operation, idOf, bodies) {
    let index = 0
    const ids = []
    const next = (prefix) => {
        const id = idOf(prefix, index)
        index += 1
        ids.push(id)
        return id
    }
    const query = {}
    let { path } = operation
    for (const { name, in: place, required, schema } of operation.doc.parameters ?? []) {
        if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(valueOf(schema, name, next)))
        else if (place === 'query' && (required || prefixOf(schema))) query[name] = valueOf(schema, name, next)
    }
    const schema = bodySchema(operation)
    if (!operation.doc.requestBody) return { path, query, ids }
    const explained = schema && Object.keys(schema).length > 0
    if (!explained && !bodies[operation.id]) throw new Error(`${operation.id} takes a body that its description does not explain; add one`)
    const body = bodies[operation.id]?.(next) ?? valueOf(schema, undefined, next)
    return { path, query, body, ids }
}

/** Signing out comes last: it ends the session that the others need. */
export const inOrder = () => operations.toSorted((one, other) => Number(endsSession(one)) - Number(endsSession(other)))
const endsSession = ({ method, path }) => method === 'DELETE' && path === '/v1/sessions/current'
