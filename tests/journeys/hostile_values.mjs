// Values that no proper client sends, for every place of a JSON body that api/openapi.json describes: as raw JSON text,
// since most of them cannot be written from JavaScript values.
import { document } from './api.mjs'
import { resolve } from './schema.mjs'

const marker = '@hostile@'
const long = (many) => JSON.stringify('x'.repeat(many))
const deep = (many, open, close) => open.repeat(many) + close.repeat(many)

const noTexts = [
    ['a number', '1'], ['a truth', 'true'], ['a list', '[]'], ['an object', '{}'], ['bytes that are no UTF-8', '"\xff"'],
    ['half a pair of surrogates', '"\\ud800"'], ['the other half', '"\\udc00 "'], ['NUL', '"a\\u0000b"'], ['a line end', '"a\nb"'],
    ['an unknown escape', '"\\x41"'], ['overlong UTF-8', '"\xc0\x80"'], ['surrogates in UTF-8', '"\xed\xa0\x80"'], ['no end', '"'],
]
const noNumbers = [
    ['a text', '"1"'], ['a truth', 'true'], ['a list', '[]'], ['an object', '{}'], ['beyond doubles', '1e999'], ['below doubles', '-1e999'],
    ['NaN', 'NaN'], ['Infinity', 'Infinity'], ['hexadecimal', '0x10'], ['a leading zero', '01'], ['no digit before the point', '.5'],
    ['no digit after it', '1.'], ['a plus', '+1'], ['two signs', '--1'], ['an exponent without digits', '1e'],
]
const noIntegers = [...noNumbers, ['a fraction', '1.5'], ['more than 64 bits', '99999999999999999999'], ['less than 64 bits', '-99999999999999999999']]

/** What a schema must refuse: [what it is, its JSON text]. */
function refused(schema) {
    const types = [schema.type].flat()
    const refusals = []
    const add = (...more) => refusals.push(...more)
    if (!types.includes('null') && !schema.anyOf?.some(({ type }) => type === 'null')) add(['null', 'null'])
    if (types.includes('string')) {
        add(...noTexts)
        if (schema.maxLength) add(['too long', long(schema.maxLength + 1)])
        if (schema.minLength) add(['too short', '""'])
        if (schema.enum) add(['another word', '"nonsense"'], ['a word in capitals', JSON.stringify(String(schema.enum[0]).toUpperCase())])
        if (schema.pattern) add(['no id', '"x"'], ['an id of another kind', '"zzz_01jzzzzzzzzzzzzzzzzzzzzzzz"'], ['an id that is too large', '"ast_8zzzzzzzzzzzzzzzzzzzzzzzzz"'])
        if (schema.format === 'date-time') {
            add(...['yesterday', '2026-01-01', '2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-01-01T00:00:00', '2026-01-01T24:00:00Z',
                '12026-01-01T00:00:00Z', '0000-01-01T00:00:00+23:59', ''].map((time) => [`the time '${time}'`, JSON.stringify(time)]))
        }
    }
    if (types.includes('number')) add(...noNumbers)
    if (types.includes('integer')) add(...noIntegers)
    if (schema.minimum !== undefined) add(['below the least', String(schema.minimum - 1)])
    if (schema.maximum !== undefined) add(['above the most', String(schema.maximum + 1)])
    if (types.includes('boolean')) add(['a number', '1'], ['a text', '"true"'], ['a capital', 'True'])
    if (types.includes('array')) add(['an object', '{}'], ['a number', '1'], ['a text', '"x"'])
    if (schema.maxItems) add(['too many', `[${Array.from({ length: schema.maxItems + 1 }, () => '{}')}]`])
    if (types.includes('object')) add(['a list', '[]'], ['a number', '1'], ['a text', '"x"'], ['an unknown member', '{"nonsense":1}'])
    return refusals
}

/** What a schema may take or refuse, as long as the server stands. */
function odd(schema) {
    const types = [schema.type].flat()
    if (types.includes('string')) {
        return [['empty', '""'], ['long', long(100_000)], ['beyond the first plane', '"\u{1f69a}\\ud83d\\ude9a"'], ['backwards', '"\\u202eabc"'], ['a quote', '"\'; drop table x; --"'],
            ['the first year', '"0000-01-01T00:00:00Z"'], ['the last year', '"9999-12-31T23:59:59.999Z"'], ['blanks', '"   "'], ['per cent', '"%s%n%"']]
    }
    if (types.includes('number')) return ['1e308', '-1e308', '1e-400', '-0.0', '9007199254740993', '-1', '0'].map((number) => [number, number])
    if (types.includes('integer')) return ['2147483647', '2147483648', '-2147483648', '9223372036854775807', '-1', '0'].map((number) => [number, number])
    if (types.includes('array')) return [['empty', '[]'], ['many', `[${Array.from({ length: 5000 }, () => 'null')}]`]]
    return []
}

/** Every place in a schema, with the path to it: ['faces', 0, 'name']. */
function places(schema, path = []) {
    const known = resolve(document, schema)
    const inner = known.allOf?.[0] ?? known.anyOf?.find(({ type }) => type !== 'null')
    if (inner) return places({ ...resolve(document, inner), ...(known.anyOf ? { nullable: true } : {}) }, path)
    const own = path.length ? [{ path, schema: known }] : []
    if (known.items) return [...own, ...places(known.items, [...path, 0])]
    return [...own, ...Object.entries(known.properties ?? {}).flatMap(([name, property]) => places(property, [...path, name]))]
}

/** The body with `value`, raw JSON text, at a path. */
function withAt(body, path, value) {
    const copy = structuredClone(body)
    let place = copy
    path.forEach((step, index) => {
        if (index === path.length - 1) place[step] = marker
        else place = place[step] ??= typeof path[index + 1] === 'number' ? [] : {}
    })
    return Buffer.from(JSON.stringify(copy).replace(`"${marker}"`, () => value), 'latin1')
}

// Texts beyond Latin-1 are written as bytes of UTF-8, while \xff and its like stay single bytes.
const asLatin1 = (text) => [...text].map((one) => (one.codePointAt(0) > 255 ? Buffer.from(one, 'utf8').toString('latin1') : one)).join('')

/** Whole bodies that are none: [what, bytes]. */
function noBodies(body) {
    const good = JSON.stringify(body)
    const names = Object.keys(body)
    return [
        ['nothing', ''], ['a blank', ' '], ['null', 'null'], ['a list', '[]'], ['a text', '"x"'], ['a number', '1'], ['half of it', good.slice(0, -1)],
        ['more behind it', `${good}x`], ['it twice', good + good], ['a byte order mark', `\xef\xbb\xbf${good}`], ['UTF-16', Buffer.from(good, 'utf16le')],
        ['a comment', `/* */${good}`], ['a comma too many', `${good.slice(0, -1)},}`], ...(good.includes('"') ? [['single quotes', good.replaceAll('"', '\'')]] : []),
        ['an unknown member', `${good.slice(0, -1)}${names.length ? ',' : ''}"nonsense":1}`], ['an unknown member of bytes', `${good.slice(0, -1)}${names.length ? ',' : ''}"\xff":1}`],
        ['lists in lists', deep(100_000, '[', ']')], ['objects in objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`], ['lists that never end', '['.repeat(200_000)],
        ['depth in an unknown member', `${good.slice(0, -1)}${names.length ? ',' : ''}"nonsense":${deep(50_000, '[', ']')}}`], ['zeroes', Buffer.alloc(1000)],
        ...names.slice(0, 1).map((name) => ['depth in a member', `{"${name}":${deep(50_000, '[', ']')}}`]),
    ].map(([what, text]) => [what, typeof text === 'string' ? Buffer.from(text, 'latin1') : text])
}

/** All hostile bodies of an operation: {what, raw, refused}. */
export function hostileBodies(schema, body) {
    const bodies = noBodies(body).map(([what, raw]) => ({ what, raw, refused: true }))
    for (const { path, schema: known } of places(schema)) {
        const make = (list, isRefused) => list.map(([what, text]) => ({ what: `${path.join('/')}: ${what}`, raw: withAt(body, path, asLatin1(text)), refused: isRefused }))
        bodies.push(...make(refused(known).filter(([what]) => what !== 'null' || !known.nullable), true), ...make(odd(known), false))
    }
    for (const [name, value] of Object.entries(body)) {
        const twice = `${JSON.stringify(body).slice(0, -1)},"${name}":${JSON.stringify(value)}}`
        bodies.push({ what: `${name}: twice`, raw: Buffer.from(twice), refused: false })
    }
    return bodies
}

const times = ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2026-02-30T00:00:00Z', 'now']
const numbers = ['-1', '0', '1e999', 'NaN', '99999999999999999999', '1.5', '2147483648']
const texts = ['', '%20', '%00', '%ff', '%', '%zz', '%E2%80%AE', '%27%3B--', 'x'.repeat(4000), '..', '%2e%2e%2f', '%5C', '%25s']
const packed = (...parts) => Buffer.concat(parts.map((part) => Buffer.concat([Buffer.from(`${Buffer.byteLength(part)}:`), Buffer.from(part)]))).toString('base64url')
const anyId = 'ast_01jzzzzzzzzzzzzzzzzzzzzzzz'
const cursors = [
    packed('9223372036854775807', anyId), packed('-9223372036854775808', anyId), packed('253402300800000', anyId), packed('0', anyId), packed('', ''),
    packed('a\0b'), packed(Buffer.from([0xff])), packed('a\0b', anyId), packed(Buffer.from([0xc3, 0x28]), anyId), packed('x'.repeat(3000), anyId),
]

/** Encoded texts to put into any place of an address. */
export const hostileTexts = [...texts, ...numbers, ...times.map(encodeURIComponent), ...cursors]
