import { split } from '#modules/checkout/return/return.rules.ts'
import { seatPrice, type SessionPrices } from '#modules/pricing/price-seat.ts'
import type { Fit, Mapping, Party, Placed } from '#modules/seats/service.ts'
import type { ClaimState, SeatType, TicketStatus } from '#platform/db/types.gen.ts'

export type SwapTicket = {
  id: number
  order_id: number
  seat_id: number
  status: TicketStatus
  seat_row: string
  seat_number: number
  seat_type: SeatType
  price_minor: number
  discount_minor: number
  final_price_minor: number
  /** Of an order that was made by an exchange: its seats stand or go together while it is not paid. */
  is_exchange: boolean
}
export type SwapClaim = { seat_id: number; state: ClaimState; ticket: SwapTicket | null }

export type Price = { price_minor: number; discount_minor: number; final_price_minor: number }
/** A ticket and the seat it gets. `price` is what it costs from now on, when that is less. */
export type SwapMove = { ticket: SwapTicket; to: Placed['to']; fit: Fit; price?: Price; refund_minor: number }
/** A sold ticket that costs less from now on. */
export type Cheaper = SwapMove & { price: Price }
export type Assessment = {
  /** Sold and held tickets that get a seat. */
  moves: SwapMove[]
  /** Sold tickets for which there is none. */
  unplaced: SwapTicket[]
  /** Holds that would end on a lesser class, or on no seat: they are dropped, since nothing was paid. */
  dropped: SwapTicket[]
  house: { moves: Placed[]; released: number[] }
}

/** Finds seats in the new hall for these of the old one. */
type FindSeats = (parties: Party[], occupied: ReadonlySet<number>) => Mapping

/** The same share of the new class's price as was paid of the old one's, rounded for the buyer. */
export const lesserPrice = (paid: Price, old_minor: number, new_minor: number): Price => {
  const share = (minor: number) => (old_minor === 0 ? minor : Math.floor((minor * Math.min(new_minor, old_minor)) / old_minor))
  const [price_minor, final_price_minor] = [share(paid.price_minor), share(paid.final_price_minor)]
  return { price_minor, discount_minor: price_minor - final_price_minor, final_price_minor }
}

const isSold = ({ ticket }: SwapClaim) => ticket?.status === 'paid' || ticket?.status === 'used'

const partiesOf = (claims: SwapClaim[]): Party[] =>
  [...Map.groupBy(claims, ({ ticket }) => ticket?.order_id ?? 0)].map(([key, its]) => ({
    key,
    seat_ids: its.map(({ seat_id }) => seat_id),
  }))

const moveOf = (ticket: SwapTicket, { from, to, fit }: Placed, prices: SessionPrices): SwapMove => {
  if (fit !== 'lesser') return { ticket, to, fit, refund_minor: 0 }
  const [old, next] = [from, to].map(({ seat_type }) => seatPrice(seat_type, prices).price_minor)
  const price = lesserPrice(ticket, old ?? 0, next ?? 0)
  const refund_minor = ticket.final_price_minor - price.final_price_minor
  return { ticket, to, fit, refund_minor, ...(refund_minor > 0 && { price }) }
}

/** Whoever has paid chooses first, then who only holds a seat, then the house. */
export const assessSwap = (find: FindSeats, claims: SwapClaim[], prices: SessionPrices): Assessment => {
  const taken = new Set<number>()
  const place = (its: SwapClaim[], parties: Party[]) => {
    const mapping = find(parties, taken)
    for (const { to: seat } of mapping.placed) taken.add(seat.id)
    const ticketOn = new Map(its.flatMap(({ seat_id, ticket }) => (ticket ? [[seat_id, ticket] as const] : [])))
    const moves = mapping.placed.flatMap((placed) => {
      const ticket = ticketOn.get(placed.from.id)
      return ticket ? [moveOf(ticket, placed, prices)] : []
    })
    // A seat that the plan does not know any more has no place in the new one either.
    const gone = new Set(moves.map(({ ticket }) => ticket.id))
    return { mapping, moves, left: [...ticketOn.values()].filter(({ id }) => !gone.has(id)) }
  }
  const sold = claims.filter(isSold)
  const held = claims.filter((claim) => claim.ticket && !isSold(claim))
  const blocked = claims.filter(({ ticket }) => !ticket)
  const [standing, waiting] = [place(sold, partiesOf(sold)), place(held, partiesOf(held))]
  const house = find(
    blocked.map(({ seat_id }) => ({ key: seat_id, seat_ids: [seat_id] })),
    taken,
  )
  const lost = [...waiting.left, ...waiting.moves.filter(({ fit }) => fit === 'lesser').map(({ ticket }) => ticket)]
  const broken = new Set(lost.filter(({ is_exchange }) => is_exchange).map(({ order_id }) => order_id))
  const keeps = ({ ticket, fit }: SwapMove) => fit !== 'lesser' && !broken.has(ticket.order_id)
  return {
    moves: [...standing.moves, ...waiting.moves.filter(keeps)],
    unplaced: standing.left,
    dropped: [...waiting.left, ...waiting.moves.filter((move) => !keeps(move)).map(({ ticket }) => ticket)],
    house: { moves: house.placed, released: house.unplaced.map(({ id }) => id) },
  }
}

export type Share = [ticketId: number, refund_minor: number]

/** What goes back for tickets of one order that have no seat, fees and added tax with it: to each its part, by what it has cost. */
export const shareRefund = (refund_minor: number, its: SwapTicket[]): Share[] => {
  const prices = its.map(({ final_price_minor }) => final_price_minor)
  const weights = prices.some((price) => price > 0) ? prices : its.map(() => 1)
  const shares = split(refund_minor, weights)
  return its.map(({ id }, at) => [id, shares[at] ?? 0])
}

/** What goes back for tickets of one order that cost less from now on, with the tax that was added to it. */
export const shareDifference = (tax_minor: number, its: Cheaper[]): Share[] => {
  const shares = split(
    tax_minor,
    its.map(({ refund_minor }) => refund_minor),
  )
  return its.map(({ ticket, refund_minor }, at) => [ticket.id, refund_minor + (shares[at] ?? 0)])
}
