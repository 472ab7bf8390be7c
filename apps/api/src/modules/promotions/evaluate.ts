import type { Db } from '#platform/db/kysely.ts'
import type { Known } from './known.ts'
import { findLeft } from './limits.repository.ts'
import type { KnownRule } from './rules.repository.ts'
import {
  type Basket,
  type Discount,
  type EarlyBird,
  judge,
  type Judged,
  type Reason,
  snapshotOf,
  type Snapshot,
  type Use,
} from './rules.ts'
import type { LiveUse } from './uses.repository.ts'

type Question = {
  code: string | null
  /** Somebody has just typed it: one that there is not is refused. */
  isTyped?: boolean
  holders: string[]
  /** Other names of the same person, asked for only when somebody counts how often they come. */
  more?: () => Promise<string[]>
  /** Who is guessing when neither an account nor a guest would hold anything. */
  from?: string
  /** What this order has reserved already, which does not count against it. */
  mine?: LiveUse[]
  /** Leaves the limits to the moment of taking. */
  isHasty?: boolean
  /** Promotions that turned out to be used up. */
  without?: ReadonlySet<number>
}

/** All that is to be known before an order can be judged without asking the database. */
export type Offers = {
  code: string | null
  /** Whether more than a guest's token says who buys. */
  isKnown: boolean
  rules: KnownRule[]
  coded: KnownRule | undefined
  excluded: Map<number, Reason>
  minorLeft: Map<number, number>
}

export type Evaluated = {
  discounts: Discount[]
  uses: Use[]
  /** What came of the code; a reason when it takes nothing off. It needs an address when it is counted by person and nobody is known. */
  code: { promotion_id: number; reason: Reason | null; needs_email: boolean } | null
  /** What the order was lowered by, for the day when some of it is given back; null when nothing was. */
  snapshot: Snapshot | null
}

/** Judges again without those that cannot give what they would have to. */
const judgeWithin = (basket: Basket, { rules, excluded, minorLeft }: Offers, early: EarlyBird): Judged => {
  for (;;) {
    const judged = judge(
      basket,
      rules.filter(({ id }) => !excluded.has(id)),
      early,
    )
    const over = judged.verdicts.filter(
      ({ promotion_id, amount_minor }) => amount_minor > (minorLeft.get(promotion_id) ?? Infinity),
    )
    if (over.length === 0) return judged
    for (const { promotion_id } of over) excluded.set(promotion_id, 'budget_spent')
  }
}

const lookAtLimits = async (on: Db, { rules, excluded, minorLeft }: Offers, { holders, mine = [], more }: Question) => {
  const limited = rules.filter(({ is_limited }) => is_limited).map(({ id }) => id)
  if (limited.length === 0) return
  const others = more && rules.some(({ is_personal }) => is_personal) ? await more() : []
  for (const { id, uses_left, minor_left, is_used_up } of await findLeft(on, limited, [...holders, ...others])) {
    const its = mine.find(({ promotion_id }) => promotion_id === id)
    if (minor_left !== null) minorLeft.set(id, minor_left + (its?.amount_minor ?? 0))
    if (its) continue
    if (is_used_up) excluded.set(id, 'limit_per_user')
    else if (uses_left !== null && uses_left < 1) excluded.set(id, 'limit_reached')
  }
}

export const createEvaluate = ({ known, early }: { known: Known; early: EarlyBird }) => ({
  /** What may lower an order: what applies by itself, and what the code opens. */
  offersFor: async (on: Db, question: Question): Promise<Offers> => {
    const { code, isTyped = false, isHasty = false, without = [], holders, from = '' } = question
    // A guest without an address could not pay any more, should the address have had its share: they are offered what is for all.
    const isKnown = holders.some((holder) => !holder.startsWith('g:'))
    const automatic = (await known.automatic(on)).filter(({ is_personal }) => isKnown || !is_personal)
    const look = isTyped ? known.byTypedCode : known.byCode
    // An address is no guesser: at the counter each try may name another.
    const who = holders.find((holder) => !holder.startsWith('e:')) ?? from
    const coded = code === null ? undefined : await look(on, code, who)
    const rules = coded ? [...automatic, coded] : automatic
    const excluded = new Map<number, Reason>([...without].map((id) => [id, 'limit_reached']))
    const offers = { code, isKnown, rules, coded, excluded, minorLeft: new Map<number, number>() }
    if (!isHasty) await lookAtLimits(on, offers, question)
    return offers
  },

  /** What the offers take off an order. A code that takes nothing off says why. */
  evaluate: (offers: Offers, basket: Basket): Evaluated => {
    const { code, isKnown, rules, coded, excluded } = offers
    if (rules.length === 0 && basket.lines.every(({ early_bird_discount }) => early_bird_discount === 0))
      return { discounts: [], uses: [], code: null, snapshot: null }
    const { discounts, verdicts } = judgeWithin(basket, offers, early)
    const uses = verdicts
      .filter(({ amount_minor }) => amount_minor > 0)
      .map(({ promotion_id, amount_minor }) => ({
        promotion_id,
        amount_minor,
        code: promotion_id === coded?.id && code !== null ? code.toUpperCase() : null,
      }))
      .toSorted((a, b) => a.promotion_id - b.promotion_id)
    const its = verdicts.find(({ promotion_id }) => promotion_id === coded?.id)
    return {
      discounts,
      uses,
      code:
        (coded && {
          promotion_id: coded.id,
          reason: excluded.get(coded.id) ?? its?.reason ?? null,
          needs_email: coded.is_personal && !isKnown,
        }) ||
        null,
      snapshot: discounts.length > 0 ? snapshotOf(basket, rules, uses, early) : null,
    }
  },
})
