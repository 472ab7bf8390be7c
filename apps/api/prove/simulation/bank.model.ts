import { inFlight, type Model, moveDeadline, type Order, type Payment, RULES, settle } from './model.ts'

/** How the next calls of one kind go wrong: the provider hears them or not, and we hear nothing either way. */
export type Fault = {
  operation: 'charge' | 'find' | 'cancel' | 'refund'
  kind: 'timeout_before' | 'error_500' | 'rate_limit_429' | 'timeout_after' | 'reset'
}
export const isBefore = ({ kind }: Fault) => ['timeout_before', 'error_500', 'rate_limit_429'].includes(kind)

type Card = { declined?: string; isLater?: true; isLost?: true; difference?: number }
export const CARDS: Record<string, Card> = {
  tok_ok: {},
  tok_insufficient_funds: { declined: 'insufficient_funds' },
  tok_card_declined: { declined: 'card_declined' },
  tok_async: { isLater: true },
  tok_async_declined: { isLater: true, declined: 'card_declined' },
  tok_lost: { isLost: true },
  tok_wrong_amount: { difference: -1 },
}

/** Thrown where our call breaks off: nothing is known of the outcome. */
const UNKNOWN = Symbol('unknown')

const call = <T>(fault: Fault | undefined, operation: Fault['operation'], effect: () => T): T => {
  const struck = fault?.operation === operation ? fault : undefined
  if (struck && isBefore(struck)) throw UNKNOWN
  const result = effect()
  if (struck) throw UNKNOWN
  return result
}

const decide = (payment: Payment) => {
  const { declined, difference = 0 } = CARDS[payment.card] ?? {}
  payment.bank = declined ? 'failed' : 'succeeded'
  payment.code = declined ?? null
  payment.captured = declined ? 0 : payment.amount + difference
}

/** Whoever looks finds decided what the bank has thought about. */
const look = (payment: Payment) => {
  if (payment.bank === 'processing') decide(payment)
}

const present = (payment: Payment, card: string) => {
  payment.card = card
  if (CARDS[card]?.isLater) payment.bank = 'processing'
  else decide(payment)
}

const cancelIntent = (payment: Payment) => {
  look(payment)
  if (payment.bank !== 'succeeded') payment.bank = 'canceled'
}

/** Writes down what the provider said. A declined intent is closed first, so that nobody uses it again. */
const apply = (model: Model, payment: Payment, fault: Fault | undefined) => {
  if (payment.bank === 'failed') call(fault, 'cancel', () => cancelIntent(payment))
  if (payment.bank === 'succeeded') return settle(model, payment, payment.captured)
  if (payment.status !== 'pending') return undefined
  if (payment.bank === 'processing') return void Object.assign(payment, { isNamed: true, asked: model.now })
  payment.status = payment.code === null ? 'canceled' : 'failed'
  return undefined
}

/** True when the outcome is known. */
const known = (work: () => void): boolean => {
  try {
    work()
    return true
  } catch (error) {
    if (error !== UNKNOWN) throw error
    return false
  }
}

/** The first card that the provider hears of counts; when a named payment has failed, the next one does. */
const charge = (model: Model, payment: Payment, card: string, fault: Fault | undefined) => {
  let isPresented = false
  call(fault, 'charge', () => {
    look(payment)
    isPresented = payment.bank === 'unheard' || (payment.isNamed && payment.bank === 'failed')
    if (isPresented) present(payment, card)
  })
  if (isPresented && CARDS[card]?.isLost) throw UNKNOWN
  if (payment.isNamed && payment.bank === 'canceled') {
    // It was canceled and we have not heard of it: the provider refuses the card, and we look once more.
    for (const operation of ['find', 'cancel'] as const) call(fault, operation, () => undefined)
    payment.code = 'intent_canceled'
  }
  apply(model, payment, fault)
}

export type Attempt = { card: string; fault: Fault | undefined }

/** A buyer's payment by card: the one under way is joined, otherwise the holds move to the payment window. */
export const payByCard = (model: Model, order: Order, amount: number, { card, fault }: Attempt): Payment => {
  const earlier = inFlight(order)
  if (!earlier) moveDeadline(model, order, model.now, RULES.payment)
  const payment = earlier ?? newPayment(model, order, 'card', amount)
  payAgain(model, payment, { card, fault })
  return payment
}

/** The same request once more. */
export const payAgain = (model: Model, payment: Payment, { card, fault }: Attempt) => {
  if (payment.status === 'pending' && payment.order.expires > model.now) known(() => charge(model, payment, card, fault))
}

export const newPayment = (model: Model, order: Order, method: 'card' | 'cash', amount: number): Payment => {
  const payment: Payment = {
    id: 0,
    order,
    method,
    amount,
    captured: 0,
    status: 'pending',
    code: null,
    card: '',
    bank: 'unheard',
    isNamed: false,
    hasPaid: false,
    created: model.now,
    asked: undefined,
    refunds: [],
  }
  order.payments.push(payment)
  return payment
}

/** A webhook is a hint to look again. False: we could not, and want to be told once more. */
export const hear = (model: Model, payment: Payment, event: string, fault: Fault | undefined): boolean => {
  if (model.heard.has(event)) return true
  if (payment.bank === 'unheard') return false
  const isKnown = known(() => {
    call(fault, 'find', () => look(payment))
    apply(model, payment, fault)
  })
  if (isKnown) model.heard.add(event)
  return isKnown
}

/** Before an order changes, its payment is taken back at the provider. False: it could not be, and the order stays. */
export const clearPayment = (model: Model, order: Order, fault: Fault | undefined): boolean => {
  const payment = inFlight(order)
  if (!payment) return true
  let isClear = false
  known(() => {
    call(fault, 'find', () => look(payment))
    if (payment.bank === 'unheard') return
    call(fault, 'cancel', () => cancelIntent(payment))
    apply(model, payment, undefined)
    isClear = true
  })
  return isClear
}

const ask = (model: Model, payment: Payment, fault: Fault | undefined, also: () => void) => {
  const isKnown = known(() => {
    call(fault, 'find', () => look(payment))
    if (payment.bank !== 'unheard') {
      also()
      apply(model, payment, fault)
    } else if (payment.created < model.now - RULES.neverArrived) payment.status = 'canceled'
    else payment.asked = model.now
  })
  if (!isKnown) payment.asked = model.now
}

const pending = (model: Model) => model.orders.flatMap(({ payments }) => payments.filter(({ status }) => status === 'pending'))
export const openPayments = (model: Model) =>
  pending(model).filter(({ asked, created }) => (asked ?? created) < model.now - RULES.quiet)
export const overduePayments = (model: Model) => pending(model).filter(({ order }) => order.expires <= model.now)

/** The completer asks about what nobody has told. */
export const complete = (model: Model, fault: Fault | undefined) => {
  for (const payment of openPayments(model)) ask(model, payment, fault, () => undefined)
}

/** The reaper takes payments back whose order is over. */
export const reap = (model: Model, fault: Fault | undefined) => {
  for (const payment of overduePayments(model))
    ask(model, payment, fault, () => call(fault, 'cancel', () => cancelIntent(payment)))
}
