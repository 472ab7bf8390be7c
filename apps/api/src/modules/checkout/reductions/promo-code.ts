import type { LockPending } from '#modules/checkout/lock-pending.ts'
import type { OrderView } from '#modules/checkout/order-view.ts'
import type { ClearPayment } from '#modules/checkout/pay/clear-payment.ts'
import type { Reprice } from '#modules/checkout/reserve/reprice.ts'
import type { Order } from '#modules/checkout/schemas.ts'
import { orderNotFound } from '#modules/orders/errors.ts'
import type { LockedOrder, OrdersService } from '#modules/orders/service.ts'
import { doesNotApply, emailRequired } from '#modules/promotions/errors.ts'
import { type Db, transaction, type Tx } from '#platform/db/kysely.ts'
import { type Buyer, holds, type SignedIn } from '#platform/http/access.ts'
import { emailAddress } from '#platform/text.ts'
import type { BenefitSteps } from './benefit-steps.ts'
import type { PromoCodePut } from './reductions.schemas.ts'
import { setCode } from './reductions.statement.ts'
import type { Reduce } from './reductions.ts'

type Deps = {
  db: Db
  orders: OrdersService
  benefits: Pick<BenefitSteps, 'nameAddress'>
  view: OrderView
  lockPending: LockPending
  clearPayment: ClearPayment
  reduce: Reduce
  reprice: Reprice
}

/** Lowers a pending order by a code, or by points; a code that takes nothing off is refused and says why. */
export const createOrderReductions = ({ db, orders, benefits, view, lockPending, clearPayment, reduce, reprice }: Deps) => {
  const change = async (
    actor: Buyer,
    orderId: number,
    work: (tx: Tx, order: LockedOrder) => Promise<unknown>,
  ): Promise<Order> => {
    await clearPayment.release(actor, orderId)
    await transaction(db, async (tx) => {
      await work(tx, await lockPending(tx, actor, orderId))
    })
    return view.read(orderId)
  }

  return {
    putCode: (actor: Buyer, orderId: number, { code, email }: PromoCodePut): Promise<Order> =>
      change(actor, orderId, async (tx) => {
        if (email !== undefined) await orders.setEmail(tx, orderId, emailAddress(email))
        await setCode(tx, orderId, code.toUpperCase())
        await reprice(tx, [orderId], {
          reduce: (on, id, lines) =>
            reduce(on, id, lines, {
              hear: ({ code: its }) => {
                if (its?.needs_email) throw emailRequired()
                if (its?.reason) throw doesNotApply[its.reason]()
              },
            }),
        })
        // What the order had already was counted for another address.
        if (email !== undefined) await benefits.nameAddress(tx, orderId)
      }),

    removeCode: (actor: Buyer, orderId: number): Promise<Order> =>
      change(actor, orderId, async (tx) => {
        await setCode(tx, orderId, null)
        await reprice(tx, [orderId])
      }),

    /** 0 takes none. */
    putPoints: (actor: SignedIn, orderId: number, points: number): Promise<Order> =>
      change(actor, orderId, async (tx, order) => {
        // Staff who may change the order of others still do not spend their points.
        if (!holds(actor, order)) throw orderNotFound()
        await reprice(tx, [orderId], { reduce: (on, id, lines) => reduce(on, id, lines, { points }) })
      }),
  }
}
