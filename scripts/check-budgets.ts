import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { root } from './lib/files.ts'
import { exitWith } from './lib/report.ts'

type Chunk = { file: string; name?: string; imports?: string[]; css?: string[]; isEntry?: boolean }
type Manifest = Record<string, Chunk>

/** Kilobytes as they travel, gzipped. */
const FIRST_ROUTE_JS = 170
const SEAT_ROUTE_JS = 40
const STAFF_ROUTE_JS = 300
const ROUTE_CSS = 15

const HOME = 'src/features/films/home-page.tsx'
const SEATS = 'src/features/hall/showing-page.tsx'
const STAFF = ['src/features/staff/shell.tsx', 'src/features/staff/users-page.tsx']
/** Cyrillic letters take two bytes: the largest of the three languages. */
const textsOf = (...namespaces: string[]) => namespaces.map((name) => `src/locales/uk/${name}.json`)

const reached = (manifest: Manifest, keys: string[], seen = new Set<string>()): Set<string> => {
  for (const key of keys) {
    const chunk = manifest[key]
    if (chunk === undefined || seen.has(key)) continue
    seen.add(key)
    reached(manifest, chunk.imports ?? [], seen)
  }
  return seen
}

const filesOf = (manifest: Manifest, keys: string[]) => {
  const chunks = [...reached(manifest, keys)].flatMap((key) => manifest[key] ?? [])
  return {
    js: new Set(chunks.map(({ file }) => file).filter((file) => file.endsWith('.js'))),
    css: new Set(chunks.flatMap(({ css = [] }) => css)),
  }
}

const sizer = (folder: string) => (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length, 0) / 1000

const measured = (folder: string): [what: string, size: number, most: number][] => {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest
  const size = sizer(folder)
  const missing = ['index.html', HOME, ...STAFF].filter((key) => manifest[key] === undefined)
  if (missing.length > 0)
    throw new Error(`The build has no ${missing.join(', ')}: name the pages anew in scripts/check-budgets.ts.`)
  const first = filesOf(manifest, ['index.html', HOME, ...textsOf('common', 'films')])
  const seats = filesOf(manifest, ['index.html', SEATS, ...textsOf('common', 'hall')])
  const staff = filesOf(manifest, ['index.html', ...STAFF, ...textsOf('common', 'staff', 'account')])
  const shell = filesOf(manifest, ['index.html', ...textsOf('common')])
  return [
    ['first route, JavaScript', size(first.js), FIRST_ROUTE_JS],
    ['first route, CSS', size(first.css), ROUTE_CSS],
    ...(manifest[SEATS] === undefined
      ? []
      : ([
          ['seat route on top of the first, JavaScript', size(seats.js.difference(first.js)), SEAT_ROUTE_JS],
          ['seat route, CSS', size(seats.css), ROUTE_CSS],
        ] as [string, number, number][])),
    ['first route of the staff, JavaScript', size(staff.js), STAFF_ROUTE_JS],
    ['what every page loads, JavaScript', size(shell.js), FIRST_ROUTE_JS],
  ]
}

/** Weighs what a visitor's first pages load, as the web app was built last; the check builds it first. */
const checkBudgets = async () => {
  const sizes = measured(join(root, 'apps/web/dist'))
  for (const [what, size, most] of sizes) console.log(`${what}: ${size.toFixed(1)} kB of ${most}`)
  return sizes
    .filter(([, size, most]) => size > most)
    .map(([what, size, most]) => `Too heavy: ${what} is ${size.toFixed(1)} kB, ${most} are allowed.`)
}

await exitWith(checkBudgets)
