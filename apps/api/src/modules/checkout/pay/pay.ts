import { type LockOwn, requirePending } from '#modules/checkout/lock-pending.ts'
import type { OrderView } from '#modules/checkout/order-view.ts'
import type { BenefitSteps } from '#modules/checkout/reductions/benefit-steps.ts'
import type { Payment } from '#modules/checkout/schemas.ts'
import {
  emailRequired,
  emailStays,
  holdExpired,
  keyPaysExchanges,
  orderNotFound,
  paymentInProgress,
  priceChanged,
} from '#modules/orders/errors.ts'
import type { LockedOrder, OrdersService } from '#modules/orders/service.ts'
import { declined, staffOnly } from '#modules/payments/errors.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { transaction, type Db, type Tx } from '#platform/db/kysely.ts'
import type { PaymentMethod } from '#platform/db/types.gen.ts'
import { actorKey, type Buyer, type Holder, holds } from '#platform/http/access.ts'
import { type Attempt, findOutcome, once, putOutcome } from '#platform/idempotency.ts'
import { toMinor } from '#platform/money.ts'
import { emailAddress } from '#platform/text.ts'
import type { Drive } from './drive.ts'

export type PayRules = { PAYMENT_WINDOW_SECONDS: number; MAX_HOLD_SECONDS: number }
type Deps = {
  db: Db
  orders: OrdersService
  seats: SeatsService
  tickets: TicketsService
  payments: PaymentsService
  benefits: Pick<BenefitSteps, 'nameAddress'>
  drive: Drive['drive']
  view: OrderView
  lockOwn: LockOwn
  rules: PayRules
}
/** `amount` is in major units; without one the buyer takes what the order costs. */
export type PayRequest = {
  amount?: number | undefined
  method?: PaymentMethod | undefined
  card_token?: string | undefined
  email?: string | undefined
  /** What the whole order should cost, in major units. */
  expected_total?: number | undefined
  /** Staff pay at the counter, but do not act for a buyer elsewhere. */
  ownerOnly?: boolean
}

export const createPay = ({ db, orders, seats, tickets, payments, benefits, drive, view, lockOwn, rules }: Deps) => {
  /** Moves the holds to the payment window; each ticket must still have its seat. */
  const keepSeats = async (tx: Tx, order: LockedOrder) => {
    await orders.moveDeadline(tx, order.id, rules.PAYMENT_WINDOW_SECONDS, rules.MAX_HOLD_SECONDS, 'now')
    const live = await tickets.lockLive(tx, order.id)
    if (live.length === 0 || (await seats.extendHeld(tx, order.id)) !== live.length) throw holdExpired()
  }

  /** Nobody pays without being able to get the tickets. The address may be put right while a payment is under way. */
  const keepEmail = async (tx: Tx, order: LockedOrder, email: string | undefined, printed: boolean) => {
    const address = email === undefined ? order.email : emailAddress(email)
    if (address === null && order.user_id === null && !printed) throw emailRequired()
    if (address === null || address === order.email) return
    await orders.setEmail(tx, order.id, address)
    await benefits.nameAddress(tx, order.id)
  }

  /** All that is due; at the counter it may be a part of it. */
  const amountOf = async (tx: Tx, order: LockedOrder, amount: number | undefined, mayBePart: boolean): Promise<number> => {
    const credit_minor = (await orders.findExchange(tx, order.id))?.credit_minor ?? 0
    const due_minor = order.total_minor - credit_minor - (await payments.sumKept(tx, order.id))
    if (amount === undefined) return due_minor
    const wanted_minor = toMinor(amount, '/amount')
    const isPart = mayBePart && wanted_minor > 0 && wanted_minor < due_minor
    if (wanted_minor !== due_minor && !isPart) throw priceChanged(due_minor)
    return wanted_minor
  }

  /** Whoever reads the mail may pay for what was exchanged by its link, but not send the tickets elsewhere. */
  const requireExchanged = async (tx: Tx, order: LockedOrder, email: string | undefined) => {
    const exchange = await orders.findExchange(tx, order.id)
    if (exchange?.actor !== actorKey({ kind: 'order_key', order_id: exchange?.old_order_id ?? 0 })) throw keyPaysExchanges()
    if (email !== undefined && emailAddress(email) !== order.email) throw emailStays()
  }

  /** The payment under way, or a new one; the order is locked, so there is never a second. */
  const start = async (tx: Tx, actor: Holder, order: LockedOrder, request: PayRequest): Promise<number> => {
    const { amount, method = 'card', email, expected_total, ownerOnly = false } = request
    if (ownerOnly && !holds(actor, order)) throw orderNotFound()
    if (actor.kind === 'order_key') await requireExchanged(tx, order, email)
    const isAtCounter = payments.isAtCounter(method)
    if (isAtCounter && !(await tickets.actsForCinema(tx, actor, { order_id: order.id }))) throw staffOnly()
    requirePending(order)
    if (expected_total !== undefined && toMinor(expected_total, '/expected_total') !== order.total_minor)
      throw priceChanged(order.total_minor)
    const amount_minor = await amountOf(tx, order, amount, isAtCounter)
    await keepEmail(tx, order, email, isAtCounter)
    const inFlight = await payments.findInFlight(tx, order.id)
    // Money in the drawer is no attempt that may be joined.
    if (inFlight && isAtCounter) throw paymentInProgress()
    if (inFlight) return inFlight.id
    await keepSeats(tx, order)
    const { name: provider } = payments.providerFor(amount_minor, method)
    const { id: order_id, currency } = order
    return (await payments.insert(tx, { order_id, provider, method, amount_minor, currency, is_external: true })).id
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

  const finish = async (paymentId: number, card_token: string | undefined): Promise<Payment> => {
    await drive(paymentId, card_token)
    return answer(paymentId)
  }

  return {
    /** Pays an order: one effect for one key, a declined answer included. */
    pay: async (actor: Holder, orderId: number, request: PayRequest, attempt: Attempt | undefined): Promise<Payment> => {
      const { id } = await once(db, attempt, async (tx) => ({
        status: 201,
        kind: 'payment',
        id: await start(tx, actor, await lockOwn(tx, actor, orderId), request),
      }))
      return finish(id, request.card_token)
    },
    /**
     * Goes on with a key whose first half held the seats: from here on the key answers with the payment. A rival
     * with the same key finds it here, under the lock of the order.
     */
    payAfterReserve: async (
      actor: Buyer,
      orderId: number,
      request: PayRequest,
      attempt: Attempt | undefined,
    ): Promise<Payment> => {
      const id = await transaction(db, async (tx) => {
        const order = await lockOwn(tx, actor, orderId)
        const earlier = attempt && (await findOutcome(tx, attempt))
        if (earlier?.kind === 'payment') return earlier.id
        const paymentId = await start(tx, actor, order, request)
        if (attempt) await putOutcome(tx, attempt, { status: 201, kind: 'payment', id: paymentId })
        return paymentId
      })
      return finish(id, request.card_token)
    },
    resume: finish,
  }
}
export type Pay = ReturnType<typeof createPay>
