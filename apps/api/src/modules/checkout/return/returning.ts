import { remainsOf, reversalOf } from '#modules/loyalty/rules.ts'
import type { LoyaltyService } from '#modules/loyalty/service.ts'
import { orderNotFound } from '#modules/orders/errors.ts'
import { lineKey, type OrderRules, priceOrder } from '#modules/pricing/price-order.ts'
import { judgeRemaining } from '#modules/promotions/rules.ts'
import { ticketNotFound } from '#modules/tickets/errors.ts'
import type { Db } from '#platform/db/kysely.ts'
import { houseTerms, type ReturnRules } from './return-terms.ts'
import { FREE_OF_CHARGE, priceReturn, type Return, type Worth } from './return.rules.ts'
import { readReturn, type ReturnOrder, type ReturnTicket } from './return.statement.ts'

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

/** An order that can be given back, with what it has done to its buyer's points. */
export type Returnable = ReturnOrder & { points: Awaited<ReturnType<LoyaltyService['pointsOf']>> }
type HowMuch = {
  isWhole: boolean
  isExchange?: boolean
  /** Points that come before any are taken back. */
  gain?: number
}

const standing = ({ status }: ReturnTicket) => status === 'paid' || status === 'used'

const BEFORE_RULES: OrderRules = { channel: 'web', cinemas: {} }

/** What is taken off tickets when only these had been bought: promotions are judged again, points stay where they were. */
const judgeAgain = (snapshot: ReturnOrder['promotions'], its: ReturnTicket[]) => {
  if (!snapshot) return ({ discount_minor }: ReturnTicket) => discount_minor
  const offOf = (keys: string[]) => new Map(judgeRemaining(snapshot, keys).map(({ line, amount_minor }) => [line, amount_minor]))
  const [before, after] = [offOf(snapshot.lines.map(({ key }) => key)), offOf(its.map(lineKey))]
  return (ticket: ReturnTicket) => {
    const key = lineKey(ticket)
    return Math.max(0, ticket.discount_minor - (before.get(key) ?? 0) + (after.get(key) ?? 0))
  }
}

/** What these tickets of an order cost by its own rules. */
const priceRest = ({ pricing, promotions }: ReturnOrder, its: ReturnTicket[]): Worth => {
  const discountOf = judgeAgain(promotions, its)
  const lines = its.map(({ cinema_id, price_minor, ...seat }) => ({ key: lineKey(seat), cinema_id, price_minor, trace: [] }))
  const discounts = its.map((ticket) => ({ line: lineKey(ticket), amount_minor: discountOf(ticket), source: '', label: '' }))
  const { subtotal_minor, discount_minor, fees_minor, tax_minor } = priceOrder({
    lines,
    rules: pricing ?? BEFORE_RULES,
    discounts,
  })
  return { items_minor: subtotal_minor - discount_minor, fees_minor, tax_minor }
}

const givenUp = ({ tickets }: ReturnOrder) =>
  tickets
    .filter(({ status }) => status === 'cancelled' || status === 'refunded')
    .map(({ item_id, room_minor }) => ({ item_id, refund_minor: room_minor }))

/** What an order is worth now, and without some of its tickets. */
export const createReturning = ({ loyalty, rules }: { loyalty: LoyaltyService; rules: ReturnRules }) => {
  const house = houseTerms(rules)

  /** Earned points go back with the tickets; of those that were spent since, so much money stays here. */
  const spentPoints = ({ tickets, points }: Returnable, gone: ReturnTicket[], gain: number): number => {
    if (!points) return 0
    const bought = tickets.filter(({ status }) => status !== 'reserved' && status !== 'expired')
    const left = bought.filter((ticket) => standing(ticket) && !gone.includes(ticket))
    return reversalOf(points, remainsOf(bought, left), points.available + gain, loyalty.terms).deduct_minor
  }

  /** What goes back when these paid tickets are given up; given for others, nothing is kept of them but points spent. */
  const price = (order: Returnable, gone: ReturnTicket[], { isWhole, isExchange = false, gain = 0 }: HowMuch): Return => {
    const now = order.tickets.filter(standing)
    return priceReturn({
      gone: gone.map((ticket) => ({
        item_id: ticket.item_id,
        paid_minor: ticket.total_minor,
        terms: isExchange ? FREE_OF_CHARGE : (ticket.terms ?? house),
      })),
      now: {
        items_minor: sum(now.map(({ total_minor }) => total_minor)),
        // Of an order in which nothing stands nothing is left to be given back, whatever fees it was to have or kept.
        fees_minor: now.length > 0 ? order.fees_minor : 0,
        tax_minor: now.length > 0 ? order.tax_minor : 0,
      },
      rest: priceRest(
        order,
        now.filter((ticket) => !gone.includes(ticket)),
      ),
      spent_points_minor: spentPoints(order, gone, gain),
      before: { lost_minor: order.lost_minor, items: givenUp(order) },
      isWhole,
    })
  }

  return {
    read: async (db: Db, orderId: number): Promise<Returnable> => {
      const order = await readReturn(db, orderId, rules.CANCEL_CUTOFF_MINUTES)
      if (!order) throw orderNotFound()
      return { ...order, points: await loyalty.pointsOf(db, orderId) }
    },
    termsOf: ({ terms }: ReturnTicket) => terms ?? house,
    /** Those that are named, or all that still stand or are held. */
    choose: ({ tickets }: ReturnOrder, ids: number[] | undefined): ReturnTicket[] => {
      if (!ids) return tickets.filter(({ status }) => ['reserved', 'paid', 'used'].includes(status))
      if (ids.some((id) => !tickets.some(({ ticket_id }) => ticket_id === id))) throw ticketNotFound()
      return tickets.filter(({ ticket_id }) => ids.includes(ticket_id))
    },
    price,
    /** The added tax that an order has paid beyond that of what still stands, since something of it costs less. */
    taxOver: (order: Returnable): number =>
      Math.max(0, order.tax_minor - priceRest(order, order.tickets.filter(standing)).tax_minor),
    /** What tickets are worth that are given for others which cost so much: these bring points, and only then the old ones are taken back. */
    priceExchange: async (on: Db, order: Returnable, gone: ReturnTicket[], total_minor: number): Promise<Return> => {
      const how = { isWhole: false, isExchange: true }
      if (!order.points) return price(order, gone, how)
      const moved_minor = Math.min(price(order, gone, { ...how, gain: Infinity }).refund_minor, total_minor)
      const bought = { user_id: order.points.user_id, currency: order.currency, total_minor }
      return price(order, gone, { ...how, gain: await loyalty.gainOf(on, bought, moved_minor) })
    },
  }
}
export type Returning = ReturnType<typeof createReturning>
