/**
 * What a cinema is, in plain code: who sits where, what was paid, what is owed. It knows nothing of tables, locks and
 * transactions, and is what the simulation holds the real thing against. Amounts are in minor units, times in milliseconds.
 */
export type Session = {
  id: number
  starts: number
  status: 'scheduled' | 'rescheduled' | 'cancelled'
  price: number
  seats: number[]
}
export type TicketStatus = 'reserved' | 'expired' | 'paid' | 'used' | 'cancelled' | 'refunded'
export type Ticket = {
  id: number
  order: Order
  session: Session
  seat: number
  price: number
  reference: string
  status: TicketStatus
}
/** What the provider has decided about a payment. `unheard`: our call never reached it. */
export type AtBank = 'unheard' | 'processing' | 'succeeded' | 'failed' | 'canceled'
export type Refund = { id: number; amount: number; status: 'pending' | 'success'; tickets: Ticket[] }
export type Payment = {
  id: number
  order: Order
  method: 'card' | 'cash'
  amount: number
  captured: number
  status: 'pending' | 'success' | 'failed' | 'canceled' | 'partially_refunded' | 'refunded'
  code: string | null
  card: string
  bank: AtBank
  /** We know the provider's name for it. */
  isNamed: boolean
  /** It paid for tickets, together with its like. */
  hasPaid: boolean
  created: number
  asked: number | undefined
  refunds: Refund[]
}
export type Order = {
  id: number
  buyer: number
  status: 'pending' | 'paid' | 'partially_refunded' | 'canceled' | 'expired'
  total: number
  created: number
  expires: number
  isExtended: boolean
  tickets: Ticket[]
  payments: Payment[]
}
export type Claim = { order: Order; ticket: Ticket; state: 'held' | 'sold'; expires: number | undefined }
export type Model = {
  now: number
  sessions: Session[]
  orders: Order[]
  /** By session and seat, as `placeOf` names them. */
  claims: Map<string, Claim>
  /** Webhooks that were taken note of. */
  heard: Set<string>
}

export const MINUTE = 60_000
export const LENGTH_MINUTES = 120
export const RULES = {
  hold: 10 * MINUTE,
  extension: 5 * MINUTE,
  payment: 15 * MINUTE,
  longest: 30 * MINUTE,
  cutoff: 30 * MINUTE,
  doors: 60 * MINUTE,
  quiet: 5_000,
  neverArrived: MINUTE,
  seats: 10,
}

export const createModel = (now: number): Model => ({ now, sessions: [], orders: [], claims: new Map(), heard: new Set() })

export const placeOf = ({ id }: Session, seat: number) => `${id}/${seat}`
const claimOf = (model: Model, { session, seat }: Pick<Ticket, 'session' | 'seat'>) => model.claims.get(placeOf(session, seat))

/** Whoever has the seat now; a hold past its deadline has nothing. */
export const holderOf = (model: Model, session: Session, seat: number): Claim | undefined => {
  const claim = model.claims.get(placeOf(session, seat))
  return claim?.state === 'held' && (claim.expires ?? 0) <= model.now ? undefined : claim
}

export const isOverdue = (model: Model, { status, expires }: Order) => status === 'pending' && expires <= model.now
export const inFlight = ({ payments }: Order) => payments.find(({ status }) => status === 'pending')
export const isBookable = (model: Model, { status, starts }: Session) => status !== 'cancelled' && starts > model.now
const isLive = ({ status }: Ticket) => ['reserved', 'expired', 'paid', 'used'].includes(status)
export const liveOf = ({ tickets }: Order) => tickets.filter(isLive)
const keptOf = ({ payments }: Order) => payments.filter(({ status, refunds }) => status === 'success' && refunds.length === 0)
export const sumOf = <T>(things: T[], amountOf: (thing: T) => number) => things.reduce((sum, thing) => sum + amountOf(thing), 0)
export const keptIn = (order: Order) => sumOf(keptOf(order), ({ captured }) => captured)

/** Why nobody can book there; undefined when one can. */
export const whyClosed = (model: Model, session: Session): string | undefined => {
  if (session.status === 'cancelled') return 'sessions.cancelled'
  return session.starts <= model.now ? 'sessions.started' : undefined
}

export const whyNotPending = (model: Model, order: Order): string | undefined => {
  if (order.status === 'paid' || order.status === 'partially_refunded') return 'orders.already_paid'
  if (order.status === 'canceled') return 'orders.canceled'
  return order.status === 'expired' || isOverdue(model, order) ? 'orders.hold_expired' : undefined
}

/** Why an order cannot be given other seats or a later deadline. */
export const whyFixed = (model: Model, order: Order): string | undefined => {
  const reason = whyNotPending(model, order)
  if (reason) return reason
  if (inFlight(order)) return 'orders.payment_in_progress'
  return keptIn(order) > 0 ? 'orders.partly_paid' : undefined
}

const owe = (payment: Payment, amount: number, tickets: Ticket[] = []) =>
  payment.refunds.push({ id: 0, amount, status: 'pending', tickets })

const oweAllKept = (order: Order) => {
  for (const payment of keptOf(order)) owe(payment, payment.captured)
}

/** Frees what an order holds, and only that. */
const releaseHeld = (model: Model, order: Order) => {
  for (const [place, claim] of model.claims) if (claim.order === order && claim.state === 'held') model.claims.delete(place)
}

const expireOrder = (model: Model, order: Order) => {
  releaseHeld(model, order)
  for (const ticket of order.tickets) if (ticket.status === 'reserved') ticket.status = 'expired'
  order.status = 'expired'
}

/** What a pending order costs: its tickets. One that has none is canceled. */
export const addUp = (order: Order) => {
  const reserved = order.tickets.filter(({ status }) => status === 'reserved')
  order.total = sumOf(reserved, ({ price }) => price)
  if (reserved.length === 0) order.status = 'canceled'
}

export const moveDeadline = (model: Model, order: Order, from: number, by: number) => {
  order.expires = Math.max(order.expires, Math.min(from + by, order.created + RULES.longest))
  for (const claim of model.claims.values()) if (claim.order === order && claim.state === 'held') claim.expires = order.expires
}

export const holdSeat = (model: Model, order: Order, ticket: Ticket) =>
  model.claims.set(placeOf(ticket.session, ticket.seat), { order, ticket, state: 'held', expires: order.expires })

/** The seats are ours still, or free again where one can still book; then they are sold. */
const sell = (model: Model, order: Order): boolean => {
  const live = liveOf(order)
  if (live.length === 0) return false
  const isOurs = (ticket: Ticket) => claimOf(model, ticket)?.order === order && claimOf(model, ticket)?.state === 'held'
  const areOurs = live.every((ticket) => isOurs(ticket) && ticket.session.status !== 'cancelled')
  const isFree = (ticket: Ticket) => isOurs(ticket) || !holderOf(model, ticket.session, ticket.seat)
  const areFree = live.every((ticket) => isFree(ticket) && isBookable(model, ticket.session))
  if (!areOurs && !areFree) return false
  for (const ticket of live) {
    ticket.status = 'paid'
    model.claims.set(placeOf(ticket.session, ticket.seat), { order, ticket, state: 'sold', expires: undefined })
  }
  return true
}

const buy = (model: Model, order: Order) => {
  if (sell(model, order)) {
    order.status = 'paid'
    for (const payment of keptOf(order)) payment.hasPaid = true
  } else {
    if (order.status === 'pending') expireOrder(model, order)
    oweAllKept(order)
  }
}

/** The money is there: it buys the seats, waits for the rest, or goes back whole. */
export const settle = (model: Model, payment: Payment, captured: number) => {
  if (['success', 'partially_refunded', 'refunded'].includes(payment.status)) return
  const { order } = payment
  Object.assign(payment, { status: 'success', captured, code: null, isNamed: true })
  const isOver = ['paid', 'partially_refunded', 'canceled'].includes(order.status)
  const kept = keptIn(order)
  if (captured !== payment.amount || isOver || kept > order.total) owe(payment, captured)
  else if (kept === order.total) buy(model, order)
  else if (order.status !== 'pending' || isOverdue(model, order)) owe(payment, captured)
}

/** Takes paid tickets back by their numbers: what they cost goes back to the payments that paid for them, the newest first. */
export const giveBack = (model: Model, order: Order, tickets: Ticket[]) => {
  const payers = order.payments
    .filter(({ hasPaid, status }) => hasPaid && ['success', 'partially_refunded'].includes(status))
    .toReversed()
  const parts = new Map<Payment, Refund>()
  for (const ticket of tickets.toSorted((a, b) => a.id - b.id)) {
    let owed = ticket.price
    for (const payment of payers) {
      const returned = sumOf(payment.refunds, ({ amount }) => amount) + (parts.get(payment)?.amount ?? 0)
      const amount = Math.min(owed, payment.captured - returned)
      if (amount === 0) continue
      const part = parts.get(payment) ?? { id: 0, amount: 0, status: 'pending', tickets: [] }
      parts.set(payment, { ...part, amount: part.amount + amount, tickets: [...part.tickets, ticket] })
      owed -= amount
    }
    ticket.status = 'cancelled'
    model.claims.delete(placeOf(ticket.session, ticket.seat))
  }
  for (const [payment, part] of parts) payment.refunds.push(part)
  order.status = liveOf(order).length === 0 ? 'canceled' : 'partially_refunded'
}

/** Takes tickets that are only held out of their order. */
export const letGo = (model: Model, order: Order, tickets: Ticket[]) => {
  for (const ticket of tickets) {
    ticket.status = 'cancelled'
    if (claimOf(model, ticket)?.order === order) model.claims.delete(placeOf(ticket.session, ticket.seat))
  }
  addUp(order)
}

export const returnParts = (order: Order) => oweAllKept(order)

/** The sweeper: orders past their deadline end, unless a payment is under way. */
export const sweepOverdue = (model: Model) => {
  for (const order of model.orders)
    if (isOverdue(model, order) && !inFlight(order)) {
      expireOrder(model, order)
      oweAllKept(order)
    }
}

/** A session does not take place: its holds are dropped at once, its paid tickets by a job. */
export const cancelSession = (model: Model, session: Session) => {
  session.status = 'cancelled'
  for (const [place, claim] of model.claims)
    if (claim.ticket.session === session && claim.state === 'held') model.claims.delete(place)
  for (const order of model.orders) {
    const reserved = order.tickets.filter((ticket) => ticket.session === session && ticket.status === 'reserved')
    if (order.status !== 'pending' || isOverdue(model, order) || reserved.length === 0) continue
    for (const ticket of reserved) ticket.status = 'cancelled'
    addUp(order)
    oweAllKept(order)
  }
}

export const emptySession = (model: Model, session: Session) => {
  for (const order of model.orders) {
    const paid = order.tickets.filter((ticket) => ticket.session === session && ticket.status === 'paid')
    if (paid.length > 0) giveBack(model, order, paid)
  }
}

/** The provider has given it back. */
export const endRefund = (payment: Payment, refund: Refund) => {
  refund.status = 'success'
  const returned = sumOf(
    payment.refunds.filter(({ status }) => status === 'success'),
    ({ amount }) => amount,
  )
  payment.status = returned >= payment.captured ? 'refunded' : 'partially_refunded'
  for (const ticket of refund.tickets) if (ticket.status === 'cancelled') ticket.status = 'refunded'
}
