import type { LockedOrder, OrdersService } from '#modules/orders/service.ts'
import type { ProviderPayment } from '#modules/payments/service.ts'
import type { PaymentRow, PaymentsService } from '#modules/payments/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { SignTicket } from '#modules/tickets/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { changedMeanwhile, savepoint, transaction, type Db, type Tx } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import { doorWindow } from './door-window.ts'
import type { Parts } from './parts.ts'

type Deps = {
  db: Db
  jobs: Jobs
  sessions: SessionsService
  orders: OrdersService
  seats: SeatsService
  tickets: TicketsService
  payments: PaymentsService
  parts: Parts
  signTicket: SignTicket
  rules: DoorRules
}
export type DoorRules = { DOORS_OPEN_MINUTES: number }
type Session = NonNullable<Awaited<ReturnType<SessionsService['lockForBooking']>>>
type LiveTicket = Awaited<ReturnType<TicketsService['lockLive']>>[number]
export type Event = { provider: string; event_id: string; type: string }
/** `part`: the money is kept, and the order waits for the rest. */
export type Settled = 'paid' | 'part' | 'returned' | 'repeated'

const SYSTEM = 'system'

const SEATS_GONE = Symbol('seats gone')

export const createSettle = ({ db, jobs, sessions, orders, seats, tickets, payments, parts, signTicket, rules }: Deps) => {
  /** In the order in which everybody locks: sessions by id, then the order. */
  const lockSessions = async (tx: Tx, orderId: number): Promise<Map<number, Session>> => {
    const items = await orders.itemsOf(tx, [orderId])
    const ids = [...new Set(items.flatMap(({ session_id }) => (session_id === null ? [] : [session_id])))].toSorted(
      (a, b) => a - b,
    )
    const locked = new Map<number, Session>()
    for (const id of ids) {
      const session = await sessions.lockForBooking(tx, id)
      if (session) locked.set(id, session)
    }
    return locked
  }

  const issue = async (tx: Tx, live: LiveTicket[], locked: Map<number, Session>, payment: PaymentRow) => {
    const issued = live.map(({ id, session_id, seat_id }) => {
      const session = locked.get(session_id)
      // A seat of another session joined the order between our two looks: look again.
      if (!session) throw changedMeanwhile()
      return { id, qr_code: signTicket({ ticket_id: id, session_id, seat_id, ...doorWindow(session, rules.DOORS_OPEN_MINUTES) }) }
    })
    const made = await tickets.issue(tx, issued, payment.method, SYSTEM)
    if (made !== live.length) throw SEATS_GONE
  }

  /** The normal ending: the holds are still ours, in time or not, and no session was cancelled under them. */
  const sellHeld = async (tx: Tx, order: LockedOrder, live: LiveTicket[], locked: Map<number, Session>, payment: PaymentRow) => {
    if (live.length === 0 || [...locked.values()].some(({ status }) => status === 'cancelled')) throw SEATS_GONE
    if ((await seats.sellHeld(tx, order.id)) !== live.length) throw SEATS_GONE
    await issue(tx, live, locked, payment)
  }

  /** Late money: seats that are free again are claimed again, if every session can still be sold. */
  const sellAgain = async (tx: Tx, order: LockedOrder, live: LiveTicket[], locked: Map<number, Session>, payment: PaymentRow) => {
    if (live.length === 0 || ![...locked.values()].every(({ is_bookable }) => is_bookable)) throw SEATS_GONE
    const lines = live.map(({ id, session_id, seat_id }) => ({ ticket_id: id, session_id, seat_id }))
    if ((await seats.sellAgain(tx, order.id, lines)) !== live.length) throw SEATS_GONE
    await issue(tx, live, locked, payment)
  }

  const attemptSale = async (tx: Tx, order: LockedOrder, locked: Map<number, Session>, payment: PaymentRow): Promise<boolean> => {
    const live = await tickets.lockLive(tx, order.id)
    for (const sell of [sellHeld, sellAgain]) {
      const tried = await savepoint(tx, () => sell(tx, order, live, locked, payment))
      if ('done' in tried) return true
      if (tried.failed !== SEATS_GONE) throw tried.failed
    }
    return false
  }

  const finish = async (tx: Tx, order: LockedOrder) => {
    await orders.mark(tx, order.id, 'paid')
    const items = await orders.findLiveItems(tx, order.id)
    await payments.noteItems(tx, order.id, items)
    await jobs.send(tx, 'mail.order', { order_id: order.id, kind: 'order_paid' })
  }

  const giveBack = async (tx: Tx, payment: PaymentRow, amount_minor: number, reason: string): Promise<Settled> => {
    if (amount_minor === 0) return 'returned'
    await payments.refund(tx, payment.id, amount_minor, reason)
    await jobs.send(tx, 'mail.order', { order_id: payment.order_id, kind: 'money_returned', payment_id: payment.id })
    return 'returned'
  }

  const settleLocked = async (
    tx: Tx,
    payment: PaymentRow,
    seen: ProviderPayment,
    order: LockedOrder,
    locked: Map<number, Session>,
  ): Promise<Settled> => {
    const { amount_minor, currency } = seen
    if (
      !(await payments.mark(tx, payment.id, 'success', { reference: seen.reference, amount_minor, currency, failure_code: null }))
    )
      return 'repeated'
    await payments.closeAlarms(tx, payment.id, 'overdue')
    if (amount_minor !== payment.amount_minor || currency !== payment.currency) {
      await payments.raiseAlarm(tx, payment.id, 'wrong_amount', {
        asked_minor: payment.amount_minor,
        captured_minor: amount_minor,
        currency,
      })
      return giveBack(tx, payment, amount_minor, 'wrong_amount')
    }
    if (order.status === 'paid' || order.status === 'partially_refunded') return giveBack(tx, payment, amount_minor, 'paid_twice')
    if (order.status === 'canceled') return giveBack(tx, payment, amount_minor, 'order_canceled')
    const kept_minor = await payments.sumKept(tx, order.id)
    if (kept_minor > order.total_minor) return giveBack(tx, payment, amount_minor, 'wrong_amount')
    if (kept_minor < order.total_minor) {
      if (order.status === 'pending' && !order.is_overdue) return 'part'
      return giveBack(tx, payment, amount_minor, 'not_paid_in_full')
    }
    if (!(await attemptSale(tx, order, locked, payment))) {
      if (order.status === 'pending') await giveUp(tx, order)
      await parts.returnAll(tx, [order.id], 'seats_gone')
      return 'returned'
    }
    await finish(tx, order)
    return 'paid'
  }

  /** An order whose seats are gone cannot be paid any more, whatever its deadline says. */
  const giveUp = async (tx: Tx, order: LockedOrder) => {
    await seats.releaseHeld(tx, [order.id])
    await tickets.markExpiredByOrders(tx, [order.id], SYSTEM)
    await orders.mark(tx, order.id, 'expired')
  }

  return {
    /** Turns money received into seats, once, however often and however late it is told. */
    settle: (payment: PaymentRow, seen: ProviderPayment, event?: Event): Promise<Settled> =>
      transaction(db, async (tx) => {
        const locked = await lockSessions(tx, payment.order_id)
        const order = await orders.lock(tx, payment.order_id)
        const current = await payments.lock(tx, payment.id)
        if (!order || !current) throw new Error(`Payment ${payment.id} has no order.`)
        if (event && !(await payments.storeEvent(tx, { ...event, payment_id: payment.id }))) return 'repeated'
        return settleLocked(tx, current, seen, order, locked)
      }),
  }
}
export type Settle = ReturnType<typeof createSettle>
