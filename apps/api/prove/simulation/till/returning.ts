import { deepStrictEqual, ok } from 'node:assert/strict'

import fc from 'fast-check'

import { judge, pick, pickLatest } from '../deed.ts'
import { type Deed, enterTickets, mayTry, openOrder, seek, some, someOrder } from './buying.ts'
import {
  costOf,
  endPending,
  holderOf,
  isOverdue,
  isPaid,
  liveOf,
  type Model,
  type Order,
  RULES,
  type Session,
  sumOf,
  takeOver,
  type Ticket,
} from './model.ts'
import { priceOf } from './prices.ts'
import { returnOf, takeBack, worthOf } from './returns.model.ts'
import { noteLoss, sell } from './settling.ts'

const chooseFrom = (tickets: Ticket[], first: number, count: number) => [
  ...new Set(Array.from({ length: count }, (_, index) => pick(tickets, first + index))),
]

const isLate = ({ now }: Model, { session: { starts, isMoved } }: Ticket) => starts <= now + (isMoved ? 0 : RULES.cutoff)

const isOfSeveral = ({ tickets }: Order) => new Set(tickets.map(({ session }) => session)).size > 1

const whyNotReturned = (model: Model, chosen: Ticket[]): string | undefined => {
  if (chosen.some(({ status }) => status === 'used')) return 'tickets.already_used'
  return chosen.some((ticket) => ticket.status === 'paid' && isLate(model, ticket)) ? 'tickets.too_late_to_cancel' : undefined
}

/** What becomes of an unknown payment then is for the other simulation to see. */
const isGivenUp = ({ status, open }: Order) => status === 'pending' && !open

const giveUp: Deed<{ order: number }> = {
  name: 'give up an unpaid order',
  args: { order: some },
  may: ({ orders }) => orders.some(isGivenUp),
  run: async (scene, { order: number }) => {
    const { model, world } = scene
    const order = pickLatest(model.orders.filter(isGivenUp), number)
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
    const bought = order.tickets.filter(({ status }) => status !== 'left')
    const chosen = chooseFrom(bought, first, count)
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
    const back = returnOf(model, order, gone, 'given back')
    deepStrictEqual({ order: order.id, refund: Math.round(expected_refund * 100) }, { order: order.id, refund: back.refund })
    noteLoss(back, world.counters, 'returns')
    takeBack(model, order, gone, back)
    if (isOfSeveral(order)) world.counters.add('returns of orders of several sessions')
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
    [old.some(({ status }) => status === 'left'), '404 tickets.not_found'],
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
    if (!mayTry(model, number, isPaid)) return false
    const [order, session] = [seek(model, number, isPaid), pick(model.sessions, which)]
    const seats = Array.from({ length: count }, (_, index) => pick(session.seats, seat + index))
    return seats.every((one) => holderOf(model, session, one) !== order)
  },
  run: async (scene, { order: number, first, count, session: which, seat }) => {
    const { model, world } = scene
    const [order, session] = [seek(model, number, isPaid), pick(model.sessions, which)]
    const old = chooseFrom(order.tickets, first, count)
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
    const places = old.map(({ type }, at) => ({ seat: seats[at] as number, type }))
    const tickets = enterTickets(model, made.body.order.tickets, session, places)
    settleExchange(scene, { order, old, made: openOrder(made.body.order.id, order.buyer, tickets, model.now + 600_000), quote })
    world.counters.add(quote.due > 0 ? 'exchanges dearer' : quote.refund > 0 ? 'exchanges cheaper' : 'exchanges even')
    return true
  },
}

const settleExchange = (
  scene: Parameters<typeof sell>[0],
  { order, old, made, quote }: { order: Order; old: Ticket[]; made: Order; quote: ReturnType<typeof inMinor> },
) => {
  const { model } = scene
  const prices = made.tickets.map(({ session, type }) => priceOf(model.cards, session, type))
  const total = costOf(
    sumOf(prices, (price) => price),
    prices.length,
  )
  const { refund } = worthOf(model, order, old, total)
  const credit = Math.min(refund, total)
  deepStrictEqual(quote, { total, credit, due: total - credit, refund: refund - credit })
  made.exchange = { old: order, tickets: old, credit }
  takeOver(model, made, made.tickets)
  model.orders.push(made)
  if (quote.due === 0) ok(sell(scene, made), 'What costs no more changes hands at once.')
}

export const returning = { giveUp, giveBack, exchange }
