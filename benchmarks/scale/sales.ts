import { HALL_SEATS, ROW_SEATS, type Shape } from './shape.ts'

/** Ten neighbouring seats are four parties: of two, one, three and four. */
const PARTIES = '(values (0, 0, 2), (1, 2, 1), (2, 3, 3), (3, 6, 4))'
const BLOCKS = HALL_SEATS / 10

/** Why a seat costs what it does, as the API writes it. */
const TRACE = `jsonb_build_array(jsonb_build_object('source', 'session.' || case seat_type when 'standard' then 'base' else seat_type::text end || '_price',
  'label', case seat_type when 'vip' then 'VIP' else initcap(seat_type::text) end || ' seat', 'amount', price / 100))`

/**
 * One row for each order that was ever made, in the order in which they were made, and so in that of all numbers: nothing
 * that is read from it in its own order need be sorted. A party sits in one row, so its seats are of one kind and one price.
 */
const sale = ({ users, past_demand, upcoming_demand }: Shape) => `
  create unlogged table scale_sale as
  select row_number() over made as order_id, sum(size) over (made rows unbounded preceding) - size + 1 as first_ticket, *
  from (
    select drawn.*, seat_type, price, is_upcoming and fate < 0.03 as is_held, luck < 0.08 or is_upcoming as is_absent,
      case when is_upcoming and fate < 0.03 then 'held' when fate < 0.08 then 'expired' when fate < 0.11 then 'left'
        when fate < 0.14 then 'refunded' when fate < 0.16 and size > 1 then 'partly' else 'paid' end as outcome,
      case when is_upcoming and fate < 0.03 then now() - luck * interval '2 minutes'
        else least(start_time, now()) - interval '20 minutes' - pg_temp.luck(code, 3) ^ 2 * interval '10 days' end as booked_at
    from (
      select s.id as session_id, s.movie_id, s.start_time, (s.hall_id - 1) * ${HALL_SEATS} + b * 10 + first + 1 as first_seat, b * 10 + first as place, size,
        s.id * ${BLOCKS * 4} + b * 4 + g as code, s.start_time > now() as is_upcoming, s.base_price_minor, s.premium_price_minor, s.vip_price_minor,
        pg_temp.luck(s.id * ${BLOCKS * 4} + b * 4 + g, 4) as fate, pg_temp.luck(s.id * ${BLOCKS * 4} + b * 4 + g, 6) as luck,
        1 + floor(pg_temp.luck(s.id * ${BLOCKS * 4} + b * 4 + g, 5) * ${users})::bigint as user_id, pg_temp.luck(s.id * ${BLOCKS * 4} + b * 4 + g, 7) < 0.04 as is_guest
      from sessions s cross join generate_series(0, ${BLOCKS - 1}) b cross join ${PARTIES} party(g, first, size)
      where (b, g) <> (${BLOCKS - 1}, 3) and pg_temp.luck(s.id * ${BLOCKS * 4} + b * 4 + g, 1)
        < (case when s.start_time > now() then ${upcoming_demand} else ${past_demand} end) * (0.5 + pg_temp.luck(s.id, 2))
    ) drawn
    cross join lateral (select
      (case when place / ${ROW_SEATS} < 7 then 'standard' when place / ${ROW_SEATS} < 9 then 'premium' else 'vip' end)::seat_type as seat_type,
      case when place / ${ROW_SEATS} < 7 then base_price_minor when place / ${ROW_SEATS} < 9 then premium_price_minor else vip_price_minor end as price
    ) priced
  ) timed
  window made as (order by booked_at, code);
  create unlogged table scale_trace as select seat_type, price, ${TRACE} as trace from scale_sale group by seat_type, price;
  analyze scale_sale, scale_trace;
  create view scale_line as
    select sale.*, first_ticket + k as ticket_id, first_seat + k as seat_id, (place / ${ROW_SEATS} + 1)::text as seat_row, (place + k) % ${ROW_SEATS} + 1 as seat_number,
      (case when outcome = 'held' then 'reserved' when outcome = 'expired' then 'expired' when outcome = 'left' then 'cancelled'
        when outcome = 'refunded' or outcome = 'partly' and k = 0 then 'refunded' when is_absent then 'paid' else 'used' end)::ticket_status as status
    from scale_sale sale cross join lateral generate_series(0, size - 1) k`

const GIVEN_BACK = `case outcome when 'partly' then price else price * size end`
const COSTS = `case outcome when 'left' then 0 else price * size end`
const WAS_PAID = `outcome in ('paid', 'partly', 'refunded')`
const HOLD = `interval '10 minutes'`
const PAID_AFTER = `interval '3 minutes'`
const BACK_AFTER = `interval '1 hour'`
const GUEST = `md5('guest' || order_id)::uuid`
const EMAIL = `case when is_guest then 'guest' || order_id else 'viewer' || user_id end || '@marquee.test'`
/** One to one on forty bits, and as scattered as the codes that it stands for. */
const scattered = (id: string) => `lpad(upper(to_hex(${id} * 2654435761 & 1099511627775)), 10, '0')`

const guests = `
  insert into guests (id, token_hash, created_at) select ${GUEST}, md5('token' || order_id), booked_at from scale_sale where is_guest`

const orders = `
  insert into orders (id, reference, user_id, guest_id, email, status, currency, subtotal_minor, total_minor, expires_at, paid_at, rules, created_at, updated_at)
    select order_id, ${scattered('order_id')}, case when not is_guest then user_id end, case when is_guest then ${GUEST} end, ${EMAIL},
      (case outcome when 'held' then 'pending' when 'expired' then 'expired' when 'left' then 'canceled' when 'refunded' then 'canceled'
        when 'partly' then 'partially_refunded' else 'paid' end)::order_status,
      'UAH', ${COSTS}, ${COSTS}, booked_at + ${HOLD}, case when ${WAS_PAID} then booked_at + ${PAID_AFTER} end, '{"cancel_cutoff_minutes":30}', booked_at, booked_at
    from scale_sale`

const tickets = `
  insert into tickets (id, session_id, seat_id, user_id, order_id, seat_row, seat_number, seat_type, price_minor, final_price_minor, booking_reference, status,
      payment_method, qr_code, booking_time, created_at, updated_at)
    select ticket_id, session_id, seat_id, case when not is_guest then user_id end, order_id, seat_row, seat_number, seat_type, price, price,
      ${scattered('ticket_id')}, status, case when ${WAS_PAID} then 'card'::payment_method end,
      case when ${WAS_PAID} then 'MQ1.scale.' || concat_ws(',', ticket_id, session_id, seat_id, 1700000000, 1800000000) || '.' || repeat(md5(ticket_id::text), 3) end,
      booked_at, booked_at, booked_at
    from scale_line`

const claims = `
  insert into seat_claims (session_id, seat_id, state, order_id, ticket_id, acquired_at, expires_at)
    select session_id, seat_id, (case status when 'reserved' then 'held' else 'sold' end)::claim_state, order_id, ticket_id, booked_at,
      case status when 'reserved' then booked_at + ${HOLD} end
    from scale_line where status in ('paid', 'used', 'reserved') order by session_id, seat_id;
  insert into seat_claims (session_id, seat_id, state, reason) select id, hall_id * ${HALL_SEATS}, 'blocked', 'Broken seat' from sessions where start_time > now() and id % 10 = 0`

/** A cancellation has the number of its order. */
const cancellations = `
  insert into cancellations (id, order_id, actor, reason, items_minor, refund_minor, created_at)
    select order_id, order_id, 'u:' || user_id, 'Changed plans', ${GIVEN_BACK}, ${GIVEN_BACK}, booked_at + ${BACK_AFTER}
    from scale_sale where outcome in ('refunded', 'partly')`

/** What was left before it was paid has no items any more. */
const items = `
  insert into order_items (id, order_id, kind, session_id, ticket_id, title, price_minor, total_minor, trace, canceled_at, cancellation_id, created_at)
    select ticket_id, order_id, 'ticket', session_id, ticket_id, m.title, price, price, trace,
      case when status = 'refunded' then booked_at + ${BACK_AFTER} end, case when status = 'refunded' then order_id end, booked_at
    from scale_line line join movies m on m.id = line.movie_id join scale_trace using (seat_type, price) where status <> 'cancelled'`

const events = `
  insert into ticket_events (ticket_id, status, actor, created_at)
    select ticket_id, 'paid', 'system', booked_at + ${PAID_AFTER} from scale_line where ${WAS_PAID};
  insert into ticket_events (ticket_id, status, actor, created_at)
    select ticket_id, status, case status when 'used' then 'u:2' when 'expired' then 'system' else 'u:' || user_id end,
      case status when 'used' then start_time when 'expired' then booked_at + ${HOLD} else booked_at + ${BACK_AFTER} end
    from scale_line where status in ('used', 'expired', 'cancelled', 'refunded')`

const entries = `
  insert into check_ins (ticket_id, direction, device, actor, scanned_at, created_at)
    select ticket_id, 'entry', 'door 1', 'u:2', start_time, start_time from scale_line where status = 'used'`

/** An order has one payment and one refund at most, and they have its number. */
const payments = `
  insert into payments (id, order_id, provider, method, amount_minor, currency, status, is_external, provider_reference, last_asked_at, captured_at, created_at, updated_at)
    select order_id, order_id, 'scale', 'card', price * size, 'UAH',
      (case outcome when 'refunded' then 'refunded' when 'partly' then 'partially_refunded' else 'success' end)::payment_status, true,
      'sp_' || md5(order_id::text), booked_at + ${PAID_AFTER}, booked_at + ${PAID_AFTER}, booked_at, booked_at
    from scale_sale where ${WAS_PAID}`

const paymentItems = `
  insert into payment_items (payment_id, order_item_id, amount_minor) select order_id, ticket_id, price from scale_line where ${WAS_PAID}`

const refunds = `
  insert into refunds (id, payment_id, cancellation_id, amount_minor, status, reason, provider_reference, attempts, created_at, updated_at)
    select order_id, order_id, order_id, ${GIVEN_BACK}, 'success', 'Changed plans', 'sr_' || md5(order_id::text), 1,
      booked_at + ${BACK_AFTER}, booked_at + ${BACK_AFTER}
    from scale_sale where outcome in ('refunded', 'partly');
  insert into refund_items (refund_id, order_item_id, amount_minor) select order_id, ticket_id, price from scale_line where status = 'refunded'`

const mail = `
  insert into mail_log (order_id, kind, recipient, message_id, sent_at, created_at)
    select order_id, 'order_paid', ${EMAIL}, '<order-' || order_id || '@marquee.test>', booked_at + ${PAID_AFTER}, booked_at + ${PAID_AFTER}
    from scale_sale where ${WAS_PAID}`

/** Each fills tables of its own from the plan, so they may run side by side where no triggers look from one at another. */
export const sellAsPlanned: [string, string][] = [
  ['guests', guests],
  ['orders', orders],
  ['tickets', tickets],
  ['claims', claims],
  ['cancellations', cancellations],
  ['order items', items],
  ['ticket events', events],
  ['entries at the door', entries],
  ['payments', payments],
  ['items of payments', paymentItems],
  ['refunds', refunds],
  ['mail', mail],
]

export const planSales = (shape: Shape): [string, string] => ['sales, planned', sale(shape)]
export const dropPlan = 'drop view scale_line; drop table scale_sale, scale_trace'
