import { holdExpired, priceChanged } from '#modules/orders/errors.ts'
import type { LockedOrder, OrdersService } from '#modules/orders/service.ts'
import { declined } from '#modules/payments/errors.ts'
import { isProviderRefused, isProviderUnavailable } from '#modules/payments/errors.ts'
import type { ProviderPayment } from '#modules/payments/service.ts'
import type { PaymentRow, PaymentsService } from '#modules/payments/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { transaction, type Db, type Tx } from '#platform/db/kysely.ts'
import type { PaymentMethod } from '#platform/db/types.gen.ts'
import type { Buyer } from '#platform/http/access.ts'
import { once, type Attempt, replaceOutcome } from '#platform/idempotency.ts'
import type { Log } from '#platform/log.ts'
import { toMinor } from '#platform/money.ts'
import { type LockOwn, requirePending } from './lock-pending.ts'
import type { OrderView } from './order-view.ts'
import type { Payment } from './schemas.ts'
import type { Event, Settle, Settled } from './settle.ts'

export type PayRules = { PAYMENT_WINDOW_SECONDS: number; MAX_HOLD_SECONDS: number }
type Deps = {
  db: Db
  log: Log
  orders: OrdersService
  seats: SeatsService
  tickets: TicketsService
  payments: PaymentsService
  settle: Settle
  view: OrderView
  lockOwn: LockOwn
  rules: PayRules
}
/** `amount` is in major units; without one the buyer takes what the order costs. */
export type PayRequest = { amount?: number | undefined; method?: PaymentMethod | undefined; card_token?: string | undefined }

export const createPay = ({ db, log, orders, seats, tickets, payments, settle, view, lockOwn, rules }: Deps) => {
  /** Moves the holds to the payment window; each ticket must still have its seat. */
  const keepSeats = async (tx: Tx, order: LockedOrder) => {
    await orders.moveDeadline(tx, order.id, rules.PAYMENT_WINDOW_SECONDS, rules.MAX_HOLD_SECONDS, 'now')
    const live = await tickets.lockLive(tx, order.id)
    if (live.length === 0 || (await seats.extendHeld(tx, order.id)) !== live.length) throw holdExpired()
  }

  /** The payment under way, or a new one; the order is locked, so there is never a second. */
  const start = async (tx: Tx, actor: Buyer, orderId: number, { amount, method = 'card' }: PayRequest): Promise<number> => {
    const order = await lockOwn(tx, actor, orderId)
    requirePending(order)
    if (amount !== undefined && toMinor(amount, '/amount') !== order.total_minor) throw priceChanged(order.total_minor)
    const inFlight = await payments.findInFlight(tx, orderId)
    if (inFlight) return inFlight.id
    await keepSeats(tx, order)
    const { total_minor: amount_minor, currency } = order
    const { name: provider } = payments.providerFor(amount_minor)
    return (await payments.insert(tx, { order_id: orderId, provider, method, amount_minor, currency, is_external: true })).id
  }

  /** Writes down what the provider says, whoever asked it. */
  const apply = async (payment: PaymentRow, seen: ProviderPayment, event?: Event): Promise<Settled | 'open' | 'ended'> => {
    if (seen.status === 'succeeded') return settle.settle(payment, seen, event)
    return transaction(db, async (tx) => {
      await payments.lock(tx, payment.id)
      if (event && !(await payments.storeEvent(tx, { ...event, payment_id: payment.id }))) return 'repeated'
      if (seen.status === 'failed' || seen.status === 'canceled') {
        await payments.mark(tx, payment.id, seen.status, { reference: seen.reference, failure_code: seen.failure_code })
        await payments.closeAlarms(tx, payment.id, 'overdue')
        return 'ended'
      }
      await payments.noteSeen(tx, payment.id, seen)
      return 'open'
    })
  }

  const callProvider = (payment: PaymentRow, card_token: string | undefined): Promise<ProviderPayment> => {
    const { id: payment_id, amount_minor, currency, provider_reference } = payment
    const provider = payments.providerOf(payment)
    if (provider_reference !== null && card_token !== undefined) return provider.confirm(provider_reference, card_token)
    return provider.charge({ payment_id, amount_minor, currency, card_token })
  }

  /** Brings a pending payment as far as the provider lets it; an unknown outcome stays pending and is asked about later. */
  const drive = async (paymentId: number, card_token?: string): Promise<void> => {
    const payment = await payments.find(db, paymentId)
    if (!payment || payment.status !== 'pending') return
    try {
      await apply(payment, await callProvider(payment, card_token))
    } catch (error) {
      if (isProviderUnavailable(error)) {
        log.warn({ payment_id: paymentId, err: error }, 'payment outcome unknown, will ask again')
        return
      }
      if (!isProviderRefused(error)) throw error
      await payments.mark(db, paymentId, 'failed', { reference: null, failure_code: error.code })
    }
  }

  /** The payment with its order; a declined one is an error that names a way on. */
  const answer = async (paymentId: number): Promise<Payment> => {
    const payment = await payments.findView(db, paymentId)
    if (!payment) throw new Error(`Payment ${paymentId} is gone.`)
    const order = await view.read(payment.order_id)
    if (payment.status !== 'failed') return { ...payment, order }
    throw declined(payment.failure_code ?? '', {
      payment_id: paymentId,
      order_id: order.id,
      amount_due: order.amount_due,
      expires_at: order.expires_at,
      currency: order.currency,
    })
  }

  return {
    apply,
    drive,
    /** Pays an order: one effect for one key, a declined answer included. */
    pay: async (actor: Buyer, orderId: number, request: PayRequest, attempt: Attempt | undefined): Promise<Payment> => {
      const { id } = await once(db, attempt, async (tx) => ({
        status: 201,
        kind: 'payment',
        id: await start(tx, actor, orderId, request),
      }))
      await drive(id, request.card_token)
      return answer(id)
    },
    /** Goes on with a key whose first half made the order: from here on the key answers with the payment. */
    payAfterReserve: async (
      actor: Buyer,
      orderId: number,
      request: PayRequest,
      attempt: Attempt | undefined,
    ): Promise<Payment> => {
      const id = await transaction(db, async (tx) => {
        const paymentId = await start(tx, actor, orderId, request)
        if (attempt) await replaceOutcome(tx, attempt, { status: 201, kind: 'payment', id: paymentId })
        return paymentId
      })
      await drive(id, request.card_token)
      return answer(id)
    },
    resume: async (paymentId: number, card_token: string | undefined): Promise<Payment> => {
      await drive(paymentId, card_token)
      return answer(paymentId)
    },
  }
}
export type Pay = ReturnType<typeof createPay>
