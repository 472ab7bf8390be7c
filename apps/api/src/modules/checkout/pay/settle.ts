import { EXCHANGE_GONE, type Swap } from '#modules/checkout/exchange/exchange-swap.ts'
import type { BenefitSteps } from '#modules/checkout/reductions/benefit-steps.ts'
import type { ExchangeRow, LockedOrder, OrdersService } from '#modules/orders/service.ts'
import type { ProviderPayment } from '#modules/payments/service.ts'
import type { PaymentRow, PaymentsService } from '#modules/payments/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { SignTicket } from '#modules/tickets/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { changedMeanwhile, savepoint, transaction, type Db, type Tx } from '#platform/db/kysely.ts'
import type { PaymentMethod } from '#platform/db/types.gen.ts'
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
  benefits: BenefitSteps
  parts: Parts
  swap: Swap
  signTicket: SignTicket
  rules: DoorRules
}
export type DoorRules = { DOORS_OPEN_MINUTES: number }
type Session = NonNullable<Awaited<ReturnType<SessionsService['lockForBooking']>>>
type LiveTicket = Awaited<ReturnType<TicketsService['lockLive']>>[number]
type Sale = { locked: Map<number, Session>; method: PaymentMethod | null }
type Sell = (tx: Tx, order: LockedOrder, sale: Sale & { live: LiveTicket[] }) => Promise<void>
type Ground = { locked: Map<number, Session>; exchange: ExchangeRow | undefined }
export type Event = { provider: string; event_id: string; type: string }
/** `part`: the money is kept, and the order waits for the rest. */
export type Settled = 'paid' | 'part' | 'returned' | 'repeated'

const SYSTEM = 'system'

const SEATS_GONE = Symbol('seats gone')

export const createSettle = (deps: Deps) => {
  const { db, jobs, sessions, orders, seats, tickets, payments, parts, benefits, swap, signTicket, rules } = deps

  /** In the order in which everybody locks: sessions by id, then the order. */
  const lockSessions = async (tx: Tx, orderIds: number[]): Promise<Map<number, Session>> => {
    const items = await orders.itemsOf(tx, orderIds)
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

  const issue = async (tx: Tx, live: LiveTicket[], locked: Map<number, Session>, method: PaymentMethod | null) => {
    const issued = live.map(({ id, session_id, seat_id }) => {
      const session = locked.get(session_id)
      // A seat of another session joined the order between our two looks: look again.
      if (!session) throw changedMeanwhile()
      return { id, qr_code: signTicket({ ticket_id: id, session_id, seat_id, ...doorWindow(session, rules.DOORS_OPEN_MINUTES) }) }
    })
    const made = await tickets.issue(tx, issued, method, SYSTEM)
    if (made !== live.length) throw SEATS_GONE
  }

  /** The normal ending: the holds are still ours, in time or not, and no session was cancelled under them. */
  const sellHeld: Sell = async (tx, order, { live, locked, method }) => {
    if (live.length === 0 || [...locked.values()].some(({ status }) => status === 'cancelled')) throw SEATS_GONE
    if ((await seats.sellHeld(tx, order.id)) !== live.length) throw SEATS_GONE
    await issue(tx, live, locked, method)
  }

  /** Late money: seats that are free again are claimed again, if every session can still be sold. */
  const sellAgain: Sell = async (tx, order, { live, locked, method }) => {
    if (live.length === 0 || ![...locked.values()].every(({ is_bookable }) => is_bookable)) throw SEATS_GONE
    const lines = live.map(({ id, session_id, seat_id }) => ({ ticket_id: id, session_id, seat_id }))
    if ((await seats.sellAgain(tx, order.id, lines)) !== live.length) throw SEATS_GONE
    await issue(tx, live, locked, method)
  }

  /** The tickets that these take the place of go in the same step, or nothing happens. */
  const attemptSale = async (tx: Tx, order: LockedOrder, sale: Sale, exchange: ExchangeRow | undefined): Promise<boolean> => {
    const live = await tickets.lockLive(tx, order.id)
    const locked = new Map([...sale.locked].filter(([id]) => live.some(({ session_id }) => session_id === id)))
    for (const sell of [sellHeld, sellAgain]) {
      const tried = await savepoint(tx, async () => {
        // New points first: those of the old tickets may have been spent.
        if (exchange) await benefits.earn(tx, order, exchange.credit_minor)
        if (exchange) await swap(tx, exchange)
        await sell(tx, order, { ...sale, live, locked })
        if (!(await benefits.confirm(tx, order.id))) throw SEATS_GONE
      })
      if ('done' in tried) return true
      if (tried.failed !== SEATS_GONE && tried.failed !== EXCHANGE_GONE) throw tried.failed
    }
    return false
  }

  const finish = async (tx: Tx, order: LockedOrder, exchange: ExchangeRow | undefined) => {
    await orders.mark(tx, order.id, 'paid')
    const items = await orders.findLiveItems(tx, order.id)
    await payments.noteItems(tx, order.id, items)
    if (!exchange) await benefits.earn(tx, order)
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
    { locked, exchange }: Ground,
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
    const kept_minor = (await payments.sumKept(tx, order.id)) + (exchange?.credit_minor ?? 0)
    if (kept_minor > order.total_minor) return giveBack(tx, payment, amount_minor, 'wrong_amount')
    if (kept_minor < order.total_minor) {
      if (order.status === 'pending' && !order.is_overdue) return 'part'
      return giveBack(tx, payment, amount_minor, 'not_paid_in_full')
    }
    if (!(await attemptSale(tx, order, { locked, method: payment.method }, exchange))) {
      if (order.status === 'pending') await giveUp(tx, order)
      await parts.returnAll(tx, [order.id], 'seats_gone')
      return 'returned'
    }
    await finish(tx, order, exchange)
    return 'paid'
  }

  /** An order whose seats are gone cannot be paid any more, whatever its deadline says. */
  const giveUp = async (tx: Tx, order: LockedOrder) => {
    await seats.releaseHeld(tx, [order.id])
    await tickets.markExpiredByOrders(tx, [order.id], SYSTEM)
    await benefits.lapse(tx, [order.id])
    await orders.mark(tx, order.id, 'expired')
  }

  /** Sessions and orders, and what is exchanged for this one, in the order in which everybody locks. */
  const lockGround = async (tx: Tx, orderId: number) => {
    const exchange = await orders.findExchange(tx, orderId)
    const locked = await lockSessions(tx, exchange ? [exchange.old_order_id, orderId] : [orderId])
    if (exchange) await orders.lock(tx, exchange.old_order_id)
    return { locked, exchange, order: await orders.lock(tx, orderId) }
  }

  return {
    /** Turns money received into seats, once, however often and however late it is told. */
    settle: (payment: PaymentRow, seen: ProviderPayment, event?: Event): Promise<Settled> =>
      transaction(db, async (tx) => {
        const { order, ...ground } = await lockGround(tx, payment.order_id)
        const current = await payments.lock(tx, payment.id)
        if (!order || !current) throw new Error(`Payment ${payment.id} has no order.`)
        if (event && !(await payments.storeEvent(tx, { ...event, payment_id: payment.id }))) return 'repeated'
        return settleLocked(tx, current, seen, order, ground)
      }),
    /** Sells what an exchange holds when nothing is due. The caller has locked both orders and their sessions. */
    sellExchanged: async (tx: Tx, orderId: number, sessionIds: number[]): Promise<void> => {
      const locked = new Map<number, Session>()
      for (const id of sessionIds) {
        const session = await sessions.lockForBooking(tx, id)
        if (session) locked.set(id, session)
      }
      const [order, exchange] = [await orders.lock(tx, orderId), await orders.findExchange(tx, orderId)]
      if (!order || !exchange || !(await attemptSale(tx, order, { locked, method: null }, exchange))) throw changedMeanwhile()
      await finish(tx, order, exchange)
    },
  }
}
export type Settle = ReturnType<typeof createSettle>
