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

type GivenBack = { refund_id: number; amount_minor: number; code?: string | null }

/** Calls a person about a refund of a payment; one who has not come yet is told of all of them, and of their sum. */
export const alarmOfRefund = (db: Db, payment_id: number, kind: 'hand_out_money' | 'refund_returned', refund: GivenBack) =>
  sql`
    insert into payment_alarms as a (payment_id, kind, detail)
    values (${payment_id}, ${kind}, ${JSON.stringify({ amount_minor: refund.amount_minor, refunds: [refund] })}::jsonb)
    on conflict (payment_id, kind) where resolved_at is null do update
      set detail = jsonb_build_object('amount_minor', (a.detail ->> 'amount_minor')::bigint + ${refund.amount_minor}::bigint,
        'refunds', coalesce(a.detail -> 'refunds', jsonb_build_array(a.detail)) || (excluded.detail -> 'refunds'))
      where not coalesce(a.detail -> 'refunds', jsonb_build_array(a.detail)) @> ${JSON.stringify([{ refund_id: refund.refund_id }])}::jsonb`.execute(
    db,
  )

/** Whether the money of a payment was taken by one of these, here or for an earlier order. */
export const wasTakenBy = async (db: Db, payment_id: number, providers: readonly string[]): Promise<boolean> => {
  const { rows } = await sql`
    select from payments p left join exchange_credits c on c.payment_id = p.id join payments s on s.id = coalesce(c.source_payment_id, p.id)
    where p.id = ${payment_id} and s.provider = any(${providers})`.execute(db)
  return rows.length > 0
}

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

/** One of a payment's refused refunds is tried again: the others are still refused, and somebody has to look after them. */
export const closeRefused = (db: Db, payment_id: number) =>
  sql`
    update payment_alarms set resolved_at = app.now() where payment_id = ${payment_id} and kind = 'refund_refused' and resolved_at is null
      and not exists (select from refunds r where r.payment_id = ${payment_id} and r.status = 'failed')`.execute(db)
