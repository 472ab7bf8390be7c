import type { OrderView } from '#modules/checkout/order-view.ts'
import type { TicketCreated } from '#modules/checkout/schemas.ts'
import { tooManySeats } from '#modules/orders/errors.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import { MAX_SEATS } from '#modules/seats/schemas.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { Ticket } from '#modules/tickets/schemas.ts'
import type { Db } from '#platform/db/kysely.ts'
import { type Attempt, findOutcome } from '#platform/idempotency.ts'
import { unknownOwner } from './selection.ts'

type Deps = { db: Db; sessions: SessionsService; payments: PaymentsService; view: OrderView }
type Chosen = { session_id: number; seat_ids: number[] }

/** What a reservation answers when it made nothing new, or made it in an order that was there. */
export const createReserveAnswers = ({ db, sessions, payments, view }: Deps) => {
  const answerFor = async (orderId: number, chosen?: Chosen): Promise<TicketCreated> => {
    const order = await view.read(orderId)
    const isChosen = (ticket: Ticket) =>
      !chosen ||
      (ticket.session_id === chosen.session_id && chosen.seat_ids.includes(ticket.seat_id) && ticket.status !== 'cancelled')
    const found = order.tickets.filter(isChosen)
    // A repeat of a choice that the server made does not know which seats that were.
    const tickets = found.length > 0 ? found : order.tickets
    return { ...(tickets[0] as Ticket), order, tickets, server_time: order.server_time }
  }

  /** A purchase remembers its payment in the end; its order is what was reserved. */
  const repeated = async (attempt: Attempt | undefined): Promise<TicketCreated | undefined> => {
    const outcome = attempt && (await findOutcome(db, attempt))
    if (outcome?.kind !== 'payment') return outcome && answerFor(outcome.id)
    const payment = await payments.find(db, outcome.id)
    return payment && answerFor(payment.order_id)
  }

  return {
    answerFor,
    repeated,
    /** What it means that nothing was written: an earlier answer, a named reason, or nothing when the world had only moved on. */
    afterRefusal: async (
      verdict: string,
      sessionId: number,
      attempt: Attempt | undefined,
    ): Promise<TicketCreated | undefined> => {
      const earlier = await repeated(attempt)
      if (earlier) return earlier
      if (verdict === 'unknown_owner') throw unknownOwner()
      if (verdict === 'limit') throw tooManySeats(MAX_SEATS)
      const reason = await sessions.whyClosed(db, sessionId)
      if (reason) throw reason
      return undefined
    },
  }
}
export type ReserveAnswers = ReturnType<typeof createReserveAnswers>
