import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { fromKysely, type Job, type JobResult, PgBoss } from 'pg-boss'

import type { Db } from './db/kysely.ts'
import type { DatabaseHandle } from './db/pool.ts'
import type { Locale } from './i18n.ts'
import type { Log } from './log.ts'

/** Every kind of background work and what it is told: only ids, the truth is read again. */
export type JobMap = {
  'mail.order':
    | { order_id: number; kind: 'order_paid' }
    | { order_id: number; kind: 'money_returned'; payment_id: number }
    | { order_id: number; kind: 'session_moved'; move_id: number }
    | { order_id: number; kind: 'session_cancelled'; session_id: number }
    | { order_id: number; kind: 'hall_swapped'; swap_id: number }
    | { order_id: number; kind: 'tickets_exchanged'; exchange_id: number }
    | { order_id: number; kind: 'session_reminder'; session_id: number; occasion: string }
  'mail.account': {
    kind:
      | 'activation'
      | 'activated'
      | 'password_reset'
      | 'password_changed'
      | 'email_change'
      | 'email_change_asked'
      | 'email_changed'
      | 'new_device'
      | 'stolen_token'
      | 'factor_added'
      | 'factor_removed'
      | 'factors_removed'
      | 'deactivated'
      | 'books_differ'
      | 'erased'
    user_id: number
    /** Unset: that of the account. */
    locale?: Locale
    /** What the mail says beside its text; never a secret. */
    data: Record<string, string>
  }
  'accounts.link': { kind: 'activation' | 'password_reset'; email: string }
  'media.remove': { key: string }
  'payments.refund': { refund_id: number }
  'sessions.cancel': { session_id: number }
  'reports.make': { report_id: number }
}
export type JobName = keyof JobMap

const JOB_NAMES: JobName[] = [
  'mail.order',
  'mail.account',
  'accounts.link',
  'media.remove',
  'payments.refund',
  'sessions.cancel',
  'reports.make',
]
const DEAD_LETTERS = 'dead_letters'
const QUEUE = {
  retryLimit: 20,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 600,
  expireInSeconds: 120,
  // A killed process stops beating, and its jobs go to the next one within seconds.
  heartbeatSeconds: 10,
  deadLetter: DEAD_LETTERS,
}

/** Many of these may wait at once: while as many wait nobody pauses between them. Others may take long, and go one by one. */
const QUICK: JobName[] = ['mail.order', 'mail.account', 'payments.refund']
const TOGETHER = 4
const WORK = { pollingIntervalSeconds: 0.5, burstWhenBatchFull: true, perJobResults: true } as const

/** Each ends by itself, whatever becomes of those that were fetched with it. */
const attempt = async (handler: Handler<never>, { id, data }: Job<unknown>): Promise<JobResult> => {
  try {
    await handler(data as never, id)
    return { id, status: 'completed' }
  } catch (error) {
    return { id, status: 'failed', output: error }
  }
}

/** What the role that serves may do with the queues, whose tables are made by whoever owns the database. */
const GRANTS = `do $$ begin
  if exists (select from pg_roles where rolname = 'marquee_app') and has_schema_privilege('pgboss', 'create') then
    grant usage on schema pgboss to marquee_app;
    grant select, insert, update, delete on all tables in schema pgboss to marquee_app;
    grant usage, select on all sequences in schema pgboss to marquee_app;
    grant execute on all functions in schema pgboss to marquee_app;
  end if;
end $$`

/** What is said about people in these is not kept for longer than it takes to look into a failure. */
const PERSONAL: JobName[] = ['mail.account', 'accounts.link']
const PERSONAL_KEPT_SECONDS = 3600

/** `id` stays the same however often the job is tried. */
type Handler<N extends JobName> = (data: JobMap[N], id: string) => Promise<void>
type Sweep = { name: string; seconds: number; run: () => Promise<unknown> }

/** What PostgreSQL says to all but one of those who make the same schema, type, table or function at the same moment. */
const MADE_MEANWHILE = new Set(['23505', '42P06', '42P07', '42710', '42723'])
const TRIES = 10
const PAUSE_MS = 300

/** Several processes that start together on a new database make its queues together: whoever comes second looks again. */
const startTogether = async (boss: PgBoss, tries = TRIES): Promise<void> => {
  try {
    await boss.start()
  } catch (error) {
    if (tries === 1 || !MADE_MEANWHILE.has((error as { code?: string }).code ?? '')) throw error
    await sleep(PAUSE_MS)
    await startTogether(boss, tries - 1)
  }
}

type Parts = {
  database: DatabaseHandle
  log: Log
  /** Whether this process looks after the queues: jobs of dead processes, old rows. */
  supervise?: boolean
}

/** Work that outlives the request: queued on the caller's transaction, done at least once, dead letters kept. */
export const createJobs = ({ database: { pool, embedded }, log, supervise = true }: Parts) => {
  const boss = new PgBoss({
    db: { executeSql: (text: string, values?: unknown[]) => pool.query(text, values) },
    backend: embedded ? 'pglite' : 'postgres',
    schedule: false,
    supervise,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  })
  boss.on('error', (error) => log.error({ err: error }, 'job queue'))
  const handlers = new Map<JobName, Handler<never>>()
  const sweeps: Sweep[] = []
  const timers: NodeJS.Timeout[] = []
  const running = new Set<Promise<unknown>>()
  let working = false

  const runSweep = async ({ name, run }: Sweep) => {
    try {
      await run()
    } catch (error) {
      log.error({ err: error, sweep: name }, 'sweep failed')
    }
  }

  const repeat = (sweep: Sweep) => {
    let isRunning = false
    const turn = async () => {
      isRunning = true
      await runSweep(sweep)
      isRunning = false
    }
    // A slow turn is not joined by a second one.
    const timer = setInterval(() => {
      if (isRunning) return
      const work = turn()
      running.add(work)
      void work.finally(() => running.delete(work))
    }, sweep.seconds * 1000)
    timers.push(timer.unref())
  }

  /** The embedded database has one connection, for which they would only wait. */
  const sizeOf = (name: JobName) =>
    embedded ? { batchSize: 1, localConcurrency: 1 } : { batchSize: QUICK.includes(name) ? TOGETHER : 1, localConcurrency: 2 }

  return {
    /** Makes the queues known, so that `send` needs no look-up inside a transaction. */
    open: async () => {
      await startTogether(boss)
      await boss.createQueue(DEAD_LETTERS)
      for (const name of JOB_NAMES) await boss.createQueue(name, QUEUE)
      for (const name of PERSONAL) await boss.updateQueue(name, { deleteAfterSeconds: PERSONAL_KEPT_SECONDS })
    },
    handle: <N extends JobName>(name: N, handler: Handler<N>) => {
      handlers.set(name, handler)
    },
    every: (seconds: number, name: string, run: () => Promise<unknown>) => {
      sweeps.push({ name, seconds, run })
    },
    /** Starts doing the work; without it this process only queues. */
    work: async () => {
      for (const [name, handler] of handlers)
        await boss.work(name, { ...WORK, ...sizeOf(name) }, (jobs) => Promise.all(jobs.map((job) => attempt(handler, job))))
      for (const sweep of sweeps) repeat(sweep)
      working = true
    },
    isWorking: () => working,
    send: async <N extends JobName>(tx: Db, name: N, data: JobMap[N]): Promise<void> => {
      await boss.send(name, data, { db: fromKysely(tx) })
    },
    /** Many of a kind in one statement. */
    sendMany: async <N extends JobName>(tx: Db, name: N, many: JobMap[N][]): Promise<void> => {
      const jobs = many.map((data) => ({ data }))
      if (jobs.length > 0) await boss.insert(name, jobs, { db: fromKysely(tx) })
    },
    /** Drops what is queued about a person or was done, whichever of these facts it names. */
    forget: async (tx: Db, facts: Record<string, unknown>[]): Promise<void> => {
      await sql`
        delete from pgboss.job where name = any(${[...PERSONAL, DEAD_LETTERS]})
          and data @> any (${facts.map((fact) => JSON.stringify(fact))}::jsonb[])`.execute(tx)
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      await Promise.allSettled(running)
      await boss.stop({ graceful: true, timeout: 10_000, close: false })
    },
  }
}

/** Makes the queues while nobody serves yet, so that who serves needs no right to make tables. */
export const prepareJobs = async (parts: Omit<Parts, 'supervise'>): Promise<void> => {
  const jobs = createJobs({ ...parts, supervise: false })
  await jobs.open()
  await jobs.close()
  await parts.database.pool.query(GRANTS)
}

export type Jobs = ReturnType<typeof createJobs>
