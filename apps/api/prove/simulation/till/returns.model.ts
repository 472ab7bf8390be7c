import {
  besideOf,
  finalsOf,
  liveOf,
  type Model,
  ofPercent,
  type Order,
  rootOf,
  RULES,
  sumOf,
  type Ticket,
  totalOf,
} from './model.ts'

/** `no seat`: the house takes them back itself. */
export type Why = 'given back' | 'exchanged' | 'no seat'
/** What goes back; `lost` of it, when positive, stays for points that were spent, or comes back when it is negative. */
export type Back = { refund: number; lost: number }

/** Parts one amount by two weights to the cent. */
const firstShare = (amount: number, first: number, second: number) => {
  if (first + second === 0) return 0
  const exact = (amount * first) / (first + second)
  const rest = exact - Math.floor(exact)
  return Math.floor(exact) + (rest >= 0.5 ? 1 : 0)
}

/** Points that nobody has promised to a pending order. */
export const availableTo = ({ accounts, orders }: Model, buyer: number): number => {
  const pending = orders.filter((order) => order.buyer === buyer && order.status === 'pending')
  return (accounts[buyer]?.points ?? 0) - sumOf(pending, ({ points }) => points)
}

/** What a return means for the points of an order: earned ones go back, spent ones come back, in proportion. */
const reversalOf = (model: Model, order: Order, gone: Ticket[]) => {
  if (!model.accounts[order.buyer]) return { reversed: 0, given: 0, missing: 0 }
  const bought = order.tickets.filter(({ status }) => ['paid', 'used', 'gone'].includes(status))
  const whole = finalsOf(bought)
  const part = finalsOf(bought.filter((ticket) => ticket.status === 'gone' || gone.includes(ticket)))
  const share = (points: number) => Math.floor((points * part) / whole)
  const given = Math.max(0, share(order.redeemed) - order.given)
  const owed = share(order.earned) - order.reversed
  const reversed = Math.max(0, Math.min(owed, availableTo(model, order.buyer) + given))
  return { reversed, given, missing: Math.max(0, owed - reversed) }
}

/** What goes back for these tickets of a paid order. */
export const returnOf = (model: Model, order: Order, gone: Ticket[], why: Why): Back => {
  const before = liveOf(order)
  const after = before.filter((ticket) => !gone.includes(ticket))
  const [now, rest] = [besideOf(finalsOf(before), before.length), besideOf(finalsOf(after), after.length)]
  const [items, fees, tax] = [finalsOf(gone), now.fees - rest.fees, now.tax - rest.tax]
  const isFree = ({ session }: Ticket) => why !== 'given back' || session.isMoved
  const charge = sumOf(gone, (ticket) => (isFree(ticket) ? 0 : ofPercent(ticket.final, model.terms.percent)))
  const areFeesReturned = gone.every((ticket) => isFree(ticket) || model.terms.returnsFees)
  const whole = items - charge + (areFeesReturned ? fees + tax : firstShare(tax, items, fees))
  const missing = reversalOf(model, order, why === 'exchanged' ? [] : gone).missing * RULES.point - order.lost
  const lost = Math.min(why === 'no seat' ? Math.min(0, missing) : missing, whole)
  return { refund: whole - lost, lost }
}

/** Tickets leave a paid order; so much pays for what they are exchanged for, the rest goes to whoever paid in the end. */
export const takeBack = (model: Model, order: Order, gone: Ticket[], { refund, lost }: Back, credit = 0) => {
  const { reversed, given } = reversalOf(model, order, gone)
  for (const ticket of gone) ticket.status = 'gone'
  order.status = liveOf(order).length === 0 ? 'canceled' : 'partially_refunded'
  order.lost += lost
  order.reversed += reversed
  order.given += given
  rootOf(order).returned += refund - credit
  const account = model.accounts[order.buyer]
  if (!account) return
  account.points += given - reversed
  if (order.earned > 0) account.spent -= refund
}

/** A sale spends the points that were promised and earns others, by what was spent before. */
export const notePoints = (model: Model, order: Order) => {
  const account = model.accounts[order.buyer]
  if (!account) return
  const total = totalOf(order)
  const { percent } = RULES.tiers.findLast(({ from }) => account.spent >= from) ?? RULES.tiers[0]
  order.redeemed = order.points
  order.earned = Math.floor((total * percent) / 100 / RULES.point)
  account.points += order.earned - order.redeemed
  account.spent += total
}
