import { type RawBuilder, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

export type Reminder = { order_id: number; session_id: number; recipient: string; occasion: string }

/** A session that moves is another occasion: who was reminded of the old time is reminded of the new one. */
const occasion: RawBuilder<string> = sql`'session_reminder.' || s.id || '.' || extract(epoch from s.start_time)::bigint`
const isToCome = sql<boolean>`s.status in ('scheduled', 'rescheduled') and s.start_time > app.now()`

/** Holders of paid tickets for sessions that start within so many minutes, who bought earlier than that and were not told yet. */
export const findReminders = async (db: Db, minutes: number, limit: number): Promise<Reminder[]> => {
  const { rows } = await sql<Reminder>`
    select distinct o.id as order_id, s.id as session_id, ${occasion} as occasion,
      coalesce(o.email, case when u.erased_at is null then u.email end) as recipient
    from sessions s
    join tickets t on t.session_id = s.id and t.status = 'paid'
    join orders o on o.id = t.order_id
    left join users u on u.id = o.user_id
    where ${isToCome} and s.start_time <= app.now() + make_interval(mins => ${minutes})
      and o.paid_at < s.start_time - make_interval(mins => ${minutes})
      and coalesce(o.email, case when u.erased_at is null then u.email end) is not null
      and not exists (select from mail_log l where l.order_id = o.id and l.kind = ${occasion})
    order by o.id limit ${limit}`.execute(db)
  return rows
}

/** False when the session was cancelled, moved or begun before the mail left. */
export const isStillDue = async (db: Db, { session_id, occasion: told }: Pick<Reminder, 'session_id' | 'occasion'>) => {
  const { rows } = await sql`select from sessions s where s.id = ${session_id} and ${isToCome} and ${occasion} = ${told}`.execute(
    db,
  )
  return rows.length > 0
}
