import type { Counters } from '../../lib/counters.ts'
import {
  dueOf,
  endPending,
  holderOf,
  isOverdue,
  liveOf,
  type Model,
  type Open,
  type Order,
  RULES,
  takeOver,
  totalOf,
} from './model.ts'
import { type Back, gainOf, notePoints, returnOf, takeBack } from './returns.model.ts'

export type Scene = { model: Model; world: { counters: Counters } }

export const noteLoss = ({ lost }: Back, counters: Counters, what: 'returns' | 'exchanges') => {
  if (lost > 0) counters.add(`${what} lessened by spent points`)
  if (lost < 0) counters.add(`${what} that give earlier losses back`)
}

/** An order brings its points, and then the tickets that pay for the rest go; false when they are gone already, or worth less. */
const change = ({ model, world }: Scene, order: Order): boolean => {
  const { exchange } = order
  if (exchange) {
    const { old, tickets, credit } = exchange
    const stand = tickets.every(({ status }) => status === 'paid')
    const gain = gainOf(model, order, totalOf(order), credit)
    const back = stand ? returnOf(model, old, tickets, 'exchanged', gain) : { refund: 0, lost: 0 }
    if (!stand || back.refund < credit) {
      world.counters.add(stand ? 'exchanges worth less meanwhile' : 'exchanges that came too late')
      return false
    }
    notePoints(model, order)
    noteLoss(back, world.counters, 'exchanges')
    takeBack(model, old, tickets, back, credit)
  } else notePoints(model, order)
  return true
}

/** The seats are ours still, or free again where one can still book. */
const areThere = (model: Model, order: Order): boolean => {
  const tickets = liveOf(order)
  const isFree = ({ session, seat, isHeld }: (typeof tickets)[number]) =>
    session.starts > model.now && session.seats.includes(seat) && (isHeld || !holderOf(model, session, seat))
  return tickets.every(({ isHeld }) => isHeld) || tickets.every(isFree)
}

/** An order has its money. */
export const sell = (scene: Scene, order: Order): boolean => {
  const { model } = scene
  if (!areThere(model, order) || !change(scene, order)) return false
  takeOver(model, order, liveOf(order))
  order.status = 'paid'
  for (const ticket of liveOf(order)) ticket.status = 'paid'
  return true
}

/** Money comes: it buys the seats, waits for the rest, or goes back. */
export const arrive = (scene: Scene, order: Order, amount: number) => {
  const { model, world: { counters } } = scene // prettier-ignore
  const isLate = isOverdue(model, order)
  const missing = order.status === 'pending' ? dueOf(order) - amount : undefined
  order.taken += amount
  if (missing === undefined || missing < 0 || (missing > 0 && isLate)) order.returned += amount
  else if (missing === 0) {
    const isSold = sell(scene, order)
    if (!isSold) endPending(order, 'expired')
    if (isLate) counters.add(isSold ? 'late money that bought its seats' : 'late money that went back')
    if (isSold && order.exchange) counters.add('dearer exchanges paid')
    if (isSold && new Set(order.tickets.map(({ session }) => session)).size > 1) counters.add('orders of several sessions paid')
  }
}

/** We hear what came of a payment. */
export const learnEnding = (scene: Scene, order: Order) => {
  const { open } = order
  order.open = undefined
  if (open?.bank === 'taken') arrive(scene, order, open.amount)
}

/** We ask the provider and hear: it has never heard of a payment that is a minute old, and never will. */
export const ask = (scene: Scene, order: Order, open: Open) => {
  const { now } = scene.model
  if (open.bank !== 'unheard') learnEnding(scene, order)
  else if (open.created < now - RULES.neverArrived) order.open = undefined
  else open.asked = now
}
