import { keptTerms } from '#modules/checkout/return/return-terms.ts'
import type { Order, TicketCreated } from '#modules/checkout/schemas.ts'
import type { Watch } from '#modules/seats/rules.ts'
import { MAX_SEATS } from '#modules/seats/schemas.ts'
import type { BookableSession } from '#modules/sessions/service.ts'
import { returnableUntil } from '#modules/tickets/rules.ts'
import type { Ticket } from '#modules/tickets/schemas.ts'
import { bookingReference } from '#platform/codes.ts'
import type { Buyer } from '#platform/http/access.ts'
import type { Attempt } from '#platform/idempotency.ts'
import { toMajor } from '#platform/money.ts'
import type { Reservation, Verdict } from './reserve.statement.ts'
import type { PricedSeats } from './selection.ts'

export type HoldRules = { HOLD_SECONDS: number; CANCEL_CUTOFF_MINUTES: number }

type Wish = PricedSeats & {
  promo_code: string | undefined
  owner: Buyer
  session: BookableSession
  attempt: Attempt | undefined
  watch: Watch
}

/** What the statement is to write. */
export const draftReservation = (
  { owner, session, priced: { lines, ...totals }, rules: pricing, lowered, promo_code, attempt, watch }: Wish,
  rules: HoldRules,
): Reservation => ({
  owner,
  session,
  attempt,
  watch,
  lines: lines.map((line) => ({ ...line, booking_reference: bookingReference() })),
  reference: bookingReference(),
  totals,
  hold_seconds: rules.HOLD_SECONDS,
  max_seats: MAX_SEATS,
  rules: { ...keptTerms(session, rules), pricing, ...(lowered.snapshot && { promotions: lowered.snapshot }) },
  uses: lowered.uses,
  promo_code: promo_code?.toUpperCase() ?? null,
})

/** The answer of a first reservation, put together from what was just written: nothing has to be read again. */
export const compose = (
  made: Extract<Verdict, { verdict: 'ok' }>,
  { owner, session, lines, reference, totals, rules, promo_code }: Reservation,
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
    ticket_type: line.ticket_type,
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
    returnable_until: returnableUntil(session, rules.cancellation[session.id]?.cutoff_minutes ?? 0),
    created_at: server_time,
  }))
  const items = lines.map((line, index) => ({
    id: made.item_ids[index] ?? 0,
    kind: 'ticket' as const,
    session_id: session.id,
    ticket_id: made.ticket_ids[index] ?? 0,
    movie_id: null,
    ticket_type: line.ticket_type,
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
    fees: toMajor(totals.fees_minor),
    tax: toMajor(totals.tax_minor),
    tax_included: toMajor(totals.tax_included_minor),
    trace: totals.trace,
    total,
    amount_due: total,
    promo_code: promo_code ?? null,
    points: 0,
    expires_at,
    items,
    tickets,
    payments: [],
    refunds: [],
    created_at: server_time,
    updated_at: server_time,
  }
  return { ...(tickets[0] as Ticket), order, tickets, server_time }
}
