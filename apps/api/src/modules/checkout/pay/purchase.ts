import type { OrderView } from '#modules/checkout/order-view.ts'
import type { createReserve } from '#modules/checkout/reserve/reserve.ts'
import { unknownSeat } from '#modules/checkout/reserve/selection.ts'
import type { Payment, TicketPaid, TicketPay, TicketPurchase } from '#modules/checkout/schemas.ts'
import { emailRequired } from '#modules/orders/errors.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import { AppError } from '#platform/errors.ts'
import type { Buyer } from '#platform/http/access.ts'
import { type Attempt, findOutcome } from '#platform/idempotency.ts'
import type { Pay } from './pay.ts'

type Deps = { db: Db; tickets: TicketsService; reserve: ReturnType<typeof createReserve>; pay: Pay; view: OrderView }

/** Paying by ticket or by seat: a ticket stands for its whole order, a free seat is reserved first. */
export const createPurchase = ({ db, tickets, reserve, pay, view }: Deps) => {
  const show = ({ order, ...payment }: Payment, ticketId: number): TicketPaid => ({ ...view.ticketIn(order, ticketId), payment })

  const seatOf = (payment: Payment, sessionId: number, seatId: number) =>
    payment.order.tickets.findLast((ticket) => ticket.session_id === sessionId && ticket.seat_id === seatId)?.id ?? 0

  return {
    ticket: async (
      actor: Buyer,
      ticketId: number,
      { payment_method: method, card_token, email }: TicketPay,
      attempt: Attempt | undefined,
    ): Promise<TicketPaid> => {
      const { order_id } = await tickets.get(actor, ticketId)
      return show(await pay.pay(actor, order_id, { method, card_token, email }, attempt), ticketId)
    },

    /** Reserve and pay under one key: the first half is remembered as the order, from then on as the payment. */
    seat: async (
      actor: Buyer,
      { event_id, seat_id, ticket_type, payment_method: method, card_token, email }: TicketPurchase,
      attempt: Attempt | undefined,
    ): Promise<TicketPaid> => {
      const earlier = attempt && (await findOutcome(db, attempt))
      if (earlier?.kind === 'payment') {
        const payment = await pay.resume(earlier.id, card_token)
        return show(payment, seatOf(payment, event_id, seat_id))
      }
      if (actor.kind === 'guest' && email === undefined) throw emailRequired()
      const wish = { session_id: event_id, seat_ids: [seat_id], ...(ticket_type !== undefined && { ticket_type }) }
      const { order } = await reserve(actor, wish, attempt).catch((error: unknown) => {
        // The caller has named one seat, not a list of them.
        throw error instanceof AppError && error.code === 'tickets.unknown_seat' ? unknownSeat('/seat_id') : error
      })
      const payment = await pay.payAfterReserve(actor, order.id, { method, card_token, email }, attempt)
      return show(payment, seatOf(payment, event_id, seat_id))
    },
  }
}
