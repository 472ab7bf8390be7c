import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

import { configError } from '../config.ts'
import type { Pool } from './pool.ts'

type Migration = { name: string; text: string; checksum: string }

const directory = new URL('../../../migrations/', import.meta.url)

export const readMigrations = (from: URL = directory): Migration[] =>
  readdirSync(from)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .toSorted()
    .map((name) => {
      const text = readFileSync(new URL(name, from), 'utf8').replaceAll('\r\n', '\n')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    })

const CREATE_LEDGER = `create table if not exists schema_migrations (
  name text primary key, checksum text not null, applied_at timestamptz not null default now())`

const findEdited = (migrations: Migration[], applied: { name: string; checksum: string }[]) => {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]))
  for (const { name, checksum } of applied) {
    if (!known.has(name))
      throw configError(`The database has migration ${name}, which this release does not know. Run the newer release.`)
    if (known.get(name) !== checksum)
      throw configError(`Migration ${name} was edited after it had been applied. Restore it and add a new one.`)
  }
}

const isMissing = (error: unknown) => (error as { code?: string }).code === '42P01'

/** Without any lock: a server whose database is up to date needs no right to change it. */
const isUpToDate = async (pool: Pool, migrations: Migration[]): Promise<boolean> => {
  try {
    const { rows } = await pool.query<{ name: string; checksum: string }>('select name, checksum from schema_migrations')
    findEdited(migrations, rows)
    return migrations.every(({ name }) => rows.some((row) => row.name === name))
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/** Applies one migration that is still missing; the table lock lets only one process at a time look and apply. */
const applyNext = async (pool: Pool, migrations: Migration[]): Promise<string | undefined> => {
  const client = await pool.connect()
  try {
    await client.query('begin; set local lock_timeout = 0; set local statement_timeout = 0')
    await client.query('lock table schema_migrations in exclusive mode')
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from schema_migrations order by name',
    )
    findEdited(migrations, rows)
    const next = migrations.find(({ name }) => !rows.some((row) => row.name === name))
    if (next) {
      await client.query(next.text)
      await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [next.name, next.checksum])
    }
    await client.query('commit')
    return next?.name
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

/** Brings the database up to this release, forward only, each file in its own transaction. Returns what it applied. */
export const migrate = async (pool: Pool, migrations: Migration[] = readMigrations()): Promise<string[]> => {
  const { rows } = await pool.query<{ version: number }>(`select current_setting('server_version_num')::int as version`)
  if ((rows[0]?.version ?? 0) < 150000) throw configError('The database is too old: PostgreSQL 15 or later is needed.')
  if (await isUpToDate(pool, migrations)) return []
  await createLedger(pool)
  const applied: string[] = []
  for (;;) {
    const name = await applyNext(pool, migrations)
    if (!name) return applied
    applied.push(name)
  }
}

/** `if not exists` still collides with a rival that creates the table, or its row type, at the same moment; the second try finds it. */
const createLedger = async (pool: Pool) => {
  try {
    await pool.query(CREATE_LEDGER)
  } catch (error) {
    if (!['23505', '42P07', '42710'].includes((error as { code?: string }).code ?? '')) throw error
    await pool.query(CREATE_LEDGER)
  }
}
