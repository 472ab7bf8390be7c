import { deepStrictEqual, ok } from 'node:assert/strict'

import fc from 'fast-check'

import { judge, pick, pickLatest, type SceneOf } from '../deed.ts'
import { type Deed, enterTickets, hasOrders, openOrder, seek, some, someOrder } from './buying.ts'
import {
  costOf,
  endPending,
  holderOf,
  isOverdue,
  isPaid,
  liveOf,
  type Model,
  type Order,
  rootOf,
  RULES,
  type Session,
  takeBack,
  type Ticket,
  worthOf,
} from './model.ts'
import type { Till } from './world.ts'

const chooseFrom = (order: Order, first: number, count: number) => [
  ...new Set(Array.from({ length: count }, (_, index) => pick(order.tickets, first + index))),
]

const isLate = ({ now }: Model, { session: { starts, isMoved } }: Ticket) => starts <= now + (isMoved ? 0 : RULES.cutoff)

/** The buyer may lose what earned points were worth that are spent, and is credited it when there are points again. */
const noteLoss = (order: Order, expected: number, actual: number, counters: { add: (name: string) => void }) => {
  order.lost += expected - actual
  if (expected === actual) return
  counters.add('returns lessened by spent points')
  // The best tier gives eight of a hundred, and guests earn nothing.
  const most = order.buyer === 2 ? 0 : Math.ceil((order.taken + (order.exchange?.credit ?? 0)) * 0.08)
  ok(order.lost >= 0 && order.lost <= most, `Order ${order.id} loses ${order.lost}, and could at most ${most}.`)
}

const whyNotReturned = (model: Model, chosen: Ticket[]): string | undefined => {
  if (chosen.some(({ status }) => status === 'used')) return 'tickets.already_used'
  return chosen.some((ticket) => ticket.status === 'paid' && isLate(model, ticket)) ? 'tickets.too_late_to_cancel' : undefined
}

const giveUp: Deed<{ order: number }> = {
  name: 'give up an unpaid order',
  args: { order: some },
  may: ({ orders }) => orders.some(({ status }) => status === 'pending'),
  run: async (scene, { order: number }) => {
    const { model, world } = scene
    const order = pickLatest(
      model.orders.filter(({ status }) => status === 'pending'),
      number,
    )
    const reply = await world.buyer(order.buyer).post(`/api/v1/orders/${order.id}/cancel`, {}, world.key())
    if (!judge(scene, reply, isOverdue(model, order) ? '409 tickets.expired' : '200')) return false
    if (order.exchange) world.counters.add('exchanges given up')
    endPending(order, 'canceled')
    return true
  },
}

const giveBack: Deed<{ order: number; first: number; count: number }> = {
  name: 'give back',
  args: { order: some, first: some, count: fc.integer({ min: 1, max: 3 }) },
  may: ({ orders }) => orders.some(isPaid),
  run: async (scene, { order: number, first, count }) => {
    const { model, world } = scene
    const order = pickLatest(model.orders.filter(isPaid), number)
    const chosen = chooseFrom(order, first, count)
    const ticket_ids = chosen.map(({ id }) => id)
    const person = world.buyer(order.buyer)
    const path = `/api/v1/orders/${order.id}`
    const quoted = await person.post(`${path}/cancellation-quote`, { ticket_ids })
    judge(scene, quoted, '200')
    const reason = whyNotReturned(model, chosen)
    const gone = chosen.filter(({ status }) => status === 'paid')
    const expected_refund = quoted.body.refund
    const reply = await person.post(`${path}/cancel`, { ticket_ids, ...(reason ? {} : { expected_refund }) }, world.key())
    if (!judge(scene, reply, reason ? `409 ${reason}` : '200') || gone.length === 0) return false
    const refund = Math.round(expected_refund * 100)
    noteLoss(order, worthOf(model, order, gone, false), refund, world.counters)
    takeBack(order, gone, refund)
    world.counters.add(liveOf(order).length > 0 ? 'parts given back' : 'orders given back')
    return true
  },
}

/** Every reason that there is; which of them is named first is nobody's business. */
const whyNotExchanged = (model: Model, order: Order, old: Ticket[], session: Session, seats: number[]): string[] => {
  const isUnderWay = model.orders.some(
    (other) =>
      other.status === 'pending' && !isOverdue(model, other) && other.exchange?.tickets.some((ticket) => old.includes(ticket)),
  )
  const reasons: [boolean, string][] = [
    [!isPaid(order), '409 tickets.not_paid'],
    [old.some(({ status }) => status === 'reserved' || status === 'expired'), '409 tickets.not_paid'],
    [old.some(({ status }) => status === 'gone'), '409 tickets.cancelled'],
    // What was never paid leaves its order.
    [order.status === 'canceled' && order.taken === order.returned, '404 tickets.not_found'],
    [old.some(({ status }) => status === 'used'), '409 tickets.already_used'],
    [old.some((ticket) => isLate(model, ticket)), '409 tickets.too_late_to_cancel'],
    [session.starts <= model.now, '409 sessions.started'],
    [isUnderWay, '409 orders.exchange_under_way'],
    [seats.some((seat) => holderOf(model, session, seat)), '409 tickets.seats_taken'],
  ]
  return reasons.flatMap(([holds, reason]) => (holds ? [reason] : []))
}

type Quote = { total: number; credit: number; due: number; refund: number }
const inMinor = ({ total, credit, due, refund }: Quote) => {
  const [all, paid, open, back] = [total, credit, due, refund].map((amount) => Math.round(amount * 100)) as [number, number, number, number] // prettier-ignore
  return { total: all, credit: paid, due: open, refund: back }
}

type Exchanging = { order: number; first: number; count: number; session: number; seat: number }

const exchange: Deed<Exchanging> = {
  name: 'exchange',
  args: { order: someOrder, first: some, count: fc.integer({ min: 1, max: 2 }), session: fc.nat(3), seat: some },
  // A seat of one's own may take the place of another of them: which depends on what is due.
  may: (model, { order: number, session: which, seat, count }) => {
    if (!hasOrders(model)) return false
    const [order, session] = [seek(model, number, isPaid), pick(model.sessions, which)]
    const seats = Array.from({ length: count }, (_, index) => pick(session.seats, seat + index))
    // What earlier returns have lost may be credited by an exchange, or not yet.
    return order.lost === 0 && seats.every((one) => holderOf(model, session, one) !== order)
  },
  run: async (scene, { order: number, first, count, session: which, seat }) => {
    const { model, world } = scene
    const [order, session] = [seek(model, number, isPaid), pick(model.sessions, which)]
    const old = chooseFrom(order, first, count)
    const seats = old.map((_, index) => pick(session.seats, seat + index))
    const wish = { session_id: session.id, tickets: old.map(({ id }, at) => ({ ticket_id: id, seat_id: seats[at] })) }
    const reasons = whyNotExchanged(model, order, old, session, seats)
    const person = world.buyer(order.buyer)
    const path = `/api/v1/orders/${order.id}`
    const reply =
      reasons.length > 0
        ? await person.post(`${path}/exchanges`, wish, world.key())
        : await person.post(`${path}/exchange-quote`, wish)
    if (!judge(scene, reply, ...(reasons.length > 0 ? reasons : ['200']))) return false
    const quote = inMinor(reply.body)
    const made = await person.post(`${path}/exchanges`, { ...wish, expected_due: reply.body.due }, world.key())
    if (!judge(scene, made, '201')) return false
    const tickets = enterTickets(made.body.order.tickets, session)
    const opened = openOrder(made.body.order.id, order.buyer, tickets, model.now)
    settleExchange(scene, { order, old, made: opened, quote })
    world.counters.add(quote.due > 0 ? 'exchanges dearer' : quote.refund > 0 ? 'exchanges cheaper' : 'exchanges even')
    return true
  },
}

const settleExchange = (
  { model, world }: SceneOf<Model, Till>,
  { order, old, made, quote }: { order: Order; old: Ticket[]; made: Order; quote: ReturnType<typeof inMinor> },
) => {
  const worth = worthOf(model, order, old, true)
  const total = costOf(made.tickets.length * (made.tickets[0]?.price ?? 0), made.tickets.length)
  const given = quote.credit + quote.refund
  const credit = Math.min(given, total)
  deepStrictEqual(quote, { total, credit, due: total - credit, refund: given - credit })
  ok(given <= worth, `Order ${order.id} is worth ${given}, and at most ${worth}.`)
  made.exchange = { old: order, tickets: old, credit, isLessened: given < worth }
  made.expires = model.now + 600_000
  model.orders.push(made)
  if (quote.due > 0) return
  noteLoss(order, worth, given, world.counters)
  for (const ticket of made.tickets) ticket.status = 'paid'
  made.status = 'paid'
  takeBack(order, old, 0)
  rootOf(order).returned += quote.refund
}

export const returning = { giveUp, giveBack, exchange }
