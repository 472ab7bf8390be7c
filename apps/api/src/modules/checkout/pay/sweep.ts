import type { BenefitSteps } from '#modules/checkout/reductions/benefit-steps.ts'
import type { Refund } from '#modules/checkout/return/refund.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import { isProviderUnavailable } from '#modules/payments/errors.ts'
import type { ProviderPayment } from '#modules/payments/service.ts'
import type { PaymentRow, PaymentsService } from '#modules/payments/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { Log } from '#platform/log.ts'
import type { Drive } from './drive.ts'
import { findOverduePayments, lockOverdueOrders, withoutPayment } from './expire.statement.ts'
import type { Parts } from './parts.ts'

type Deps = {
  db: Db
  log: Log
  orders: OrdersService
  seats: SeatsService
  tickets: TicketsService
  payments: PaymentsService
  benefits: BenefitSteps
  parts: Parts
  drive: Drive
  refund: Refund
}

const BATCH = 100
const QUIET_SECONDS = 5
const NEVER_ARRIVED_SECONDS = 60
const FORGOTTEN_SECONDS = 3 * 3600

export const createSweep = ({ db, log, orders, seats, tickets, payments, parts, benefits, drive, refund }: Deps) => {
  const expireBatch = () =>
    transaction(db, async (tx) => {
      const locked = await lockOverdueOrders(tx, BATCH)
      const ids = await withoutPayment(tx, locked)
      if (ids.length === 0) return 0
      await seats.releaseHeld(tx, ids)
      await tickets.markExpiredByOrders(tx, ids, 'system')
      await benefits.lapse(tx, ids)
      await orders.markExpired(tx, ids)
      await parts.returnAll(tx, ids, 'not_paid_in_full')
      return ids.length
    })

  /** A payment that the provider has not heard of a minute after it was opened never reached it. */
  const neverArrived = async (payment: PaymentRow) => {
    if (!(await payments.isOlderThan(db, payment.id, NEVER_ARRIVED_SECONDS))) return payments.noteAsked(db, payment.id)
    await payments.mark(db, payment.id, 'canceled', { reference: null, failure_code: 'never_arrived' })
    return payments.closeAlarms(db, payment.id, 'overdue')
  }

  type Ask = (payment: PaymentRow) => Promise<ProviderPayment | null>

  const askAbout = async (paymentId: number, ask: Ask) => {
    const payment = await payments.find(db, paymentId)
    if (!payment || payment.status !== 'pending') return
    try {
      const seen = await ask(payment)
      if (seen) await drive.apply(payment, seen)
      else await neverArrived(payment)
    } catch (error) {
      await payments.noteAsked(db, paymentId)
      if (!isProviderUnavailable(error)) throw error
      log.warn({ payment_id: paymentId }, 'the provider does not answer')
    }
  }

  const cancelIntent: Ask = async (payment) => {
    const seen = await payments.seek(payment)
    return seen && payments.providerOf(payment).cancel(seen.reference)
  }

  /** Cancels the intent first: what turns out to have succeeded is settled, what stays open raises an alarm and is never guessed. */
  const reapOne = async (paymentId: number) => {
    try {
      await askAbout(paymentId, cancelIntent)
    } finally {
      const after = await payments.find(db, paymentId)
      if (after?.status === 'pending') await payments.raiseAlarm(db, paymentId, 'overdue', {})
    }
  }

  const each = async (ids: number[], work: (id: number) => Promise<unknown>) => {
    for (const id of ids)
      await work(id).catch((error: unknown) => log.error({ err: error, payment_id: id }, 'a payment could not be looked after'))
    return ids.length
  }

  /** The queue gives up after a while; a debt does not. */
  const retryRefund = async ({ id, payment_id }: { id: number; payment_id: number }) => {
    await payments.raiseAlarm(db, payment_id, 'refund_stuck', { refund_id: id })
    await payments.noteRefundTried(db, id)
    await refund({ refund_id: id })
    await payments.closeAlarms(db, payment_id, 'refund_stuck')
  }

  return {
    /** Frees the seats of orders whose time is over. Nothing waits for it: past its deadline a hold reads as free. */
    expire: async (): Promise<number> => {
      let total = 0
      for (;;) {
        const expired = await expireBatch()
        total += expired
        if (expired < BATCH) return total
      }
    },
    /** Asks the provider about payments whose ending we have not heard. */
    complete: async () => each(await payments.findOpen(db, QUIET_SECONDS, BATCH), (id) => askAbout(id, payments.seek)),
    refunds: async () => {
      const forgotten = await payments.findForgottenRefunds(db, FORGOTTEN_SECONDS, BATCH)
      for (const one of forgotten)
        await retryRefund(one).catch((error: unknown) => log.error({ err: error, refund_id: one.id }, 'a refund is stuck'))
      return forgotten.length
    },
    reap: async () => each(await findOverduePayments(db, BATCH), reapOne),
  }
}
