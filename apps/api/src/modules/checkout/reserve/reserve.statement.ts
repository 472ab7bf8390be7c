import type { KeptTerms } from '#modules/checkout/return/return-terms.ts'
import type { LinePrice, OrderRules, Totals, TraceEntry } from '#modules/pricing/price-order.ts'
import type { Snapshot, Use } from '#modules/promotions/rules.ts'
import type { Watch } from '#modules/seats/rules.ts'
import { isTransient, translate } from '#platform/db/kysely.ts'
import type { Pool } from '#platform/db/pool.ts'
import type { SessionStatus } from '#platform/db/types.gen.ts'
import type { Buyer } from '#platform/http/access.ts'
import type { Attempt } from '#platform/idempotency.ts'
import type { SeatLine } from './selection.ts'

/**
 * One round trip, all or nothing. A statement whose claim comes short would still commit its other parts, so the
 * last expression raises and undoes everything; each other refusal is seen before anything has been written.
 * Beside the wanted seats it looks at the few that tell whether one may be left alone; then it says so, and the hall is judged.
 * The owner's row is locked before their holds are counted, so parallel requests cannot both pass the limit.
 */
const statement = (owner: string) => `
with wanted as materialized (
  select * from unnest($5::bigint[], $6::text[], $7::int[], $8::seat_type[], $9::bigint[], $10::bigint[], $11::text[], $12::text[], $30::text[])
    with ordinality as w(seat_id, seat_row, seat_number, seat_type, price_minor, discount_minor, booking_reference, trace, ticket_type, position)
), occupied as materialized (
  select c.seat_id from seat_claims c
  where c.session_id = $1 and c.seat_id = any(array(select unnest($27::bigint[]))) and (c.state <> 'held' or c.expires_at > app.now())
), taken as materialized (
  select seat_id from occupied where seat_id = any($5::bigint[])
), lonely as materialized (
  select b.near from unnest((select $28::bigint[]), (select $29::bigint[])) as b(near, far)
  where b.near not in (select seat_id from occupied) and (b.far = 0 or b.far in (select seat_id from occupied))
), showing as materialized (
  select s.id from sessions s
  where s.id = $1 and s.version = $2 and s.is_active and s.status in ('scheduled', 'rescheduled') and s.start_time > app.now()
    and coalesce(s.sales_open_at <= app.now(), true) and coalesce(s.sales_close_at > app.now(), true)
    and not exists (select from taken) and not exists (select from lonely)
  for key share
), owner as materialized (
  ${owner}
), gate as materialized (
  select nextval('orders_id_seq') as order_id, owner.*, app.now() + make_interval(secs => $13) as expires_at
  from owner
  where app.held_seats(owner.user_id, owner.guest_id, $1) + $14::int <= $15::int
), key as (
  insert into idempotency_keys (actor, key, method, path, body_hash, status, resource_kind, resource_id)
  select $16, $17, $18, $19, $20, 201, 'order', order_id from gate where $17::text is not null
  on conflict do nothing
  returning key
), go as materialized (
  select * from gate where $17::text is null or exists (select from key)
), lines as materialized (
  select wanted.*, go.order_id, go.user_id, go.expires_at, nextval('tickets_id_seq') as ticket_id from wanted, go order by wanted.seat_id
), claimed as (
  insert into seat_claims (session_id, seat_id, state, order_id, ticket_id, expires_at)
  select $1, seat_id, 'held', order_id, ticket_id, expires_at from lines order by seat_id
  on conflict (session_id, seat_id) do update
    set state = 'held', order_id = excluded.order_id, ticket_id = excluded.ticket_id, acquired_at = app.now(), expires_at = excluded.expires_at
    where seat_claims.state = 'held' and seat_claims.expires_at <= app.now()
  returning seat_id
), ordered as (
  insert into orders (id, reference, user_id, guest_id, email, locale, currency, subtotal_minor, discount_minor, total_minor, expires_at, rules, fees_minor, tax_minor, tax_included_minor, trace, promo_code)
  select order_id, $4, user_id, guest_id, email, locale, $21, $22, $23, $24, expires_at, $25::jsonb, $31, $32, $33, $34::jsonb, $38 from go
), ticketed as (
  insert into tickets (id, session_id, seat_id, user_id, order_id, seat_row, seat_number, seat_type, price_minor, discount_minor, final_price_minor, booking_reference, ticket_type)
  select ticket_id, $1, seat_id, user_id, order_id, seat_row, seat_number, seat_type, price_minor, discount_minor, price_minor - discount_minor, booking_reference, ticket_type
  from lines
), itemed as (
  insert into order_items (order_id, kind, session_id, ticket_id, title, price_minor, discount_minor, total_minor, trace)
  select order_id, 'ticket', $1, ticket_id, $26, price_minor, discount_minor, price_minor - discount_minor, trace::jsonb
  from lines order by position
  returning id, ticket_id
), promoted as materialized (
  -- Last of all, so that nobody waits for a seat while others wait for a promotion.
  select u.*, holders, app.take_promotion(u.promotion_id, 1, u.amount_minor, holders) as is_taken
  from go, unnest($35::bigint[], $36::bigint[], $37::text[]) as u(promotion_id, amount_minor, code),
    -- At the counter the order is the seller's, who is not the buyer.
    lateral (select case when $25::jsonb #>> '{pricing,channel}' = 'counter' then '{}'
      else array_remove(array[coalesce('u:' || go.user_id, 'g:' || go.guest_id), app.address_key(go.email)], null) end as holders) h
  where (select count(*) from claimed) = $14::int
), used as (
  insert into promotion_uses (promotion_id, order_id, code, amount_minor, holders)
  select promotion_id, order_id, code, amount_minor, holders from promoted, go where is_taken
)
select
  case
    when exists (select from taken) then 'taken'
    when exists (select from lonely) then 'unclear'
    when not exists (select from showing) then 'closed'
    when not exists (select from owner) then 'unknown_owner'
    when not exists (select from gate) then 'limit'
    when not exists (select from go) then 'repeated'
    when (select count(*) from claimed) < $14::int then app.fail('tickets.seats_taken')::text
    else 'ok'
  end as verdict,
  (select order_id from go) as order_id,
  (select email from go) as email,
  (select expires_at from go) as expires_at,
  (select array_agg(ticket_id order by position) from lines) as ticket_ids,
  (select array_agg(id order by ticket_id) from itemed) as item_ids,
  app.now() as server_time`

export const forUser = {
  name: 'reserve-for-user',
  text: statement(`select u.id as user_id, null::uuid as guest_id, u.email, u.locale from users u, showing
    where u.id = $3::bigint and u.is_active for no key update of u`),
}
const forGuest = {
  name: 'reserve-for-guest',
  text: statement(`select null::bigint as user_id, g.id as guest_id, null::text as email, g.locale from guests g, showing
    where g.id = $3::uuid for no key update of g`),
}

export type Reservation = {
  owner: Buyer
  session: { id: number; version: number; currency: string; movie_title: string; start_time: Date; status: SessionStatus }
  lines: (SeatLine & LinePrice & { booking_reference: string })[]
  reference: string
  totals: Totals & { trace: TraceEntry[] }
  hold_seconds: number
  max_seats: number
  rules: KeptTerms & { pricing: OrderRules; promotions?: Snapshot }
  /** Promotions by their ids, and the code that one of them came by. */
  uses: Use[]
  promo_code: string | null
  attempt: Attempt | undefined
  watch: Watch
}

export type Verdict =
  | {
      verdict: 'ok'
      order_id: number
      email: string | null
      expires_at: Date
      ticket_ids: number[]
      item_ids: number[]
      server_time: Date
    }
  | { verdict: 'used_up' | 'taken' | 'unclear' | 'closed' | 'unknown_owner' | 'limit' | 'repeated' }

const LOST_THE_RACE = 'tickets.seats_taken'
const USED_UP = 'promotions.'
const COLLISIONS = new Set(['orders_reference_key', 'tickets_booking_reference_key'])

const valuesOf = ({
  owner,
  session,
  lines,
  reference,
  totals,
  hold_seconds,
  max_seats,
  rules,
  attempt,
  watch,
  uses,
  promo_code,
}: Reservation): unknown[] => [
  session.id,
  session.version,
  owner.id,
  reference,
  lines.map(({ id }) => id),
  lines.map(({ seat_row }) => seat_row),
  lines.map(({ seat_number }) => seat_number),
  lines.map(({ seat_type }) => seat_type),
  lines.map(({ price_minor }) => price_minor),
  lines.map(({ discount_minor }) => discount_minor),
  lines.map(({ booking_reference }) => booking_reference),
  lines.map(({ trace }) => JSON.stringify(trace)),
  hold_seconds,
  lines.length,
  max_seats,
  attempt?.actor ?? null,
  attempt?.key ?? null,
  attempt?.method ?? null,
  attempt?.path ?? null,
  attempt?.body_hash ?? null,
  session.currency,
  totals.subtotal_minor,
  totals.discount_minor,
  totals.total_minor,
  JSON.stringify(rules),
  session.movie_title,
  watch.look,
  watch.near,
  watch.far,
  lines.map(({ ticket_type }) => ticket_type),
  totals.fees_minor,
  totals.tax_minor,
  totals.tax_included_minor,
  JSON.stringify(totals.trace),
  uses.map(({ promotion_id }) => promotion_id),
  uses.map(({ amount_minor }) => amount_minor),
  uses.map(({ code }) => code),
  promo_code,
]

/** Runs the statement; after a `collision` of random codes or of locks it may be tried again, all else unexpected is thrown. */
export const runReserve = async (
  pool: Pick<Pool, 'query'>,
  reservation: Reservation,
): Promise<Verdict | { verdict: 'lost' | 'collision' }> => {
  const query = reservation.owner.kind === 'user' ? forUser : forGuest
  try {
    const { rows } = await pool.query<Verdict>({ ...query, values: valuesOf(reservation) })
    return rows[0] as Verdict
  } catch (error) {
    const { message, constraint = '' } = error as { message: string; constraint?: string }
    if (message === LOST_THE_RACE) return { verdict: 'lost' }
    if (message.startsWith(USED_UP)) return { verdict: 'used_up' }
    if (COLLISIONS.has(constraint) || isTransient(error)) return { verdict: 'collision' }
    throw translate(error)
  }
}
