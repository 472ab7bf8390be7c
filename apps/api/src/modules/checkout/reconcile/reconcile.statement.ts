import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { OurSide } from './reconcile.rules.ts'

export type Run = {
  id: number
  provider: string
  from_at: Date
  to_at: Date
  phase: 'theirs' | 'ours' | 'done'
  cursor: string | null
  movements: number
  differences: number
}

const columns = sql`id, provider, from_at, to_at, phase, cursor, movements, differences`

/** What happened less than this ago may still be on its way between the two. */
const SETTLING = sql`interval '10 minutes'`

/** Opens a run when a day has passed since what the last one saw, or when it is wanted now. It looks at three days at least. */
export const begin = (db: Db, provider: string, now: boolean) =>
  sql`
    insert into reconciliations (provider, from_at, to_at)
    select ${provider}, least(last.to_at, app.now() - interval '3 days'), app.now() - ${SETTLING}
    from (select max(to_at) as to_at from reconciliations where provider = ${provider} and finished_at is not null) as last
    where ${now} or last.to_at is null or last.to_at < app.now() - interval '1 day'
    on conflict (provider) where finished_at is null do nothing`.execute(db)

export const findRunning = async (db: Db, provider: string): Promise<Run | undefined> =>
  (await sql<Run>`select ${columns} from reconciliations where provider = ${provider} and finished_at is null`.execute(db))
    .rows[0]

/** Undefined when another process has taken this step meanwhile. */
export const lockStep = async (tx: Db, { id, phase, cursor }: Run): Promise<Run | undefined> => {
  const { rows } = await sql<Run>`
    select ${columns} from reconciliations
    where id = ${id} and phase = ${phase} and cursor is not distinct from ${cursor}::text for update`.execute(tx)
  return rows[0]
}

export const advance = async (tx: Db, { id, phase, cursor, movements, differences }: Run): Promise<Run> => {
  const { rows } = await sql<Run>`
    update reconciliations set phase = ${phase}, cursor = ${cursor}, movements = ${movements}, differences = ${differences},
      finished_at = case when ${phase} = 'done' then app.now() end
    where id = ${id} returning ${columns}`.execute(tx)
  return rows[0] as Run
}

/**
 * Our side of what a page of movements speaks of. What an exchange moved from order to order never reached a provider;
 * what is given back of it, the provider of the first payment gives.
 */
export const findOurs = async (db: Db, provider: string, references: string[], ids: number[]): Promise<OurSide[]> => {
  const { rows } = await sql<OurSide>`
    select p.id, p.status, p.provider_reference as reference, p.amount_minor, p.currency,
      coalesce((select json_agg(json_build_object('id', r.id, 'status', r.status, 'amount_minor', r.amount_minor, 'reference', r.provider_reference))
        from refunds r
        where r.payment_id in (select p.id union all select c.payment_id from exchange_credits c where c.source_payment_id = p.id)
          and not exists (select from exchange_credits c where c.refund_id = r.id)), '[]') as refunds
    from payments p
    where p.provider = ${provider} and (p.provider_reference = any(${references}) or p.id = any(${ids}::bigint[]))`.execute(db)
  return rows
}

export const markPayments = (tx: Db, ids: number[]) =>
  sql`update payments set reconciled_at = app.now() where id = any(${ids}::bigint[]) and reconciled_at is null`.execute(tx)
export const markRefunds = (tx: Db, ids: number[]) =>
  sql`update refunds set reconciled_at = app.now() where id = any(${ids}::bigint[]) and reconciled_at is null`.execute(tx)

type Difference = { payment_id: number | null; reference: string | null; detail: object }

/** True when nobody has been called about exactly this before, whether or not they have looked after it since. */
export const raiseDifference = async (tx: Db, { payment_id, reference, detail }: Difference): Promise<boolean> => {
  const text = JSON.stringify(detail)
  const { rows } = await sql`
    insert into payment_alarms (payment_id, kind, reference, detail)
    select ${payment_id}::bigint, 'books_differ', ${reference}::text, ${text}::jsonb
    where not exists (
      select from payment_alarms where kind = 'books_differ' and detail = ${text}::jsonb
        and payment_id is not distinct from ${payment_id}::bigint and reference is not distinct from ${reference}::text)
    on conflict do nothing returning id`.execute(tx)
  return rows.length > 0
}

/** Money that came, by our books, and that no page of the provider's has named; what a person was called about is left to them. */
export const findUnseen = async (db: Db, { provider, from_at, to_at }: Run, after: number, limit: number): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`
    select id from payments
    where provider = ${provider} and captured_at >= ${from_at} and captured_at < ${to_at}::timestamptz - ${SETTLING}
      and reconciled_at is null and amount_minor > 0 and id > ${after}
      and not exists (select from payment_alarms a where a.payment_id = payments.id and a.kind = 'books_differ')
    order by id limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** Money that went back, by our books, and that no page of the provider's has named. A run sees all of them that it must. */
export const findUnseenRefunds = async (db: Db, { provider, from_at, to_at }: Run) => {
  const { rows } = await sql<{ id: number; payment_id: number; amount_minor: number }>`
    select r.id, p.id as payment_id, r.amount_minor
    from refunds r left join exchange_credits c on c.payment_id = r.payment_id join payments p on p.id = coalesce(c.source_payment_id, r.payment_id)
    where not exists (select from exchange_credits moved where moved.refund_id = r.id) and p.provider = ${provider} and r.status = 'success' and r.reconciled_at is null
      and r.created_at >= ${from_at}::timestamptz + ${SETTLING} and r.updated_at < ${to_at}::timestamptz - ${SETTLING}
    order by r.id`.execute(db)
  return rows
}

export const findAdmins = async (db: Db): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`select id from users where role = 'admin' and is_active order by id`.execute(db)
  return rows.map(({ id }) => id)
}
