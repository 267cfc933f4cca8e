declare module '*/tools/sizes.mjs' {
    interface Size { gzip: number; brotli: number }
    interface Build { folder: string; manifest: Record<string, { file: string; imports?: string[]; css?: string[]; assets?: string[] }> }
    export function readBuild(folder: string): Build
    export function closure(build: Build, names: string[]): string[]
    export function scripts(build: Build, names: string[], without?: string[]): Size
    export function styles(build: Build): Size
    export function assets(build: Build, pattern: RegExp): Size
}
declare module '*/tools/borders.mjs' {
    export function wrong(file: string, target: string): string | null
    export function importsOf(file: string, text: string): string[]
}
