import { type Discount, lineKey, type OrderRules, type Points, priceOrder } from '#modules/pricing/price-order.ts'
import { type PriceBook, priceTrace } from '#modules/pricing/price-seat.ts'
import type { Tx } from '#platform/db/kysely.ts'
import { findLines, findPending, type HeldLine, writeLines, writeOrder } from './reprice.statement.ts'

export type RepricedLine = HeldLine & { key: string }
/** What is taken off the lines of an order. */
export type Reductions = { discounts?: Discount[]; points?: Points | undefined }

type How = {
  /** What is charged at a cinema whose seats join the order. */
  joining?: PriceBook
  /** Says what is taken off an order's lines, on the caller's transaction; by default what promotions and points do. */
  reduce?: (tx: Tx, order_id: number, lines: RepricedLine[]) => Promise<Reductions>
}

const BEFORE_RULES: OrderRules = { channel: 'web', cinemas: {} }

/** The rules of an order never change; those of another cinema may join them. */
const rulesWith = (kept: OrderRules, joining: PriceBook | undefined): OrderRules =>
  joining ? { ...kept, cinemas: { [joining.cinema_id]: joining[kept.channel], ...kept.cinemas } } : kept

const asLine = (line: HeldLine): RepricedLine => ({
  ...line,
  key: lineKey(line),
  trace: priceTrace(line.trace, line.price_minor),
})

const isOther = (before: HeldLine | undefined, after: Pick<HeldLine, 'discount_minor' | 'trace'>) =>
  before?.discount_minor !== after.discount_minor || JSON.stringify(before.trace) !== JSON.stringify(after.trace)

/**
 * Works out again what pending orders cost and writes it: items, tickets, totals. The one way to change that: whoever has
 * added, taken out or changed a seat, put in a code or spent points calls it under the order's lock. Seats keep the prices
 * that they were shown at and the order the rules it began with. Returns the totals by order.
 */
export const createReprice =
  (usual: NonNullable<How['reduce']>) =>
  async (tx: Tx, ids: number[], { joining, reduce = usual }: How = {}): Promise<Map<number, number>> => {
    const totals = new Map<number, number>()
    if (ids.length === 0) return totals
    const orders = await findPending(tx, ids)
    const byOrder = Map.groupBy(await findLines(tx, ids), ({ order_id }) => order_id)
    for (const { id, rules } of orders) {
      const held = byOrder.get(id) ?? []
      const lines = held.map(asLine)
      const pricing = rulesWith(rules.pricing ?? BEFORE_RULES, joining)
      const priced = priceOrder({ lines, rules: pricing, ...(await reduce(tx, id, lines)) })
      const before = new Map(held.map((line) => [line.item_id, line]))
      const changed = priced.lines.filter((line) => isOther(before.get(line.item_id), line))
      if (changed.length > 0) await writeLines(tx, changed)
      await writeOrder(tx, { ...priced, id, pricing, is_empty: lines.length === 0 })
      totals.set(id, priced.total_minor)
    }
    return totals
  }
export type Reprice = ReturnType<typeof createReprice>
