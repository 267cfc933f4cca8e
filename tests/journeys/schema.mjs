// Checks JSON values against the schemas of api/openapi.json. It knows the keywords that the document uses and refuses
// any other, so that nothing of the contract goes unchecked in silence.

const ignored = new Set(['description', 'title', 'format', 'example', 'examples', 'default', 'deprecated', 'readOnly', 'writeOnly'])

const typeOf = (value) => {
    if (value === null) return 'null'
    if (Array.isArray(value)) return 'array'
    if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
    return typeof value
}

const fits = (type, value) => type === typeOf(value) || (type === 'number' && typeOf(value) === 'integer')
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other)
const list = (value) => (Array.isArray(value) ? value : [value])

/** What each keyword demands: (its value, the JSON value, the whole schema, check) -> complaints without a place. */
const keywords = {
    type: (types, value) => (list(types).some((type) => fits(type, value)) ? [] : [`is ${typeOf(value)}, not ${list(types).join(' or ')}`]),
    enum: (values, value) => (values.some((one) => same(one, value)) ? [] : [`${JSON.stringify(value)} is none of ${JSON.stringify(values)}`]),
    const: (only, value) => (same(only, value) ? [] : [`${JSON.stringify(value)} is not ${JSON.stringify(only)}`]),
    pattern: (text, value) => (typeof value !== 'string' || new RegExp(text, 'u').test(value) ? [] : [`'${value}' does not match ${text}`]),
    minLength: (least, value) => (typeof value !== 'string' || [...value].length >= least ? [] : [`is shorter than ${least}`]),
    maxLength: (most, value) => (typeof value !== 'string' || [...value].length <= most ? [] : [`is longer than ${most}`]),
    minimum: (least, value) => (typeof value !== 'number' || value >= least ? [] : [`${value} is less than ${least}`]),
    maximum: (most, value) => (typeof value !== 'number' || value <= most ? [] : [`${value} is more than ${most}`]),
    exclusiveMinimum: (least, value) => (typeof value !== 'number' || value > least ? [] : [`${value} is not more than ${least}`]),
    exclusiveMaximum: (most, value) => (typeof value !== 'number' || value < most ? [] : [`${value} is not less than ${most}`]),
    minItems: (least, value) => (!Array.isArray(value) || value.length >= least ? [] : [`has fewer than ${least} items`]),
    maxItems: (most, value) => (!Array.isArray(value) || value.length <= most ? [] : [`has more than ${most} items`]),
    required: (names, value) => (typeOf(value) !== 'object' ? [] : names.filter((name) => !Object.hasOwn(value, name)).map((name) => `lacks ${name}`)),
    properties: (schemas, value, _, check) => (typeOf(value) !== 'object' ? []
        : Object.keys(schemas).filter((name) => Object.hasOwn(value, name)).flatMap((name) => check(schemas[name], value[name], name))),
    additionalProperties: (rule, value, schema, check) => {
        if (typeOf(value) !== 'object') return []
        const extra = Object.keys(value).filter((name) => !Object.hasOwn(schema.properties ?? {}, name))
        if (rule === false) return extra.map((name) => `has ${name}, which is not documented`)
        return rule === true ? [] : extra.flatMap((name) => check(rule, value[name], name))
    },
    items: (rule, value, _, check) => (Array.isArray(value) ? value.flatMap((item, index) => check(rule, item, index)) : []),
    allOf: (schemas, value, _, check) => schemas.flatMap((schema) => check(schema, value)),
    anyOf: (schemas, value, _, check) => (schemas.some((schema) => check(schema, value).length === 0) ? [] : ['fits none of anyOf']),
    oneOf: (schemas, value, _, check) => {
        const fitting = schemas.filter((schema) => check(schema, value).length === 0).length
        return fitting === 1 ? [] : [`fits ${fitting} of oneOf`]
    },
}

export function resolve(document, schema) {
    if (!schema.$ref) return schema
    const found = schema.$ref.replace(/^#\//, '').split('/').reduce((place, key) => place?.[key], document)
    if (!found) throw new Error(`openapi.json has no ${schema.$ref}`)
    return resolve(document, found)
}

/** Complaints, each with its JSON pointer; none when the value is as the schema says. */
export function complaints(document, schema, value) {
    const check = (rule, part, place) => {
        const known = resolve(document, rule)
        return Object.entries(known).flatMap(([name, demand]) => {
            if (ignored.has(name) || name.startsWith('x-')) return []
            if (!keywords[name]) throw new Error(`schema.mjs does not know the keyword '${name}'; teach it`)
            return keywords[name](demand, part, known, check)
        }).map((text) => {
            const [, pointer, rest] = /^(\/\S*)? ?(.*)$/s.exec(text)
            return `${place === undefined ? '' : `/${place}`}${pointer ?? ''} ${rest}`.trimStart()
        })
    }
    return check(schema, value)
}
