import { ok } from 'node:assert/strict'

import fc from 'fast-check'

import { judge, pick } from '../deed.ts'
import type { Deed } from './buying.ts'
import { noteMoved, placesIn } from './housekeeping.ts'
import { liveOf, type Model, type Order, reprice, type Session, type Ticket } from './model.ts'
import { returnOf, takeBack } from './returns.model.ts'
import type { Till } from './world.ts'

type Party = { order: Order; tickets: Ticket[] }
const bySeat = (a: Ticket, b: Ticket) => a.seat - b.seat
/** Tickets by their orders, in the order of their seats. */
const partiesOf = ({ orders }: Model, tickets: Ticket[]): Party[] =>
  [...Map.groupBy(tickets.toSorted(bySeat), (ticket) => orders.find((order) => order.tickets.includes(ticket)))].flatMap(
    ([order, its]) => (order ? [{ order, tickets: its }] : []),
  )

/** Who only holds a seat and has none in the new hall leaves; what was paid of such an order goes back. */
const drop = (model: Model, dropped: Ticket[], world: Till) => {
  const parties = partiesOf(model, dropped)
  const isExchange = ({ order }: Party) => order.exchange !== undefined
  for (const { order, tickets } of [...parties.filter((party) => !isExchange(party)), ...parties.filter(isExchange)]) {
    for (const ticket of tickets) Object.assign(ticket, { status: 'left', isHeld: false })
    world.counters.add('holds without a seat')
    if (order.open) world.counters.add('holds without a seat while their payment is unknown')
    if (liveOf(order).length === 0) order.status = 'canceled'
    else reprice(model, order)
    order.returned = order.taken
  }
}

const refund = (model: Model, unplaced: Ticket[], world: Till) => {
  for (const { order, tickets } of partiesOf(model, unplaced).toSorted((a, b) => a.order.id - b.order.id)) {
    takeBack(model, order, tickets, returnOf(model, order, tickets, 'no seat'))
    world.counters.add('people without a seat', tickets.length)
  }
}

/** Whoever has paid is placed while there are seats, then whoever holds one: all of them, save exchanges that go whole. */
const requireFair = (places: Ticket[], gone: Ticket[], seats: number, orders: Order[]) => {
  const isSold = ({ status }: Ticket) => status !== 'reserved'
  const [sold, held] = [places.filter(isSold).length, places.length - places.filter(isSold).length]
  const unplaced = gone.filter(isSold).length
  ok(unplaced === Math.max(0, sold - seats), `${unplaced} of ${sold} people have no seat among ${seats}.`)
  const dropped = gone.filter((ticket) => !isSold(ticket))
  const room = Math.max(0, held - (seats - (sold - unplaced)))
  const isWhole = orders.some(({ exchange, tickets }) => exchange && dropped.some((ticket) => tickets.includes(ticket)))
  ok(isWhole ? dropped.length >= room : dropped.length === room, `${dropped.length} of ${held} holds are dropped, not ${room}.`)
}

type Preview = { expected_version: number; inside: number[]; counts: { unplaced: number } }
const whyNotSwapped = ({ inside, counts }: Preview, unplaced: 'refund' | 'refuse') => {
  if (inside.length > 0) return 'sessions.holders_inside'
  return unplaced === 'refuse' && counts.unplaced > 0 ? 'sessions.seats_unplaced' : undefined
}

/** Seats of both halls cost the same. Who gets which, and who none, is learned. */
const swap: Deed<{ session: number; unplaced: 'refund' | 'refuse' }> = {
  name: 'swap halls',
  args: { session: fc.nat(3), unplaced: fc.constantFrom('refund', 'refund', 'refuse') },
  may: ({ now, sessions }, { session }) => pick(sessions, session).starts > now,
  run: async (scene, { session: which, unplaced }) => {
    const { model, world } = scene
    const session: Session = pick(model.sessions, which)
    const [old, hall_id] = session.halls
    const path = `/api/v1/sessions/${session.id}`
    const preview = await world.manager.post(`${path}/hall-swap-preview`, { hall_id })
    judge(scene, preview, '200')
    const places = placesIn(model, session)
    const inside = places.filter(({ id, status }) => status === 'used' && preview.body.inside.includes(id))
    ok(inside.length === preview.body.inside.length, 'Somebody is inside who has not walked in.')
    const reason = whyNotSwapped(preview.body, unplaced)
    const body = { hall_id, unplaced, expected_version: preview.body.expected_version }
    const reply = await world.manager.post(`${path}/hall-swap`, body, world.key())
    if (!judge(scene, reply, reason ? `409 ${reason}` : '200')) return false
    // Late money must not find a seat of the old hall.
    for (const { tickets } of model.orders)
      for (const ticket of tickets) if (ticket.session === session && !places.includes(ticket)) ticket.isHeld = false
    const [now, seats] = [await world.seatsNow(session.id), await world.seatsOf(hall_id)]
    const gone = places.filter(({ id }) => !now.has(id))
    requireFair(places, gone, seats.length, model.orders)
    noteMoved(model, session, world, 'swapped with its people')
    drop(
      model,
      gone.filter(({ status }) => status === 'reserved'),
      world,
    )
    refund(
      model,
      gone.filter(({ status }) => status === 'paid'),
      world,
    )
    for (const ticket of placesIn(model, session)) ticket.seat = now.get(ticket.id) ?? 0
    Object.assign(session, { halls: [hall_id, old], seats })
    const taken = placesIn(model, session).map(({ seat }) => seat)
    ok(new Set(taken).size === taken.length && taken.every((seat) => seats.includes(seat)), 'Two share a seat.')
    return true
  },
}

export const swapping = { swap }
