import type { LockOwn } from '#modules/checkout/lock-pending.ts'
import type { OrderView } from '#modules/checkout/order-view.ts'
import type { ClearPayment } from '#modules/checkout/pay/clear-payment.ts'
import type { Parts } from '#modules/checkout/pay/parts.ts'
import { isSoldByStaff } from '#modules/checkout/reductions/reductions.statement.ts'
import type { Reprice } from '#modules/checkout/reserve/reprice.ts'
import type { OrderCanceled, TicketCancelled } from '#modules/checkout/schemas.ts'
import { exchangeWhole, paymentInProgress, refundChanged } from '#modules/orders/errors.ts'
import type { LockedOrder, OrdersService } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import { alreadyUsed, expired } from '#modules/tickets/errors.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { recordEvent } from '#platform/audit.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'
import { actorKey, type Holder, holds } from '#platform/http/access.ts'
import { type Attempt, findOutcome, once } from '#platform/idempotency.ts'
import { toMinor } from '#platform/money.ts'
import { requireTerms } from './cancel-quote.ts'
import type { OrderCancel } from './cancel.schemas.ts'
import type { GiveBack } from './give-back.ts'
import type { Return } from './return.rules.ts'
import type { Returning } from './returning.ts'

type Deps = {
  db: Db
  sessions: SessionsService
  orders: OrdersService
  seats: SeatsService
  tickets: TicketsService
  payments: PaymentsService
  parts: Parts
  view: OrderView
  lockOwn: LockOwn
  clearPayment: ClearPayment
  giveBack: GiveBack
  reprice: Reprice
  returning: Returning
}
type LiveTicket = Awaited<ReturnType<TicketsService['lockLive']>>[number]

const OVER = new Set(['cancelled', 'refunded'])

/** The caller has seen what goes back, and insists on it. */
const insist =
  (expected: number | undefined) =>
  ({ refund_minor }: Pick<Return, 'refund_minor'>) => {
    if (expected !== undefined && toMinor(expected, '/expected_refund') !== refund_minor) throw refundChanged(refund_minor)
  }

export const createCancel = (deps: Deps) => {
  const { db, sessions, orders, seats, tickets, payments, parts, view, lockOwn, clearPayment, giveBack, returning, reprice } =
    deps

  const releaseReserved = async (tx: Tx, actor: Holder, order: LockedOrder, ids: number[], reason: string | null) => {
    await seats.releaseTickets(tx, order.id, ids)
    await tickets.mark(tx, ids, 'cancelled', actorKey(actor), reason)
    await orders.removeItems(tx, ids)
    await reprice(tx, [order.id])
    await parts.leave(tx, order.id)
  }

  /** Paid tickets go back within the terms of their order; staff decide beyond them, and say why. True when they did. */
  const refundPaid = async (tx: Tx, actor: Holder, order: LockedOrder, paid: LiveTicket[], wish: OrderCancel) => {
    const ids = paid.map(({ id }) => id)
    const { reason = null, in_full: isWhole = false } = wish
    const chosen = returning.choose(await returning.read(tx, order.id), ids)
    const isStaff = await tickets.actsForCinema(tx, actor, { order_id: order.id })
    const isBeyondPolicy = requireTerms(chosen, returning.termsOf, { isStaff, reason, isWhole })
    const why = { actor: actorKey(actor), reason, isWhole, isBeyondPolicy, judge: insist(wish.expected_refund) }
    await giveBack(tx, order.id, ids, why)
    return isBeyondPolicy
  }

  const requireStanding = async (tx: Tx, order: LockedOrder, live: LiveTicket[], isAll: boolean) => {
    if (live.length > 0 && (await payments.findInFlight(tx, order.id))) throw paymentInProgress()
    if (live.some(({ status }) => status === 'used')) throw alreadyUsed()
    if (order.status === 'pending' && !isAll && (await orders.findExchange(tx, order.id))) throw exchangeWhole()
    // What was cancelled before stays so, whatever has become of its order since.
    if (live.some(({ status }) => status === 'expired' || (status === 'reserved' && order.is_overdue))) throw expired()
  }

  /** Cancels these tickets of an order, held or paid; tickets cancelled before are left as they are. */
  const cancelTickets = async (tx: Tx, actor: Holder, orderId: number, wish: OrderCancel) => {
    const { ticket_ids: ids, reason = null } = wish
    const order = await lockOwn(tx, actor, orderId)
    const all = await tickets.lockLive(tx, orderId)
    const live = all.filter(({ id }) => ids?.includes(id) ?? true)
    await requireStanding(tx, order, live, live.length === all.length)
    const reserved = live.filter(({ status }) => status === 'reserved').map(({ id }) => id)
    const paid = live.filter(({ status }) => status === 'paid')
    if (reserved.length > 0) await releaseReserved(tx, actor, order, reserved, reason)
    if (paid.length === 0 && live.length > 0) insist(wish.expected_refund)({ refund_minor: 0 })
    const isBeyondPolicy = paid.length > 0 && (await refundPaid(tx, actor, order, paid, wish))
    // What a cashier has sold is in their own name: giving it back is no private matter.
    if (live.length > 0 && (isBeyondPolicy || !holds(actor, order) || (await isSoldByStaff(tx, order.id)))) {
      const after = { tickets: live.map(({ id, status }) => ({ id, was: status })), reason, beyond_policy: isBeyondPolicy }
      await recordEvent(tx, { action: 'orders.cancelled_by_staff', object_kind: 'orders', object_id: order.id, after })
    }
  }

  const sessionIdsOf = (order: { items: { session_id: number | null }[] }) =>
    [...new Set(order.items.flatMap(({ session_id }) => (session_id === null ? [] : [session_id])))].toSorted((a, b) => a - b)

  /** Sessions first, then the order: the order in which everybody locks. */
  const lockSessions = async (tx: Tx, ids: number[]) => {
    for (const id of ids) await sessions.lockForBooking(tx, id)
  }

  /** A repeat must not take back a payment that was started since. */
  const isRepeated = async (attempt: Attempt | undefined) =>
    attempt !== undefined && (await findOutcome(db, attempt)) !== undefined

  const refundsOf = async (orderId: number, ticketId?: number) => payments.findRefunds(db, orderId, ticketId)

  return {
    ticket: async (
      actor: Holder,
      ticketId: number,
      reason: string | undefined,
      attempt: Attempt | undefined,
    ): Promise<TicketCancelled> => {
      const { order_id, session_id, status } = await tickets.get(actor, ticketId)
      if (!OVER.has(status) && !(await isRepeated(attempt))) await clearPayment.clear(order_id)
      await once(db, attempt, async (tx) => {
        await lockSessions(tx, [session_id])
        await cancelTickets(tx, actor, order_id, { ticket_ids: [ticketId], ...(reason !== undefined && { reason }) })
        return { status: 200, kind: 'ticket', id: ticketId }
      })
      const [refund = null] = await refundsOf(order_id, ticketId)
      return { ...view.ticketIn(await view.read(order_id), ticketId), refund }
    },

    /** All of an order, or these tickets of it. */
    order: async (
      actor: Holder,
      orderId: number,
      wish: OrderCancel | undefined,
      attempt: Attempt | undefined,
    ): Promise<OrderCanceled> => {
      const seen = await view.readFor(actor, orderId)
      for (const id of wish?.ticket_ids ?? []) view.ticketIn(seen, id)
      if (seen.status !== 'canceled' && !(await isRepeated(attempt))) await clearPayment.clear(orderId)
      await once(db, attempt, async (tx) => {
        await lockSessions(tx, sessionIdsOf(seen))
        await cancelTickets(tx, actor, orderId, wish ?? {})
        return { status: 200, kind: 'order', id: orderId }
      })
      return { order: await view.read(orderId), refunds: await refundsOf(orderId) }
    },
  }
}
