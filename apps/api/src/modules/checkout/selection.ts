import type { PlanSeat, SeatPlan } from '#modules/halls/service.ts'
import { priceChanged } from '#modules/orders/errors.ts'
import { priceSeat, type PricedLine, type SessionPrices, sumLines } from '#modules/pricing/rules.ts'
import { AppError, invalid } from '#platform/errors.ts'
import { toMinor } from '#platform/money.ts'
import type { TicketCreate } from './schemas.ts'

export type SeatLine = PlanSeat & PricedLine

const chooseOneWay = () =>
  invalid('/', 'Name the seats in one way: seat_row with seat_number, or seats, or seat_ids, or best.', 'tickets.choose_one_way')
const unknownSeat = (pointer: string) => invalid(pointer, 'This seat is not in the hall of this session.', 'tickets.unknown_seat')
const seatTwice = () => invalid('/seats', 'The same seat is named twice.', 'tickets.seat_twice')
const wrongType = (seat_type: string) => invalid('/seat_type', `This seat is ${seat_type}.`, 'tickets.wrong_seat_type')

type Wanted = { label: string; pointer: string } | { id: number; pointer: string }

/** The seats may be named in one way only, or left to the server. */
export const requireOneWay = ({ seat_row, seat_number, seat_type, seats, seat_ids, best }: TicketCreate) => {
  const single = seat_row !== undefined || seat_number !== undefined || (best && seat_type !== undefined)
  if ([single, seats, seat_ids, best].filter(Boolean).length !== 1) throw chooseOneWay()
}

const wantedBy = (body: TicketCreate): Wanted[] => {
  requireOneWay(body)
  const { seat_row, seat_number, seats, seat_ids } = body
  if (seat_ids) return seat_ids.map((id, index) => ({ id, pointer: `/seat_ids/${index}` }))
  if (seats) return seats.map((seat, index) => ({ label: `${seat.seat_row}:${seat.seat_number}`, pointer: `/seats/${index}` }))
  if (seat_row === undefined || seat_number === undefined) throw chooseOneWay()
  return [{ label: `${seat_row}:${seat_number}`, pointer: '/seat_number' }]
}

/** In the order in which claims are locked, each with its price. */
export const priceSeats = <S extends PlanSeat>(seats: S[], prices: SessionPrices): (S & PricedLine)[] =>
  seats.map((seat) => ({ ...seat, ...priceSeat(seat.seat_type, prices) })).toSorted((a, b) => a.id - b.id)

/** The seats that the request names, priced. */
export const selectSeats = (body: TicketCreate, plan: SeatPlan, prices: SessionPrices): SeatLine[] => {
  const seats = wantedBy(body).map((wanted) => {
    const seat = 'id' in wanted ? plan.byId.get(wanted.id) : plan.byLabel.get(wanted.label)
    if (!seat) throw unknownSeat(wanted.pointer)
    if (body.seat_type && body.seat_type !== seat.seat_type) throw wrongType(seat.seat_type)
    return seat
  })
  if (new Set(seats.map(({ id }) => id)).size < seats.length) throw seatTwice()
  return priceSeats(seats, prices)
}

/** A client that showed a total may insist on it. */
export const requireTotal = (expected: number | undefined, lines: SeatLine[], already = 0) => {
  if (expected === undefined) return
  const { total_minor } = sumLines(lines)
  if (toMinor(expected, '/expected_total') !== total_minor + already) throw priceChanged(total_minor + already)
}

export const unknownOwner = () => new AppError(401, 'auth.invalid_token', 'This account is blocked or gone. Sign in again.')
