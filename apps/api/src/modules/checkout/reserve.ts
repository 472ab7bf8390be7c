import type { HallsService } from '#modules/halls/service.ts'
import { tooManySeats } from '#modules/orders/errors.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import { sumLines } from '#modules/pricing/rules.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import { sessionNotFound } from '#modules/sessions/errors.ts'
import type { BookableSession, SessionsService } from '#modules/sessions/service.ts'
import { seatsTaken } from '#modules/tickets/errors.ts'
import type { Ticket } from '#modules/tickets/schemas.ts'
import { bookingReference } from '#platform/codes.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Pool } from '#platform/db/pool.ts'
import { tryAgainLater } from '#platform/errors.ts'
import type { Buyer } from '#platform/http/access.ts'
import { type Attempt, findOutcome } from '#platform/idempotency.ts'
import { toMajor } from '#platform/money.ts'
import type { AddSeats } from './add.ts'
import { isOwner, type OrderView } from './order-view.ts'
import { type Reservation, runReserve, type Verdict } from './reserve.statement.ts'
import { MAX_SEATS, type Order, type TicketCreate, type TicketCreated } from './schemas.ts'
import { requireTotal, type SeatLine, selectSeats, unknownOwner } from './selection.ts'

export type HoldRules = { HOLD_SECONDS: number; CANCEL_CUTOFF_MINUTES: number }
type Deps = {
  db: Db
  pool: Pool
  sessions: SessionsService
  halls: HallsService
  seats: SeatsService
  payments: PaymentsService
  view: OrderView
  add: AddSeats
  rules: HoldRules
}

const ATTEMPTS = 5

/** The answer of a first reservation, put together from what was just written: nothing has to be read again. */
const compose = (
  made: Extract<Verdict, { verdict: 'ok' }>,
  { owner, session, lines, reference, totals }: Reservation,
): TicketCreated => {
  const user_id = owner.kind === 'user' ? owner.id : null
  const { order_id, expires_at, server_time } = made
  const tickets = lines.map((line, index): Ticket => ({
    id: made.ticket_ids[index] ?? 0,
    session_id: session.id,
    user_id,
    order_id,
    seat_id: line.id,
    seat_row: line.seat_row,
    seat_number: line.seat_number,
    seat_type: line.seat_type,
    price: toMajor(line.price_minor),
    discount_applied: toMajor(line.discount_minor),
    final_price: toMajor(line.total_minor),
    booking_reference: line.booking_reference,
    status: 'reserved',
    is_paid: false,
    payment_method: null,
    qr_code: null,
    booking_time: server_time,
    expires_at,
    created_at: server_time,
  }))
  const items = lines.map((line, index) => ({
    id: made.item_ids[index] ?? 0,
    kind: 'ticket' as const,
    session_id: session.id,
    ticket_id: made.ticket_ids[index] ?? 0,
    movie_id: null,
    title: session.movie_title,
    price: toMajor(line.price_minor),
    discount: toMajor(line.discount_minor),
    total: toMajor(line.total_minor),
    is_canceled: false,
    trace: line.trace,
  }))
  const total = toMajor(totals.total_minor)
  const order: Order = {
    id: order_id,
    reference,
    status: 'pending',
    email: made.email,
    currency: session.currency,
    subtotal: toMajor(totals.subtotal_minor),
    discount: toMajor(totals.discount_minor),
    fees: 0,
    tax: 0,
    total,
    amount_due: total,
    expires_at,
    items,
    tickets,
    payments: [],
    created_at: server_time,
    updated_at: server_time,
  }
  return { ...(tickets[0] as Ticket), order, tickets, server_time }
}

/** Holds seats of one session for a new order. */
export const createReserve = ({ db, pool, sessions, halls, seats, payments, view, add, rules }: Deps) => {
  const answerFor = async (orderId: number, chosen?: { session_id: number; seat_ids: number[] }): Promise<TicketCreated> => {
    const order = await view.read(orderId)
    const isChosen = (ticket: Ticket) =>
      !chosen ||
      (ticket.session_id === chosen.session_id && chosen.seat_ids.includes(ticket.seat_id) && ticket.status !== 'cancelled')
    const tickets = order.tickets.filter(isChosen)
    return { ...(tickets[0] as Ticket), order, tickets, server_time: order.server_time }
  }

  /** A purchase remembers its payment in the end; its order is what was reserved. */
  const repeated = async (attempt: Attempt | undefined) => {
    const outcome = attempt && (await findOutcome(db, attempt))
    if (outcome?.kind !== 'payment') return outcome && answerFor(outcome.id)
    const payment = await payments.find(db, outcome.id)
    return payment && answerFor(payment.order_id)
  }

  /** Seats that are mine already are given again, and the rest joins them; seats of others are named. */
  const explainTaken = async (
    actor: Buyer,
    sessionId: number,
    lines: SeatLine[],
    attempt: Attempt | undefined,
  ): Promise<TicketCreated | undefined> => {
    const wanted = lines.map(({ id }) => id)
    const live = await seats.findLive(db, sessionId, wanted)
    if (live.length === 0) return undefined
    const orders = await view.readMany([
      ...new Set(live.flatMap(({ order_id, state }) => (state === 'held' && order_id ? [order_id] : []))),
    ])
    const mine = orders.find((order) => isOwner(actor, order))
    const others = live.filter(({ order_id }) => order_id !== mine?.id)
    if (!mine || others.length > 0) throw seatsTaken(others.map(({ seat_id }) => seat_id))
    const rest = wanted.filter((id) => !live.some((claim) => claim.seat_id === id))
    if (rest.length > 0) await add(actor, mine.id, { session_id: sessionId, seat_ids: rest }, attempt)
    return answerFor(mine.id, { session_id: sessionId, seat_ids: wanted })
  }

  const draft = (owner: Buyer, session: BookableSession, lines: SeatLine[], attempt: Attempt | undefined): Reservation => ({
    owner,
    session,
    attempt,
    lines: lines.map((line) => ({ ...line, booking_reference: bookingReference() })),
    reference: bookingReference(),
    totals: sumLines(lines),
    hold_seconds: rules.HOLD_SECONDS,
    max_seats: MAX_SEATS,
    rules: { cancel_cutoff_minutes: rules.CANCEL_CUTOFF_MINUTES },
  })

  /** One try: an answer, or nothing when the world had moved on and a fresh look is needed. */
  const tryOnce = async (
    owner: Buyer,
    body: TicketCreate,
    attempt: Attempt | undefined,
    fresh: boolean,
  ): Promise<TicketCreated | undefined> => {
    const session = await sessions.forBooking(body.session_id, { fresh })
    if (!session) throw sessionNotFound()
    const lines = selectSeats(body, await halls.plan(session.hall_id, session.plan_version), session)
    requireTotal(body.expected_total, lines)
    const reservation = draft(owner, session, lines, attempt)
    const made = await runReserve(pool, reservation)
    if (made.verdict === 'ok') return compose(made, reservation)
    if (made.verdict === 'collision') return undefined
    const earlier = await repeated(attempt)
    if (earlier) return earlier
    if (made.verdict === 'unknown_owner') throw unknownOwner()
    if (made.verdict === 'limit') throw tooManySeats(MAX_SEATS)
    if (made.verdict === 'taken' || made.verdict === 'lost') return explainTaken(owner, session.id, lines, attempt)
    const reason = await sessions.whyClosed(db, session.id)
    if (reason) throw reason
    return undefined
  }

  return async (owner: Buyer, body: TicketCreate, attempt: Attempt | undefined): Promise<TicketCreated> => {
    if (body.order_id !== undefined) {
      const seat_ids = await add(owner, body.order_id, body, attempt)
      return answerFor(body.order_id, { session_id: body.session_id, seat_ids })
    }
    for (let attempts = 1; attempts <= ATTEMPTS; attempts += 1) {
      const answer = await tryOnce(owner, body, attempt, attempts > 1)
      if (answer) return answer
    }
    throw tryAgainLater('server.busy', 'These seats are in great demand. Try again in a moment.', 1)
  }
}
