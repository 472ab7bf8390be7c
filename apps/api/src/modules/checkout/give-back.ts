import type { OrdersService } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import { alreadyUsed } from '#modules/tickets/errors.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Tx } from '#platform/db/kysely.ts'

type Deps = { orders: OrdersService; seats: SeatsService; tickets: TicketsService; payments: PaymentsService }
type Why = { actor: string; reason: string | null }

/** Takes paid tickets of a locked order back: seats free, money on its way, all on the caller's transaction. */
export const createGiveBack =
  ({ orders, seats, tickets, payments }: Deps) =>
  async (tx: Tx, orderId: number, ids: number[], { actor, reason }: Why): Promise<void> => {
    // A scan at the door is the same kind of update: one of the two finds the ticket still paid.
    const moved = await tickets.mark(tx, ids, 'cancelled', actor, reason)
    if (moved.length < ids.length) throw alreadyUsed()
    await seats.releaseTickets(tx, orderId, ids)
    const items = await orders.cancelItems(tx, ids)
    await orders.mark(tx, orderId, (await orders.countLiveItems(tx, orderId)) === 0 ? 'canceled' : 'partially_refunded')
    await payments.refundItems(tx, orderId, items, reason ?? 'cancelled')
  }
export type GiveBack = ReturnType<typeof createGiveBack>
