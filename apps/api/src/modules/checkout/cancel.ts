import { paymentInProgress } from '#modules/orders/errors.ts'
import type { LockedOrder, OrdersService } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import { alreadyUsed, expired, tooLate } from '#modules/tickets/errors.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { recordEvent } from '#platform/audit.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'
import { actorKey, type Holder, holds } from '#platform/http/access.ts'
import { type Attempt, findOutcome, once } from '#platform/idempotency.ts'
import { isPastCutoff } from './cancel.statement.ts'
import type { ClearPayment } from './clear-payment.ts'
import type { GiveBack } from './give-back.ts'
import type { LockOwn } from './lock-pending.ts'
import type { OrderView } from './order-view.ts'
import type { Parts } from './parts.ts'
import { reprice } from './reprice.ts'
import type { OrderCanceled, TicketCancelled } from './schemas.ts'

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
  rules: { CANCEL_CUTOFF_MINUTES: number }
}
type LiveTicket = Awaited<ReturnType<TicketsService['lockLive']>>[number]

const OVER = new Set(['cancelled', 'refunded'])

export const createCancel = ({
  db,
  sessions,
  orders,
  seats,
  tickets,
  payments,
  parts,
  view,
  lockOwn,
  clearPayment,
  giveBack,
  rules: { CANCEL_CUTOFF_MINUTES: cutoffMinutes },
}: Deps) => {
  /** Paid tickets go back until shortly before the start, those of a moved session until the start; staff decide beyond it. */
  const requireInTime = async (tx: Tx, actor: Holder, orderId: number, sessionIds: number[]) => {
    if (await tickets.actsForCinema(tx, actor, { order_id: orderId })) return
    if (await isPastCutoff(tx, sessionIds, cutoffMinutes)) throw tooLate(cutoffMinutes)
  }

  const releaseReserved = async (tx: Tx, actor: Holder, order: LockedOrder, ids: number[], reason: string | null) => {
    await seats.releaseTickets(tx, order.id, ids)
    await tickets.mark(tx, ids, 'cancelled', actorKey(actor), reason)
    await orders.removeItems(tx, ids)
    await reprice(tx, [order.id])
    await parts.leave(tx, order.id)
  }

  const refundPaid = async (tx: Tx, actor: Holder, order: LockedOrder, paid: LiveTicket[], reason: string | null) => {
    await requireInTime(
      tx,
      actor,
      order.id,
      paid.map(({ session_id }) => session_id),
    )
    await giveBack(
      tx,
      order.id,
      paid.map(({ id }) => id),
      { actor: actorKey(actor), reason },
    )
  }

  /** Cancels these tickets of an order, held or paid; tickets cancelled before are left as they are. */
  const cancelTickets = async (
    tx: Tx,
    actor: Holder,
    orderId: number,
    chosen: (ticket: LiveTicket) => boolean,
    reason: string | null,
  ) => {
    const order = await lockOwn(tx, actor, orderId)
    const live = (await tickets.lockLive(tx, orderId)).filter(chosen)
    if (live.length > 0 && (await payments.findInFlight(tx, orderId))) throw paymentInProgress()
    if (live.some(({ status }) => status === 'used')) throw alreadyUsed()
    if (live.some(({ status }) => status === 'expired') || (order.is_overdue && order.status === 'pending')) throw expired()
    const reserved = live.filter(({ status }) => status === 'reserved').map(({ id }) => id)
    const paid = live.filter(({ status }) => status === 'paid')
    if (reserved.length > 0) await releaseReserved(tx, actor, order, reserved, reason)
    if (paid.length > 0) await refundPaid(tx, actor, order, paid, reason)
    if (live.length > 0 && !holds(actor, order)) {
      const after = { tickets: live.map(({ id, status }) => ({ id, was: status })), reason }
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
      if (!OVER.has(status) && !(await isRepeated(attempt))) await clearPayment(order_id)
      await once(db, attempt, async (tx) => {
        await lockSessions(tx, [session_id])
        await cancelTickets(tx, actor, order_id, ({ id }) => id === ticketId, reason ?? null)
        return { status: 200, kind: 'ticket', id: ticketId }
      })
      const [refund = null] = await refundsOf(order_id, ticketId)
      return { ...view.ticketIn(await view.read(order_id), ticketId), refund }
    },

    order: async (
      actor: Holder,
      orderId: number,
      reason: string | undefined,
      attempt: Attempt | undefined,
    ): Promise<OrderCanceled> => {
      const seen = await view.readFor(actor, orderId)
      if (seen.status !== 'canceled' && !(await isRepeated(attempt))) await clearPayment(orderId)
      await once(db, attempt, async (tx) => {
        await lockSessions(tx, sessionIdsOf(seen))
        await cancelTickets(tx, actor, orderId, () => true, reason ?? null)
        return { status: 200, kind: 'order', id: orderId }
      })
      return { order: await view.read(orderId), refunds: await refundsOf(orderId) }
    },
  }
}
