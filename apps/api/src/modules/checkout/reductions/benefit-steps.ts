import { remainsOf } from '#modules/loyalty/rules.ts'
import type { LoyaltyService } from '#modules/loyalty/service.ts'
import type { LockedOrder } from '#modules/orders/service.ts'
import { usedUpOf } from '#modules/promotions/errors.ts'
import type { PromotionsService } from '#modules/promotions/service.ts'
import type { Tx } from '#platform/db/kysely.ts'
import { findPrices, isSoldByStaff } from './reductions.statement.ts'

type Deps = { promotions: PromotionsService; loyalty: LoyaltyService }
/** What becomes of an order's promotions and points when it is paid, runs out or is given back. Claims and tickets come first. */
export const createBenefitSteps = ({ promotions, loyalty }: Deps) => ({
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
  /** Nobody earns by selling: what a cashier sells at the counter is in their own name. */
  earn: async (tx: Tx, order: LockedOrder, moved_minor = 0): Promise<void> => {
    if (!(await isSoldByStaff(tx, order.id))) await loyalty.earn(tx, order, moved_minor)
  },
  /** The holds have run out; late money may still come. */
  lapse: async (tx: Tx, orderIds: number[]): Promise<void> => {
    await promotions.lapse(tx, orderIds)
    await loyalty.lapse(tx, orderIds)
  },
  /** Items of a paid order have been given up, and so much money with them. */
  giveBack: async (tx: Tx, orderId: number, refunded_minor: number): Promise<void> => {
    const lines = await findPrices(tx, orderId)
    if (lines.every(({ is_gone }) => is_gone)) await promotions.release(tx, [orderId])
    const left = lines.filter(({ is_gone }) => !is_gone)
    await loyalty.reverse(tx, orderId, remainsOf(lines, left), refunded_minor)
  },
})
export type BenefitSteps = ReturnType<typeof createBenefitSteps>
