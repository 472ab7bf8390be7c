import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

import { installable } from './build/installable.ts'
import { leanMantine } from './build/lean-mantine.ts'
import { offlineShell } from './build/offline-shell.ts'
import { writtenStyles } from './build/written-styles.ts'

const API = process.env['API_URL'] ?? 'http://127.0.0.1:8000'
/** What the API answers itself; everything else is a page. */
const SERVER_PATHS = ['/api', '/media', '/posters', '/docs', '/redoc', '/openapi.json', '/health']

const GROUND = /node_modules[\\/](react|react-dom|scheduler|@tanstack|i18next|react-i18next|openapi-fetch)[\\/]/
/** Pages that the server paints are seen before their scripts come: their styles must stand in the head of the built page. */
const PAINTED =
  /apps[\\/]web[\\/]src[\\/](app|lib|ui|routes|features[\\/](films|cinemas)[\\/](?!cinema-dialog))|@mantine|@tabler|packages[\\/]contract/

const proxy = Object.fromEntries(SERVER_PATHS.map((path) => [path, { target: API, ws: true }]))

export default defineConfig({
  plugins: [react(), leanMantine(), writtenStyles(), offlineShell(), VitePWA(installable)],
  server: { port: 5173, proxy },
  preview: { port: 4173, proxy },
  build: {
    manifest: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What every page needs travels as one file: fewer requests, and it compresses better than twenty crumbs.
        codeSplitting: {
          groups: [
            { name: 'ground', test: GROUND },
            { name: 'pages', test: PAINTED },
          ],
        },
      },
    },
  },
  environments: {
    // The API paints first pictures with this. It needs nothing else from the packages, and nobody fetches dotted folders.
    ssr: {
      // React would bring its slow build along, to choose between the two when it starts.
      define: { 'process.env.NODE_ENV': JSON.stringify('production') },
      resolve: { noExternal: true },
      build: {
        ssr: 'src/server.tsx',
        outDir: 'dist/.server',
        manifest: false,
        minify: true,
        target: 'node24',
        copyPublicDir: false,
        emptyOutDir: true,
      },
    },
  },
  builder: {
    buildApp: async (builder) => {
      for (const name of ['client', 'ssr']) {
        const environment = builder.environments[name]
        if (environment) await builder.build(environment)
      }
    },
  },
})
