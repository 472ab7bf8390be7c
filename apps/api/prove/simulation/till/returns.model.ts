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

/** What an order brings, by what was spent before without the money that an exchange moves into it. */
export const gainOf = ({ accounts }: Model, { buyer }: Order, total: number, moved = 0): number => {
  const account = accounts[buyer]
  if (!account) return 0
  const { percent } = RULES.tiers.findLast(({ from }) => account.spent - moved >= from) ?? RULES.tiers[0]
  return Math.floor((total * percent) / 100 / RULES.point)
}

/** What a return means for the points of an order: earned ones go back, spent ones come back, in proportion. `gain` comes before. */
const reversalOf = (model: Model, order: Order, gone: Ticket[], gain = 0) => {
  if (!model.accounts[order.buyer]) return { reversed: 0, given: 0, missing: 0 }
  const bought = order.tickets.filter(({ status }) => ['paid', 'used', 'gone'].includes(status))
  const whole = finalsOf(bought)
  const part = finalsOf(bought.filter((ticket) => ticket.status === 'gone' || gone.includes(ticket)))
  const share = (points: number) => Math.floor((points * part) / whole)
  const given = Math.max(0, share(order.redeemed) - order.given)
  const owed = share(order.earned) - order.reversed
  const reversed = Math.max(0, Math.min(owed, availableTo(model, order.buyer) + gain + given))
  return { reversed, given, missing: Math.max(0, owed - reversed) }
}

/** What goes back for these tickets of a paid order. */
export const returnOf = (model: Model, order: Order, gone: Ticket[], why: Why, gain = 0): Back => {
  const before = liveOf(order)
  const after = before.filter((ticket) => !gone.includes(ticket))
  const [now, rest] = [besideOf(finalsOf(before), before.length), besideOf(finalsOf(after), after.length)]
  const [items, fees, tax] = [finalsOf(gone), now.fees - rest.fees, now.tax - rest.tax]
  const isFree = ({ session }: Ticket) => why !== 'given back' || session.isMoved
  const charge = sumOf(gone, (ticket) => (isFree(ticket) ? 0 : ofPercent(ticket.final, model.terms.percent)))
  const areFeesReturned = gone.every((ticket) => isFree(ticket) || model.terms.returnsFees)
  const whole = items - charge + (areFeesReturned ? fees + tax : firstShare(tax, items, fees))
  const missing = reversalOf(model, order, gone, gain).missing * RULES.point - order.lost
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
  const less = Math.min(refund, order.counted)
  order.counted -= less
  account.spent -= less
}

/** What goes back for tickets that are exchanged for others of such a price: these bring their points first. */
export const worthOf = (model: Model, order: Order, old: Ticket[], total: number): Back => {
  const most = returnOf(model, order, old, 'exchanged', Infinity).refund
  return returnOf(model, order, old, 'exchanged', gainOf(model, order, total, Math.min(most, total)))
}

/** A sale spends the points that were promised and earns others. */
export const notePoints = (model: Model, order: Order) => {
  const account = model.accounts[order.buyer]
  if (!account) return
  const total = totalOf(order)
  order.redeemed = order.points
  order.earned = gainOf(model, order, total, order.exchange?.credit)
  order.counted = total
  account.points += order.earned - order.redeemed
  account.spent += total
}
