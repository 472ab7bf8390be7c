import { readFile } from 'node:fs/promises'

import type { Plugin } from 'vite'

/** Mantine's palette is 4 kB of colours that this app never shows: ours are in src/ui/tokens.css. */
const FOREIGN = /^\s*--mantine-color-(?:red|pink|grape|violet|indigo|blue|cyan|teal|green|lime|yellow|orange)-[^;]+;\n?/gm

export const leanMantine = (): Plugin => ({
  name: 'lean-mantine',
  enforce: 'pre',
  async load(id) {
    if (!/@mantine\/core\/styles\/default-css-variables(\.layer)?\.css$/.test(id)) return undefined
    return (await readFile(id, 'utf8')).replaceAll(FOREIGN, '')
  },
})
