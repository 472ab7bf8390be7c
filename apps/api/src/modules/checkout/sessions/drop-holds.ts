import type { Parts } from '#modules/checkout/pay/parts.ts'
import type { Reprice } from '#modules/checkout/reserve/reprice.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Tx } from '#platform/db/kysely.ts'

type Deps = { orders: OrdersService; tickets: TicketsService; parts: Parts; reprice: Reprice }
type Holds = { order_ids: number[]; ticket_ids: number[] }
type Why = { actor: string; reason: string | null; refund_reason: string }

/**
 * Takes seats out of locked orders that only hold them. A payment under way may still come in: it settles on an order that
 * is canceled or costs something else, and goes back whole.
 */
export const createDropHolds =
  ({ orders, tickets, parts, reprice }: Deps) =>
  async (tx: Tx, { order_ids, ticket_ids }: Holds, { actor, reason, refund_reason }: Why): Promise<void> => {
    if (ticket_ids.length === 0) return
    await tickets.mark(tx, ticket_ids, 'cancelled', actor, reason)
    await orders.removeItems(tx, ticket_ids)
    await reprice(tx, order_ids)
    await parts.returnAll(tx, order_ids, refund_reason)
  }
export type DropHolds = ReturnType<typeof createDropHolds>
