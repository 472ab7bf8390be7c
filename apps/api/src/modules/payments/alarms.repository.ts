import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

const now = sql<Date>`app.now()`

export const raiseAlarm = (db: Db, payment_id: number, kind: string, detail: object) =>
  db
    .insertInto('payment_alarms')
    .values({ payment_id, kind, detail: JSON.stringify(detail) })
    .onConflict((conflict) =>
      conflict
        .columns(['payment_id', 'kind'])
        .where('resolved_at', 'is', null)
        .doUpdateSet({ detail: sql`excluded.detail` })
        .where(sql<boolean>`payment_alarms.detail <> excluded.detail`),
    )
    .execute()

/** Calls staff about a payment whose money was taken by one of these, here or for an earlier order, and only then. */
export const alarmAtCounter = (db: Db, payment_id: number, providers: readonly string[], detail: object) =>
  sql`
    insert into payment_alarms (payment_id, kind, detail)
    select p.id, 'hand_out_money', ${JSON.stringify(detail)}::jsonb
    from payments p left join exchange_credits c on c.payment_id = p.id join payments s on s.id = coalesce(c.source_payment_id, p.id)
    where p.id = ${payment_id} and s.provider = any(${providers})
    on conflict (payment_id, kind) where resolved_at is null do nothing`.execute(db)

export const closeAlarms = (db: Db, payment_id: number, kind: string) =>
  db
    .updateTable('payment_alarms')
    .set({ resolved_at: now })
    .where('payment_id', '=', payment_id)
    .where('kind', '=', kind)
    .where('resolved_at', 'is', null)
    .execute()

/** How the books stand: alarms that nobody has looked after, and how long ago they were last compared. */
export const readStanding = async (db: Db): Promise<{ alarms: number; compared_seconds_ago: number | null }> => {
  const { rows } = await sql<{ alarms: number; compared_seconds_ago: number | null }>`
    select (select count(*) from payment_alarms where resolved_at is null) as alarms,
      extract(epoch from app.now() - (select max(finished_at) from reconciliations))::float8 as compared_seconds_ago`.execute(db)
  return rows[0] ?? { alarms: 0, compared_seconds_ago: null }
}
