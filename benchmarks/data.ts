import type pg from 'pg'

import {
  ARENA_FIRST_SEAT,
  ARENA_FIRST_SESSION,
  ARENA_HALL,
  ARENA_ROW_SEATS,
  ARENA_ROWS,
  type FullSession,
  HALL_ROWS,
  HALL_SEATS,
  HALLS,
  HELD,
  HOLD_SECONDS,
  MOVIE_TITLE,
  PGBENCH_USERS,
  PRICE_MINOR,
  PROMO_CODE,
  ROW_SEATS,
  SESSIONS,
  SOLD,
  TRACE,
  WEB_USERS,
} from './house.ts'

const PLACES = `
  insert into cinemas (id, name, address, city) values (1, 'Bench', '1 Quiet Street', 'Kyiv');
  insert into movies (id, title, duration_minutes, release_year) values (1, '${MOVIE_TITLE}', 120, 2020);
  insert into users (id, username, email, hashed_password)
    select n, 'bench' || n, 'bench' || n || '@marquee.test', 'none' from generate_series(1, ${WEB_USERS + PGBENCH_USERS}) n;
  insert into refresh_tokens (family_id, user_id, token_hash, expires_at)
    select ('00000000-0000-4000-8000-' || lpad(id::text, 12, '0'))::uuid, id, 'sign-in of ' || id, now() + interval '10 years' from users;
  insert into halls (id, cinema_id, name, hall_number, rows, seats_per_row)
    select n, 1, 'Hall ' || n, n, ${HALL_ROWS}, ${ROW_SEATS} from generate_series(1, ${ARENA_HALL}) n;
  insert into seats (id, hall_id, seat_row, seat_number, x, y)
    select (h - 1) * ${HALL_SEATS} + (r - 1) * ${ROW_SEATS} + n, h, r::text, n, n, r
    from generate_series(1, ${HELD.hall}) h, generate_series(1, ${HALL_ROWS}) r, generate_series(1, ${ROW_SEATS}) n;
  insert into seats (id, hall_id, seat_row, seat_number, x, y)
    select ${ARENA_FIRST_SEAT} + (r - 1) * ${ARENA_ROW_SEATS} + n - 1, ${ARENA_HALL}, r::text, n, n, r
    from generate_series(1, ${ARENA_ROWS}) r, generate_series(1, ${ARENA_ROW_SEATS}) n`

const sessions = (wanted: string) => `
  insert into sessions (id, movie_id, hall_id, start_time, end_time, occupies, business_day, base_price_minor, vip_price_minor, premium_price_minor)
  select id, 1, hall_id, t, t + interval '2 hours', tstzrange(t, t + interval '135 minutes'), (t - interval '6 hours')::date,
    ${PRICE_MINOR}, ${PRICE_MINOR}, ${PRICE_MINOR}
  from (
    select w.id, w.hall_id, date_trunc('hour', now()) + interval '7 days' + w.turn * interval '3 hours' as t from (${wanted}) w(id, hall_id, turn)
  ) timed`

const MONEY = `, paid as (
    insert into payments (id, order_id, provider, method, amount_minor, currency, status, is_external, captured_at)
    select payment_id, order_id, 'bench', 'card', ${PRICE_MINOR}, 'UAH', 'success', false, now() from sale
  ), paid_for as (
    insert into payment_items (payment_id, order_item_id, amount_minor) select payment_id, item_id, ${PRICE_MINOR} from sale
  ), told as (
    insert into mail_log (order_id, kind, recipient, message_id, sent_at)
    select order_id, 'order_paid', 'bench' || user_id || '@marquee.test', 'bench-' || order_id, now() from sale
  ), noted as (
    insert into ticket_events (ticket_id, status, actor) select ticket_id, 'paid', 'bench' from sale
  )`

/** In as many pieces as the API would cut it. */
const PROMOTION = `
  insert into promotions (id, name_uk, name_ru, name_en, kind, priority, is_automatic, basis_points, limit_total)
    values (1, 'Bench', 'Bench', 'Bench', 'percent', 100, false, 1000, 64000000);
  insert into promo_codes (code, promotion_id) values ('${PROMO_CODE}', 1);
  insert into promotion_shares (promotion_id, uses_left) select 1, 1000000 from generate_series(1, 64)`

/** A session without a free seat: an order for each, sold with its money, or on hold; none is of a web user, who would get it again. */
const full = ({ hall, session }: FullSession, state: 'sold' | 'held') => {
  const sold = state === 'sold'
  return `
  with sale as materialized (
    select s.id as seat_id, s.seat_row, s.seat_number, ${WEB_USERS} + row_number() over (order by s.id) as user_id, nextval('orders_id_seq') as order_id,
      nextval('tickets_id_seq') as ticket_id, nextval('order_items_id_seq') as item_id, nextval('payments_id_seq') as payment_id,
      now() + interval '${HOLD_SECONDS} seconds' as expires_at
    from seats s where s.hall_id = ${hall}
  ), ordered as (
    insert into orders (id, reference, user_id, currency, subtotal_minor, total_minor, expires_at, status, paid_at)
    select order_id, 'FULL' || order_id, user_id, 'UAH', ${PRICE_MINOR}, ${PRICE_MINOR}, expires_at, ${sold ? `'paid', now()` : `'pending', null`} from sale
  ), ticketed as (
    insert into tickets (id, session_id, seat_id, user_id, order_id, seat_row, seat_number, seat_type, price_minor, final_price_minor,
      booking_reference, status, payment_method, qr_code)
    select ticket_id, ${session}, seat_id, user_id, order_id, seat_row, seat_number, 'standard', ${PRICE_MINOR}, ${PRICE_MINOR},
      'FULL' || ticket_id, ${sold ? `'paid', 'card', 'bench'` : `'reserved', null, null`} from sale
  ), itemed as (
    insert into order_items (id, order_id, kind, session_id, ticket_id, title, price_minor, total_minor, trace)
    select item_id, order_id, 'ticket', ${session}, ticket_id, '${MOVIE_TITLE}', ${PRICE_MINOR}, ${PRICE_MINOR}, '${JSON.stringify(TRACE)}' from sale
  )${sold ? MONEY : ''}
  insert into seat_claims (session_id, seat_id, state, order_id, ticket_id, expires_at)
  select ${session}, seat_id, '${state}', order_id, ticket_id, ${sold ? 'null' : 'expires_at'} from sale`
}

const IDENTITIES = ['cinemas', 'movies', 'users', 'halls', 'seats', 'sessions', 'promotions']

/** Fills a migrated, empty database; `hotSessions` are made fresh in the arena, one for each run of the hot session. */
export const fill = async (client: pg.Client, hotSessions: number) => {
  await client.query(PLACES)
  await client.query(PROMOTION)
  await client.query(sessions(`select n, (n - 1) % ${HALLS} + 1, (n - 1) / ${HALLS} from generate_series(1, ${SESSIONS}) n`))
  await client.query(sessions(`select ${SOLD.session}, ${SOLD.hall}, 0 union all select ${HELD.session}, ${HELD.hall}, 0`))
  await client.query(
    sessions(`select ${ARENA_FIRST_SESSION} + n, ${ARENA_HALL}, n from generate_series(0, ${hotSessions - 1}) n`),
  )
  await client.query(full(SOLD, 'sold'))
  await client.query(full(HELD, 'held'))
  for (const table of IDENTITIES)
    await client.query(`select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`)
  await client.query('vacuum (analyze)')
  await client.query('checkpoint')
}
