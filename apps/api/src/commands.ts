import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Command } from 'commander'

import { createPasswords } from '#modules/auth/passwords/passwords.ts'
import { describeReport } from '#modules/invariants/report.ts'
import { type CheckOptions, checkInvariants } from '#modules/invariants/service.ts'
import { createTicketSigner } from '#modules/tickets/qr.ts'
import { type AuditEvent, recordEvent } from '#platform/audit.ts'
import { type Config, configError, loadConfig } from '#platform/config.ts'
import { createDb, type Db } from '#platform/db/kysely.ts'
import { migrate } from '#platform/db/migrate.ts'
import { type DatabaseHandle, openEmbedded, openServer, type Pool } from '#platform/db/pool.ts'
import { AppError } from '#platform/errors.ts'
import { prepareJobs } from '#platform/jobs.ts'
import { loadKeys } from '#platform/keys.ts'
import { createLog } from '#platform/log.ts'
import { rotateTokenKeys } from '#platform/token-keys.ts'
import { version } from '#platform/version.ts'
import { seedDemo } from '#seeds/demo.ts'
import { createAdmin, PASSWORD_VARIABLE, removeFactors } from './account-commands.ts'

type Opened = { config: Config; database: DatabaseHandle; pool: Pool; db: Db }

const CONNECTIONS = 2
const ROTATION_MARGIN_SECONDS = 600
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', '28P01', '28000', '3D000'])
const OUT_OF_DATE = new Set(['42P01', '42703', '42883', '3F000'])

const say = (line: string) => process.stdout.write(`${line}\n`)

const openDatabase = async ({ DATABASE_URL, DATA_DIR }: Config, create: boolean): Promise<DatabaseHandle> => {
  if (DATABASE_URL) return openServer({ url: DATABASE_URL, size: CONNECTIONS, applicationName: 'marquee-cli' })
  if (!create && !existsSync(join(DATA_DIR, 'pg')))
    throw configError(`There is no database in DATA_DIR ${DATA_DIR} yet, and DATABASE_URL names no other.`)
  return openEmbedded(DATA_DIR)
}

/** What the database says when it is not the one that was meant, as a sentence. */
const explain = (error: unknown): unknown => {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  if (UNREACHABLE.has(code)) return configError(`DATABASE_URL does not work: ${message || 'the server cannot be reached'}.`)
  if (OUT_OF_DATE.has(code)) return configError(`The database is not up to date (${message}). Run the command migrate first.`)
  return error
}

/** Lends the configured database for one command and closes it, whatever happens. */
const withDatabase = async (work: (opened: Opened) => Promise<void>, { create = false } = {}) => {
  const config = loadConfig()
  const database = await openDatabase(config, create)
  try {
    await work({ config, database, pool: database.pool, db: createDb(database.pool) })
  } catch (error) {
    throw explain(error)
  } finally {
    await database.close()
  }
}

const bringUpToDate = async ({ pool, database, config }: Opened) => {
  const applied = await migrate(pool)
  await prepareJobs({ database, log: createLog({ ...config, LOG_LEVEL: 'error' }) })
  say(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The database was up to date.')
}

const seed = async (opened: Opened) => {
  const { config, db } = opened
  if (config.NODE_ENV === 'production')
    throw configError('Demo data is refused in production: its accounts have a public password.')
  await bringUpToDate(opened)
  const { created, sessions_added } = await seedDemo({
    db,
    now: new Date(),
    hashPassword: createPasswords().hash,
    signTicket: createTicketSigner(loadKeys(config).tickets),
    cleaningMinutes: config.CLEANING_MINUTES,
    doorsOpenMinutes: config.DOORS_OPEN_MINUTES,
    currency: config.PLATFORM_CURRENCY,
    mockProvider: config.PAYMENT_PROVIDER === 'mock' && !config.MOCK_PROVIDER_URL,
  })
  say(`${created ? 'Made the demo cinemas, accounts and sales' : 'The demo was there'}; added ${sessions_added} sessions.`)
}

const check = async ({ db }: Opened, options: CheckOptions) => {
  const report = await checkInvariants(db, options)
  for (const line of describeReport(report)) say(line)
  if (report.violated.length > 0) process.exitCode = 1
}

/** A stolen key does not wait for a database: what could not be written down is said instead. */
const noteRotation = (event: AuditEvent) =>
  withDatabase(({ db }) => recordEvent(db, event)).catch((error: Error) => {
    process.stderr.write(`The audit log does not say so, note it yourself: ${error.message}\n`)
  })

/** Running processes notice by themselves; a stolen key is different: what they remember as checked, they would go on believing. */
const rotateKeys = async ({ overlap }: { overlap: boolean }) => {
  const { CERTS_DIR, TOKEN_ALGORITHM, ACCESS_TOKEN_SECONDS } = loadConfig()
  const overlapSeconds = overlap ? ACCESS_TOKEN_SECONDS + ROTATION_MARGIN_SECONDS : 0
  const { retired, signer, forgotten } = rotateTokenKeys({ folder: CERTS_DIR, algorithm: TOKEN_ALGORITHM, overlapSeconds })
  say(`Access tokens are signed with ${signer} from now on; ${forgotten} older keys were removed.`)
  say(
    overlap
      ? `What ${retired} has signed counts until it expires.`
      : `Restart every process now: then nothing that ${retired} has signed counts.`,
  )
  const event = { before: { signer: retired }, after: { signer, overlap_seconds: overlapSeconds, forgotten } }
  await noteRotation({ ...event, action: 'keys.rotated', object_kind: 'token_keys', object_id: signer, actor: 'operator' })
}

/** Reads no variable and reaches no database, so that the document is the same everywhere. */
const printOpenapi = async () => {
  // Read only here: it takes as long to load as all the rest.
  const { createApp } = await import('./app.ts')
  const directory = mkdtempSync(join(tmpdir(), 'marquee-openapi-'))
  const database = openServer({ url: 'postgres://nobody@127.0.0.1:1/nothing', size: 1 })
  try {
    const env = {
      NODE_ENV: 'test',
      PUBLIC_URL: 'http://127.0.0.1:8000',
      LOG_LEVEL: 'silent',
      DATA_DIR: directory,
      CERTS_DIR: directory,
    }
    const config = loadConfig(env)
    const app = await createApp({ config, database, keys: loadKeys(config), log: createLog(config) })
    say(JSON.stringify(app.server.swagger(), null, 2))
    await app.close()
  } finally {
    await database.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

const fail = (error: unknown) => {
  const { name, message, stack } = error as Error
  const expected = name === 'ConfigError' || error instanceof AppError
  process.stderr.write(`${expected ? message : stack}\n`)
  process.exitCode = 1
}

const program = new Command('marquee')
  .description('Looks after a Marquee installation. It reads the same variables as the server; see .env.sample.')
  .version(version)
  .showHelpAfterError()

program
  .command('migrate')
  .description('bring the database up to this release')
  .action(() => withDatabase(bringUpToDate, { create: true }))

program
  .command('seed')
  .description('fill an empty house with the demo, or carry its programme on')
  .action(() => withDatabase(seed, { create: true }))

program
  .command('check:invariants')
  .description('check that the data make sense; fails when they do not')
  .option('--sweeper-ran', 'the sweeps have just run: nothing overdue may be left')
  .option('--queue-drained', 'every queued job is done: no mail may be missing')
  .action((options: CheckOptions) => withDatabase((opened) => check(opened, options)))

program
  .command('reconcile')
  .description('compare our books with the payment provider’s now; fails when they differ')
  .action(() => withDatabase(async (opened) => (await import('./reconcile-command.ts')).reconcileNow(opened, say)))

program
  .command('create-admin')
  .description(`make an administrator; the password comes from ${PASSWORD_VARIABLE}, a prompt, or standard input`)
  .requiredOption('--email <address>', 'the e-mail to sign in with')
  .action(({ email }: { email: string }) => withDatabase((opened) => createAdmin(opened, email, say)))

program
  .command('remove-factors')
  .description('remove the authenticator app, recovery codes and passkeys of somebody who has lost them')
  .requiredOption('--email <address>', 'whose')
  .action(({ email }: { email: string }) => withDatabase((opened) => removeFactors(opened, email, say)))

program
  .command('keys:rotate')
  .description('make a new key for access tokens; the old one counts until what it has signed has expired')
  .option('--no-overlap', 'the old key was stolen: believe nothing it has signed')
  .action(rotateKeys)

program.command('openapi').description('print the OpenAPI document').action(printOpenapi)

await program.parseAsync().catch(fail)
