import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import pg from 'pg'

import { migrate, readMigrations } from '../apps/api/src/platform/db/migrate.ts'
import { accessMatrixText } from './generate/access-matrix.ts'
import { endpointsText, errorsText } from './generate/api-docs.ts'
import { readCatalogue, type Catalogue } from './generate/catalogue.ts'
import { clientTypes } from './generate/client-types.ts'
import { erdText, type Area } from './generate/erd.ts'
import { privacyText } from './generate/privacy.ts'
import { schemaText } from './generate/schema.ts'
import { root, withTemporaryFolder, writeTree } from './lib/files.ts'
import { withDatabase } from './lib/postgres.ts'
import { exitWith } from './lib/report.ts'
import { runNode, tools } from './lib/run.ts'
import { drawPosters } from './posters/draw.ts'

const TYPES = 'apps/api/src/platform/db/types.gen.ts'
const SCHEMA = 'apps/api/migrations/schema.sql'
const DIAGRAMS = 'docs/erd.md'
const CONTRACT = 'packages/contract/openapi.json'
const CLIENT_TYPES = 'packages/contract/schema.d.ts'
const ENDPOINTS = 'docs/api/endpoints.md'
const ERRORS = 'docs/api/errors.md'
const ACCESS = 'docs/security/access-matrix.md'
const PRIVACY = 'docs/privacy.md'
const CLI = 'apps/api/src/cli.ts'
const LONGEST_QUOTE = 160

const areas = (): Area[] =>
  readMigrations()
    .map(({ name, text }) => ({
      title: name.replace(
        /^\d+_(\w)(\w*)\.sql$/,
        (_, first: string, more: string) => first.toUpperCase() + more.replaceAll('_', ' '),
      ),
      tables: [...text.matchAll(/^create (?:unlogged )?table (?:if not exists )?([\w.]+)/gim)].map(([, table]) => table ?? ''),
    }))
    .filter(({ tables }) => tables.length > 0)

const migrated = async (url: string): Promise<Catalogue> => {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  try {
    await migrate(pool)
    const client = await pool.connect()
    try {
      return await readCatalogue(client)
    } finally {
      client.release()
    }
  } finally {
    await pool.end()
  }
}

const run = async (args: string[], env: NodeJS.ProcessEnv) => {
  const { code, stdout, output } = await runNode(args, { env })
  if (code !== 0) throw new Error(`${args.join(' ')} failed:\n${output}`)
  return stdout
}

const CODEGEN = {
  '--dialect': 'postgres',
  '--date-parser': 'string',
  '--numeric-parser': 'number',
  '--type-mapping': '{"int8":"number"}',
  '--exclude-pattern': 'pgboss.*',
}

const rowTypes = (url: string, file: string) =>
  run([tools.kyselyCodegen, '--url', url, '--out-file', file, ...Object.entries(CODEGEN).flat()], process.env)

/** The settings of the machine must not reach the contract. */
const contract = () =>
  run([CLI, 'openapi'], { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] })

const generateInto = async (folder: string): Promise<string[]> => {
  mkdirSync(dirname(join(folder, TYPES)), { recursive: true })
  const [catalogue, openapi] = await Promise.all([
    withDatabase(async (url) => {
      const read = await migrated(url)
      await rowTypes(url, join(folder, TYPES))
      return read
    }),
    existsSync(join(root, CLI)) ? contract() : undefined,
  ])
  const posters = drawPosters()
  const drawn = Object.keys(posters)
  writeTree(folder, { [SCHEMA]: schemaText(catalogue), [DIAGRAMS]: erdText(catalogue, areas()), ...posters })
  if (openapi === undefined) return [TYPES, SCHEMA, DIAGRAMS, ...drawn]
  writeTree(folder, {
    [CONTRACT]: openapi,
    [CLIENT_TYPES]: await clientTypes(openapi),
    [ENDPOINTS]: endpointsText(openapi),
    [ERRORS]: errorsText(root),
    [ACCESS]: accessMatrixText(openapi),
    [PRIVACY]: privacyText(),
  })
  return [TYPES, SCHEMA, DIAGRAMS, CONTRACT, CLIENT_TYPES, ENDPOINTS, ERRORS, ACCESS, PRIVACY, ...drawn]
}

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

const firstDifference = (old: string, fresh: string) => {
  const before = old.split('\n')
  const after = fresh.split('\n')
  const line = after.findIndex((text, index) => text !== before[index])
  const at = line < 0 ? after.length : line
  const start = (text = '') => (text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text)
  return `line ${at + 1}: it says "${start(before[at])}", it should say "${start(after[at])}"`
}

const outdated = (folder: string, path: string) => {
  const old = textOf(join(root, path))
  const fresh = textOf(join(folder, path))
  return old === fresh
    ? []
    : [`${path} is out of date (${firstDifference(old, fresh)}). Run npm run generate and commit what it writes.`]
}

const generate = (compareOnly: boolean) =>
  withTemporaryFolder(async (folder) => {
    const paths = await generateInto(folder)
    if (compareOnly) return paths.flatMap((path) => outdated(folder, path))
    const changed = paths.filter((path) => textOf(join(root, path)) !== textOf(join(folder, path)))
    writeTree(root, Object.fromEntries(changed.map((path) => [path, textOf(join(folder, path))])))
    console.log(changed.length > 0 ? `Written: ${changed.join(', ')}` : `${paths.length} generated files were up to date.`)
    return []
  })

await exitWith(() => generate(process.argv.includes('--check')))
