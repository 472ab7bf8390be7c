import type { GiveBack } from '#modules/checkout/return/give-back.ts'
import type { Return } from '#modules/checkout/return/return.rules.ts'
import type { ExchangeRow, OrdersService } from '#modules/orders/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Tx } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'

type Deps = { jobs: Jobs; orders: OrdersService; seats: SeatsService; tickets: TicketsService; giveBack: GiveBack }

/** Thrown when the old tickets are not there any more: used, given back or exchanged meanwhile, or worth less. */
export const EXCHANGE_GONE = Symbol('exchange gone')

/**
 * Gives up the old tickets of an exchange and pays the order of the new ones with what they were worth. Both orders are
 * locked; the caller sells the new seats in the same transaction.
 */
export const createSwap =
  ({ jobs, orders, seats, tickets, giveBack }: Deps) =>
  async (tx: Tx, exchange: ExchangeRow): Promise<void> => {
    const { id, old_order_id, new_order_id, credit_minor, actor } = exchange
    if (exchange.done_at) throw EXCHANGE_GONE
    const ids = (await orders.findExchangePairs(tx, id)).map(({ old_ticket_id }) => old_ticket_id)
    await seats.lockOfOrders(tx, [old_order_id, new_order_id])
    const live = await tickets.lockLive(tx, old_order_id)
    if (!ids.every((ticket) => live.some((one) => one.id === ticket && one.status === 'paid'))) throw EXCHANGE_GONE
    const judge = ({ refund_minor }: Return) => {
      if (refund_minor < credit_minor) throw EXCHANGE_GONE
    }
    const reason = exchange.reason ?? 'exchanged'
    await giveBack(tx, old_order_id, ids, { actor, reason, isWhole: false, exchange: { credit_minor, new_order_id }, judge })
    await orders.markExchanged(tx, id)
    await jobs.send(tx, 'mail.order', { order_id: old_order_id, kind: 'tickets_exchanged', exchange_id: id })
  }
export type Swap = ReturnType<typeof createSwap>
