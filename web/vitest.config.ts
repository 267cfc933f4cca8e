import { defineConfig } from 'vitest/config'
import { fileURLToPath } from 'node:url'
import { catalogues } from './tools/catalogues.ts'

export default defineConfig({
    plugins: [catalogues()],
    resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
    test: { include: ['src/**/*.test.ts', 'tests/**/*.test.ts'] },
})
