import { type RawBuilder, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

/** What is wrong, and with which rows. */
export type Violation = { problem: string; ids: Record<string, unknown> }
export type Found = { count: number; examples: Violation[] }
export type CheckOptions = {
  /** The sweeps have run since the last deadline: nothing overdue may be left. */
  sweeperRan?: boolean
  /** Every queued job is done: no mail may be missing. */
  queueDrained?: boolean
}
export type Check = {
  id: string
  sentence: string
  /** Looks on the given connection; a text says why there was nothing to look at. */
  find: (db: Db, options: CheckOptions) => Promise<Found | string>
}

export const EXAMPLES = 5

/** Counts what a query finds and keeps some of it; the query selects `problem` and, as JSON, `ids`. */
export const count = async (db: Db, violations: RawBuilder<unknown>): Promise<Found> => {
  const { rows } = await sql<Found>`
    with violations as materialized (${violations})
    select count(*)::int as count,
      coalesce((select json_agg(example) from (select problem, ids from violations limit ${EXAMPLES}) as example), '[]') as examples
    from violations`.execute(db)
  return rows[0] ?? { count: 0, examples: [] }
}
