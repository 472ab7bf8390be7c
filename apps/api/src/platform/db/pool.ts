import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import pg from 'pg'

import { configError, makeFolder } from '../config.ts'
import { lockDirectory } from './directory-lock.ts'
import { type Listen, listenOnServer } from './listen.ts'

const INT8 = 20
const INT8_ARRAY = 1016
const TEXT_ARRAY = 1009
const NUMERIC = 1700
const DATE = 1082
pg.types.setTypeParser(INT8, Number)
// The driver's types name no arrays, its parsers know them.
const parseTexts = pg.types.getTypeParser(TEXT_ARRAY as never) as (text: string) => string[]
pg.types.setTypeParser(INT8_ARRAY as never, (text) => parseTexts(text).map(Number))
pg.types.setTypeParser(NUMERIC, Number)
pg.types.setTypeParser(DATE, String)

/** How long a request may wait for a free connection before it is answered with 503. */
const CONNECT_TIMEOUT_MS = 5_000
/** A new connection plans each statement anew, so the next page after a quiet moment would take three times as long. */
const IDLE_TIMEOUT_MS = 300_000
/** Idle connections are looked after, so that none is taken for alive which a firewall has forgotten. */
const KEEP_ALIVE_MS = 60_000
/** How each connection to a server begins; a benchmark's connections must begin so too. */
export const SESSION_SETTINGS =
  '-c jit=off -c lock_timeout=3000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=15000'

export type Pool = pg.Pool
export type DatabaseHandle = { pool: Pool; embedded: boolean; listen: Listen; close: () => Promise<void> }

/** A connection may die at any moment, also between the pool and its user; whoever runs a query on it is told. */
const surviveLostConnections = (pool: Pool) => {
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
}

type ServerOptions = { url: string; size: number; applicationName?: string }

export const openServer = ({ url, size, applicationName = 'marquee' }: ServerOptions): DatabaseHandle => {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    options: SESSION_SETTINGS,
    application_name: applicationName,
  })
  surviveLostConnections(pool)
  return { pool, embedded: false, listen: listenOnServer(url), close: () => pool.end() }
}

/** As the embedded database numbers them. */
const NO_SPACE = 51

/** What its file system throws is no error of JavaScript, only a number. */
const explainFiles = (error: unknown, dataDir: string): unknown => {
  if (error instanceof Error) return error
  const { errno } = error as { errno?: number }
  return configError(
    errno === NO_SPACE
      ? `DATA_DIR ${dataDir} has no room left for the database.`
      : `DATA_DIR ${dataDir} cannot hold the database (error ${errno} of its files).`,
  )
}

/**
 * PostgreSQL inside this process. It has one connection, so this is the only pool a process may have, and two
 * processes on one directory would silently lose data: the lock refuses the second.
 */
export const openEmbedded = async (dataDir: string): Promise<DatabaseHandle> => {
  makeFolder('DATA_DIR', dataDir)
  const unlock = lockDirectory(dataDir)
  // A process with a server needs none of it.
  const { PGlite } = await import('@electric-sql/pglite')
  const { btree_gist } = await import('@electric-sql/pglite/contrib/btree_gist')
  const { pg_trgm } = await import('@electric-sql/pglite/contrib/pg_trgm')
  const { createPgConfig } = await import('@electric-sql/pglite/node-postgres')
  const files = join(dataDir, 'pg')
  const isNew = !existsSync(files)
  const pglite = await PGlite.create(files, { extensions: { pg_trgm, btree_gist } }).catch((error: unknown) => {
    // Half a database would be taken for a whole one at the next start.
    if (isNew) rmSync(files, { recursive: true, force: true })
    unlock()
    throw explainFiles(error, dataDir)
  })
  const pool = new pg.Pool({
    ...createPgConfig(pglite),
    max: 1,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 0,
  })
  return {
    pool,
    embedded: true,
    listen: async (channel, { hint, hears }) => {
      const unlisten = await pglite.listen(channel, hint)
      hears(true)
      return () => unlisten()
    },
    close: async () => {
      await pool.end()
      await pglite.close()
      unlock()
    },
  }
}
