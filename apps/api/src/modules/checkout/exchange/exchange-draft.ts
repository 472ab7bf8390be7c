import { type Ground, priceNew, type SeatLine, selectSeats } from '#modules/checkout/reserve/selection.ts'
import type { Return } from '#modules/checkout/return/return.rules.ts'
import type { ReturnOrder, ReturnTicket } from '#modules/checkout/return/return.statement.ts'
import type { Returning } from '#modules/checkout/return/returning.ts'
import type { HallsService } from '#modules/halls/service.ts'
import { mixedCurrency, otherCinema } from '#modules/orders/errors.ts'
import type { LinePrice, OrderRules } from '#modules/pricing/price-order.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import { sessionNotFound } from '#modules/sessions/errors.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import { alreadyUsed, cancelled, notPaid } from '#modules/tickets/errors.ts'
import type { Db } from '#platform/db/kysely.ts'
import { invalid } from '#platform/errors.ts'
import type { ExchangeAsk } from './exchange.schemas.ts'

type Deps = { db: Db; sessions: SessionsService; halls: HallsService; pricing: PricingService; returning: Returning }

/** The new seats with their prices, in the order in which claims are locked, each with the ticket that it replaces. */
export type Choice = Ground & {
  lines: (SeatLine & LinePrice & { old_ticket_id: number })[]
  rules: OrderRules
  total_minor: number
}
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
export const createExchangeDraft = ({ db, sessions, halls, pricing, returning }: Deps) => ({
  /** Everybody is charged as before: a child stays one. Not for use inside a transaction. */
  choose: async (orderId: number, { session_id, tickets }: ExchangeAsk): Promise<Choice> => {
    if (new Set(tickets.map(({ ticket_id }) => ticket_id)).size < tickets.length) throw ticketTwice()
    const session = await sessions.forBooking(session_id, { fresh: true })
    if (!session) throw sessionNotFound()
    const [order, plan, book] = await Promise.all([
      returning.read(db, orderId),
      halls.plan(session.hall_id, session.plan_version),
      pricing.bookOf(session),
    ])
    const ground = { session, plan, book }
    const typeOf = new Map(returning.choose(order, tickets.map(({ ticket_id }) => ticket_id)).map((one) => [one.ticket_id, one.ticket_type])) // prettier-ignore
    const ticket_types = tickets.map(({ ticket_id }) => typeOf.get(ticket_id) ?? '')
    const chosen = selectSeats({ session_id, seat_ids: tickets.map(({ seat_id }) => seat_id), ticket_types }, ground)
    const { priced, rules } = priceNew(ground, chosen, order.pricing?.channel)
    const oldOf = new Map(tickets.map(({ ticket_id, seat_id }) => [seat_id, ticket_id]))
    const lines = priced.lines.map((line) => ({ ...line, old_ticket_id: oldOf.get(line.id) ?? 0 }))
    return { ...ground, lines, rules, total_minor: priced.total_minor }
  },

  draw: async (on: Db, orderId: number, { session, lines, total_minor }: Choice): Promise<Draft> => {
    const order = await returning.read(on, orderId)
    const gone = returning.choose(
      order,
      lines.map(({ old_ticket_id }) => old_ticket_id),
    )
    for (const ticket of gone) requirePaid(ticket)
    if (order.currency !== session.currency) throw mixedCurrency()
    if (gone.some(({ cinema_id }) => cinema_id !== session.cinema_id)) throw otherCinema()
    const back = await returning.priceExchange(on, order, gone, total_minor)
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
