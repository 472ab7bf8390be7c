import type { InLanguages } from '#modules/pricing/price-order.ts'
import { conditionsOf, type Reason } from './conditions.ts'
import { cutsOf } from './cuts.ts'
import { type Basket, isEarly, type PromotionLine, type Rule } from './terms.ts'

export type { Reason } from './conditions.ts'
export { type Basket, type KnownBuyer, type PromotionLine, promotionKinds, type Rule, type Use } from './terms.ts'

/** What is taken off a line, in minor units; never more than it costs. */
export type Discount = { line: string; amount_minor: number; source: string; label: string; names?: InLanguages }
/** What came of one rule: what it takes off, or why nothing. */
export type RuleVerdict = { promotion_id: number; amount_minor: number; lines: string[]; reason: Reason | null }
export type Judged = { discounts: Discount[]; verdicts: RuleVerdict[] }

/** How long before the session its own early-bird discount ends. */
export type EarlyBird = { days_ahead: number }

const EARLY_BIRD = { source: 'session.early_bird', label: 'Early bird' }

const inTurn = (rules: Rule[]) => rules.toSorted((a, b) => a.priority - b.priority || a.id - b.id)

/** The discount that stands on the session itself, for lines that no promotion has taken. */
const earlyBirds = ({ now, lines }: Basket, { days_ahead }: EarlyBird): Discount[] =>
  lines
    .filter((line) => line.early_bird_discount > 0 && isEarly(line, now, days_ahead))
    .flatMap((line) => {
      const basis_points = Math.round(line.early_bird_discount * 100)
      return cutsOf({ kind: 'percent', basis_points }, [line]).map(({ key, amount_minor }) => ({
        line: key,
        amount_minor,
        ...EARLY_BIRD,
      }))
    })
    .filter(({ amount_minor }) => amount_minor > 0)

/**
 * Lowers the price of an order. Pure: rules are tried by priority, then by id; each line is taken by one rule at most, the
 * one that helps a group to its cheapest ticket too; last comes the session's own early bird. Whatever order lines and
 * rules are given in, the outcome is the same.
 */
export const judge = (basket: Basket, rules: Rule[], earlyBird: EarlyBird): Judged => {
  const discounts: Discount[] = []
  const taken = new Set<string>()
  const verdicts = inTurn(rules).map((rule): RuleVerdict => {
    const nothing = { promotion_id: rule.id, amount_minor: 0, lines: [] }
    const { lines, reason } = conditionsOf(basket, rule, taken)
    if (reason) return { ...nothing, reason }
    const cuts = cutsOf(rule, lines)
    if (cuts.length === 0) return { ...nothing, reason: 'minimum_not_reached' }
    let amount_minor = 0
    for (const cut of cuts) {
      taken.add(cut.key)
      amount_minor += cut.amount_minor
      if (cut.amount_minor > 0)
        discounts.push({
          line: cut.key,
          amount_minor: cut.amount_minor,
          source: `promotion.${rule.id}`,
          label: rule.label,
          ...(rule.names && { names: rule.names }),
        })
    }
    return { promotion_id: rule.id, amount_minor, lines: cuts.map(({ key }) => key), reason: null }
  })
  const left = { ...basket, lines: basket.lines.filter(({ key }) => !taken.has(key)) }
  return { discounts: [...discounts, ...earlyBirds(left, earlyBird)], verdicts }
}

/** The lines and rules by which an order was lowered, as JSON keeps them in `orders.rules.promotions`. */
export type Snapshot = {
  at: string
  currency: string
  early_bird: EarlyBird
  lines: (Omit<PromotionLine, 'start_time'> & { start_time: string })[]
  rules: Omit<Rule, 'starts_at' | 'ends_at' | 'is_active'>[]
}

export const snapshotOf = (
  { now, currency, lines }: Basket,
  rules: Rule[],
  used: { promotion_id: number }[],
  early_bird: EarlyBird,
): Snapshot => ({
  at: now.toISOString(),
  currency,
  early_bird,
  lines: lines.map((line) => ({ ...line, start_time: line.start_time.toISOString() })),
  rules: rules
    .filter(({ id }) => used.some(({ promotion_id }) => promotion_id === id))
    .map(({ starts_at: _, ends_at: __, is_active: ___, names: ____, ...rule }) => rule),
})

/**
 * What the same promotions take off the lines that remain, as if only these had been bought. Pure; whoever gives tickets
 * back asks it with the order's snapshot. A promotion whose minimum is not reached any more takes nothing off.
 */
export const judgeRemaining = (snapshot: Snapshot | null | undefined, keys: readonly string[]): Discount[] => {
  if (!snapshot) return []
  const lines = snapshot.lines
    .filter(({ key }) => keys.includes(key))
    .map((line) => ({ ...line, start_time: new Date(line.start_time) }))
  const rules = snapshot.rules.map((rule) => ({ ...rule, starts_at: null, ends_at: null, is_active: true }))
  return judge({ now: new Date(snapshot.at), currency: snapshot.currency, lines }, rules, snapshot.early_bird).discounts
}
