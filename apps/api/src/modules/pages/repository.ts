import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

export type Address = { kind: 'film' | 'cinema' | 'showing'; id: number; name: string; updated_at: Date }

/** What is worth finding: open cinemas, films on show, sessions of the next days, in this order while there is room. */
export const listAddresses = async (db: Db, days: number, most: number): Promise<Address[]> => {
  const { rows } = await sql<Address>`
    select kind, id, name, updated_at from (
      select 1 as place, 'cinema' as kind, id, name, updated_at, null::timestamptz as at from cinemas where is_active
      union all
      select 2, 'film', id, title, updated_at, null from movies where is_active
      union all
      select 3, 'showing', id, '', updated_at, start_time from sessions
      where is_active and status in ('scheduled', 'rescheduled') and start_time > app.now()
        and start_time < app.now() + make_interval(days => ${days})
    ) as addresses
    order by place, at, id desc limit ${most}`.execute(db)
  return rows
}

/** The cinema's day of this moment: it lasts until six in the morning. */
export const findBusinessDay = async (db: Db, timezone: string): Promise<string> => {
  const { rows } = await sql<{ day: string }>`
    select ((app.now() at time zone ${timezone}) - interval '6 hours')::date::text as day`.execute(db)
  return rows[0]?.day ?? ''
}
