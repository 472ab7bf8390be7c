/**
 * What people owe a cinema with fees, an added tax, promotions, points and terms of return, in plain code. Amounts are in minor
 * units, times in milliseconds. What depends on how points were spent since is learned from the database within its bounds.
 */
export type Session = { id: number; halls: [number, number]; starts: number; isMoved: boolean; price: number; seats: number[] }
export type TicketStatus = 'reserved' | 'expired' | 'paid' | 'used' | 'gone'
export type Ticket = {
  id: number
  session: Session
  seat: number
  reference: string
  price: number
  final: number
  status: TicketStatus
}
export type Exchange = {
  old: Order
  tickets: Ticket[]
  credit: number
  /** By points that the old tickets had earned and that were spent, beyond those that the new ones bring. */
  isLessened: boolean
}
export type Order = {
  id: number
  buyer: number
  status: 'pending' | 'paid' | 'partially_refunded' | 'canceled' | 'expired'
  tickets: Ticket[]
  off: 'code' | 'automatic' | undefined
  points: number
  expires: number
  exchange: Exchange | undefined
  /** Money from outside, and what of it went or goes back. */
  taken: number
  returned: number
  /** What returns gave less than the rest would let expect: earned points that were spent. */
  lost: number
}
export type Model = {
  now: number
  terms: { returnsFees: boolean; percent: number }
  promotions: { code: { id: number; name: string; total: number }; automatic: { id: number } }
  sessions: Session[]
  orders: Order[]
  /** What each buyer with an account may still spend, as last seen. */
  points: (number | undefined)[]
}

export const RULES = {
  fee: 500,
  tax: 10,
  cutoff: 30 * 60_000,
  doors: 60 * 60_000,
  code: { percent: 20, each: 1 },
  automatic: { percent: 10, total: 4 },
  point: 100,
  gift: 60,
} as const

export const sumOf = <T>(things: T[], amountOf: (thing: T) => number) => things.reduce((sum, thing) => sum + amountOf(thing), 0)
export const finalsOf = (tickets: Ticket[]) => sumOf(tickets, ({ final }) => final)
const ofPercent = (amount: number, percent: number) => Math.round((amount * percent) / 100)

/** Fees and tax beside tickets that cost so much. */
export const besideOf = (items: number, count: number) => {
  const fees = RULES.fee * count
  return { fees, tax: ofPercent(items + fees, RULES.tax) }
}
export const costOf = (items: number, count: number) => {
  const { fees, tax } = besideOf(items, count)
  return items + fees + tax
}

const isLive = ({ status }: Ticket) => status !== 'gone' && status !== 'expired'
export const liveOf = ({ tickets }: Order) => tickets.filter(isLive)
export const isOverdue = ({ now }: Model, { status, expires }: Order) => status === 'pending' && expires <= now
export const isPaid = ({ status }: Order) => status === 'paid' || status === 'partially_refunded'

/** Whoever has the seat now; a hold past its deadline has nothing. */
export const holderOf = (model: Model, session: Session, seat: number): Order | undefined =>
  model.orders.find(
    (order) => !isOverdue(model, order) && liveOf(order).some((ticket) => ticket.session === session && ticket.seat === seat),
  )

export const whyNotPending = (model: Model, order: Order): string | undefined => {
  if (isPaid(order)) return 'orders.already_paid'
  if (order.status === 'canceled') return 'orders.canceled'
  return order.status === 'expired' || isOverdue(model, order) ? 'orders.hold_expired' : undefined
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

export const rootOf = (order: Order): Order => (order.exchange ? rootOf(order.exchange.old) : order)

/** Parts one amount by two weights to the cent. */
const firstShare = (amount: number, first: number, second: number) => {
  if (first + second === 0) return 0
  const exact = (amount * first) / (first + second)
  const rest = exact - Math.floor(exact)
  return Math.floor(exact) + (rest >= 0.5 ? 1 : 0)
}

/** What goes back for these tickets when no points were spent that they had earned. */
export const worthOf = (model: Model, order: Order, gone: Ticket[], isExchange: boolean): number => {
  const before = liveOf(order)
  const after = before.filter((ticket) => !gone.includes(ticket))
  const [now, rest] = [besideOf(finalsOf(before), before.length), besideOf(finalsOf(after), after.length)]
  const items = finalsOf(gone)
  const [fees, tax] = [now.fees - rest.fees, now.tax - rest.tax]
  if (isExchange || gone.every(({ session }) => session.isMoved)) return items + fees + tax
  const charge = sumOf(gone, ({ final }) => ofPercent(final, model.terms.percent))
  return items - charge + (model.terms.returnsFees ? fees + tax : firstShare(tax, items, fees))
}

/** Tickets leave a paid order, and so much goes back to whoever paid in the end. */
export const takeBack = (order: Order, gone: Ticket[], amount: number) => {
  for (const ticket of gone) ticket.status = 'gone'
  order.status = liveOf(order).length === 0 ? 'canceled' : 'partially_refunded'
  rootOf(order).returned += amount
}

/** A pending order ends unpaid: what was paid of it goes back. */
export const endPending = (order: Order, status: 'expired' | 'canceled') => {
  for (const ticket of liveOf(order)) ticket.status = status === 'expired' ? 'expired' : 'gone'
  order.status = status
  order.returned = order.taken
}

export const sweepOverdue = (model: Model) => {
  const overdue = model.orders.filter((order) => isOverdue(model, order))
  for (const order of overdue) endPending(order, 'expired')
  return overdue
}
