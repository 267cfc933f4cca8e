// The borders of src: a feature imports no other feature and nothing of the app; what is shared imports neither;
// the pure part (lib) imports no component. Also: files of at most 300 lines. Run by `npm run lint`.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const mostLines = 300
const may = {
    app: ['app', 'features', 'components', 'lib', 'api'],
    features: ['components', 'lib', 'api'],
    components: ['components', 'lib', 'api'],
    lib: ['lib', 'api'],
    api: ['api'],
}
const rooms = ['auth', 'audit', 'companies', 'assets', 'devices', 'campaigns', 'measurements', 'analytics', 'webhooks',
    'monitoring']

const areaOf = (path) => path.split('/')[0]
const roomOf = (path) => (areaOf(path) === 'features' ? path.split('/')[1] : null)

/** What is wrong with one import of `file`, both as paths below src; null when nothing is. */
export function wrong(file, target) {
    const area = areaOf(file)
    if (!(area in may)) return null
    if (roomOf(file) && roomOf(file) === roomOf(target)) return null
    if (may[area].includes(areaOf(target))) return null
    // A test may look at the build's own tools.
    if (file.includes('.test.') && target.startsWith('../tools/')) return null
    return `${file} imports ${target}: ${area} may import only ${may[area].join(', ')}`
}

const importPattern = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g

export function importsOf(file, text) {
    return [...text.matchAll(importPattern)].flatMap(([, name]) => {
        if (name.startsWith('@/')) return [name.slice(2)]
        return name.startsWith('.') ? [join(dirname(file), name)] : []
    })
}

function check(src) {
    const faults = []
    for (const entry of readdirSync(src, { recursive: true, withFileTypes: true })) {
        // openapi.d.ts is generated.
        if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || entry.name.endsWith('.d.ts')) continue
        const path = join(entry.parentPath, entry.name)
        const file = relative(src, path)
        const text = readFileSync(path, 'utf8')
        const lines = text.split('\n').length
        if (lines > mostLines) faults.push(`${file} has ${lines} lines; ${mostLines} are allowed`)
        if (roomOf(file) && !rooms.includes(roomOf(file))) faults.push(`${file}: no server room is named ${roomOf(file)}`)
        for (const target of importsOf(file, text)) faults.push(...[wrong(file, target)].filter(Boolean))
    }
    return faults
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
    const faults = check(fileURLToPath(new URL('../src', import.meta.url)))
    faults.forEach((fault) => console.error(fault))
    if (faults.length > 0) process.exit(1)
    console.log('borders: clean')
}
