import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'

import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { migrate, readMigrations } from './migrate.ts'
import { openServer } from './pool.ts'

const migrations = readMigrations()
const names = migrations.map(({ name }) => name)

const administrator = new pg.Client({ connectionString: inject('server_url') })
const made: { name: string; close: () => Promise<void> }[] = []
beforeAll(() => administrator.connect())
afterAll(async () => {
  for (const { name, close } of made)
    await close().then(() => administrator.query(`drop database if exists ${name} with (force)`))
  await administrator.end()
})

/** A database without any table, or a copy of another one. */
const openDatabase = async (original = 'template0') => {
  const name = `marquee_migrate_${randomBytes(6).toString('hex')}`
  await administrator.query(`create database ${name} template ${original}`)
  const address = new URL(inject('server_url'))
  address.pathname = `/${name}`
  const { pool, close } = openServer({ url: address.href, size: 4 })
  made.push({ name, close })
  return { pool, name, url: address.href }
}

const DEFINITIONS = `
  select 'column' as kind, table_schema || '.' || table_name || '.' || column_name as name,
    concat_ws(' ', udt_name, is_nullable, column_default, identity_generation) as definition
  from information_schema.columns where table_schema in ('public', 'app', 'mock_provider')
  union all select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) || convalidated
  from pg_constraint where connamespace::regnamespace::text in ('public', 'mock_provider')
  union all select 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid) || indisvalid
  from pg_index where indrelid::regclass::text !~ '^pg_'
  union all select 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
  union all select 'function', oid::regprocedure::text, pg_get_functiondef(oid)
  from pg_proc where pronamespace::regnamespace::text in ('app', 'mock_provider')
  union all select 'enum', enumtypid::regtype || '.' || enumlabel, enumsortorder::text from pg_enum
  order by kind, name`
const definitions = async (pool: pg.Pool) => (await pool.query<{ kind: string; definition: string }>(DEFINITIONS)).rows
const applied = async (pool: pg.Pool) =>
  (await pool.query<{ name: string }>('select name from schema_migrations order by name')).rows.map(({ name }) => name)
const tables = async (pool: pg.Pool) =>
  (
    await pool.query<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
    )
  ).rows.map(({ name }) => name)

test('R-146: an empty database is brought up to date, once', async () => {
  const { pool } = await openDatabase()
  expect(await migrate(pool)).toEqual(names)
  expect(await applied(pool)).toEqual(names)
  expect((await tables(pool)).length).toBeGreaterThan(20)
  expect(await migrate(pool)).toEqual([])
})

/** Each way is as long as all migrations, so not every release begins one; the growing database goes through all of them. */
const STEP = 6

test('R-146: from earlier releases the way leads to the same schema', async () => {
  const straight = await openDatabase()
  await migrate(straight.pool)
  const wanted = await definitions(straight.pool)
  expect(wanted.length).toBeGreaterThan(200)
  const growing = await openDatabase()
  for (let count = 1; count < migrations.length; count += 1) {
    expect(await migrate(growing.pool, migrations.slice(0, count))).toEqual(names.slice(count - 1, count))
    if ((migrations.length - 1 - count) % STEP !== 0) continue
    const earlier = await openDatabase(await idle(growing))
    expect(await migrate(earlier.pool)).toEqual(names.slice(count))
    expect(await definitions(earlier.pool)).toEqual(wanted)
  }
})

/** A database is copied only while nobody is connected to it; the pool connects again by itself. */
const idle = async ({ pool, name }: { pool: pg.Pool; name: string }) => {
  await administrator.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  await expect.poll(() => pool.totalCount).toBe(0)
  return name
}

test('a migration that was edited after it had been applied is refused by name, and nothing is applied', async () => {
  const { pool } = await openDatabase()
  await migrate(pool, migrations.slice(0, 2))
  const edited = migrations.map((migration, index) => (index === 1 ? { ...migration, checksum: 'another' } : migration))
  await expect(migrate(pool, edited)).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(/^Migration 0002_\w+\.sql was edited/),
  })
  expect(await applied(pool)).toEqual(names.slice(0, 2))
})

test('line ends of another system are no edit', () => {
  const directory = mkdtempSync(join(tmpdir(), 'marquee-migrate-'))
  for (const migration of migrations) writeFileSync(join(directory, migration.name), migration.text.replaceAll('\n', '\r\n'))
  writeFileSync(join(directory, 'notes.sql'), 'not a migration')
  expect(readMigrations(pathToFileURL(`${directory}/`))).toEqual(migrations)
  rmSync(directory, { recursive: true })
})

test('a database of a newer release is refused, and nothing is changed', async () => {
  const { pool } = await openDatabase()
  await migrate(pool, [...migrations.slice(0, 1), { name: '0099_future.sql', text: 'select 1', checksum: 'future' }])
  await expect(migrate(pool)).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining('0099_future.sql') })
  expect(await applied(pool)).toEqual([names[0], '0099_future.sql'])
})

test('a migration that fails leaves nothing of itself, and those before it stay', async () => {
  const { pool } = await openDatabase()
  const broken = {
    name: '0002_broken.sql',
    text: 'create table half (id int); insert into half values (1); select 1 / 0',
    checksum: 'b',
  }
  await expect(migrate(pool, [...migrations.slice(0, 1), broken])).rejects.toMatchObject({ code: '22012' })
  expect(await applied(pool)).toEqual(names.slice(0, 1))
  expect(await tables(pool)).not.toContain('half')
  expect(await migrate(pool)).toEqual(names.slice(1))
})

const STARTER = `
import pg from 'pg'
import { migrate } from ${JSON.stringify(new URL('migrate.ts', import.meta.url).href)}
const pool = new pg.Pool({ connectionString: process.env.TEST_URL })
while (Date.now() < Number(process.env.TEST_START)) await new Promise((resolve) => setTimeout(resolve, 1))
process.stdout.write(JSON.stringify(await migrate(pool)))
await pool.end()`

test('R-134: four processes that start at once on an empty database apply each migration once', async () => {
  const { pool, url } = await openDatabase()
  const env = { PATH: process.env['PATH'], TEST_URL: url, TEST_START: String(Date.now() + 2_000) }
  const starters = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', STARTER], {
      cwd: import.meta.dirname,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  )
  const results = await Promise.all(starters.map(({ stdout }) => text(stdout)))
  const shares = results.map((result) => JSON.parse(result) as string[])
  expect(shares.flat().toSorted()).toEqual(names)
  expect(await applied(pool)).toEqual(names)
})

const RIVALS = 8
const MOST_ROUNDS = 200
/** How PostgreSQL says that a rival has created the table, its name in an index, or its row type meanwhile. */
const COLLISIONS = ['42P07', '23505', '42710']

test('R-134: whoever creates the ledger of migrations at the same moment as others goes on, however they collide', async () => {
  const { url } = await openDatabase()
  const { pool, close } = openServer({ url, size: RIVALS })
  const seen = new Set<string>()
  const ask = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>
  const counted = Object.assign(Object.create(pool) as typeof pool, {
    query: (...args: unknown[]) =>
      ask(...args).catch((error: { code: string }) => {
        seen.add(error.code)
        throw error
      }),
  })
  await Promise.all(Array.from({ length: RIVALS }, () => pool.query('select pg_sleep(0.05)')))
  for (let round = 0; round < MOST_ROUNDS && !COLLISIONS.every((code) => seen.has(code)); round += 1) {
    await pool.query('drop table if exists schema_migrations')
    const applied_by_each = await Promise.all(Array.from({ length: RIVALS }, () => migrate(counted, [])))
    expect(applied_by_each.flat()).toEqual([])
  }
  await close()
  expect(COLLISIONS.filter((code) => seen.has(code))).not.toEqual([])
})
