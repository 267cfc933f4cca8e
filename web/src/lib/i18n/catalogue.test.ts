import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setupI18n } from '@lingui/core'
import { describe, expect, test } from 'vitest'
import { compileCatalogue } from '../../../tools/catalogues.ts'
import english from './en-CA.json'
import french from './fr-CA.json'

const messages: Record<string, string> = english
const translated: Record<string, string> = french
const src = new URL('../..', import.meta.url).pathname
const code = readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('\n')

/** Ids as they stand in the code, and the patterns of those that are put together: `road.${name}`. */
const literals = new Set([...code.matchAll(/['"`]([a-z_0-9]+(?:\.[A-Za-z_0-9]+)+)['"`]/g)].map(([, id]) => id!))
const patterns = [...code.matchAll(/`([a-z_0-9]+\.[^`\s]*\$\{[^`\s]*)`/g)].map(([, text]) => new RegExp(
    `^${text!.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.')).join('[A-Za-z_0-9.]+')}$`))

type Token = string | [name: string, kind?: string, branches?: unknown]

/** The names of the values in a compiled message, those inside its plurals included. */
function valuesOf(message: unknown): string[] {
    if (!Array.isArray(message)) return []
    return (message as Token[]).flatMap((token) => {
        if (typeof token === 'string') return []
        const [name, , branches] = token
        return [name, ...(typeof branches === 'object' ? Object.values(branches ?? {}).flatMap(valuesOf) : [])]
    })
}
const placeholders = (text: string) => [...new Set(valuesOf(compileCatalogue({ text })['text']))].sort()

describe('the catalogues', () => {
    test('have the same ids', () => expect(Object.keys(translated)).toEqual(Object.keys(messages)))
    test('use the same values in each message', () => {
        expect(placeholders('{from} to {n, plural, one {# of {all}} other {#}}')).toEqual(['all', 'from', 'n'])
        for (const [id, text] of Object.entries(messages)) {
            expect([id, ...placeholders(translated[id]!)]).toEqual([id, ...placeholders(text)])
        }
    })
    test('hold nothing empty and nothing that no code asks for', () => {
        const unused = Object.keys(messages).filter((id) =>
            !literals.has(id) && !patterns.some((pattern) => pattern.test(id)))
        expect(unused).toEqual([])
        for (const text of [...Object.values(messages), ...Object.values(translated)]) expect(text.trim()).not.toBe('')
    })
    test('differ: French is not English left over, but for words that are the same', () => {
        const same = Object.entries(messages).filter(([id, text]) => translated[id] === text && /[a-z]{4}/i.test(text))
        expect(same.length).toBeLessThan(30)
    })
    test('count as their language does: in French nought is singular', () => {
        const i18n = setupI18n({ messages: { 'en-CA': compileCatalogue(messages), 'fr-CA': compileCatalogue(translated) } })
        const say = (locale: string, count: number) => {
            i18n.activate(locale)
            return i18n._('campaigns.asset_count', { count })
        }
        expect([0, 1, 2].map((count) => say('en-CA', count))).toEqual(['0 assets', '1 asset', '2 assets'])
        expect([0, 1, 2].map((count) => say('fr-CA', count))).toEqual(['0 support', '1 support', '2 supports'])
    })
})
