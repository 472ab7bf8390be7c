/**
 * What people owe a cinema with fees, an added tax, promotions, points and terms of return, in plain code. Amounts are in minor
 * units, times in milliseconds. How points are shared out among tickets is learned from the database, within the order's price.
 */
import type { Cards, TicketType } from './prices.ts'

export type Session = {
  id: number
  /** The one it is in, and one with other seats, fewer or more. */
  halls: [number, number]
  starts: number
  isMoved: boolean
  /** What it costs by itself; undefined when it costs what the card of its hour says. */
  own: number | undefined
  seats: number[]
}
/** `left`: gone before anybody paid for it. */
export type TicketStatus = 'reserved' | 'expired' | 'paid' | 'used' | 'gone' | 'left'
export type Ticket = {
  id: number
  session: Session
  seat: number
  type: TicketType
  reference: string
  price: number
  final: number
  status: TicketStatus
  /** Its hold stands, in time or not: nobody has taken the seat over since. */
  isHeld: boolean
}
export type Exchange = { old: Order; tickets: Ticket[]; credit: number }
/** A payment by card of which we do not know yet what came of it. */
export type Open = {
  id: number
  amount: number
  bank: 'unheard' | 'taken' | 'refused'
  created: number
  asked: number | undefined
}
export type Order = {
  id: number
  buyer: number
  status: 'pending' | 'paid' | 'partially_refunded' | 'canceled' | 'expired'
  tickets: Ticket[]
  off: 'code' | 'automatic' | undefined
  /** Points that are to pay for it, and what it has done to its buyer's since. */
  points: number
  earned: number
  reversed: number
  redeemed: number
  given: number
  /** What of its money still counts for its buyer's tier. */
  counted: number
  expires: number
  exchange: Exchange | undefined
  open: Open | undefined
  /** Money from outside, and what of it went or goes back. */
  taken: number
  returned: number
  /** What returns gave less because earned points were spent. */
  lost: number
}
/** What somebody has, and has spent in twelve months. */
export type Account = { points: number; spent: number }
export type Model = {
  now: number
  terms: { returnsFees: boolean; percent: number }
  promotions: { code: { id: number; name: string; total: number }; automatic: { id: number } }
  cards: Cards
  sessions: Session[]
  orders: Order[]
  /** By buyer; guests have none. */
  accounts: (Account | undefined)[]
  /** Webhooks that were taken note of. */
  heard: Set<string>
}

export const RULES = {
  fees: { ticket: 500, order: 930 },
  tax: 10,
  cutoff: 30 * 60_000,
  doors: 60 * 60_000,
  quiet: 5_000,
  neverArrived: 60_000,
  code: { percent: 20, each: 1 },
  automatic: { percent: 10, total: 4 },
  point: 100,
  tiers: [
    { from: 0, percent: 3 },
    { from: 500_000, percent: 5 },
    { from: 2_000_000, percent: 8 },
  ],
  gifts: [40, 5],
} as const

export const sumOf = <T>(things: T[], amountOf: (thing: T) => number) => things.reduce((sum, thing) => sum + amountOf(thing), 0)
export const finalsOf = (tickets: Ticket[]) => sumOf(tickets, ({ final }) => final)
export const ofPercent = (amount: number, percent: number) => Math.round((amount * percent) / 100)

/** Fees and tax beside tickets that cost so much. */
export const besideOf = (items: number, count: number) => {
  const fees = count === 0 ? 0 : RULES.fees.ticket * count + RULES.fees.order
  return { fees, tax: ofPercent(items + fees, RULES.tax) }
}
export const costOf = (items: number, count: number) => {
  const { fees, tax } = besideOf(items, count)
  return items + fees + tax
}

const isLive = ({ status }: Ticket) => status === 'reserved' || status === 'paid' || status === 'used'
export const liveOf = ({ tickets }: Order) => tickets.filter(isLive)
export const isOverdue = ({ now }: Model, { status, expires }: Order) => status === 'pending' && expires <= now
export const isPaid = ({ status }: Order) => status === 'paid' || status === 'partially_refunded'
export const isPending = ({ status }: Order) => status === 'pending'

/** Whoever has the seat now; a hold past its deadline has nothing. */
export const holderOf = (model: Model, session: Session, seat: number): Order | undefined =>
  model.orders.find(
    (order) => !isOverdue(model, order) && liveOf(order).some((ticket) => ticket.session === session && ticket.seat === seat),
  )

/** These have their seats; holds past their deadline lose them. */
export const takeOver = (model: Model, order: Order, tickets: Ticket[]) => {
  for (const other of model.orders)
    for (const ticket of other.tickets)
      if (other !== order && tickets.some(({ session, seat }) => session === ticket.session && seat === ticket.seat))
        ticket.isHeld = false
}

export const whyNotPending = (model: Model, order: Order): string | undefined => {
  if (isPaid(order)) return 'orders.already_paid'
  if (order.status === 'canceled') return 'orders.canceled'
  return order.status === 'expired' || isOverdue(model, order) ? 'orders.hold_expired' : undefined
}
/** Why it cannot have other seats or another price. */
export const whyFixed = (model: Model, order: Order) => {
  const reason = whyNotPending(model, order)
  if (reason) return reason
  if (order.open) return 'orders.payment_in_progress'
  if (order.taken > order.returned) return 'orders.partly_paid'
  return order.exchange ? 'orders.exchange_whole' : undefined
}

const usesOf = (model: Model, kind: 'code' | 'automatic') =>
  model.orders.filter(({ off, status }) => off === kind && status !== 'canceled' && status !== 'expired')
export const countUses = (model: Model, kind: 'code' | 'automatic') => usesOf(model, kind).length

/** Why the code cannot lower this order. */
export const whyNoCode = (model: Model, { buyer, off }: Order): string | undefined => {
  if (off === 'code') return undefined
  const uses = usesOf(model, 'code')
  if (uses.filter((other) => other.buyer === buyer).length >= RULES.code.each) return 'promotions.limit_per_user'
  return uses.length >= model.promotions.code.total ? 'promotions.limit_reached' : undefined
}

/** Whatever prices an order gives it the automatic promotion when there is one left and no code goes before it. */
export const judgeAutomatic = (model: Model, order: Order) => {
  if (order.off === undefined && countUses(model, 'automatic') < RULES.automatic.total) order.off = 'automatic'
}

const pricesOf = (order: Order) => sumOf(liveOf(order), ({ price }) => price)
/** What the tickets of a pending order cost, points aside. */
export const discountedOf = (order: Order): number => {
  const percent = order.off ? RULES[order.off].percent : 0
  return pricesOf(order) - sumOf(liveOf(order), ({ price }) => ofPercent(price, percent))
}
export const mostPoints = (order: Order) => Math.floor(discountedOf(order) / 2 / RULES.point)
export const itemsOf = (order: Order) => discountedOf(order) - order.points * RULES.point
export const totalOf = (order: Order) => costOf(itemsOf(order), liveOf(order).length)
export const dueOf = (order: Order) => totalOf(order) - (order.exchange?.credit ?? 0) - (order.taken - order.returned)

/** Whatever lowers the price lowers how many points may pay for it. */
export const reprice = (model: Model, order: Order) => {
  judgeAutomatic(model, order)
  order.points = Math.min(order.points, mostPoints(order))
}

export const rootOf = (order: Order): Order => (order.exchange ? rootOf(order.exchange.old) : order)

/** A pending order ends unpaid: what was paid of it goes back. */
export const endPending = (order: Order, status: 'expired' | 'canceled') => {
  for (const ticket of liveOf(order)) Object.assign(ticket, { status: status === 'expired' ? 'expired' : 'left', isHeld: false })
  order.status = status
  order.returned = order.taken
}

/** The sweeper: orders past their deadline end, unless a payment is under way. */
export const sweepOverdue = (model: Model) => {
  const overdue = model.orders.filter((order) => isOverdue(model, order) && !order.open)
  for (const order of overdue) endPending(order, 'expired')
  return overdue
}
