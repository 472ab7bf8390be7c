import fc from 'fast-check'

import type { Reply } from '#testing/app.ts'
import { type Deed, judge, pick, pickLatest, type Scene } from './deed.ts'
import {
  addUp,
  holderOf,
  holdSeat,
  liveOf,
  type Model,
  moveDeadline,
  type Order,
  placeOf,
  RULES,
  type Session,
  type Ticket,
  whyClosed,
  whyFixed,
} from './model.ts'

const BUYERS = 3

const some = fc.nat(5)

const seatsFrom = ({ seats }: Session, first: number, count: number) => [
  ...new Set(Array.from({ length: count }, (_, index) => pick(seats, first + index))),
]

/** Enters what the answer says was made; that it is what was asked for, the comparison shows. */
const enterTickets = (model: Model, order: Order, session: Session, seats: number[], { body }: Reply) => {
  for (const seat of seats) {
    const made = body.order.tickets.find(
      (ticket: { seat_id: number; session_id: number; status: string }) =>
        ticket.seat_id === seat && ticket.session_id === session.id && ticket.status === 'reserved',
    )
    const ticket: Ticket = {
      id: made.id,
      order,
      session,
      seat,
      price: session.price,
      reference: made.booking_reference,
      status: 'reserved',
    }
    order.tickets.push(ticket)
    holdSeat(model, order, ticket)
  }
  addUp(order)
}

const enterOrder = (model: Model, buyer: number, session: Session, seats: number[], reply: Reply): Order => {
  const order: Order = {
    id: reply.body.order.id,
    buyer,
    status: 'pending',
    total: 0,
    created: model.now,
    expires: model.now + RULES.hold,
    isExtended: false,
    tickets: [],
    payments: [],
  }
  model.orders.push(order)
  enterTickets(model, order, session, seats, reply)
  return order
}

/** Why these seats cannot join the order. */
const whyNotAdded = (model: Model, order: Order, session: Session, seats: number[]): string | undefined => {
  const reason = whyClosed(model, session) ?? whyFixed(model, order)
  if (reason) return `409 ${reason}`
  if (liveOf(order).length + seats.length > RULES.seats) return '422 orders.too_many_seats'
  return seats.some((seat) => holderOf(model, session, seat)) ? '409 tickets.seats_taken' : undefined
}

type Booking = { buyer: number; session: number; first: number; count: number; again: boolean }

/** What is mine already is given again, and the rest joins it. */
const bookBesideMine = async (scene: Scene, mine: Order, session: Session, seats: number[], reply: Reply) => {
  const { model } = scene
  const isMine = (seat: number) => holderOf(model, session, seat)?.order === mine
  if (seats.some((seat) => holderOf(model, session, seat) && !isMine(seat))) return judge(scene, reply, '409 tickets.seats_taken')
  const rest = seats.filter((seat) => !isMine(seat))
  const reason = rest.length > 0 ? whyNotAdded(model, mine, session, rest) : undefined
  if (!judge(scene, reply, reason ?? '201')) return false
  if (reply.body.order.id !== mine.id)
    throw new Error(`My seats are in order ${mine.id}, and ${reply.body.order.id} was answered.`)
  enterTickets(model, mine, session, rest, reply)
  return true
}

const book: Deed<Booking> = {
  name: 'book',
  args: {
    buyer: fc.nat(BUYERS - 1),
    session: fc.nat(2),
    first: some,
    count: fc.integer({ min: 1, max: 3 }),
    again: fc.boolean(),
  },
  run: async (scene, { buyer, session: which, first, count, again }) => {
    const { model, world } = scene
    const session = pick(model.sessions, which)
    const seats = seatsFrom(session, first, count)
    const holders = seats.map((seat) => holderOf(model, session, seat))
    const [body, key] = [{ session_id: session.id, seat_ids: seats }, world.key()]
    const ask = () => world.buyer(buyer).post('/api/v1/tickets', body, key)
    const mine = holders.find((claim) => claim?.state === 'held' && claim.order.buyer === buyer)?.order
    const closed = whyClosed(model, session)
    // Whether a closed session or my own seats are named first is nobody's business.
    if (mine && closed) return false
    const reply = await ask()
    if (mine) return bookBesideMine(scene, mine, session, seats, reply)
    const reasons = [...(closed ? [`409 ${closed}`] : []), ...(holders.some(Boolean) ? ['409 tickets.seats_taken'] : [])]
    if (!judge(scene, reply, ...(reasons.length > 0 ? reasons : ['201']))) return false
    const { id } = enterOrder(model, buyer, session, seats, reply)
    if (!again) return true
    world.counters.add('repeated with the key')
    const repeat = await ask()
    if (judge(scene, repeat, '201') && repeat.body.order.id === id) return true
    throw new Error('One key has made two orders.')
  },
}

/** All three at the same moment, for seats that overlap. */
const rush: Deed<{ session: number; firsts: number[]; count: number }> = {
  name: 'rush',
  args: {
    session: fc.nat(2),
    firsts: fc.array(some, { minLength: BUYERS, maxLength: BUYERS }),
    count: fc.integer({ min: 1, max: 2 }),
  },
  // Whose seat it is already would be given it again, which is another story.
  may: (model, { session }) => [...model.claims.values()].every(({ ticket }) => ticket.session !== pick(model.sessions, session)),
  run: async (scene, { session: which, firsts, count }) => {
    const { model, world } = scene
    const session = pick(model.sessions, which)
    const closed = whyClosed(model, session)
    const wishes = firsts.map((first, buyer) => ({ buyer, seats: seatsFrom(session, first, count) }))
    const replies = await Promise.all(
      wishes.map(({ buyer, seats }) =>
        world.buyer(buyer).post('/api/v1/tickets', { session_id: session.id, seat_ids: seats }, world.key()),
      ),
    )
    const won = wishes.filter((wish, index) => {
      const reply = replies[index] as Reply
      if (closed) return judge(scene, reply, `409 ${closed}`)
      if (!judge(scene, reply, '201', '409 tickets.seats_taken')) return false
      enterOrder(model, wish.buyer, session, wish.seats, reply)
      return true
    })
    const winners = won.flatMap(({ seats }) => seats)
    if (new Set(winners).size < winners.length) throw new Error(`Two have the same seat: ${winners.join(', ')}`)
    const lost = wishes.filter((wish) => !won.includes(wish))
    if (!closed && lost.some(({ seats }) => !seats.some((seat) => winners.includes(seat))))
      throw new Error('Somebody was refused seats that nobody has.')
    if (won.length > 0 && lost.length > 0) world.counters.add('lost a race')
    return won.length > 0
  },
}

const hasOrders = ({ orders }: Model) => orders.length > 0

const add: Deed<{ order: number; session: number; first: number; count: number }> = {
  name: 'add',
  args: { order: some, session: fc.nat(2), first: some, count: fc.integer({ min: 1, max: 3 }) },
  may: hasOrders,
  run: async (scene, { order: number, session: which, first, count }) => {
    const { model, world } = scene
    const [order, session] = [pickLatest(model.orders, number), pick(model.sessions, which)]
    const seats = seatsFrom(session, first, count)
    const body = { session_id: session.id, seat_ids: seats, order_id: order.id }
    const reply = await world.buyer(order.buyer).post('/api/v1/tickets', body, world.key())
    if (!judge(scene, reply, whyNotAdded(model, order, session, seats) ?? '201')) return false
    enterTickets(model, order, session, seats, reply)
    return true
  },
}

const changeSeat: Deed<{ order: number; ticket: number; seat: number }> = {
  name: 'change seat',
  args: { order: some, ticket: some, seat: some },
  may: hasOrders,
  run: async (scene, { order: number, ticket: which, seat: wanted }) => {
    const { model, world } = scene
    const order = pickLatest(model.orders, number)
    const ticket = pick(order.tickets, which)
    const { session, status } = ticket
    const seat = pick(session.seats, wanted)
    const refuse = (): string | undefined => {
      if (status === 'paid' || status === 'used') return 'orders.already_paid'
      if (status === 'cancelled' || status === 'refunded') return 'tickets.cancelled'
      const reason = whyClosed(model, session) ?? whyFixed(model, order)
      return reason ?? (seat !== ticket.seat && holderOf(model, session, seat) ? 'tickets.seats_taken' : undefined)
    }
    const reason = refuse()
    const reply = await world.buyer(order.buyer).put(`/api/v1/tickets/${ticket.id}`, { seat_id: seat })
    if (!judge(scene, reply, reason ? `409 ${reason}` : '200')) return false
    if (seat === ticket.seat) return true
    model.claims.delete(placeOf(session, ticket.seat))
    Object.assign(ticket, { seat, price: session.price })
    holdSeat(model, order, ticket)
    addUp(order)
    return true
  },
}

const extend: Deed<{ order: number }> = {
  name: 'extend',
  args: { order: some },
  may: hasOrders,
  run: async (scene, { order: number }) => {
    const { model, world } = scene
    const order = pickLatest(model.orders, number)
    const reason = whyFixed(model, order) ?? (order.isExtended ? 'orders.already_extended' : undefined)
    const reply = await world.buyer(order.buyer).post(`/api/v1/orders/${order.id}/extend`)
    if (!judge(scene, reply, reason ? `409 ${reason}` : '200')) return false
    moveDeadline(model, order, order.expires, RULES.extension)
    order.isExtended = true
    return true
  },
}

/** What buyers do with seats. */
export const seatDeeds = { book, rush, add, changeSeat, extend }
