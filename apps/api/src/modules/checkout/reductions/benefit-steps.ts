import { remainsOf } from '#modules/loyalty/rules.ts'
import type { LoyaltyService } from '#modules/loyalty/service.ts'
import type { GuestOrder } from '#modules/orders/service.ts'
import { usedUpOf } from '#modules/promotions/errors.ts'
import type { PromotionsService } from '#modules/promotions/service.ts'
import type { Tx } from '#platform/db/kysely.ts'
import { findBuyer, findPrices, isSoldByStaff, sumGivenBack } from './reductions.statement.ts'

type Deps = { promotions: PromotionsService; loyalty: LoyaltyService }
type Earning = Parameters<LoyaltyService['earn']>[1]
type Lines = Awaited<ReturnType<typeof findPrices>>

/** What becomes of an order's promotions and points when it is paid, runs out or is given back. Claims and tickets come first. */
export const createBenefitSteps = ({ promotions, loyalty }: Deps) => {
  const reverse = (tx: Tx, lines: Lines, orderId: number, refunded_minor: number) => {
    const left = lines.filter(({ is_gone }) => !is_gone)
    return loyalty.reverse(tx, orderId, remainsOf(lines, left), refunded_minor)
  }

  /** Nobody earns by selling: what a cashier sells at the counter is in their own name. */
  const earn = async (tx: Tx, order: Earning, moved_minor = 0): Promise<void> => {
    if (!(await isSoldByStaff(tx, order.id))) await loyalty.earn(tx, order, moved_minor)
  }

  return {
    /** False when late money finds that others have used what the order was lowered by. */
    confirm: async (tx: Tx, orderId: number): Promise<boolean> => {
      try {
        await promotions.confirm(tx, orderId)
        return await loyalty.confirm(tx, orderId)
      } catch (error) {
        if (usedUpOf(error) === undefined) throw error
        return false
      }
    },
    earn,
    /** The order has got another address: from now on that counts too, unless it is its seller's. */
    nameAddress: async (tx: Tx, orderId: number): Promise<void> => {
      const { email = null } = (await findBuyer(tx, orderId)) ?? {}
      if (email !== null) await promotions.nameHolder(tx, orderId, email)
    },
    /** The holds have run out; late money may still come. */
    lapse: async (tx: Tx, orderIds: number[]): Promise<void> => {
      await promotions.lapse(tx, orderIds)
      await loyalty.lapse(tx, orderIds)
    },
    /**
     * A guest's order has just been given to an account, under its lock, so this happens once. What was given back before earns
     * nothing. One that is paid later earns when it is.
     */
    earnAdopted: async (tx: Tx, { id, status, currency, total_minor }: GuestOrder, user_id: number): Promise<void> => {
      if (status !== 'paid' && status !== 'partially_refunded') return
      await earn(tx, { id, user_id, currency, total_minor })
      const refunded_minor = await sumGivenBack(tx, id)
      if (refunded_minor > 0) await reverse(tx, await findPrices(tx, id), id, refunded_minor)
    },
    /** Items of a paid order have been given up, and so much money with them. */
    giveBack: async (tx: Tx, orderId: number, refunded_minor: number): Promise<void> => {
      const lines = await findPrices(tx, orderId)
      if (lines.every(({ is_gone }) => is_gone)) await promotions.release(tx, [orderId])
      await reverse(tx, lines, orderId, refunded_minor)
    },
  }
}
export type BenefitSteps = ReturnType<typeof createBenefitSteps>
