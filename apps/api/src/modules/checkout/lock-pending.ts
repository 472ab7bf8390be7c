import {
  alreadyPaid,
  exchangeWhole,
  holdExpired,
  orderCanceled,
  orderNotFound,
  partlyPaid,
  paymentInProgress,
} from '#modules/orders/errors.ts'
import type { LockedOrder, OrdersService } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Tx } from '#platform/db/kysely.ts'
import { type Buyer, type Holder, holds } from '#platform/http/access.ts'

type Deps = { orders: OrdersService; payments: PaymentsService; tickets: Pick<TicketsService, 'actsForCinema'> }

export const requirePending = ({ status, is_overdue }: LockedOrder) => {
  if (status === 'paid' || status === 'partially_refunded') throw alreadyPaid()
  if (status === 'canceled') throw orderCanceled()
  if (status === 'expired' || is_overdue) throw holdExpired()
}

/** Locks somebody's order: their own, or any of their cinemas for staff. */
export const createLockOwn =
  ({ orders, tickets }: Pick<Deps, 'orders' | 'tickets'>) =>
  async (tx: Tx, actor: Holder, orderId: number): Promise<LockedOrder> => {
    const order = await orders.lock(tx, orderId)
    if (!order || !(holds(actor, order) || (await tickets.actsForCinema(tx, actor, { order_id: orderId })))) throw orderNotFound()
    return order
  }
export type LockOwn = ReturnType<typeof createLockOwn>

/** Locks an order that may still change: pending, in time, and no payment under way. */
export const createLockPending = ({ orders, payments, tickets }: Deps) => {
  const lockOwn = createLockOwn({ orders, tickets })
  return async (tx: Tx, actor: Buyer, orderId: number): Promise<LockedOrder> => {
    const order = await lockOwn(tx, actor, orderId)
    requirePending(order)
    if (await payments.findInFlight(tx, orderId)) throw paymentInProgress()
    if ((await payments.sumKept(tx, orderId)) > 0) throw partlyPaid()
    if (await orders.findExchange(tx, orderId)) throw exchangeWhole()
    return order
  }
}
export type LockPending = ReturnType<typeof createLockPending>
