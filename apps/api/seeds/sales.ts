import { sql } from 'kysely'

import { doorWindow } from '#modules/checkout/pay/door-window.ts'
import { NO_RULES } from '#modules/pricing/price-order.ts'
import { priceSeat } from '#modules/pricing/price-seat.ts'
import type { SignTicket } from '#modules/tickets/qr.ts'
import { bookingReference } from '#platform/codes.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { SeatType } from '#platform/db/types.gen.ts'
import { readViewers, type Viewer } from './accounts.ts'
import { demoHalls } from './halls.ts'
import { createRandom, type Random } from './random.ts'
import type { AddedSession } from './schedule.ts'
import { planParties, type SeatPlace } from './seating.ts'
import { insertOrders, insertTickets, type NewOrder, type NewTicket, pay } from './settlement.ts'

type Signing = { signTicket: SignTicket; doorsOpenMinutes: number }
type SalesOptions = Signing & { now: Date; currency: string; mockProvider: boolean }
type Hall = { id: number; key: string; focal: { x: number; y: number }; seats: SeatPlace[] }
type Order = { session: AddedSession; viewer: Viewer; seats: SeatPlace[]; booked: number }

const MINUTE = 60_000
const SALES_DAYS = 3
const TICKETS_AT_LEAST = 2_200
/** In Kyiv that is five or six o’clock. */
const EVENING_UTC_HOUR = 15
const EARLIEST_SALE_MINUTES = 5 * 24 * 60
const LATEST_SALE_MINUTES = 20
const HOLD_MINUTES = 10

/** Everybody pays the full price, and the fee came later. */
const adult = {
  code: 'adult',
  names: { uk: 'Дорослий', ru: 'Взрослый', en: 'Adult' },
  offer: { kind: 'percent_off' as const, basis_points: 0 },
}

const costOf = (seat_type: SeatType, session: AddedSession) =>
  priceSeat(seat_type, adult, session, { cinema_id: 0, card: session.card ?? null, web: NO_RULES })

const readHalls = async (db: Db, ids: number[]): Promise<Hall[]> => {
  const halls = await sql<Omit<Hall, 'seats'>>`
    select h.id, c.name || ' ' || h.hall_number as key, h.seat_map -> 'focal_point' as focal
      from halls h join cinemas c on c.id = h.cinema_id where h.id = any(${ids}::bigint[])`.execute(db)
  const seats = await sql<SeatPlace>`
    select id, hall_id, seat_row, seat_number, seat_type, pair_id, x, y from seats
     where hall_id = any(${ids}::bigint[]) order by hall_id, seat_row, seat_number`.execute(db)
  return halls.rows.map((hall) => ({ ...hall, seats: seats.rows.filter(({ hall_id }) => hall_id === hall.id) }))
}

const dataOf = ({ key }: Hall) => demoHalls.find(({ cinema, number }) => `${cinema} ${number}` === key)

const brokenSeat = (hall: Hall) => hall.seats.find((seat) => `${seat.seat_row}-${seat.seat_number}` === dataOf(hall)?.broken_seat)

const isEvening = ({ start_time }: AddedSession) => start_time.getUTCHours() >= EVENING_UTC_HOUR

/** Everyone buys at most once per session as long as there are enough viewers. */
const sellSession = (session: AddedSession, hall: Hall, viewers: Viewer[], now: Date): Order[] => {
  const random = createRandom(`${session.start_time.toISOString()} ${hall.key}`)
  const broken = brokenSeat(hall)
  const parties = planParties(
    hall.seats.filter((seat) => seat !== broken),
    hall.focal,
    0.3 + random.next() * (isEvening(session) ? 0.55 : 0.3),
    random,
  )
  const queue = random.shuffle(viewers)
  return parties.flatMap((seats, index) => {
    const viewer = queue[index % queue.length]
    return viewer ? [{ session, viewer, seats, booked: now.getTime() - ageMinutes(random) * MINUTE }] : []
  })
}

const ageMinutes = (random: Random) => LATEST_SALE_MINUTES + Math.floor(random.next() ** 2 * EARLIEST_SALE_MINUTES)

/** A random order, the same at every start; evenings tend to come first. */
const inOrderOfDemand = (sessions: AddedSession[]): AddedSession[] => {
  const random = createRandom('demand')
  return sessions
    .map((session) => ({ session, at: random.next() * (isEvening(session) ? 0.5 : 1) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ session }) => session)
}

/** Sells one session after the other until there are enough tickets. */
const planOrders = (sessions: AddedSession[], halls: Hall[], viewers: Viewer[], now: Date): Order[] => {
  const orders: Order[] = []
  let sold = 0
  for (const session of inOrderOfDemand(sessions)) {
    const hall = halls.find(({ id }) => id === session.hall_id)
    if (!hall || dataOf(hall)?.programme.evenings || sold >= TICKETS_AT_LEAST) continue
    const added = sellSession(session, hall, viewers, now)
    orders.push(...added)
    sold += added.reduce((sum, { seats }) => sum + seats.length, 0)
  }
  return orders.toSorted((a, b) => a.booked - b.booked)
}

const allocate = async (db: Db, table: 'orders' | 'tickets', count: number): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`
    select nextval(pg_get_serial_sequence(${table}, 'id')) as id from generate_series(1, ${count}::integer)`.execute(db)
  return rows.map(({ id }) => id)
}

const toOrder = ({ session, viewer, seats, booked }: Order, id: number): NewOrder => ({
  id,
  reference: bookingReference(),
  user_id: viewer.id,
  total_minor: seats.reduce((sum, seat) => sum + costOf(seat.seat_type, session).price_minor, 0),
  booked_at: new Date(booked),
  paid_at: new Date(booked + (60 + (id % 180)) * 1000),
  expires_at: new Date(booked + HOLD_MINUTES * MINUTE),
})

const toTickets = (
  order_id: number,
  { session, seats }: Order,
  ids: number[],
  { signTicket, doorsOpenMinutes }: Signing,
): NewTicket[] =>
  seats.map((seat, index) => {
    const ticket_id = ids[index] ?? 0
    const qr_code = signTicket({ ticket_id, session_id: session.id, seat_id: seat.id, ...doorWindow(session, doorsOpenMinutes) })
    const { price_minor, trace } = costOf(seat.seat_type, session)
    const booking_reference = bookingReference()
    return { id: ticket_id, order_id, session_id: session.id, seat_id: seat.id, price_minor, trace, booking_reference, qr_code }
  })

const blockSeats = async (db: Db, sessions: AddedSession[], halls: Hall[]) => {
  const claims = halls.flatMap((hall) => {
    const seat = brokenSeat(hall)
    return seat
      ? sessions.filter(({ hall_id }) => hall_id === hall.id).map(({ id }) => ({ session_id: id, seat_id: seat.id }))
      : []
  })
  await sql`
    insert into seat_claims (session_id, seat_id, state, reason)
    select session_id, seat_id, 'blocked', 'broken seat'
      from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) as c (session_id bigint, seat_id bigint)`.execute(db)
}

/** Part-sold halls in the next three days: paid orders with everything that a real one leaves behind. */
export const seedSales = async (
  db: Db,
  added: AddedSession[],
  { now, currency, mockProvider, ...signing }: SalesOptions,
): Promise<void> => {
  const until = now.getTime() + SALES_DAYS * 24 * 60 * MINUTE
  const sessions = added.filter(({ start_time }) => start_time.getTime() < until)
  const halls = await readHalls(db, [...new Set(sessions.map(({ hall_id }) => hall_id))])
  await blockSeats(db, sessions, halls)
  const orders = planOrders(sessions, halls, await readViewers(db), now)
  const orderIds = await allocate(db, 'orders', orders.length)
  const ticketIds = await allocate(
    db,
    'tickets',
    orders.reduce((sum, { seats }) => sum + seats.length, 0),
  )
  const written = orders.map((order, index) => toOrder(order, orderIds[index] ?? 0))
  const tickets = orders.flatMap((order, index) =>
    toTickets(orderIds[index] ?? 0, order, ticketIds.splice(0, order.seats.length), signing),
  )
  await insertOrders(db, written, currency)
  await insertTickets(db, tickets)
  await pay(db, orderIds, mockProvider)
}
