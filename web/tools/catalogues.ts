// Vite plugin: `virtual:catalogue/<locale>` is src/lib/i18n/<locale>.json with each ICU message compiled at build
// time, so that the browser carries no message parser.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import type { Plugin } from 'vite'

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
            const file = fileURLToPath(new URL(`${id.slice(prefix.length + 1)}.json`, folder))
            this.addWatchFile(file)
            const messages = compileCatalogue(JSON.parse(readFileSync(file, 'utf8')))
            return `export default ${JSON.stringify(messages)}`
        },
    }
}
