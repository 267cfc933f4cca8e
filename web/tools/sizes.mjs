// What a page costs to load, from the build's manifest: the scripts that a route needs, each counted once.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const kib = 1024

export function readBuild(folder) {
    return { folder, manifest: JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) }
}

/** Every script that loading these manifest entries brings along. */
export function closure({ manifest }, names) {
    const found = new Set()
    const visit = (name) => {
        const entry = manifest[name]
        if (!entry) throw new Error(`the build has no ${name}`)
        if (found.has(name)) return
        found.add(name)
        for (const next of entry.imports ?? []) visit(next)
    }
    names.forEach(visit)
    return [...found]
}

function weigh(folder, files) {
    const sizes = { gzip: 0, brotli: 0 }
    for (const file of new Set(files)) {
        const content = readFileSync(join(folder, file))
        sizes.gzip += gzipSync(content, { level: 9 }).length / kib
        sizes.brotli += brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length / kib
    }
    return sizes
}

/** The scripts of these entries without those that the page already has. */
export function scripts(build, names, without = []) {
    const had = new Set(closure(build, without))
    const files = closure(build, names).filter((name) => !had.has(name)).map((name) => build.manifest[name].file)
    return weigh(build.folder, files.filter((file) => file.endsWith('.js')))
}

export function styles(build) {
    return weigh(build.folder, Object.values(build.manifest).flatMap((entry) => entry.css ?? []))
}

export function assets(build, pattern) {
    const files = Object.values(build.manifest).flatMap((entry) => [entry.file, ...(entry.assets ?? [])])
    return weigh(build.folder, files.filter((file) => pattern.test(file)))
}
