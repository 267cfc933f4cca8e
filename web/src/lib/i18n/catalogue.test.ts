import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setupI18n } from '@lingui/core'
import { describe, expect, test } from 'vitest'
import { importsOf } from '../../../tools/borders.mjs'
import { compileCatalogue } from '../../../tools/catalogues.ts'
import english from './en-CA.json'
import { isFirstWord } from './first-words.ts'
import french from './fr-CA.json'

const messages: Record<string, string> = english
const translated: Record<string, string> = french
const src = new URL('../..', import.meta.url).pathname

/** The text of each source file by its path below src; a list of ids is no use of them. */
const files = new Map(readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.|^first-words/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(src, path), readFileSync(path, 'utf8')]))

/** The messages that these files ask for: ids as they stand there, and those that are put together: `road.${name}`. */
function wordsOf(paths: Iterable<string>) {
    const code = [...paths].map((path) => files.get(path)).join('\n')
    const literals = new Set([...code.matchAll(/['"`]([a-z_0-9]+(?:\.[A-Za-z_0-9]+)+)['"`]/g)].map(([, id]) => id!))
    const patterns = [...code.matchAll(/`([a-z_0-9]+\.[^`\s]*\$\{[^`\s]*)`/g)].map(([, text]) => new RegExp(
        `^${text!.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.')).join('[A-Za-z_0-9.]+')}$`))
    return Object.keys(messages).filter((id) => literals.has(id) || patterns.some((pattern) => pattern.test(id)))
}

/** What can run before a page has asked for all words: all that main.tsx leads to, but for the router's later pages. */
function firstFiles() {
    const found = new Set<string>()
    const visit = (path: string) => {
        const file = ['', '.ts', '.tsx', '/index.ts', '/index.tsx'].map((end) => path + end).find((name) => files.has(name))
        if (!file || found.has(file)) return
        found.add(file)
        importsOf(file, files.get(file)!.replaceAll(/laterPage\(\(\) => import\([^)]*\)/g, '')).forEach(visit)
    }
    visit('main.tsx')
    return found
}

/** English that a French reader is shown as it is. */
const sameInBoth = new Set([
    'Actions', 'Active', 'Canada', 'Centre (latitude, longitude)', 'Code', 'Description', 'Exact', 'Face', 'Faces', 'Format',
    'Impressions', 'Invitations', 'Latitude', 'Latitude, longitude', 'Longitude', 'Message', 'Pages', 'Permission',
    'Position', 'Sessions', 'Source', 'URL', 'Webhooks', 'version {version}', '{count, plural, one {# permission} other {# permissions}}',
])

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
        const used = new Set(wordsOf(files.keys()))
        expect(Object.keys(messages).filter((id) => !used.has(id))).toEqual([])
        for (const text of [...Object.values(messages), ...Object.values(translated)]) expect(text.trim()).not.toBe('')
    })
    test('differ: French is not English left over, but for words that are the same', () => {
        const left = Object.entries(messages).filter(([id, text]) =>
            translated[id] === text && /[a-z]{3}/i.test(text.replaceAll(/\{[a-z]+\}/g, '')) && !sameInBoth.has(text))
        expect(left).toEqual([])
    })
    test('have each word that the first pages can show among the first words', () => {
        const early = wordsOf(firstFiles())
        expect(early).toContain('campaigns.new')
        expect(early.filter((id) => !isFirstWord(id))).toEqual([])
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
