import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import tailwindcss from '@tailwindcss/vite'
import optimizeLocales from '@react-aria/optimize-locales-plugin'
import { defineConfig } from 'vite'
import { catalogues } from './tools/catalogues.ts'

const server = process.env['MOBILYTICS_URL'] ?? 'http://localhost:8080'

export default defineConfig({
    plugins: [
        catalogues(),
        react(),
        tailwindcss(),
        { ...optimizeLocales.vite({ locales: ['en-US', 'fr-FR'] }), enforce: 'pre' },
    ],
    resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
    build: {
        target: 'es2023',
        manifest: true,
        // The strict CSP has no data: in script-src or font-src, so nothing is inlined.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 1200,
    },
    server: { proxy: { '/v1': server, '/tiles': server } },
})
