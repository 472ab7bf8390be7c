import type { LockPending } from '#modules/checkout/lock-pending.ts'
import type { OrderView } from '#modules/checkout/order-view.ts'
import type { Order } from '#modules/checkout/schemas.ts'
import { alreadyExtended, holdExpired } from '#modules/orders/errors.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Buyer } from '#platform/http/access.ts'
import { type Attempt, once } from '#platform/idempotency.ts'

export type ExtendRules = { EXTENSION_SECONDS: number; MAX_HOLD_SECONDS: number }
type Deps = {
  db: Db
  orders: OrdersService
  seats: SeatsService
  tickets: TicketsService
  view: OrderView
  lockPending: LockPending
  rules: ExtendRules
}

/** Gives the buyer a few minutes more, once. */
export const createExtend =
  ({ db, orders, seats, tickets, view, lockPending, rules }: Deps) =>
  async (actor: Buyer, orderId: number, attempt: Attempt | undefined): Promise<Order> => {
    await once(db, attempt, async (tx) => {
      const order = await lockPending(tx, actor, orderId)
      if (order.extended_at) throw alreadyExtended()
      await orders.moveDeadline(tx, orderId, rules.EXTENSION_SECONDS, rules.MAX_HOLD_SECONDS, 'deadline')
      const live = await tickets.lockLive(tx, orderId)
      if ((await seats.extendHeld(tx, orderId)) !== live.length) throw holdExpired()
      return { status: 200, kind: 'order', id: orderId }
    })
    return view.read(orderId)
  }
