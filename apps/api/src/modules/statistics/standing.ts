import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { toMajor } from '#platform/money.ts'

const STATES = ['reserved', 'paid', 'used', 'cancelled', 'expired', 'refunded'] as const
type Row = Record<(typeof STATES)[number], number> & { currency: string; revenue_minor: number }

/** Tickets by state and what they brought, of the sessions of yesterday, today and all to come: as they were last counted. */
export const readStanding = async (db: Db) => {
  const { rows } = await sql<Row>`
    select currency, ${sql.join(STATES.map((state) => sql`sum(${sql.ref(state)})::bigint as ${sql.ref(state)}`))},
      sum(revenue_minor)::bigint as revenue_minor
    from session_totals where session_id in (select id from sessions where business_day >= app.now()::date - 1)
    group by currency order by currency`.execute(db)
  return {
    tickets: Object.fromEntries(STATES.map((state) => [state, rows.reduce((sum, row) => sum + row[state], 0)])),
    revenue: Object.fromEntries(rows.map(({ currency, revenue_minor }) => [currency, toMajor(revenue_minor)])),
  }
}
