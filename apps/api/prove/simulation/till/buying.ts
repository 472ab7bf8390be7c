import fc from 'fast-check'

import { type DeedOf, judge, pick, pickLatest } from '../deed.ts'
import {
  holderOf,
  isOverdue,
  isPending,
  judgeAutomatic,
  liveOf,
  type Model,
  mostPoints,
  type Order,
  reprice,
  type Session,
  takeOver,
  type Ticket,
  whyFixed,
  whyNoCode,
} from './model.ts'
import { priceOf, type TicketType, TYPES } from './prices.ts'
import { availableTo } from './returns.model.ts'
import type { Till } from './world.ts'

export type Deed<A> = DeedOf<Model, Till, A>
const BUYERS = 3
export const GUEST = 2
export const GUEST_MAIL = { email: 'visitor@marquee.test' }
const MOST_SEATS = 10
export const some = fc.nat(5)
const meantOf = (model: Model, isMeant: (order: Order) => boolean) =>
  model.orders.filter((order) => isMeant(order) && !isOverdue(model, order))
/** Two of three times one for which the deed is meant, when there is one. */
export const seek = (model: Model, number: number, isMeant: (order: Order) => boolean): Order => {
  const { orders } = model
  const meant = meantOf(model, isMeant)
  return pickLatest(number % 3 === 0 || meant.length === 0 ? orders : meant, Math.floor(number / 3))
}
export const someOrder = fc.nat(11)
/** Where there is none for which a deed is meant it is tried one time of three, to be refused. */
export const mayTry = (model: Model, number: number, isMeant: (order: Order) => boolean) =>
  number % 3 === 0 ? model.orders.length > 0 : meantOf(model, isMeant).length > 0

type Made = { id: number; seat_id: number; booking_reference: string }
type Place = { seat: number; type: TicketType }
/** Tickets as they were answered; what they cost in the end is learned. */
export const enterTickets = ({ cards }: Model, made: Made[], session: Session, places: Place[]): Ticket[] =>
  places.map(({ seat, type }) => {
    const { id, booking_reference: reference } = made.find(({ seat_id }) => seat_id === seat) as Made
    const price = priceOf(cards, session, type)
    return { id, session, seat, type, reference, price, final: price, status: 'reserved', isHeld: true }
  })
export const openOrder = (id: number, buyer: number, tickets: Ticket[], expires: number): Order => ({
  id,
  buyer,
  status: 'pending',
  tickets,
  off: undefined,
  points: 0,
  earned: 0,
  reversed: 0,
  redeemed: 0,
  given: 0,
  counted: 0,
  expires,
  exchange: undefined,
  open: undefined,
  taken: 0,
  returned: 0,
  lost: 0,
})

type Choice = { session: number; first: number; types: TicketType[] }
const choice = { session: fc.nat(3), first: some, types: fc.array(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 3 }) }
/** So many neighbours, each with a type of ticket. */
const placesOf = ({ seats }: Session, { first, types }: Choice): Place[] =>
  types.slice(0, seats.length).map((type, index) => ({ seat: pick(seats, first + index), type }))
const wishOf = ({ id }: Session, places: Place[]) => ({
  session_id: id,
  seat_ids: places.map(({ seat }) => seat),
  ticket_types: places.map(({ type }) => type),
})
/** Seats that are mine already are given again, which the other simulation looks at. */
const areOthers = (model: Model, session: Session, places: Place[], buyer: number) =>
  places.every(({ seat }) => holderOf(model, session, seat)?.buyer !== buyer)
const whyNoSeats = (model: Model, session: Session, places: Place[]) => [
  ...(session.starts <= model.now ? ['409 sessions.started'] : []),
  ...(places.some(({ seat }) => holderOf(model, session, seat)) ? ['409 tickets.seats_taken'] : []),
]

const book: Deed<Choice & { buyer: number }> = {
  name: 'book',
  args: { buyer: fc.nat(BUYERS - 1), ...choice },
  may: (model, { buyer, ...chosen }) => {
    const session = pick(model.sessions, chosen.session)
    return areOthers(model, session, placesOf(session, chosen), buyer)
  },
  run: async (scene, { buyer, ...chosen }) => {
    const { model, world } = scene
    const session = pick(model.sessions, chosen.session)
    const places = placesOf(session, chosen)
    const reasons = whyNoSeats(model, session, places)
    const reply = await world.buyer(buyer).post('/api/v1/tickets', wishOf(session, places), world.key())
    if (!judge(scene, reply, ...(reasons.length > 0 ? reasons : ['201']))) return false
    const { id, tickets } = reply.body.order
    const order = openOrder(id, buyer, enterTickets(model, tickets, session, places), model.now + 600_000)
    takeOver(model, order, order.tickets)
    judgeAutomatic(model, order)
    if (!order.off) world.counters.add('booked after the automatic promotion')
    if (session.own === undefined) world.counters.add('booked by a price card')
    model.orders.push(order)
    return true
  },
}

/** More seats, of any session, for an order that is not paid. */
const add: Deed<Choice & { order: number }> = {
  name: 'add',
  args: { order: someOrder, ...choice },
  may: (model, { order: number, ...chosen }) => {
    if (!mayTry(model, number, isPending)) return false
    const [order, session] = [seek(model, number, isPending), pick(model.sessions, chosen.session)]
    const places = placesOf(session, chosen)
    return liveOf(order).length + places.length <= MOST_SEATS && areOthers(model, session, places, order.buyer)
  },
  run: async (scene, { order: number, ...chosen }) => {
    const { model, world } = scene
    const [order, session] = [seek(model, number, isPending), pick(model.sessions, chosen.session)]
    const places = placesOf(session, chosen)
    const reason = whyFixed(model, order)
    const reasons = [...whyNoSeats(model, session, places), ...(reason ? [`409 ${reason}`] : [])]
    const wish = { ...wishOf(session, places), order_id: order.id }
    const reply = await world.buyer(order.buyer).post('/api/v1/tickets', wish, world.key())
    if (!judge(scene, reply, ...(reasons.length > 0 ? reasons : ['201']))) return false
    const tickets = enterTickets(model, reply.body.order.tickets, session, places)
    takeOver(model, order, tickets)
    order.tickets.push(...tickets)
    reprice(model, order)
    return true
  },
}

const putCode: Deed<{ order: number }> = {
  name: 'put a code',
  args: { order: someOrder },
  may: (model, { order }) => mayTry(model, order, isPending),
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
  may: (model, { order }) => mayTry(model, order, isPending),
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

/** So many, or all that there are: whoever has none left when something is given back gets less. */
const putPoints: Deed<{ order: number; points: number | undefined }> = {
  name: 'spend points',
  args: { order: someOrder, points: fc.option(fc.integer({ min: 0, max: 140 }), { nil: undefined, freq: 2 }) },
  may: (model, { order }) => mayTry(model, order, isPending) && seek(model, order, isPending).buyer !== GUEST,
  run: async (scene, { order: number, points: wanted }) => {
    const { model, world } = scene
    const order = seek(model, number, isPending)
    const judged = { ...order }
    judgeAutomatic(model, judged)
    const [most, mine] = [mostPoints(judged), availableTo(model, order.buyer) + (isPending(order) ? order.points : 0)]
    const points = wanted ?? Math.min(most, mine)
    const refuse = () => {
      const reason = whyFixed(model, order)
      if (reason) return reason
      if (points > most) return 'loyalty.over_cap'
      return points > mine ? 'loyalty.not_enough_points' : undefined
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

export const buying = { book, add, putCode, removeCode, putPoints }
