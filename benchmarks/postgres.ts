import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

import { startPostgres } from '../apps/api/src/testing/postgres-server.ts'
import { parentOf } from './cpu.ts'

/** Gone when this process ends, however it ends. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'marquee-bench-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

// A commit waits for the disk, as in production. Checkpoints are kept out of the windows, for both sides alike.
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '512MB',
  max_connections: '200',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
}

export const connect = async (url: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

const SHOWN = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'shared_buffers',
  'max_wal_size',
  'wal_sync_method',
]

const readSettings = async (client: pg.Client): Promise<Record<string, string>> => {
  const { rows } = await client.query<{ name: string; value: string }>(
    'select name, current_setting(name) as value from unnest($1::text[]) as name',
    [SHOWN],
  )
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

const findPostmaster = async (client: pg.Client) => {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return parentOf(rows[0]?.pid ?? 0)
}

/** A server of our own with durability on, or the given one; on either, databases of our own that are dropped at the end, unless they are to be kept. */
export const openServer = async (given: string | undefined, { keep = false } = {}) => {
  const server = given ? { url: given, stop: async () => undefined } : await startPostgres(SETTINGS)
  const admin = await connect(server.url)
  const made: string[] = []

  const createDatabase = async (purpose: string, template?: string) => {
    const name = `marquee_${purpose}_${process.pid}`
    await admin.query(`create database ${name} ${template ? `template ${template}` : ''}`)
    made.push(name)
    const address = new URL(server.url)
    address.pathname = `/${name}`
    return { name, url: address.href }
  }

  return {
    settings: await readSettings(admin),
    /** Undefined when the server does not run on this machine: its CPU cannot be read then. */
    postmaster: await findPostmaster(admin),
    createDatabase,
    close: async () => {
      for (const name of keep ? [] : made.toReversed()) await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
      await server.stop()
    },
  }
}
export type Server = Awaited<ReturnType<typeof openServer>>
