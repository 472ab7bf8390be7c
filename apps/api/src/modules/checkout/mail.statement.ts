import { type RawBuilder, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { SeatType } from '#platform/db/types.gen.ts'
import type { Locale } from '#platform/i18n.ts'

export type OrderFacts = {
  id: number
  reference: string
  recipient: string | null
  locale: Locale
  currency: string
  total_minor: number
  tickets: {
    ticket_id: number
    title: string
    starts_at: string
    timezone: string
    cinema: string
    address: string
    hall: string
    seat_row: string
    seat_number: number
    seat_type: SeatType
    /** For whom it is, when not for everybody. */
    type_name: string | null
    booking_reference: string
    qr_code: string | null
    price_minor: number
  }[]
}

/** Which items a mail speaks of. */
const standing = sql<boolean>`i.canceled_at is null`
export const standingIn = (sessionId: number) => sql<boolean>`i.canceled_at is null and i.session_id = ${sessionId}`
export const cancelledWith = (sessionId: number) => sql<boolean>`i.session_id = ${sessionId}
  and i.canceled_at >= (select created_at from session_cancellations where session_id = ${sessionId})`

/** Those that have got another seat and still stand, and those for which there was none. */
export const reseatedBy = (swapId: number) => sql<boolean>`exists (
  select from session_swap_seats x where x.swap_id = ${swapId} and x.ticket_id = i.ticket_id and (x.new_seat_id is null or i.canceled_at is null))`

export const exchangedIn = (exchangeId: number) =>
  sql<boolean>`i.ticket_id in (select old_ticket_id from exchange_tickets where exchange_id = ${exchangeId})`

/** The order of the new tickets. */
export const findOtherReference = async (db: Db, exchangeId: number): Promise<string | undefined> => {
  const { rows } = await sql<{ reference: string }>`
    select o.reference from exchanges x join orders o on o.id = x.new_order_id where x.id = ${exchangeId}`.execute(db)
  return rows[0]?.reference
}

/** What a mail about an order says. */
export const readOrderFacts = async (
  db: Db,
  orderId: number,
  about: RawBuilder<boolean> = standing,
): Promise<OrderFacts | undefined> => {
  const { rows } = await sql<OrderFacts>`
    select o.id, o.reference, coalesce(o.email, case when u.erased_at is null then u.email end) as recipient, o.locale, o.currency, o.total_minor,
      coalesce(json_agg(json_build_object('ticket_id', t.id,
        'title', coalesce(m.translations -> o.locale ->> 'title', i.title), 'starts_at', s.start_time, 'timezone', c.timezone, 'cinema', c.name, 'address', c.address || ', ' || c.city, 'hall', h.name,
        'seat_row', t.seat_row, 'seat_number', t.seat_number, 'seat_type', t.seat_type, 'booking_reference', t.booking_reference,
        'type_name', (select coalesce(y.names ->> o.locale, y.code) from ticket_types y where y.code = t.ticket_type and not y.is_default),
        'qr_code', t.qr_code, 'price_minor', t.final_price_minor) order by t.id) filter (where t.id is not null), '[]') as tickets
    from orders o
    left join users u on u.id = o.user_id
    left join order_items i on i.order_id = o.id and ${about}
    left join tickets t on t.id = i.ticket_id
    left join sessions s on s.id = t.session_id
    left join movies m on m.id = s.movie_id
    left join halls h on h.id = s.hall_id
    left join cinemas c on c.id = h.cinema_id
    where o.id = ${orderId}
    group by o.id, u.id`.execute(db)
  return rows[0]
}
