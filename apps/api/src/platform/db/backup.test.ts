import { execFile, execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import pg from 'pg'
import { describe, expect, inject, onTestFinished, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { as, given, database, directory, pool } = await startTestApp()

const scripts = fileURLToPath(new URL('../../../../../infra/backup/', import.meta.url))
const folder = join(directory, 'backups')
/** Restoring starts two programs of ours beside PostgreSQL's own. */
const PATIENCE_MS = 120_000

/** PostgreSQL's own tools read servers up to their own release; where there are none that fit, there is nothing to try. */
const toolsRelease = (): number => {
  try {
    return Number(/\) (\d+)/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))?.[1] ?? 0)
  } catch {
    return 0
  }
}
const { rows: releases } = await pool.query<{ release: number }>(
  `select current_setting('server_version_num')::int / 10000 as release`,
)
const fits = toolsRelease() >= (releases[0]?.release ?? Infinity)

const run = async (script: string, env: Record<string, string>, ...input: string[]) => {
  const path = [dirname(process.execPath), process.env['PATH']].join(':')
  const options = { env: { ...env, PATH: path, BACKUP_DIR: folder, DATA_DIR: directory, CERTS_DIR: join(directory, 'certs') } }
  return promisify(execFile)(join(scripts, script), input, options).then(
    ({ stdout }) => ({ code: 0, said: stdout.trim() }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, said: stderr.trim() }),
  )
}

const emptyDatabase = async (): Promise<string> => {
  const name = `marquee_backup_${randomUUID().replaceAll('-', '')}`
  const administrator = new pg.Client({ connectionString: inject('server_url') })
  await administrator.connect()
  await administrator.query(`create database ${name}`)
  onTestFinished(async () => {
    await administrator.query(`drop database ${name} with (force)`)
    await administrator.end()
  })
  return Object.assign(new URL(database.url), { pathname: `/${name}` }).href
}

const ticketsIn = async (connectionString: string) => {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { rows } = await client.query('select id, status, qr_code from tickets order by id')
  await client.end()
  return rows
}

describe.skipIf(!fits)('R-235: a backup', () => {
  test(
    'restored into an empty database has every ticket and is sound; into one that is not empty it does not go',
    async () => {
      const customer = await as('customer')
      const session = await given.session({ seats: 4 })
      const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, 2) })
      await customer.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })

      const written = await run('backup.sh', { DATABASE_URL: database.url })
      expect(written).toEqual({ code: 0, said: expect.stringMatching(/marquee-\d{8}T\d{6}Z\.dump$/) })
      const url = await emptyDatabase()
      const restored = await run('restore.sh', { DATABASE_URL: url }, written.said)
      expect(restored).toEqual({ code: 0, said: expect.stringMatching(/\d+ invariants hold/) })
      expect(await ticketsIn(url)).toEqual(await ticketsIn(database.url))
      expect(await ticketsIn(url)).toHaveLength(2)
      expect(await run('restore.sh', { DATABASE_URL: url }, written.said)).toEqual({
        code: 1,
        said: expect.stringMatching(/^The database is not empty/),
      })
    },
    PATIENCE_MS,
  )

  test('that fails leaves no file that looks like one, and the older ones stay', async () => {
    mkdirSync(folder, { recursive: true })
    const before = readdirSync(folder)
    const gone = Object.assign(new URL(database.url), { pathname: '/no_such_database' }).href
    expect(await run('backup.sh', { DATABASE_URL: gone, BACKUPS_KEPT: '1' })).toMatchObject({ code: 1 })
    expect(readdirSync(folder)).toEqual(before)
  })
})
