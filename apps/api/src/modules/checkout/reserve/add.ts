import type { LockPending } from '#modules/checkout/lock-pending.ts'
import type { ClearPayment } from '#modules/checkout/pay/clear-payment.ts'
import { keptTerms, type ReturnRules } from '#modules/checkout/return/return-terms.ts'
import type { TicketCreate } from '#modules/checkout/schemas.ts'
import type { HallsService } from '#modules/halls/service.ts'
import { mixedCurrency, tooManySeats } from '#modules/orders/errors.ts'
import type { LockedOrder, OrdersService } from '#modules/orders/service.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import { MAX_SEATS } from '#modules/seats/schemas.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import { notOnSale, sessionChanged, sessionNotFound } from '#modules/sessions/errors.ts'
import type { BookableSession, SessionsService } from '#modules/sessions/service.ts'
import { seatsTaken } from '#modules/tickets/errors.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { bookingReference } from '#platform/codes.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'
import type { Buyer } from '#platform/http/access.ts'
import { type Attempt, findOutcome, once } from '#platform/idempotency.ts'
import { requireNoChannel } from './channel.ts'
import type { Reprice } from './reprice.ts'
import { requireTotal, type SeatLine, selectSeats } from './selection.ts'

type Deps = {
  db: Db
  sessions: SessionsService
  halls: HallsService
  seats: SeatsService
  orders: OrdersService
  pricing: PricingService
  tickets: TicketsService
  lockPending: LockPending
  clearPayment: ClearPayment
  reprice: Reprice
  rules: ReturnRules
}

/** Adds seats, also of another session, to a pending order: same deadline, priced again. Returns the seats' ids. */
export const createAddSeats = ({
  db,
  sessions,
  halls,
  seats,
  orders,
  pricing,
  tickets,
  lockPending,
  clearPayment,
  reprice,
  rules,
}: Deps) => {
  const write = async (tx: Tx, { id: orderId, user_id }: LockedOrder, session: BookableSession, lines: SeatLine[]) => {
    const made = await tickets.insert(
      tx,
      lines.map((line) => ({
        session_id: session.id,
        seat_id: line.id,
        user_id,
        order_id: orderId,
        seat_row: line.seat_row,
        seat_number: line.seat_number,
        seat_type: line.seat_type,
        ticket_type: line.ticket_type,
        price_minor: line.price_minor,
        final_price_minor: line.price_minor,
        booking_reference: bookingReference(),
      })),
    )
    const ticketOf = new Map(made.map((ticket) => [ticket.seat_id, ticket.id]))
    const ticket_id = (line: SeatLine) => ticketOf.get(line.id) ?? 0
    const got = await seats.hold(
      tx,
      orderId,
      lines.map((line) => ({ session_id: session.id, seat_id: line.id, ticket_id: ticket_id(line) })),
    )
    if (got.length < lines.length)
      throw seatsTaken(lines.map(({ id }) => id).filter((id) => !got.some((claim) => claim.seat_id === id)))
    await orders.addItems(
      tx,
      orderId,
      lines.map((line) => ({
        ticket_id: ticket_id(line),
        session_id: session.id,
        title: session.movie_title,
        price_minor: line.price_minor,
        total_minor: line.price_minor,
        trace: JSON.stringify(line.trace),
      })),
    )
  }

  /** `isChosen`: the house has chosen the seats itself, and does not judge them. */
  return async (
    actor: Buyer,
    orderId: number,
    body: TicketCreate,
    attempt: Attempt | undefined,
    { isChosen = false }: { isChosen?: boolean } = {},
  ): Promise<number[]> => {
    requireNoChannel(body)
    const session = await sessions.forBooking(body.session_id, { fresh: true })
    if (!session) throw sessionNotFound()
    const [plan, book] = await Promise.all([halls.plan(session.hall_id, session.plan_version), pricing.bookOf(session)])
    const lines = selectSeats(body, { session, plan, book })
    const seat_ids = lines.map(({ id }) => id)
    // A repeat must not end a payment that was begun since.
    if (!(attempt && (await findOutcome(db, attempt)))) await clearPayment.release(actor, orderId)
    await once(db, attempt, async (tx) => {
      const locked = await sessions.lockForBooking(tx, session.id)
      if (!locked?.is_bookable) throw (await sessions.whyClosed(tx, session.id)) ?? notOnSale()
      if (locked.version !== session.version) throw sessionChanged()
      const order = await lockPending(tx, actor, orderId)
      if (order.currency !== session.currency) throw mixedCurrency()
      const live = await tickets.lockLive(tx, orderId)
      const held = await seats.countHeldByOwner(tx, order, session.id)
      if (Math.max(live.length, held) + lines.length > MAX_SEATS) throw tooManySeats(MAX_SEATS)
      if (!isChosen) await seats.requireSound(tx, { session_id: session.id, plan, seat_ids, owner: order })
      await write(tx, order, session, lines)
      await orders.keepTerms(tx, orderId, keptTerms(session, rules))
      const totals = await reprice(tx, [orderId], { joining: book })
      requireTotal(body.expected_total, totals.get(orderId) ?? 0)
      return { status: 201, kind: 'order', id: orderId }
    })
    return seat_ids
  }
}
export type AddSeats = ReturnType<typeof createAddSeats>
