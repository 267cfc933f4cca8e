import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaints } from './schema.mjs'

const document = {
    components: {
        schemas: {
            Face: { type: 'object', properties: { name: { type: 'string', minLength: 1 } }, required: ['name'], additionalProperties: false },
        },
    },
}
const face = { $ref: '#/components/schemas/Face' }

const cases = [
    ['a string', { type: 'string' }, 'x', []],
    ['null where it may be', { type: ['string', 'null'] }, null, []],
    ['null where it may not', { type: 'string' }, null, ['is null, not string']],
    ['a whole number is a number', { type: 'number' }, 3, []],
    ['a fraction is no integer', { type: 'integer' }, 3.5, ['is number, not integer']],
    ['a reference', face, { name: 'left' }, []],
    ['a missing member', face, {}, ['lacks name']],
    ['a member that is not documented', face, { name: 'x', more: 1 }, ['has more, which is not documented']],
    ['the place of a fault', { type: 'array', items: face }, [{ name: 'x' }, { name: '' }], ['/1/name is shorter than 1']],
    ['values of a map', { type: 'object', additionalProperties: { type: 'integer' } }, { a: 1, b: 'x' }, ['/b is string, not integer']],
    ['anyOf with null', { anyOf: [face, { type: 'null' }] }, null, []],
    ['anyOf with neither', { anyOf: [face, { type: 'null' }] }, 4, ['fits none of anyOf']],
    ['oneOf with both', { oneOf: [{ type: 'number' }, { type: 'integer' }] }, 4, ['fits 2 of oneOf']],
    ['allOf', { description: 'x', allOf: [face] }, { name: 3 }, ['/name is integer, not string']],
    ['an enumeration', { enum: ['a', 'b'] }, 'c', ['"c" is none of ["a","b"]']],
    ['a pattern', { type: 'string', pattern: '^cmp_' }, 'dev_1', ["'dev_1' does not match ^cmp_"]],
    ['limits', { type: 'number', minimum: 0, maximum: 1 }, 2, ['2 is more than 1']],
    ['limits of a list', { type: 'array', minItems: 9 }, [1], ['has fewer than 9 items']],
]

for (const [name, schema, value, expected] of cases) {
    test(`a value is checked: ${name}`, () => assert.deepEqual(complaints(document, schema, value), expected))
}

test('a keyword that is not known is refused, not passed over', () => {
    assert.throws(() => complaints(document, { type: 'string', contentEncoding: 'base64' }, 'x'), /contentEncoding/)
})

test('a reference to nothing is refused', () => {
    assert.throws(() => complaints(document, { $ref: '#/components/schemas/Gone' }, 'x'), /Gone/)
})
