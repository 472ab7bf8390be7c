import { sql } from 'kysely'

import { changedMeanwhile, type Db, type Tx } from '#platform/db/kysely.ts'
import { toMajor } from '#platform/money.ts'
import type { Cheaper, SwapClaim, SwapMove } from './hall-swap.rules.ts'

/** Who sits where in a session; whose hold has ended is nobody. */
export const readSwapClaims = async (db: Db, sessionId: number): Promise<SwapClaim[]> => {
  const { rows } = await sql<SwapClaim>`
    select c.seat_id, c.state,
      case when t.id is not null then json_build_object('id', t.id, 'order_id', t.order_id, 'seat_id', t.seat_id, 'status', t.status,
        'seat_row', t.seat_row, 'seat_number', t.seat_number, 'seat_type', t.seat_type, 'price_minor', t.price_minor,
        'discount_minor', t.discount_minor, 'final_price_minor', t.final_price_minor, 'is_exchange', exists (select from exchanges x where x.new_order_id = o.id)) end as ticket
    from seat_claims c
    left join tickets t on t.id = c.ticket_id
    left join orders o on o.id = t.order_id
    where c.session_id = ${sessionId} and (c.state <> 'held' or c.expires_at > app.now())
    order by c.seat_id`.execute(db)
  return rows
}

/** In the order in which everybody locks: the session's orders, its claims, its tickets. The caller has locked the session. */
export const lockSwapClaims = async (tx: Tx, sessionId: number): Promise<SwapClaim[]> => {
  await sql`
    select from orders where id in (select order_id from seat_claims where session_id = ${sessionId} and order_id is not null)
    order by id for update`.execute(tx)
  // Late money must not find a seat of the old hall.
  await sql`
    with over as materialized (
      select seat_id from seat_claims where session_id = ${sessionId} and state = 'held' and expires_at <= app.now() order by seat_id for update
    )
    delete from seat_claims c using over
    where c.session_id = ${sessionId} and c.seat_id = over.seat_id and c.state = 'held' and c.expires_at <= app.now()`.execute(tx)
  await sql`select from seat_claims where session_id = ${sessionId} order by seat_id for update`.execute(tx)
  await sql`
    select from tickets where id in (select ticket_id from seat_claims where session_id = ${sessionId} and ticket_id is not null)
    order by id for update`.execute(tx)
  return readSwapClaims(tx, sessionId)
}

/** The version of a hall's seats; nobody changes them until the transaction ends. */
export const lockHallPlan = async (tx: Tx, hallId: number): Promise<string | undefined> => {
  const { rows } = await sql<{ version: string }>`
    select extract(epoch from updated_at)::text as version from halls where id = ${hallId} for key share`.execute(tx)
  return rows[0]?.version
}

export const findHallPlan = async (db: Db, hallId: number): Promise<string | undefined> => {
  const { rows } = await sql<{
    version: string
  }>`select extract(epoch from updated_at)::text as version from halls where id = ${hallId}`.execute(db)
  return rows[0]?.version
}

/** Seats of two halls share no id, so no claim comes in the way of another. */
export const moveClaims = async (tx: Tx, sessionId: number, moves: { from: number; to: number }[]): Promise<void> => {
  await sql`
    update seat_claims c set seat_id = v.new_id
    from unnest(${moves.map(({ from }) => from)}::bigint[], ${moves.map(({ to }) => to)}::bigint[]) as v(old_id, new_id)
    where c.session_id = ${sessionId} and c.seat_id = v.old_id`.execute(tx)
}

/** Of the house's own seats: whoever sold them sells others. */
export const releaseBlocked = async (tx: Tx, sessionId: number, seatIds: number[]): Promise<void> => {
  await sql`
    delete from seat_claims where session_id = ${sessionId} and seat_id = any(${seatIds}::bigint[]) and state = 'blocked'`.execute(
    tx,
  )
}

export const reseatTickets = async (tx: Tx, moves: SwapMove[]): Promise<void> => {
  await sql`
    update tickets t set seat_id = v.seat_id, seat_row = v.seat_row, seat_number = v.seat_number, seat_type = v.seat_type::seat_type
    from unnest(${moves.map(({ ticket }) => ticket.id)}::bigint[], ${moves.map(({ to }) => to.id)}::bigint[],
      ${moves.map(({ to }) => to.seat_row)}::text[], ${moves.map(({ to }) => to.seat_number)}::integer[],
      ${moves.map(({ to }) => to.seat_type)}::text[]) as v(id, seat_id, seat_row, seat_number, seat_type)
    where t.id = v.id`.execute(tx)
}

/** Promotions know the lines of an order by their seats, and are asked about them again when some are given back. */
export const renameLines = async (tx: Tx, sessionId: number, moves: SwapMove[]): Promise<void> => {
  await sql`
    with moved as (
      select order_id, ${sessionId}::bigint || ':' || old_id as old_key, ${sessionId}::bigint || ':' || new_id as new_key
      from unnest(${moves.map(({ ticket }) => ticket.order_id)}::bigint[], ${moves.map(({ ticket }) => ticket.seat_id)}::bigint[],
        ${moves.map(({ to }) => to.id)}::bigint[]) as v(order_id, old_id, new_id)
    )
    update orders o set rules = jsonb_set(o.rules, '{promotions,lines}', (
      select jsonb_agg(case when m.new_key is null then l.line else l.line || jsonb_build_object('key', m.new_key) end order by l.place)
      from jsonb_array_elements(o.rules -> 'promotions' -> 'lines') with ordinality as l(line, place)
      left join moved m on m.order_id = o.id and m.old_key = l.line ->> 'key'))
    where o.id in (select order_id from moved) and o.rules ? 'promotions'`.execute(tx)
}

const SOURCE = 'session.hall_swap'

/**
 * Takes a part off the price of a sold ticket: its item costs less, and an item of its own, given up at once, has cost the
 * difference; so the order adds up to what was paid for it. Returns that item and what goes back for it.
 */
export const splitItem = async (tx: Tx, { ticket, price }: Cheaper) => {
  const less = ticket.final_price_minor - price.final_price_minor
  const entry = (label: string, minor: number) => JSON.stringify([{ source: SOURCE, label, amount: toMajor(minor) }])
  await sql`
    update tickets set price_minor = ${price.price_minor}, discount_minor = ${price.discount_minor}, final_price_minor = ${price.final_price_minor}
    where id = ${ticket.id}`.execute(tx)
  const { rows } = await sql<{ id: number }>`
    with cheaper as (
      update order_items set price_minor = ${price.price_minor}, discount_minor = ${price.discount_minor}, total_minor = ${price.final_price_minor},
        trace = trace || ${entry('A seat of a lesser class', -less)}::jsonb
      where ticket_id = ${ticket.id} and canceled_at is null returning order_id, title
    )
    insert into order_items (order_id, kind, title, price_minor, discount_minor, total_minor, trace, canceled_at)
    select order_id, 'fee', title, ${ticket.price_minor - price.price_minor}::bigint, ${ticket.discount_minor - price.discount_minor}::bigint,
      ${less}::bigint, ${entry('The class of the seat before', less)}::jsonb, app.now()
    from cheaper returning id`.execute(tx)
  const [item] = rows
  if (!item) throw changedMeanwhile()
  await splitPaid(tx, ticket.id, { id: item.id, total_minor: less })
  return { order_item_id: item.id, amount_minor: less }
}

/** By which cancellation the parts that were taken off prices have been given up. */
export const nameCancellation = (tx: Tx, items: { order_item_id: number }[], cancellationId: number) =>
  sql`
    update order_items set cancellation_id = ${cancellationId}
    where id = any(${items.map(({ order_item_id }) => order_item_id)}::bigint[])`.execute(tx)

/** What was paid for the ticket was paid for both from now on; the payments that came last pay for the difference. */
const splitPaid = async (tx: Tx, ticketId: number, item: { id: number; total_minor: number }): Promise<void> => {
  await sql`
    with paid as (
      select pi.payment_id, pi.order_item_id, pi.amount_minor,
        coalesce(sum(pi.amount_minor) over (order by pi.payment_id desc rows between unbounded preceding and 1 preceding), 0) as later
      from payment_items pi join order_items i on i.id = pi.order_item_id where i.ticket_id = ${ticketId}
    ), parts as (
      select payment_id, order_item_id, greatest(least(amount_minor, ${item.total_minor}::bigint - later), 0)::bigint as part from paid
    ), less as (
      update payment_items pi set amount_minor = pi.amount_minor - parts.part from parts
      where pi.payment_id = parts.payment_id and pi.order_item_id = parts.order_item_id and parts.part > 0
    )
    insert into payment_items (payment_id, order_item_id, amount_minor)
    select payment_id, ${item.id}::bigint, part from parts where part > 0`.execute(tx)
}
