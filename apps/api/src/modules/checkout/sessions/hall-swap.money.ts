import type { BenefitSteps } from '#modules/checkout/reductions/benefit-steps.ts'
import type { GiveBack } from '#modules/checkout/return/give-back.ts'
import type { Returnable, Returning } from '#modules/checkout/return/returning.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'
import { type Assessment, type Cheaper, type Share, shareDifference, shareRefund, type SwapTicket } from './hall-swap.rules.ts'
import * as statement from './hall-swap.statement.ts'

type Deps = { orders: OrdersService; payments: PaymentsService; benefits: BenefitSteps; giveBack: GiveBack; returning: Returning }

/** By ticket. */
export type Refunds = ReadonlyMap<number, number>

export const HALL_SWAPPED = 'hall_swapped'

const isCheaper = (move: Assessment['moves'][number]): move is Cheaper => move.price !== undefined

/** By order, the older first. */
const byOrder = ({ unplaced, moves }: Assessment): { order_id: number; gone: SwapTicket[]; cheaper: Cheaper[] }[] => {
  const cheaper = moves.filter(isCheaper)
  const ids = new Set([...unplaced, ...cheaper.map(({ ticket }) => ticket)].map(({ order_id }) => order_id))
  return [...ids]
    .toSorted((a, b) => a - b)
    .map((order_id) => ({
      order_id,
      gone: unplaced.filter((ticket) => ticket.order_id === order_id),
      cheaper: cheaper.filter(({ ticket }) => ticket.order_id === order_id),
    }))
}

const differenceOf = (cheaper: Cheaper[]) => cheaper.reduce((sum, { refund_minor }) => sum + refund_minor, 0)

/** The order without these tickets, others on their new seats. */
const afterwards = (order: Returnable, gone: SwapTicket[], cheaper: Cheaper[], tax_minor: number): Returnable => {
  const priceOf = new Map(cheaper.map(({ ticket, price }) => [ticket.id, price]))
  const tickets = order.tickets
    .filter(({ ticket_id }) => gone.every(({ id }) => id !== ticket_id))
    .map((ticket) => {
      const price = priceOf.get(ticket.ticket_id)
      return price ? { ...ticket, ...price, total_minor: price.final_price_minor } : ticket
    })
  return { ...order, tax_minor: order.tax_minor - tax_minor, tickets }
}

/** What goes back when a hall is swapped: tickets without a seat whole, others by the difference of their classes, each with its tax. */
export const createSwapMoney = ({ orders, payments, benefits, giveBack, returning }: Deps) => {
  /** Returns the tax that goes back with it. */
  const returnDifference = async (tx: Tx, order_id: number, cheaper: Cheaper[], actor: string): Promise<number> => {
    const items_minor = differenceOf(cheaper)
    const items = []
    for (const move of cheaper) items.push(await statement.splitItem(tx, move))
    const tax_minor = returning.taxOver(await returning.read(tx, order_id))
    const nothing = { fees_minor: 0, kept_fees_minor: 0, kept_tax_minor: 0, lost_discount_minor: 0, charge_minor: 0 }
    const amount_minor = items_minor + tax_minor
    const back = { order_id, actor, reason: HALL_SWAPPED, is_beyond_policy: false, items_minor, refund_minor: amount_minor }
    const cancellation_id = await orders.insertCancellation(tx, { ...back, tax_minor, ...nothing })
    await statement.nameCancellation(tx, items, cancellation_id)
    await orders.mark(tx, order_id, 'partially_refunded')
    await payments.giveBack(tx, order_id, { items, amount_minor, cancellation_id, reason: HALL_SWAPPED })
    await benefits.giveBack(tx, order_id, amount_minor)
    return tax_minor
  }

  return {
    /** Returns what goes back for each ticket. */
    giveBack: async (tx: Tx, assessment: Assessment, actor: string): Promise<Refunds> => {
      const shares: Share[] = []
      for (const { order_id, gone, cheaper } of byOrder(assessment)) {
        const ids = gone.map(({ id }) => id)
        if (gone.length > 0)
          shares.push(...shareRefund(await giveBack(tx, order_id, ids, { actor, reason: HALL_SWAPPED, isWhole: true }), gone))
        if (cheaper.length > 0) shares.push(...shareDifference(await returnDifference(tx, order_id, cheaper, actor), cheaper))
      }
      return new Map(shares)
    },

    /** What `giveBack` would return. */
    quote: async (db: Db, assessment: Assessment): Promise<Refunds> => {
      const shares: Share[] = []
      for (const { order_id, gone, cheaper } of byOrder(assessment)) {
        const order = await returning.read(db, order_id)
        const ids = gone.map(({ id }) => id)
        const back = returning.price(order, returning.choose(order, ids), { isWhole: true })
        const withGone = gone.length > 0 ? back.tax_minor + back.kept_tax_minor : 0
        const tax_minor = returning.taxOver(afterwards(order, gone, cheaper, withGone))
        shares.push(...shareRefund(back.refund_minor, gone), ...shareDifference(tax_minor, cheaper))
      }
      return new Map(shares)
    },
  }
}
