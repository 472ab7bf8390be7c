import type { BenefitSteps } from '#modules/checkout/reductions/benefit-steps.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import { alreadyUsed } from '#modules/tickets/errors.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Tx } from '#platform/db/kysely.ts'
import { part, type Return } from './return.rules.ts'
import type { Returning } from './returning.ts'

type Deps = {
  orders: OrdersService
  seats: SeatsService
  tickets: TicketsService
  payments: PaymentsService
  benefits: BenefitSteps
  returning: Returning
}
type Why = {
  actor: string
  reason: string | null
  /** Everything is given back, whatever the terms say. */
  isWhole: boolean
  isBeyondPolicy?: boolean
  /** Given for other tickets: so much of what goes back pays their order, and only the rest leaves the house. */
  exchange?: { credit_minor: number; new_order_id: number }
  /** Looks at what goes back before anything is written. */
  judge?: (back: Return) => void
}

/** Takes paid tickets of a locked order back: seats free, money on its way, all on the caller's transaction. Returns what goes back. */
export const createGiveBack =
  ({ orders, seats, tickets, payments, benefits, returning }: Deps) =>
  async (
    tx: Tx,
    orderId: number,
    ids: number[],
    { actor, reason, isWhole, isBeyondPolicy = false, exchange, judge }: Why,
  ): Promise<number> => {
    const order = await returning.read(tx, orderId)
    const { lines, credits, ...back } = returning.price(order, returning.choose(order, ids), {
      isWhole,
      isExchange: exchange !== undefined,
    })
    judge?.({ lines, credits, ...back })
    // A scan at the door is the same kind of update: one of the two finds the ticket still paid.
    const moved = await tickets.mark(tx, ids, 'cancelled', actor, reason)
    if (moved.length < ids.length) throw alreadyUsed()
    await seats.releaseTickets(tx, orderId, ids)
    const cancellation_id = await orders.insertCancellation(tx, {
      order_id: orderId,
      actor,
      reason,
      is_beyond_policy: isBeyondPolicy,
      ...back,
    })
    await orders.cancelItems(tx, ids, cancellation_id)
    await orders.mark(tx, orderId, (await orders.countLiveItems(tx, orderId)) === 0 ? 'canceled' : 'partially_refunded')
    const items = [...lines, ...credits].map(({ item_id, refund_minor }) => ({
      order_item_id: item_id,
      amount_minor: refund_minor,
    }))
    const credit_minor = exchange?.credit_minor ?? 0
    const [money, credit] = part({ items, amount_minor: back.refund_minor }, back.refund_minor - credit_minor)
    const named = { cancellation_id, reason: reason ?? 'cancelled' }
    await payments.giveBack(tx, orderId, { ...money, ...named })
    if (exchange) await payments.moveCredit(tx, orderId, { ...credit, ...named }, exchange.new_order_id)
    await benefits.giveBack(tx, orderId, back.refund_minor)
    return back.refund_minor
  }
export type GiveBack = ReturnType<typeof createGiveBack>
