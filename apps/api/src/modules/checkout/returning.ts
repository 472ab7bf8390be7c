import { orderNotFound } from '#modules/orders/errors.ts'
import { lineKey, type OrderRules, priceOrder } from '#modules/pricing/price-order.ts'
import { ticketNotFound } from '#modules/tickets/errors.ts'
import type { Db } from '#platform/db/kysely.ts'
import { houseTerms, type ReturnRules } from './return-terms.ts'
import { FREE_OF_CHARGE, priceReturn, type Return, type Worth } from './return.rules.ts'
import { readReturn, type ReturnOrder, type ReturnTicket } from './return.statement.ts'

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

type HowMuch = { isWhole: boolean; isExchange?: boolean }

const standing = ({ status }: ReturnTicket) => status === 'paid' || status === 'used'

const BEFORE_RULES: OrderRules = { channel: 'web', cinemas: {} }

/** What these tickets of an order cost by its own rules, each with what was taken off it. */
const priceRest = ({ pricing }: ReturnOrder, its: ReturnTicket[]): Worth => {
  const lines = its.map(({ cinema_id, price_minor, ...seat }) => ({ key: lineKey(seat), cinema_id, price_minor, trace: [] }))
  const discounts = its.map((ticket) => ({ line: lineKey(ticket), amount_minor: ticket.discount_minor, source: '', label: '' }))
  const { subtotal_minor, discount_minor, fees_minor, tax_minor } = priceOrder({
    lines,
    rules: pricing ?? BEFORE_RULES,
    discounts,
  })
  return { items_minor: subtotal_minor - discount_minor, fees_minor, tax_minor }
}

/** What an order is worth now, and without some of its tickets. */
export const createReturning = (rules: ReturnRules) => {
  const house = houseTerms(rules)

  return {
    read: async (db: Db, orderId: number): Promise<ReturnOrder> => {
      const order = await readReturn(db, orderId, rules.CANCEL_CUTOFF_MINUTES)
      if (!order) throw orderNotFound()
      return order
    },
    termsOf: ({ terms }: ReturnTicket) => terms ?? house,
    /** Those that are named, or all that still stand or are held. */
    choose: ({ tickets }: ReturnOrder, ids: number[] | undefined): ReturnTicket[] => {
      if (!ids) return tickets.filter(({ status }) => ['reserved', 'paid', 'used'].includes(status))
      if (ids.some((id) => !tickets.some(({ ticket_id }) => ticket_id === id))) throw ticketNotFound()
      return tickets.filter(({ ticket_id }) => ids.includes(ticket_id))
    },
    /** What goes back when these paid tickets are given up; given for others, nothing is kept of them. */
    price: (order: ReturnOrder, gone: ReturnTicket[], { isWhole, isExchange = false }: HowMuch): Return => {
      const now = order.tickets.filter(standing)
      return priceReturn({
        gone: gone.map((ticket) => ({
          item_id: ticket.item_id,
          paid_minor: ticket.total_minor,
          terms: isExchange ? FREE_OF_CHARGE : (ticket.terms ?? house),
        })),
        now: {
          items_minor: sum(now.map(({ total_minor }) => total_minor)),
          fees_minor: order.fees_minor,
          tax_minor: order.tax_minor,
        },
        rest: priceRest(
          order,
          now.filter((ticket) => !gone.includes(ticket)),
        ),
        isWhole,
      })
    },
  }
}
export type Returning = ReturnType<typeof createReturning>
