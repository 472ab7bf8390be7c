import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'

import { sql } from 'kysely'

import { type Config, configError, hostInUrl } from '#platform/config.ts'
import { migrate } from '#platform/db/migrate.ts'
import { type DatabaseHandle, openEmbedded, openServer } from '#platform/db/pool.ts'
import { loadKeys } from '#platform/keys.ts'
import type { Log } from '#platform/log.ts'
import { seedDemo } from '#seeds/demo.ts'
import { type App, createApp } from './app.ts'

const openDatabase = async (config: Config, log: Log): Promise<DatabaseHandle> => {
  if (config.DATABASE_URL) return openServer({ url: config.DATABASE_URL, size: config.DATABASE_POOL_SIZE })
  if (!existsSync(config.DATA_DIR)) log.info({ directory: config.DATA_DIR }, 'first start: making the embedded database')
  return openEmbedded(config.DATA_DIR)
}

const isRefused = (error: unknown) =>
  ['ECONNREFUSED', 'ENOTFOUND', '28P01', '28000', '3D000'].includes((error as { code?: string }).code ?? '')

const prepare = async (database: DatabaseHandle, log: Log) => {
  try {
    const applied = await migrate(database.pool)
    if (applied.length > 0) log.info({ migrations: applied }, 'database brought up to date')
  } catch (error) {
    if (isRefused(error))
      throw configError(`DATABASE_URL does not work: ${(error as Error).message || 'the server cannot be reached'}.`)
    throw error
  }
}

const fillDemo = async ({ db, passwords, signTicket }: App, config: Config, log: Log) => {
  const { created, sessions_added } = await seedDemo({
    db,
    signTicket,
    now: new Date(),
    hashPassword: passwords.hash,
    cleaningMinutes: config.CLEANING_MINUTES,
    doorsOpenMinutes: config.DOORS_OPEN_MINUTES,
    currency: config.PLATFORM_CURRENCY,
    mockProvider: config.PAYMENT_PROVIDER === 'mock' && !config.MOCK_PROVIDER_URL,
  })
  // The embedded database has nobody else who would tell its planner what the tables look like.
  if (created) await sql`analyze`.execute(db)
  if (created || sessions_added > 0) log.info({ created, sessions_added }, 'demo data')
}

const listen = async ({ server }: App, { HOST, PORT }: Config): Promise<number> => {
  try {
    await server.listen({ host: HOST, port: PORT })
    return (server.server.address() as AddressInfo).port
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw configError(`PORT ${PORT} is taken on ${HOST}. Set PORT to another one.`)
    if ((error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL')
      throw configError(`HOST ${HOST} is not an address of this machine.`)
    throw error
  }
}

const welcome = (url: string, { web, demo }: { web: boolean; demo: boolean }) => `
  Marquee is open.

${web ? `  Cinema         ${url}\n` : ''}  API and docs   ${url}/docs   (ReDoc: ${url}/redoc, document: ${url}/openapi.json)
  Health         ${url}/health
${
  demo
    ? `
  Demo sign-ins  customer@marquee.test, cashier@…, moderator@…, manager@…, admin@marquee.test
  Password       Marquee-demo-1
`
    : ''
}
`

const open = async (app: App, database: DatabaseHandle, config: Config, log: Log): Promise<number> => {
  await prepare(database, log)
  await app.open()
  if (config.DEMO_DATA) await fillDemo(app, config, log)
  await app.search.fill()
  const port = await listen(app, config)
  if (config.JOBS) await app.work()
  return port
}

const warnOfFiles = ({ NODE_ENV, SMTP_URL, DATA_DIR }: Config, log: Log) => {
  if (NODE_ENV === 'production' && !SMTP_URL)
    log.warn({ directory: `${DATA_DIR}/mail` }, 'SMTP_URL is not set: mails, also those that activate accounts, become files')
}

/** Opens the database, brings it up to date, fills the demo, listens and starts the jobs. */
export const start = async (config: Config, log: Log) => {
  const keys = loadKeys(config)
  const database = await openDatabase(config, log)
  const app = await createApp({ config, database, keys, log })
  const close = async () => {
    await app.close()
    await database.close()
  }
  try {
    warnOfFiles(config, log)
    const port = await open(app, database, config, log)
    process.stdout.write(welcome(`http://${hostInUrl(config.HOST)}:${port}`, { web: app.hasWeb, demo: config.DEMO_DATA }))
    return { port, close }
  } catch (error) {
    await close()
    throw error
  }
}
