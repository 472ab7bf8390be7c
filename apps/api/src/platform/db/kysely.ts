import { setTimeout as sleep } from 'node:timers/promises'

import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'

import { type Caller, currentCaller } from '../caller.ts'
import { AppError, tryAgainLater } from '../errors.ts'
import type { Pool } from './pool.ts'
import { isStalePlan, prepareFrequent } from './prepared.ts'
import type { DB } from './types.gen.ts'

/** A pool or a transaction: a repository function takes either as its first argument and knows no other. */
export type Db = Kysely<DB>
export type Tx = Transaction<DB>

const TRANSACTION_TIMEOUT_MS = 10_000
const ATTEMPTS = 5

const SERIALIZATION_FAILURE = '40001'
const DEADLOCK = '40P01'
const LOCK_NOT_AVAILABLE = '55P03'

/** The server is away, shutting down, starting or full; 55000 is a database that takes no connections. */
const AWAY = /^(08\w{3}|57P0[123]|53300|55000|ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE)$/
const CUT = /^Connection terminated|^Client has encountered a connection error/

export const createDb = (pool: Pool): Db => new Kysely<DB>({ dialect: new PostgresDialect({ pool: prepareFrequent(pool) }) })

const sqlState = (error: unknown): string | undefined => (error as { code?: string } | null)?.code

/** The name of the violated constraint, when that is what the error is. */
export const violated = (error: unknown): string | undefined =>
  sqlState(error)?.startsWith('23') ? (error as { constraint?: string }).constraint : undefined

/** Thrown inside a transaction whose first look was overtaken: it is rolled back and tried again. */
export const changedMeanwhile = () =>
  Object.assign(new Error('The rows read first have changed.'), { code: SERIALIZATION_FAILURE })

/** A deadlock, a serialisation failure or an outdated plan: nothing happened, and the same may work now. */
export const isTransient = (error: unknown): boolean =>
  [SERIALIZATION_FAILURE, DEADLOCK].includes(sqlState(error) ?? '') || isStalePlan(error)

/** Says in the API's words what the database could not do just now; anything else passes unchanged. */
export const translate = (error: unknown): unknown => {
  const state = sqlState(error)
  if (state === 'MQ001') return new AppError(409, (error as Error).message, 'The state has changed meanwhile.')
  if (state === LOCK_NOT_AVAILABLE || isTransient(error))
    return tryAgainLater('server.busy', 'Too many people want the same thing at once. Try again in a moment.', 1)
  if (error instanceof Error && error.message.includes('timeout exceeded when trying to connect'))
    return tryAgainLater('server.overloaded', 'The server is at its limit. Try again in a moment.', 2)
  if (AWAY.test(state ?? '') || (error instanceof Error && CUT.test(error.message)))
    return tryAgainLater('server.database_unavailable', 'The database cannot be reached just now. Try again in a moment.', 5)
  return error
}

/** Nobody else changes or deletes the row until the transaction ends; it may be gone already. */
export const lockRow = (tx: Tx, table: string, id: number) =>
  sql`select from ${sql.table(table)} where id = ${id} for no key update`.execute(tx)

/** Locks the row also against whoever would refer to it by a foreign key. */
export const lockRowAlone = (tx: Tx, table: string, id: number) =>
  sql`select from ${sql.table(table)} where id = ${id} for update`.execute(tx)

const tooSlow = () => tryAgainLater('server.busy', 'The change took too long and was undone.', 1)

/**
 * A transaction that can be shut: whatever is still sent through it afterwards is refused before it reaches the
 * connection, which by then may already serve somebody else.
 */
const gate = (tx: Tx) => {
  let isShut = false
  const pass = () => {
    if (isShut) throw tooSlow()
  }
  const gated = tx.withPlugin({
    transformQuery: ({ node }) => {
      pass()
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const execute = gated.executeQuery.bind(gated)
  gated.executeQuery = (query) => {
    pass()
    return execute(query)
  }
  return {
    gated,
    shut: () => {
      isShut = true
    },
  }
}

const afterwards = new WeakMap<object, (() => void)[]>()

/** Does this once what has been written is committed, and never when it is undone. Outside of a transaction that is now. */
export const afterCommit = (db: Db, work: () => void): void => {
  const waiting = afterwards.get(db)
  if (waiting) waiting.push(work)
  else work()
}

/** The database writes its own audit rows and must know for whom; whoever books has no name here. */
const introduce = (tx: Tx, caller: Caller) => sql`select set_config('app.caller', ${JSON.stringify(caller)}, true)`.execute(tx)

const withDeadline = async <T>(tx: Tx, work: (tx: Tx) => Promise<T>, waiting: (() => void)[]): Promise<T> => {
  const { gated, shut } = gate(tx)
  afterwards.set(gated, waiting)
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      shut()
      reject(tooSlow())
    }, TRANSACTION_TIMEOUT_MS)
  })
  const caller = currentCaller()
  const working = caller ? introduce(gated, caller).then(() => work(gated)) : work(gated)
  try {
    return await Promise.race([working, deadline])
  } finally {
    clearTimeout(timer)
    shut()
    working.catch(() => undefined)
  }
}

/**
 * One short transaction. Serialisation failures and deadlocks are tried again here and nowhere else; a
 * transaction past its time is rolled back by our own timer, because the embedded database has none.
 */
export const transaction = async <T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const waiting: (() => void)[] = []
      const done = await db.transaction().execute((tx) => withDeadline(tx, work, waiting))
      for (const then of waiting) then()
      return done
    } catch (error) {
      if (!isTransient(error) || attempt === ATTEMPTS) throw translate(error)
      await sleep(2 ** attempt * 5 * (1 + Math.random()))
    }
  }
}

/** Tries a part of a transaction; when it throws, only that part is undone. */
export const savepoint = async <T>(tx: Tx, work: () => Promise<T>): Promise<{ done: T } | { failed: unknown }> => {
  await sql`savepoint part`.execute(tx)
  try {
    const done = await work()
    await sql`release savepoint part`.execute(tx)
    return { done }
  } catch (failed) {
    await sql`rollback to savepoint part`.execute(tx)
    return { failed }
  }
}

const FOREIGN_KEY_VIOLATION = '23503'

/** Deletes, or answers false and leaves everything as it was when something still refers to what was to go. */
export const deleteUnreferred = async (tx: Tx, remove: () => Promise<unknown>): Promise<boolean> => {
  const tried = await savepoint(tx, remove)
  if ('done' in tried) return true
  if (sqlState(tried.failed) === FOREIGN_KEY_VIOLATION) return false
  throw tried.failed
}
