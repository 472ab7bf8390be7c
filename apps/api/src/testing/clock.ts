import { callbackify } from 'node:util'

import type { PoolClient } from 'pg'

import type { Clock } from '#platform/clock.ts'
import type { Pool } from '#platform/db/pool.ts'

type Taken = (error: Error | undefined, client: PoolClient | undefined, release: (error?: Error | boolean) => void) => void
type Moved = { at: string | undefined }

/**
 * A clock that tests turn. It moves JavaScript's time and, on every connection before its next query, the
 * database's `app.now()`.
 */
export const createTestClock = (pool: Pool) => {
  const moved: Moved = { at: undefined }
  const seen = new WeakMap<object, string | undefined>()
  const connect = pool.connect.bind(pool)
  const connectInTime = async () => {
    const client = await connect()
    if (seen.get(client) !== moved.at) {
      seen.set(client, moved.at)
      await client.query(`select set_config('app.now', $1, false)`, [moved.at ?? ''])
    }
    return client
  }
  const connectWithCallback = callbackify(connectInTime)
  // The pool's own query() takes a connection with a callback, Kysely with a promise.
  pool.connect = ((callback?: Taken) => {
    if (!callback) return connectInTime()
    connectWithCallback((error, client) =>
      callback(error ?? undefined, client, client?.release.bind(client) ?? (() => undefined)),
    )
    return undefined
  }) as typeof pool.connect
  const clock: Clock = { now: () => (moved.at ? new Date(moved.at) : new Date()) }
  return {
    ...clock,
    /** Stops time at this moment. */
    set: (at: Date) => {
      moved.at = at.toISOString()
    },
    advance: (seconds: number) => {
      moved.at = new Date(clock.now().getTime() + seconds * 1000).toISOString()
    },
    reset: () => {
      moved.at = undefined
    },
  }
}
