import type { Clock } from '#platform/clock.ts'
import type { Pool } from '#platform/db/pool.ts'

type Moved = { at: string | undefined }

/**
 * A clock that tests turn. It moves JavaScript's time and, on every connection before its next query, the
 * database's `app.now()`.
 */
export const createTestClock = (pool: Pool) => {
  const moved: Moved = { at: undefined }
  const seen = new WeakMap<object, string | undefined>()
  pool.on('acquire', (client) => {
    if (seen.get(client) === moved.at) return
    seen.set(client, moved.at)
    void client.query(`select set_config('app.now', $1, false)`, [moved.at ?? ''])
  })
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
export type TestClock = ReturnType<typeof createTestClock>
