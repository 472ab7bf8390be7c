import fc from 'fast-check'

import { type DeedOf, judge, pick, pickLatest } from '../deed.ts'
import {
  dueOf,
  endPending,
  holderOf,
  isPaid,
  judgeAutomatic,
  liveOf,
  type Model,
  mostPoints,
  type Order,
  rootOf,
  type Ticket,
  whyNoCode,
  whyNotPending,
  worthOf,
} from './model.ts'
import type { Till } from './world.ts'

export type Deed<A> = DeedOf<Model, Till, A>
const BUYERS = 3
const GUEST = 2
const GUEST_MAIL = { email: 'visitor@marquee.test' }
export const some = fc.nat(5)
/** Two of three times one for which the deed is meant, when there is one. */
export const seek = ({ orders }: Model, number: number, isMeant: (order: Order) => boolean): Order => {
  const meant = orders.filter(isMeant)
  return pickLatest(number % 3 === 0 || meant.length === 0 ? orders : meant, Math.floor(number / 3))
}
const isPending = ({ status }: Order) => status === 'pending'
export const someOrder = fc.nat(11)
export const hasOrders = ({ orders }: Model) => orders.length > 0

type Made = { id: number; seat_id: number; session_id: number; booking_reference: string; price: number }
/** Tickets as they were answered; what they cost in the end is learned. */
export const enterTickets = (made: Made[], session: Ticket['session']): Ticket[] =>
  made.map(({ id, seat_id: seat, booking_reference: reference }) => {
    return { id, session, seat, reference, price: session.price, final: session.price, status: 'reserved' }
  })
export const openOrder = (id: number, buyer: number, tickets: Ticket[], expires: number): Order => ({
  id,
  buyer,
  status: 'pending',
  tickets,
  off: undefined,
  points: 0,
  expires,
  exchange: undefined,
  taken: 0,
  returned: 0,
  lost: 0,
})

const book: Deed<{ buyer: number; session: number; first: number; count: number }> = {
  name: 'book',
  args: { buyer: fc.nat(BUYERS - 1), session: fc.nat(3), first: some, count: fc.integer({ min: 1, max: 3 }) },
  may: (model, { session: which, first, count, buyer }) => {
    const session = pick(model.sessions, which)
    // Seats that are mine already are given again, which the other simulation looks at.
    return Array.from({ length: count }, (_, index) => pick(session.seats, first + index)).every(
      (seat) => holderOf(model, session, seat)?.buyer !== buyer,
    )
  },
  run: async (scene, { buyer, session: which, first, count }) => {
    const { model, world } = scene
    const session = pick(model.sessions, which)
    const seats = [...new Set(Array.from({ length: count }, (_, index) => pick(session.seats, first + index)))]
    const reasons = [
      ...(session.starts <= model.now ? ['409 sessions.started'] : []),
      ...(seats.some((seat) => holderOf(model, session, seat)) ? ['409 tickets.seats_taken'] : []),
    ]
    const reply = await world.buyer(buyer).post('/api/v1/tickets', { session_id: session.id, seat_ids: seats }, world.key())
    if (!judge(scene, reply, ...(reasons.length > 0 ? reasons : ['201']))) return false
    const order = openOrder(reply.body.order.id, buyer, enterTickets(reply.body.order.tickets, session), model.now + 600_000)
    judgeAutomatic(model, order)
    if (!order.off) world.counters.add('booked after the automatic promotion')
    model.orders.push(order)
    return true
  },
}

/** Why what lowers an order cannot be changed. */
const whyFixed = (model: Model, order: Order) => {
  const reason = whyNotPending(model, order)
  if (reason) return reason
  if (order.taken > 0) return 'orders.partly_paid'
  return order.exchange ? 'orders.exchange_whole' : undefined
}

/** Whatever lowers the price lowers how many points may pay for it. */
const reprice = (model: Model, order: Order) => {
  judgeAutomatic(model, order)
  order.points = Math.min(order.points, mostPoints(order))
}

const putCode: Deed<{ order: number }> = {
  name: 'put a code',
  args: { order: someOrder },
  may: hasOrders,
  run: async (scene, { order: number }) => {
    const { model, world } = scene
    const order = seek(model, number, isPending)
    const reason = whyFixed(model, order) ?? whyNoCode(model, order)
    const body = { code: model.promotions.code.name, ...(order.buyer === GUEST && GUEST_MAIL) }
    const reply = await world.buyer(order.buyer).put(`/api/v1/orders/${order.id}/promo-code`, body)
    if (!judge(scene, reply, reason ? `409 ${reason}` : '200')) return false
    order.off = 'code'
    reprice(model, order)
    return true
  },
}

const removeCode: Deed<{ order: number }> = {
  name: 'remove a code',
  args: { order: someOrder },
  may: hasOrders,
  run: async (scene, { order: number }) => {
    const { model, world } = scene
    const order = seek(model, number, isPending)
    const reason = whyFixed(model, order)
    const reply = await world.buyer(order.buyer).delete(`/api/v1/orders/${order.id}/promo-code`)
    if (!judge(scene, reply, reason ? `409 ${reason}` : '200')) return false
    if (order.off === 'code') order.off = undefined
    reprice(model, order)
    return true
  },
}

const putPoints: Deed<{ order: number; points: number }> = {
  name: 'spend points',
  args: { order: someOrder, points: fc.integer({ min: 0, max: 140 }) },
  may: (model, { order }) => hasOrders(model) && seek(model, order, isPending).buyer !== GUEST,
  run: async (scene, { order: number, points }) => {
    const { model, world } = scene
    const order = seek(model, number, isPending)
    const reason = whyFixed(model, order)
    const refuse = () => {
      if (reason) return reason
      const judged = { ...order }
      judgeAutomatic(model, judged)
      if (points > mostPoints(judged)) return 'loyalty.over_cap'
      return points > (model.points[order.buyer] ?? 0) + order.points ? 'loyalty.not_enough_points' : undefined
    }
    const refused = refuse()
    const path = `/api/v1/orders/${order.id}/points`
    const person = world.buyer(order.buyer)
    const reply = points === 0 ? await person.delete(path) : await person.put(path, { points })
    if (!judge(scene, reply, refused ? `409 ${refused}` : '200')) return false
    judgeAutomatic(model, order)
    order.points = points
    return true
  },
}

/** The money is there: it buys the seats, or goes back because the tickets that were to pay the rest are gone or worth less. */
const sell = (model: Model, order: Order, status: string, world: Till) => {
  const { exchange } = order
  const stand = exchange?.tickets.every(({ status: its }) => its === 'paid') ?? true
  const credit = exchange && stand ? worthOf(model, exchange.old, exchange.tickets, true) : 0
  if (exchange && (!stand || credit < exchange.credit)) {
    world.counters.add('exchanges that came too late')
    endPending(order, 'expired')
    return
  }
  if (status !== 'paid') throw new Error(`Order ${order.id} has its money, and is ${status}.`)
  order.status = 'paid'
  for (const ticket of liveOf(order)) ticket.status = 'paid'
  if (!exchange) return
  world.counters.add('dearer exchanges paid')
  for (const ticket of exchange.tickets) ticket.status = 'gone'
  exchange.old.status = liveOf(exchange.old).length === 0 ? 'canceled' : 'partially_refunded'
  rootOf(order).returned += credit - exchange.credit
}

const isSure = (exchange: Order['exchange']) => !exchange || (exchange.old.lost === 0 && !exchange.isLessened)
/** What earlier returns of the old order have lost may be credited by an exchange, or not yet: that is not promised. */
const isPredictable = (model: Model, { order }: { order: number }) =>
  hasOrders(model) && isSure(seek(model, order, isPending).exchange)

const pay: Deed<{ order: number; isDeclined: boolean }> = {
  name: 'pay',
  args: { order: someOrder, isDeclined: fc.nat(4).map((one) => one === 0) },
  may: isPredictable,
  run: async (scene, { order: number, isDeclined }) => {
    const { model, world } = scene
    const order = seek(model, number, isPending)
    const reason = whyNotPending(model, order)
    const body = { card_token: isDeclined ? 'tok_card_declined' : 'tok_ok', ...(order.buyer === GUEST && GUEST_MAIL) }
    const due = dueOf(order)
    const reply = await world.buyer(order.buyer).post(`/api/v1/orders/${order.id}/pay`, body, world.key())
    const declined = isDeclined ? '402 payments.card_declined' : '201'
    if (!judge(scene, reply, reason ? `409 ${reason}` : declined)) return false
    order.taken += due
    sell(model, order, reply.body.order.status, world)
    return isPaid(order)
  },
}

const payCash: Deed<{ order: number; isPart: boolean }> = {
  name: 'pay at the counter',
  args: { order: someOrder, isPart: fc.boolean() },
  may: isPredictable,
  run: async (scene, { order: number, isPart }) => {
    const { model, world } = scene
    const order = seek(model, number, isPending)
    const reason = whyNotPending(model, order)
    const due = dueOf(order)
    const amount = isPart ? Math.ceil(due / 2) : due
    const body = { payment_method: 'cash', ...(reason ? {} : { amount: amount / 100 }) }
    const reply = await world.cashier.post(`/api/v1/orders/${order.id}/pay`, body, world.key())
    if (!judge(scene, reply, reason ? `409 ${reason}` : '201')) return false
    if (order.taken > 0) world.counters.add('paid in parts')
    order.taken += amount
    if (amount === due) sell(model, order, reply.body.order.status, world)
    return true
  },
}

export const buying = { book, putCode, removeCode, putPoints, pay, payCash }
