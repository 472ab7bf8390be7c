import type { Reductions, RepricedLine } from '#modules/checkout/reserve/reprice.ts'
import { accountNeeded, otherCurrency, overCap } from '#modules/loyalty/errors.ts'
import type { LoyaltyService } from '#modules/loyalty/service.ts'
import { usedUpOf } from '#modules/promotions/errors.ts'
import type { Basket } from '#modules/promotions/rules.ts'
import type { Evaluated, PromotionsService } from '#modules/promotions/service.ts'
import { savepoint, type Tx } from '#platform/db/kysely.ts'
import { findReducible, findSessionFacts, type ReducibleOrder, writeSnapshot } from './reductions.statement.ts'

type Deps = { promotions: PromotionsService; loyalty: LoyaltyService }
/** `points`: so many instead of what was wanted before. `hear` is told what came of the code. */
type Wish = { points?: number; hear?: (evaluated: Evaluated) => void }

const POINTS = { source: 'loyalty.points', label: 'Points' }

/** What promotions and points take off a pending order; reserves both for it on the caller's transaction. */
export const createReductions = ({ promotions, loyalty }: Deps) => {
  const basketOf = async (tx: Tx, { now, currency }: ReducibleOrder, lines: RepricedLine[]): Promise<Basket> => {
    const facts = await findSessionFacts(tx, [...new Set(lines.map(({ session_id }) => session_id))])
    return {
      now,
      currency,
      lines: lines.flatMap(({ key, session_id, price_minor, seat_type, ticket_type }) => {
        const its = facts.get(session_id)
        return its ? [{ ...its, key, price_minor, seat_type, ticket_type }] : []
      }),
    }
  }

  /** Whoever loses a promotion to somebody quicker is judged again without it. */
  const applyPromotions = async (
    tx: Tx,
    id: number,
    order: ReducibleOrder,
    lines: RepricedLine[],
    isTyped: boolean,
  ): Promise<Evaluated> => {
    const basket = await basketOf(tx, order, lines)
    const holders = promotions.holdersOf(order.buyer)
    // Guessing is counted for the seller where no buyer is known.
    const from = `u:${order.user_id}`
    const mine = await promotions.usesOf(tx, id)
    const without = new Set<number>()
    for (;;) {
      const question = { code: order.promo_code, isTyped, from, holders, mine, without }
      const evaluated = promotions.evaluate(await promotions.offersFor(tx, question), basket)
      if (mine.length === 0 && evaluated.uses.length === 0) return evaluated
      const tried = await savepoint(tx, () => promotions.reserve(tx, id, evaluated.uses, holders))
      if ('done' in tried) return evaluated
      const lost = usedUpOf(tried.failed)
      if (lost === undefined) throw tried.failed
      without.add(lost)
    }
  }

  /** Points that are wanted now are refused beyond the cap; points wanted before become fewer with the price. */
  const applyPoints = async (
    tx: Tx,
    id: number,
    { user_id, currency }: ReducibleOrder,
    price_minor: number,
    wish: number | undefined,
  ) => {
    const before = await loyalty.redemptionOf(tx, id)
    const wanted = wish ?? before?.points ?? 0
    if (wanted === 0 && !before) return undefined
    if (user_id === null) throw accountNeeded()
    if (wanted > 0 && currency !== loyalty.currency) throw otherCurrency()
    const most = loyalty.mostPoints(price_minor)
    if (wish !== undefined && wish > most) throw overCap(most)
    const points = Math.min(wanted, most)
    await loyalty.reserve(tx, id, before?.user_id ?? user_id, points)
    return points === 0 ? undefined : { ...POINTS, amount_minor: points * loyalty.terms.point_minor }
  }

  return async (tx: Tx, id: number, lines: RepricedLine[], { points, hear }: Wish = {}): Promise<Reductions> => {
    const order = await findReducible(tx, id)
    if (!order) return {}
    const evaluated = await applyPromotions(tx, id, order, lines, hear !== undefined)
    hear?.(evaluated)
    await writeSnapshot(tx, id, evaluated.snapshot)
    const { discounts } = evaluated
    const price_minor =
      lines.reduce((sum, line) => sum + line.price_minor, 0) - discounts.reduce((sum, { amount_minor }) => sum + amount_minor, 0)
    return { discounts, points: await applyPoints(tx, id, order, price_minor, points) }
  }
}
export type Reduce = ReturnType<typeof createReductions>
