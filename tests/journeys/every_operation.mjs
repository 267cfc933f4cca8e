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
 * idPlaces; `bodies` has bodies of its own for some operations, by id, above all for those without a schema; `aimed` has
 * values for parameters, by name.
 */
export function requestOf(operation, idOf, bodies, aimed = {}) {
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
        const value = () => (prefixOf(schema) ? undefined : aimed[name]) ?? valueOf(schema, name, next)
        if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value()))
        else if (place === 'query' && (required || prefixOf(schema))) query[name] = value()
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

/** The span that an operation about measured things takes, as query parameters. Events of the trail happen now. */
export const timesOf = ({ doc, path }, { from, to }) => (doc.parameters?.some(({ name }) => name === 'from') && !path.startsWith('/v1/audit-events')
    ? { from: instant(from), to: instant(to) } : {})

const placesOfCompanies = (operation, shared) => idPlaces(operation).filter(({ prefix }) => !shared.has(prefix))

/**
 * Whose ids stand in which place, true for another company's: all of them, then one at a time; for reading also none.
 * Ids of the `shared` kinds are everybody's.
 */
export function idMixtures(operation, shared) {
    const places = placesOfCompanies(operation, shared)
    const own = operation.method === 'GET' || places.length === 0 ? [places.map(() => false)] : []
    if (places.length === 0) return own
    const single = places.length > 1 ? places.map((_, index) => places.map((__, other) => other === index)) : []
    return [places.map(() => true), ...single, ...own]
}

// Refused with the status of a permission where the password is wrong.
const asksPassword = new Set(['sessions.confirm', 'account.change_password'])

const fine = [200, 201, 202, 204, 304, 400, 404, 409, 412, 422]

/** The statuses that the contract allows: who may not is refused first, then what is foreign does not exist. */
export function statusesOf({ who, scheme, role, scoped, staffRole }, operation, foreign, shared) {
    const schemes = (operation.doc.security ?? []).flatMap((one) => Object.keys(one))
    // Whoever brings back what no provider gave is refused at the door.
    if (operation.id === 'provider_sign_in.finish') return [403, 429]
    if (schemes.length === 0) return [...fine, 401, 429]
    if (!who || !scheme) return [401]
    if (!schemes.includes(scheme)) return [401, 403]
    const permitted = operation.doc['x-roles']
    if (role && permitted && !permitted.includes(role)) return [403]
    if (staffRole && permitted && !operation.doc['x-staff-roles'].includes(staffRole)) return [403]
    if (asksPassword.has(operation.id)) return [403]
    // Ingest judges item by item: a foreign device is unknown there.
    if (operation.id === 'measurements.ingest') return scoped ? [403] : [202]
    const refused = scoped ? [403] : []
    if (!foreign.includes(true)) return [...fine, ...refused]
    return [...(placesOfCompanies(operation, shared).some(({ place }, index) => place === 'path' && foreign[index]) ? [404] : [404, 422]), ...refused]
}
