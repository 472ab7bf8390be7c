import { type Db, transaction, type Tx } from '#platform/db/kysely.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import { toMajor } from '#platform/money.ts'
import { notEnoughPoints } from './errors.ts'
import * as redemptions from './redemptions.repository.ts'
import * as repository from './repository.ts'
import { type LoyaltyTerms, mostPoints, pointsFor, reversalOf, type Tier, tierOf } from './rules.ts'
import type { Loyalty, LoyaltyEntry, LoyaltyQuery } from './schemas.ts'

type Deps = { db: Db; terms: LoyaltyTerms; currency: string; days: number }
/** A part of an order's price that remains after a refund, by which points are shared out. */
type Remains = { part_minor: number; whole_minor: number }
type Earning = { user_id: number | null; currency: string; total_minor: number }

const BATCH = 100

const shown = ({ name, from_minor, basis_points }: Tier) => ({ name, from: toMajor(from_minor), percent: basis_points / 100 })

/** Steps of a sale: the caller's transaction has locked the order. */
const createSteps = ({ terms, currency, days }: Deps) => {
  const earnsNothing = (order: Earning) => order.user_id === null || order.currency !== currency || order.total_minor === 0

  /** The points that an order brings, by the tier that its owner has reached without the money that an exchange moved into it. */
  const gainOf = async (on: Db, order: Earning, moved_minor: number): Promise<number> => {
    if (order.user_id === null || earnsNothing(order)) return 0
    const { tier } = tierOf(terms, (await repository.sumSpent(on, order.user_id)) - moved_minor)
    return pointsFor(terms, tier, order.total_minor)
  }

  const spend = async (tx: Tx, order_id: number, user_id: number, points: number) => {
    await repository.addEntry(tx, { user_id, kind: 'redeemed', points: -points, order_id }, days)
    await redemptions.markRedemption(tx, order_id, 'spent')
  }

  return {
    terms,
    currency,
    mostPoints: (price_minor: number) => mostPoints(terms, price_minor),
    redemptionOf: redemptions.findRedemption,

    /** Reserves so many points for an order instead of what it had reserved; 0 is none. */
    reserve: async (tx: Tx, order_id: number, user_id: number, points: number): Promise<void> => {
      const before = await redemptions.findRedemption(tx, order_id)
      if ((before?.points ?? 0) === points) return
      const { points: balance, reserved } = await repository.lockAccount(tx, user_id)
      const available = balance - reserved + (before?.points ?? 0)
      if (points > available) throw notEnoughPoints(available)
      await repository.changeReserved(tx, user_id, points - (before?.points ?? 0))
      if (points === 0) await redemptions.markRedemption(tx, order_id, 'released')
      else await redemptions.putRedemption(tx, { order_id, user_id, points, amount_minor: points * terms.point_minor })
    },

    /** The money has come: reserved points are spent. What had lapsed is taken again, or false says that it is gone. */
    confirm: async (tx: Tx, order_id: number): Promise<boolean> => {
      const its = await redemptions.findRedemption(tx, order_id)
      if (!its || its.state === 'spent') return true
      const { user_id, points, state } = its
      const account = await repository.lockAccount(tx, user_id)
      if (state === 'lapsed' && account.points - account.reserved < points) return false
      if (state === 'reserved') await repository.changeReserved(tx, user_id, -points)
      await spend(tx, order_id, user_id, points)
      return true
    },

    gainOf,
    /** Points for a payment. */
    earn: async (tx: Tx, order: Earning & { id: number }, moved_minor = 0): Promise<void> => {
      const { id: order_id, user_id, total_minor: amount_minor } = order
      if (user_id === null || earnsNothing(order)) return
      await repository.lockAccount(tx, user_id)
      const points = await gainOf(tx, order, moved_minor)
      await repository.addEntry(tx, { user_id, kind: 'earned', points, amount_minor, order_id }, days)
    },

    lapse: (tx: Tx, orderIds: number[]) => redemptions.endReserved(tx, orderIds, 'lapsed'),
    release: (tx: Tx, orderIds: number[]) => redemptions.endReserved(tx, orderIds, 'released'),
  }
}

/** What a refund means for points. */
const createRefunding = ({ terms, days }: Deps) => {
  /** What an order has done to somebody's points, and what they could give of them; nobody changes that until a transaction ends. */
  const pointsOf = async (on: Db, order_id: number) => {
    const its = await repository.findOfOrder(on, order_id)
    if (!its) return undefined
    const account = on.isTransaction
      ? await repository.lockAccount(on as Tx, its.user_id)
      : await repository.findAccount(on, its.user_id)
    return { ...its, available: (account?.points ?? 0) - (account?.reserved ?? 0) }
  }

  return {
    pointsOf,

    /** Takes earned points back and gives spent ones back. */
    reverse: async (tx: Tx, order_id: number, remains: Remains, refunded_minor: number): Promise<void> => {
      const its = await pointsOf(tx, order_id)
      if (!its) return
      const { user_id } = its
      const { returned, reversed } = reversalOf(its, remains, its.available, terms)
      if (returned > 0) await repository.addEntry(tx, { user_id, kind: 'returned', points: returned, order_id }, days)
      // A payment that was too small for a point counts for the tier all the same, and so does its refund.
      const amount_minor = -Math.min(refunded_minor, its.counted_minor)
      if (reversed === 0 && amount_minor === 0) return
      await repository.addEntry(tx, { user_id, kind: 'reversed', points: -reversed, amount_minor, order_id }, days)
    },
  }
}

/** Points: an account of each person, and a ledger of everything that has changed it. */
export const createLoyaltyService = (deps: Deps) => {
  const { db, terms, currency, days } = deps

  const expireOne = (user_id: number) =>
    transaction(db, async (tx) => {
      const { points, reserved } = await repository.lockAccount(tx, user_id)
      const lost = await repository.sumLost(tx, user_id)
      const now = Math.min(lost, points - reserved)
      if (now > 0) await repository.addEntry(tx, { user_id, kind: 'expired', points: -now }, days)
      if (now === lost) await repository.noteExpired(tx, user_id)
    })

  return {
    ...createSteps(deps),
    ...createRefunding(deps),

    show: async (user_id: number): Promise<Loyalty> => {
      const account = await repository.findAccount(db, user_id)
      const { points = 0, reserved = 0 } = account ?? {}
      const spent_minor = await repository.sumSpent(db, user_id)
      const { tier, next } = tierOf(terms, spent_minor)
      return {
        points: points - reserved,
        reserved,
        currency,
        point_value: toMajor(terms.point_minor),
        cap_percent: terms.cap_basis_points / 100,
        tier: shown(tier),
        next_tier: next && shown(next),
        spent: toMajor(spent_minor),
        expiring: await repository.findExpiring(db, user_id),
      }
    },

    history: async (user_id: number, query: LoyaltyQuery) => {
      const page = readCursorPage({ list: 'loyalty', of: { user_id }, order: repository.newestFirst }, query)
      const [rows, total] = await repository.listEntries(db, user_id, page)
      return toCursorList<LoyaltyEntry>(rows, total, page)
    },

    /** Takes what nobody has spent in time, one account in one small transaction. */
    expire: async (): Promise<void> => {
      for (let after = 0; ;) {
        const due = await repository.findDue(db, after, BATCH)
        for (const user_id of due) await expireOne(user_id)
        after = due.at(-1) ?? 0
        if (due.length < BATCH) return
      }
    },
  }
}
export type LoyaltyService = ReturnType<typeof createLoyaltyService>
