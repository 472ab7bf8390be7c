import type { TicketCreate } from '#modules/checkout/schemas.ts'
import type { PlanSeat, SeatPlan } from '#modules/halls/service.ts'
import { priceChanged } from '#modules/orders/errors.ts'
import { type Channel, lineKey, type OrderLine, type OrderRules, type Priced, priceOrder } from '#modules/pricing/price-order.ts'
import { priceAt, type PriceBook } from '#modules/pricing/price-seat.ts'
import type { Evaluated } from '#modules/promotions/service.ts'
import type { BookableSession } from '#modules/sessions/service.ts'
import { AppError, invalid } from '#platform/errors.ts'
import { toMinor } from '#platform/money.ts'

export type SeatLine = PlanSeat & OrderLine & { ticket_type: string }
/** Where seats are chosen: the session, its hall, and what is charged there. */
export type Ground = { session: BookableSession; plan: SeatPlan; book: PriceBook }
/** What somebody wants to hold, with all that it costs. */
export type PricedSeats = { priced: Priced<SeatLine>; rules: OrderRules; lowered: Evaluated }

const chooseOneWay = () =>
  invalid('', 'Name the seats in one way: seat_row with seat_number, or seats, or seat_ids, or best.', 'tickets.choose_one_way')
export const unknownSeat = (pointer: string) =>
  invalid(pointer, 'This seat is not in the hall of this session.', 'tickets.unknown_seat')
const seatTwice = () => invalid('/seats', 'The same seat is named twice.', 'tickets.seat_twice')
const wrongType = (seat_type: string) => invalid('/seat_type', `This seat is ${seat_type}.`, 'tickets.wrong_seat_type')
const notOneEach = (seats: number) =>
  invalid(
    '/ticket_types',
    `Name one type of ticket for each of the ${seats} seats, in their order.`,
    'tickets.types_do_not_match',
  )

/** What somebody asks to be charged for a seat as, and where they said so. */
type AskedType = { code: string | undefined; pointer: string }
type Wanted = ({ label: string } | { id: number }) & { pointer: string; type: AskedType }

/** The seats may be named in one way only, or left to the server. */
export const requireOneWay = ({ seat_row, seat_number, seat_type, seats, seat_ids, best, ticket_types }: TicketCreate) => {
  const single = seat_row !== undefined || seat_number !== undefined || (best && seat_type !== undefined)
  if ([single, seats, seat_ids, best].filter(Boolean).length !== 1) throw chooseOneWay()
  const count = seat_ids?.length ?? best?.count
  if (ticket_types && ticket_types.length !== count) throw notOneEach(count ?? seats?.length ?? 1)
}

/** The type of the ticket for the seat of this place in the request. */
const typeAt = ({ ticket_type, ticket_types }: Pick<TicketCreate, 'ticket_type' | 'ticket_types'>, index: number): AskedType =>
  ticket_types ? { code: ticket_types[index], pointer: `/ticket_types/${index}` } : { code: ticket_type, pointer: '/ticket_type' }

const wantedBy = (body: TicketCreate): Wanted[] => {
  requireOneWay(body)
  const { seat_row, seat_number, seats, seat_ids } = body
  if (seat_ids) return seat_ids.map((id, index) => ({ id, pointer: `/seat_ids/${index}`, type: typeAt(body, index) }))
  if (seats)
    return seats.map((seat, index) => ({
      label: `${seat.seat_row}:${seat.seat_number}`,
      pointer: `/seats/${index}`,
      type:
        seat.ticket_type === undefined ? typeAt(body, index) : { code: seat.ticket_type, pointer: `/seats/${index}/ticket_type` },
    }))
  if (seat_row === undefined || seat_number === undefined) throw chooseOneWay()
  return [{ label: `${seat_row}:${seat_number}`, pointer: '/seat_number', type: typeAt(body, 0) }]
}

const priceLine = ({ session, book }: Ground, seat: PlanSeat, { code, pointer }: AskedType): SeatLine => ({
  ...seat,
  ...priceAt({ session, book }, seat.seat_type, code, pointer),
  key: lineKey({ session_id: session.id, seat_id: seat.id }),
})

/** In the order in which claims are locked. */
const inOrder = (lines: SeatLine[]) => lines.toSorted((a, b) => a.id - b.id)

/** Seats that the house has chosen, each with its price; types are given in their order. */
export const priceSeats = (ground: Ground, seats: PlanSeat[], body: Pick<TicketCreate, 'ticket_type' | 'ticket_types'>) =>
  inOrder(seats.map((seat, index) => priceLine(ground, seat, typeAt(body, index))))

/** The seats that the request names, each with its price. */
export const selectSeats = (body: TicketCreate, ground: Ground): SeatLine[] => {
  const { byId, byLabel } = ground.plan
  const lines = wantedBy(body).map((wanted) => {
    const seat = 'id' in wanted ? byId.get(wanted.id) : byLabel.get(wanted.label)
    if (!seat) throw unknownSeat(wanted.pointer)
    if (body.seat_type && body.seat_type !== seat.seat_type) throw wrongType(seat.seat_type)
    return priceLine(ground, seat, wanted.type)
  })
  if (new Set(lines.map(({ id }) => id)).size < lines.length) throw seatTwice()
  return inOrder(lines)
}

const NOTHING_OFF: Evaluated = { discounts: [], uses: [], code: null, snapshot: null }

/** A new order of these seats. */
export const priceNew = ({ book }: Ground, lines: SeatLine[], channel: Channel = 'web', lowered = NOTHING_OFF): PricedSeats => {
  const rules = { channel, cinemas: { [book.cinema_id]: book[channel] } }
  return { rules, lowered, priced: priceOrder({ lines, rules, discounts: lowered.discounts }) }
}

/** A client that showed a total may insist on it; a promotion that makes it less is nobody's loss. */
export const requireTotal = (expected: number | undefined, total_minor: number) => {
  if (expected !== undefined && toMinor(expected, '/expected_total') < total_minor) throw priceChanged(total_minor)
}

export const unknownOwner = () => new AppError(401, 'auth.invalid_token', 'This account is blocked or gone. Sign in again.')
