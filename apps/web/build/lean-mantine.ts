import type { Plugin } from 'vite'

/** Mantine's palette is 4 kB of colours that this app never shows: ours are in src/ui/tokens.css. */
const FOREIGN = /^\s*--mantine-color-(?:red|pink|grape|violet|indigo|blue|cyan|teal|green|lime|yellow|orange)-[^;]+;\n?/gm

/** Runs after Vite has put the imported files together, which it reads by itself. */
export const leanMantine = (): Plugin => ({
  name: 'lean-mantine',
  transform: (code, id) => (/[\\/]ui[\\/]styles\.css$/.test(id) ? { code: code.replaceAll(FOREIGN, ''), map: null } : undefined),
})
