import fc from 'fast-check'

import type { Reply } from '#testing/app.ts'
import { CARDS, clearPayment, type Fault, newPayment, payAgain, payByCard } from './bank.model.ts'
import { type Deed, judge, pick, pickLatest, type Scene } from './deed.ts'
import {
  inFlight,
  isOverdue,
  keptIn,
  letGo,
  liveOf,
  type Model,
  moveDeadline,
  type Order,
  type Payment,
  returnParts,
  RULES,
  settle,
  type Ticket,
  giveBack,
  whyNotPending,
} from './model.ts'

const DECLINES = ['insufficient_funds', 'card_declined']
const MAIL_TO = { email: 'somebody@marquee.test' }

const some = fc.nat(5)
const fault = fc.option(
  fc.record<Fault>({
    operation: fc.constantFrom('charge', 'charge', 'find', 'cancel'),
    kind: fc.constantFrom('timeout_before', 'error_500', 'rate_limit_429', 'timeout_after', 'reset'),
  }),
  { nil: undefined, freq: 2 },
)

const hasOrders = ({ orders }: Model) => orders.length > 0

/** What the buyer is told of a payment as it stands. */
const toldOf = ({ status, code }: Payment) =>
  status === 'failed' ? `402 payments.${DECLINES.includes(code ?? '') ? code : 'card_declined'}` : '201'

const judgePayment = (scene: Scene, reply: Reply, payment: Payment): boolean => {
  const isTaken = judge(scene, reply, toldOf(payment))
  if (isTaken && reply.body.status !== payment.status)
    throw new Error(`The payment is ${payment.status}, and ${reply.body.status} was answered.`)
  if (payment.status === 'pending') scene.world.counters.add('unknown outcomes')
  return isTaken
}

type Paying = { order: number; card: string; fault: Fault | undefined; again: 'no' | 'later' | 'at once' }

const pay: Deed<Paying> = {
  name: 'pay',
  args: {
    order: some,
    card: fc.constantFrom('tok_ok', 'tok_ok', 'tok_ok', ...Object.keys(CARDS)),
    fault,
    again: fc.constantFrom('no', 'no', 'later', 'at once'),
  },
  may: hasOrders,
  run: async (scene, { order: number, card, fault: wished, again }) => {
    const { model, world } = scene
    const order = pickLatest(model.orders, number)
    const key = world.key()
    const ask = () => world.buyer(order.buyer).post(`/api/v1/orders/${order.id}/pay`, { card_token: card, ...MAIL_TO }, key)
    const reason = whyNotPending(model, order)
    if (reason) return judge(scene, await ask(), `409 ${reason}`)
    // Of two at once the second would see what the first left open, or not.
    const atOnce = again === 'at once' && ['tok_ok', 'tok_card_declined'].includes(card) && !inFlight(order)
    const its = atOnce ? undefined : wished
    const asked = atOnce ? [ask, ask] : [ask]
    const { result: replies, struck } = await world.bank.during(its, () => Promise.all(asked.map((one) => one())))
    world.counters.add('provider faults', struck)
    const payment = payByCard(model, order, order.total - keptIn(order), { card, fault: its })
    const isTaken = replies.map((reply) => judgePayment(scene, reply, payment)).every(Boolean)
    if (atOnce) world.counters.add('tapped twice')
    if (again !== 'later') return isTaken
    world.counters.add('repeated with the key')
    payAgain(model, payment, { card, fault: undefined })
    judgePayment(scene, await ask(), payment)
    return isTaken
  },
}

const payCash: Deed<{ order: number; isPart: boolean }> = {
  name: 'pay at the counter',
  args: { order: some, isPart: fc.boolean() },
  may: hasOrders,
  run: async (scene, { order: number, isPart }) => {
    const { model, world } = scene
    const order = pickLatest(model.orders, number)
    const due = order.total - keptIn(order)
    const amount = isPart ? Math.ceil(due / 2) : due
    const reason = whyNotPending(model, order) ?? (inFlight(order) ? 'orders.payment_in_progress' : undefined)
    const body = { payment_method: 'cash', ...(reason ? {} : { amount: amount / 100 }) }
    const reply = await world.cashier.post(`/api/v1/orders/${order.id}/pay`, body, world.key())
    if (!judge(scene, reply, reason ? `409 ${reason}` : '201')) return false
    moveDeadline(model, order, model.now, RULES.payment)
    settle(model, newPayment(model, order, 'cash', amount), amount)
    return true
  },
}

/** Why it cannot be given back; undefined when it was. */
const giveUp = (model: Model, order: Order, chosen: Ticket[], isOver: boolean, its: Fault | undefined): string | undefined => {
  if (!isOver && !clearPayment(model, order, its)) return 'orders.payment_in_progress'
  const live = liveOf(order).filter((ticket) => chosen.includes(ticket))
  if (live.some(({ status }) => status === 'used')) return 'tickets.already_used'
  if (live.length > 0 && (live.some(({ status }) => status === 'expired') || isOverdue(model, order))) return 'tickets.expired'
  const reserved = live.filter(({ status }) => status === 'reserved')
  const isLeft = liveOf(order).length > reserved.length
  if (reserved.length > 0 && isLeft && keptIn(order) > 0) return 'orders.partly_paid'
  const paid = live.filter(({ status }) => status === 'paid')
  const isLate = ({ session: { starts, status } }: Ticket) =>
    status !== 'cancelled' && starts <= model.now + (status === 'rescheduled' ? 0 : RULES.cutoff)
  if (paid.some(isLate)) return 'tickets.too_late_to_cancel'
  if (reserved.length > 0) {
    letGo(model, order, reserved)
    if (!isLeft) returnParts(order)
  }
  if (paid.length > 0) giveBack(model, order, paid)
  return undefined
}

const cancel: Deed<{ order: number; ticket: number | undefined; fault: Fault | undefined }> = {
  name: 'cancel',
  args: { order: some, ticket: fc.option(some, { nil: undefined }), fault },
  may: hasOrders,
  run: async (scene, { order: number, ticket: which, fault: its }) => {
    const { model, world } = scene
    const order = pickLatest(model.orders, number)
    const ticket = which === undefined ? undefined : pick(order.tickets, which)
    const path = ticket ? `/api/v1/tickets/${ticket.id}/cancel` : `/api/v1/orders/${order.id}/cancel`
    const { result: reply, struck } = await world.bank.during(its, () => world.buyer(order.buyer).post(path, {}, world.key()))
    world.counters.add('provider faults', struck)
    const isOver = ticket ? ['cancelled', 'refunded'].includes(ticket.status) : order.status === 'canceled'
    const reason = giveUp(model, order, ticket ? [ticket] : order.tickets, isOver, its)
    return judge(scene, reply, reason ? `409 ${reason}` : '200')
  },
}

/** What buyers do with money: pay it, and have it back. */
export const moneyDeeds = { pay, payCash, cancel }
