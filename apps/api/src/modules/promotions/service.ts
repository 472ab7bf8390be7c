import { createHash } from 'node:crypto'

import type { Clock } from '#platform/clock.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'
import { doesNotApply, promotionNotFound, usedUp } from './errors.ts'
import { createEvaluate } from './evaluate.ts'
import { createKnown } from './known.ts'
import { createManaging } from './manage.ts'
import { findRule } from './rules.repository.ts'
import { type Basket, type EarlyBird, judge, type KnownBuyer, type Reason, type RuleVerdict, type Use } from './rules.ts'
import * as uses from './uses.repository.ts'

export type { Evaluated, Offers } from './evaluate.ts'

type Deps = { db: Db; clock: Clock; currency: string; isThrottled: boolean; early: EarlyBird }

/** Addresses are counted by their hash, so that nobody can be read out of a list of users of a code. */
const addressKey = (email: string) => `e:${createHash('sha256').update(email).digest('base64url')}`

/** As whom an order counts against a limit per person: its buyer, and its address once there is one. */
export const holdersOf = ({ user_id, guest_id, email }: KnownBuyer): string[] => [
  ...(user_id === null ? [] : [`u:${user_id}`]),
  ...(user_id !== null || guest_id === null ? [] : [`g:${guest_id}`]),
  ...(email === null ? [] : [addressKey(email)]),
]

/** The database says by a named error that a promotion is used up; this is its name. */
const reasonOf = (error: unknown): Reason | undefined => {
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string }
  const [module, reason = ''] = message.split('.')
  return code === 'MQ001' && module === 'promotions' && reason in doesNotApply ? (reason as Reason) : undefined
}

/** Takes, or throws the named error with the promotion that has nothing left. */
const take = async (tx: Tx, promotion_id: number, count: number, minor: number, holders: string[]): Promise<void> => {
  try {
    await uses.take(tx, promotion_id, count, minor, holders)
  } catch (error) {
    const reason = reasonOf(error)
    throw reason ? usedUp(doesNotApply[reason](), promotion_id) : error
  }
}

/** Rules that lower prices, and who has used them. Steps of a sale call it with their transaction, after claims and tickets. */
export const createPromotionsService = ({ db, clock, currency, isThrottled, early }: Deps) => {
  const known = createKnown({ clock, isThrottled })

  /** Reserves what an order uses from now on and gives back what it does not; always in the order of the ids. */
  const reserve = async (tx: Tx, orderId: number, wanted: Use[], holders: string[]): Promise<void> => {
    const live = await uses.findUses(tx, orderId)
    const ids = [...new Set([...live, ...wanted].map(({ promotion_id }) => promotion_id))].toSorted((a, b) => a - b)
    for (const id of ids) {
      const before = live.find(({ promotion_id }) => promotion_id === id)
      const after = wanted.find(({ promotion_id }) => promotion_id === id)
      if (!before && after) {
        await take(tx, id, 1, after.amount_minor, holders)
        await uses.insertUse(tx, { ...after, order_id: orderId, holders })
      } else if (before && !after) await uses.end(tx, [orderId], 'released', [before.id])
      else if (before && after && before.amount_minor !== after.amount_minor) {
        const more = after.amount_minor - before.amount_minor
        await (more > 0 ? take(tx, id, 0, more, []) : uses.giveBack(tx, id, 0, -more, []))
        await uses.changeAmount(tx, before.id, after.amount_minor)
      }
    }
  }

  return {
    ...createManaging({ db, currency, forget: known.forget }),
    ...createEvaluate({ known, early }),
    /** How one promotion would judge orders by itself, begun or not, whether it is active or not. */
    tryOut: async (on: Db, id: number): Promise<(basket: Basket) => RuleVerdict> => {
      const rule = await findRule(on, id)
      if (!rule) throw promotionNotFound()
      const alone = { ...rule, is_active: true, starts_at: null, ends_at: null }
      return (basket) =>
        judge(basket, [alone], early).verdicts[0] ?? { promotion_id: id, amount_minor: 0, lines: [], reason: 'inactive' }
    },
    usesOf: uses.findUses,
    holdersOf,
    reasonOf,
    reserve,

    /** The money has come. What had lapsed is taken again, or the named error says that it is gone. */
    confirm: async (tx: Tx, orderId: number): Promise<void> => {
      const live = await uses.findUses(tx, orderId)
      if (live.length === 0) return
      for (const { state, promotion_id, amount_minor, holders } of live)
        if (state === 'lapsed') await take(tx, promotion_id, 1, amount_minor, holders)
      await uses.confirm(tx, orderId)
    },

    /** The hold has run out; late money may take it again. */
    lapse: (tx: Tx, orderIds: number[]) => uses.end(tx, orderIds, 'lapsed'),

    /** The order is over, or nothing of it remains. */
    release: (tx: Tx, orderIds: number[]) => uses.end(tx, orderIds, 'released'),

    /** An account has taken a guest's order over: what it was lowered by counts for the account too, as far as that may use it. */
    nameOwner: async (tx: Tx, orderId: number, user_id: number): Promise<void> => {
      const holder = `u:${user_id}`
      for (const { id, promotion_id, state, holders } of await uses.findUses(tx, orderId))
        if (state !== 'lapsed' && !holders.includes(holder) && (await uses.countHolder(tx, promotion_id, holder)))
          await uses.addHolder(tx, id, holder)
    },

    /** It has been said where the tickets go: from now on the address counts too. */
    nameHolder: async (tx: Tx, orderId: number, email: string): Promise<void> => {
      const holder = addressKey(email)
      for (const { id, promotion_id, holders } of await uses.findUses(tx, orderId)) {
        if (holders.includes(holder)) continue
        if (!(await uses.countHolder(tx, promotion_id, holder))) throw doesNotApply.limit_per_user()
        await uses.addHolder(tx, id, holder)
      }
    },
  }
}
export type PromotionsService = ReturnType<typeof createPromotionsService>
