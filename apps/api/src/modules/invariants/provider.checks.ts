import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { type Check, count } from './check.ts'

/**
 * A pending payment may have been charged or not, and a pending refund given or not: their outcome is still to be
 * told. So is a success that we took for a failure, while the webhook about it has not been delivered.
 */
const differences = sql`
  with journal as (
    select i.payment_id, j.currency, coalesce(sum(j.amount_minor) filter (where j.kind = 'charge'), 0) as charged,
      coalesce(sum(j.amount_minor) filter (where j.kind = 'refund'), 0) as returned
    from mock_provider.journal j join mock_provider.intents i on i.id = j.intent_id group by i.payment_id, j.currency
  ), told_later as (
    select distinct i.payment_id from mock_provider.webhooks w join mock_provider.intents i on i.id = w.intent_id
    where w.sent_at is null and w.body::json ->> 'type' = 'payment.succeeded'
  ), given as (
    -- What an order gives back of money from an earlier one, that one's provider gives; what only went there, nobody gave.
    select coalesce(c.source_payment_id, r.payment_id) as source_id, r.status, r.amount_minor
    from refunds r left join exchange_credits c on c.payment_id = r.payment_id
    where r.id not in (select refund_id from exchange_credits)
  ), ours as (
    select p.id as payment_id, p.currency, p.status,
      case when p.status in ('success', 'partially_refunded', 'refunded') then p.amount_minor else 0 end as captured,
      coalesce(sum(r.amount_minor) filter (where r.status = 'success'), 0) as returned,
      coalesce(sum(r.amount_minor) filter (where r.status = 'pending'), 0) as under_way
    from payments p left join given r on r.source_id = p.id
    where p.provider = 'mock' group by p.id
  ), books as (
    select payment_id, ours.status, ours.captured, j.charged, ours.returned, ours.under_way, j.returned as provider_returned,
      coalesce(ours.currency = j.currency, true) as one_currency
    from ours full join journal j using (payment_id)
    where ours.status is distinct from 'pending'
  )
  select case when status is null then 'the provider moved money for a payment that we do not know'
      when status in ('failed', 'canceled') then 'the provider took money for a payment that we gave up'
      else 'the provider and we do not tell the same amounts' end as problem,
    to_json(books) as ids
  from books
  where status is null or not one_currency
    or coalesce(provider_returned, 0) not between returned and returned + under_way
    or coalesce(charged, 0) <> captured
      and not (status in ('failed', 'canceled') and payment_id in (select payment_id from told_later))`

const isUsed = async (db: Db): Promise<boolean> => {
  const { rows } = await sql<{ is_there: boolean }>`select to_regclass('mock_provider.intents') is not null as is_there`.execute(
    db,
  )
  if (!rows[0]?.is_there) return false
  return (await sql`select from mock_provider.intents limit 1`.execute(db)).rows.length > 0
}

/** Not one of the domain's thirteen: the provider's side is compared where its books are in the same database. */
export const providerChecks: Check[] = [
  {
    id: 'P1',
    sentence: 'The mock provider’s journal tells the same movements of money as our payments and refunds.',
    find: async (db) => ((await isUsed(db)) ? count(db, differences) : 'the mock provider keeps no books in this database'),
  },
]
