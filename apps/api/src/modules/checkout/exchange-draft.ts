import type { HallsService, SeatPlan } from '#modules/halls/service.ts'
import { mixedCurrency, otherCinema } from '#modules/orders/errors.ts'
import { sessionNotFound } from '#modules/sessions/errors.ts'
import type { BookableSession, SessionsService } from '#modules/sessions/service.ts'
import { alreadyUsed, cancelled, notPaid } from '#modules/tickets/errors.ts'
import type { Db } from '#platform/db/kysely.ts'
import { invalid } from '#platform/errors.ts'
import type { ExchangeAsk } from './exchange.schemas.ts'
import type { Return } from './return.rules.ts'
import type { ReturnOrder, ReturnTicket } from './return.statement.ts'
import type { Returning } from './returning.ts'
import { type SeatLine, selectSeats } from './selection.ts'

type Deps = { sessions: SessionsService; halls: HallsService; returning: Returning }

/** The new seats with their prices, in the order in which claims are locked, each with the ticket that it replaces. */
export type Choice = { session: BookableSession; plan: SeatPlan; lines: (SeatLine & { old_ticket_id: number })[] }
export type Draft = {
  order: ReturnOrder
  gone: ReturnTicket[]
  back: Return
  total_minor: number
  credit_minor: number
  due_minor: number
  refund_minor: number
}

const ticketTwice = () => invalid('/tickets', 'The same ticket is named twice.', 'orders.ticket_twice')

const requirePaid = ({ status }: ReturnTicket) => {
  if (status === 'used') throw alreadyUsed()
  if (status === 'cancelled' || status === 'refunded') throw cancelled()
  if (status !== 'paid') throw notPaid()
}

/** What an exchange would be: which seats for which tickets, and who owes what to whom then. */
export const createExchangeDraft = ({ sessions, halls, returning }: Deps) => ({
  /** Not for use inside a transaction. */
  choose: async ({ session_id, tickets }: ExchangeAsk): Promise<Choice> => {
    if (new Set(tickets.map(({ ticket_id }) => ticket_id)).size < tickets.length) throw ticketTwice()
    const session = await sessions.forBooking(session_id, { fresh: true })
    if (!session) throw sessionNotFound()
    const plan = await halls.plan(session.hall_id, session.plan_version)
    const lines = selectSeats({ session_id, seat_ids: tickets.map(({ seat_id }) => seat_id) }, plan, session)
    const oldOf = new Map(tickets.map(({ ticket_id, seat_id }) => [seat_id, ticket_id]))
    return { session, plan, lines: lines.map((line) => ({ ...line, old_ticket_id: oldOf.get(line.id) ?? 0 })) }
  },

  draw: async (db: Db, orderId: number, { session, lines }: Choice): Promise<Draft> => {
    const order = await returning.read(db, orderId)
    const gone = returning.choose(
      order,
      lines.map(({ old_ticket_id }) => old_ticket_id),
    )
    for (const ticket of gone) requirePaid(ticket)
    if (order.currency !== session.currency) throw mixedCurrency()
    if (gone.some(({ cinema_id }) => cinema_id !== session.cinema_id)) throw otherCinema()
    const back = returning.price(order, gone, { isWhole: false, isExchange: true })
    const total_minor = lines.reduce((sum, line) => sum + line.total_minor, 0)
    const credit_minor = Math.min(back.refund_minor, total_minor)
    return {
      order,
      gone,
      back,
      total_minor,
      credit_minor,
      due_minor: total_minor - credit_minor,
      refund_minor: back.refund_minor - credit_minor,
    }
  },
})
export type ExchangeDraft = ReturnType<typeof createExchangeDraft>
