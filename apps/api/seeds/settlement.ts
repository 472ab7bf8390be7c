import { sql } from 'kysely'

import type { TraceEntry } from '#modules/pricing/price-order.ts'
import type { Db } from '#platform/db/kysely.ts'

export type NewOrder = {
  id: number
  reference: string
  user_id: number
  total_minor: number
  booked_at: Date
  paid_at: Date
  expires_at: Date
}

export type NewTicket = {
  id: number
  order_id: number
  session_id: number
  seat_id: number
  price_minor: number
  trace: TraceEntry[]
  booking_reference: string
  qr_code: string
}

const rules = { cancel_cutoff_minutes: 30 }

export const insertOrders = async (db: Db, orders: NewOrder[], currency: string): Promise<void> => {
  await sql`
    insert into orders (id, reference, user_id, email, locale, status, currency, subtotal_minor, total_minor, expires_at, paid_at,
                        rules, created_at)
    select o.id, o.reference, u.id, u.email, u.locale, 'paid', ${currency}, o.total_minor, o.total_minor, o.expires_at, o.paid_at,
           ${JSON.stringify(rules)}::jsonb, o.booked_at
      from jsonb_to_recordset(${JSON.stringify(orders)}::jsonb)
        as o (id bigint, reference text, user_id bigint, total_minor bigint,
              booked_at timestamptz, paid_at timestamptz, expires_at timestamptz)
      join users u on u.id = o.user_id`.execute(db)
}

/** Tickets of these orders, with their claims, items and history. */
export const insertTickets = async (db: Db, tickets: NewTicket[]): Promise<void> => {
  await sql`
    insert into tickets (id, session_id, seat_id, user_id, order_id, seat_row, seat_number, seat_type, price_minor,
                         final_price_minor, booking_reference, status, payment_method, qr_code, booking_time, created_at)
    select t.id, t.session_id, s.id, o.user_id, o.id, s.seat_row, s.seat_number, s.seat_type, t.price_minor, t.price_minor,
           t.booking_reference, 'paid', 'card', t.qr_code, o.created_at, o.created_at
      from jsonb_to_recordset(${JSON.stringify(tickets)}::jsonb)
        as t (id bigint, order_id bigint, session_id bigint, seat_id bigint, price_minor bigint,
              booking_reference text, qr_code text)
      join orders o on o.id = t.order_id join seats s on s.id = t.seat_id`.execute(db)
  const ids = tickets.map(({ id }) => id)
  await sql`
    insert into seat_claims (session_id, seat_id, state, order_id, ticket_id, acquired_at)
    select session_id, seat_id, 'sold', order_id, id, created_at from tickets where id = any(${ids}::bigint[])`.execute(db)
  const traces = tickets.map(({ id, trace }) => ({ id, trace }))
  await sql`
    insert into order_items (order_id, kind, session_id, ticket_id, title, price_minor, total_minor, trace, created_at)
    select t.order_id, 'ticket', t.session_id, t.id, m.title, t.price_minor, t.price_minor, i.trace, t.created_at
      from jsonb_to_recordset(${JSON.stringify(traces)}::jsonb) as i (id bigint, trace jsonb)
      join tickets t on t.id = i.id join sessions s on s.id = t.session_id join movies m on m.id = s.movie_id
     order by t.id`.execute(db)
  await sql`
    insert into ticket_events (ticket_id, status, actor, created_at)
    select t.id, 'paid', 'system', o.paid_at
      from tickets t join orders o on o.id = t.order_id where t.id = any(${ids}::bigint[])`.execute(db)
}

const insertProviderBooks = async (db: Db, orderIds: number[]) => {
  await sql`
    insert into mock_provider.intents (id, idempotency_key, payment_id, amount_minor, captured_minor, currency, status,
                                       card_token, client_secret, created_at)
    select provider_reference, 'payment-' || id, id, amount_minor, amount_minor, currency, 'succeeded', 'tok_ok',
           provider_reference || '_secret_' || replace(gen_random_uuid()::text, '-', ''), captured_at
      from payments where order_id = any(${orderIds}::bigint[])`.execute(db)
  await sql`
    insert into mock_provider.journal (idempotency_key, intent_id, kind, amount_minor, currency, created_at)
    select 'payment-' || id, provider_reference, 'charge', amount_minor, currency, captured_at
      from payments where order_id = any(${orderIds}::bigint[]) order by captured_at`.execute(db)
}

/** Whose session starts in the next hours has been reminded of it: nobody wants the demo to begin with a hundred mails. */
const markReminded = (db: Db, orderIds: number[]) =>
  sql`
  insert into mail_log (order_id, kind, recipient, message_id, sent_at)
  select distinct o.id, r.kind, o.email, '<' || r.kind || '.' || o.id || '@marquee.test>', app.now()
    from orders o join tickets t on t.order_id = o.id join sessions s on s.id = t.session_id,
         lateral (select 'session_reminder.' || s.id || '.' || extract(epoch from s.start_time)::bigint as kind) r
   where o.id = any(${orderIds}::bigint[]) and s.start_time > app.now() and s.start_time < app.now() + interval '1 day'
   order by o.id, r.kind`.execute(db)

/** One captured payment and one confirmation mail per order; with the mock provider, its side of the books too. */
export const pay = async (db: Db, orderIds: number[], mockProvider: boolean): Promise<void> => {
  await sql`
    insert into payments (order_id, provider, method, amount_minor, currency, status, is_external, provider_reference,
                          last_asked_at, captured_at, created_at)
    select id, 'mock', 'card', total_minor, currency, 'success', true, 'mi_' || replace(gen_random_uuid()::text, '-', ''),
           paid_at, paid_at, paid_at
      from orders where id = any(${orderIds}::bigint[]) order by id`.execute(db)
  await sql`
    insert into payment_items (payment_id, order_item_id, amount_minor)
    select p.id, i.id, i.total_minor from payments p join order_items i on i.order_id = p.order_id
     where p.order_id = any(${orderIds}::bigint[])`.execute(db)
  await sql`
    insert into mail_log (order_id, kind, recipient, message_id, sent_at, created_at)
    select id, 'order_paid', email, '<order-' || id || '@marquee.test>', paid_at, paid_at
      from orders where id = any(${orderIds}::bigint[]) order by id`.execute(db)
  await markReminded(db, orderIds)
  if (mockProvider) await insertProviderBooks(db, orderIds)
}
