import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { faultText } from './faults'
import french from './i18n/fr-CA.json'

const words: Record<string, string> = french
const text = (id: string, values: Record<string, string | number> = {}) =>
    Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, String(value)), words[id]!)

/** What the server's code says of fields: each sentence that is added as a fault. */
const folder = new URL('../../../', import.meta.url).pathname
const said = ['src', 'platform/problem'].flatMap((area) => readdirSync(join(folder, area), { recursive: true, withFileTypes: true })
    .filter(({ name }) => /\.[ch]pp$/.test(name) && !name.includes('_test'))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')))
    .flatMap((code) => [...code.matchAll(/\badd\([^;"]*(?:"[^"]*"[^;"]*)?,\s*"([a-z][^"]+)"\)/g)].map(([, sentence]) => sentence!))

describe('faults of fields', () => {
    test('are said in French, with what they name', () => {
        expect(faultText('must have at most 40 characters', text as never, 'fr-CA')).toBe('ne doit pas dépasser 40 caractères')
        expect(faultText('must have 12 to 256 characters', text as never, 'fr-CA')).toBe('doit compter de 12 à 256 caractères')
        expect(faultText('something new', text as never, 'fr-CA')).toBe('n’est pas accepté')
        expect(faultText('something new', text as never, 'en-CA')).toBe('something new')
    })
    test('have words for most of what the server says of fields', () => {
        expect(said.length).toBeGreaterThan(20)
        const without = [...new Set(said)].filter((sentence) => faultText(sentence, text as never, 'fr-CA') === words['fault.other'])
        console.log(`without words of their own: ${without.length} of ${new Set(said).size}: ${without.join(' | ')}`)
        expect(without.length).toBeLessThan(said.length / 2)
    })
})
