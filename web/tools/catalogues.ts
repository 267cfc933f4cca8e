// Vite plugin: the messages of src/lib/i18n/<locale>.json, each compiled at build time, so that the browser carries no
// message parser. `virtual:catalogue/<locale>` has those that the first pages need, `virtual:catalogue/<locale>/rest`
// the others, so that a page that is added makes no first load heavier.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import type { Plugin } from 'vite'
import { isFirstWord } from '../src/lib/i18n/first-words.ts'

const prefix = 'virtual:catalogue/'
const folder = new URL('../src/lib/i18n/', import.meta.url)

export function compileCatalogue(messages: Record<string, string>) {
    return Object.fromEntries(Object.entries(messages).map(([id, text]) => [id, compileMessage(text)]))
}

export function catalogues(): Plugin {
    return {
        name: 'mobilytics-catalogues',
        resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : null),
        load(id) {
            if (!id.startsWith(`\0${prefix}`)) return null
            const [locale, part] = id.slice(prefix.length + 1).split('/')
            const file = fileURLToPath(new URL(`${locale}.json`, folder))
            this.addWatchFile(file)
            const messages = Object.entries<string>(JSON.parse(readFileSync(file, 'utf8')))
                .filter(([word]) => isFirstWord(word) === (part !== 'rest'))
            return `export default ${JSON.stringify(compileCatalogue(Object.fromEntries(messages)))}`
        },
    }
}
