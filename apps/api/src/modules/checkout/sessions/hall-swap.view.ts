import type { SeatPlan } from '#modules/halls/service.ts'
import type { BookableSession, SessionsService } from '#modules/sessions/service.ts'
import type { SeatType } from '#platform/db/types.gen.ts'
import { toMajor } from '#platform/money.ts'
import type { Assessment, SwapMove, SwapTicket } from './hall-swap.rules.ts'
import type { HallSwap, HallSwapPreview, SeatMove } from './hall-swap.schemas.ts'

type Drawn = {
  draft: { id: number; version: number; hall_id: number }
  session: BookableSession
  from: SeatPlan
  to: SeatPlan
}
type Beside = { clash: HallSwapPreview['clash']; notice: string | undefined; refunds: ReadonlyMap<number, number> }
type Swap = NonNullable<Awaited<ReturnType<SessionsService['findSwap']>>>
type SwapSeats = Awaited<ReturnType<SessionsService['listSwapSeats']>>

const count = (seats: SeatMove[]) => {
  const of = (fit: SeatMove['fit']) => seats.filter((seat) => seat.fit === fit).length
  return {
    tickets: seats.length,
    orders: new Set(seats.map(({ order_id }) => order_id)).size,
    placed: seats.length - of(null),
    unplaced: of(null),
    better: of('better'),
    lesser: of('lesser'),
  }
}

/** Cents are whole numbers: added up before they are shown. */
const total = (minor: number[]) => toMajor(minor.reduce((sum, amount) => sum + amount, 0))

const seatOf = ({ id, seat_row, seat_number, seat_type }: SwapMove['to']) => ({ id, seat_row, seat_number, seat_type })
const oldSeat = ({ seat_id, seat_row, seat_number, seat_type }: SwapTicket) => ({ id: seat_id, seat_row, seat_number, seat_type })

export const showAssessment = (
  { draft, session, from, to }: Drawn,
  assessment: Assessment,
  { clash, notice, refunds }: Beside,
): HallSwapPreview => {
  const { moves, unplaced, dropped, house } = assessment
  const sold = moves.filter(({ ticket }) => ticket.status !== 'reserved')
  const lines = [
    ...sold.map(({ ticket, to: seat, fit }) => ({ ticket, seat: seatOf(seat), fit })),
    ...unplaced.map((ticket) => ({ ticket, seat: null, fit: null })),
  ].map((line) => ({ ...line, refund_minor: refunds.get(line.ticket.id) ?? 0 }))
  const seats = lines
    .map(({ ticket, seat, fit, refund_minor }): SeatMove => ({
      ticket_id: ticket.id,
      order_id: ticket.order_id,
      old_seat: oldSeat(ticket),
      new_seat: seat,
      fit,
      refund: toMajor(refund_minor),
    }))
    .toSorted((a, b) => a.ticket_id - b.ticket_id)
  return {
    session_id: draft.id,
    expected_version: draft.version,
    old_hall: { id: session.hall_id, name: from.hall.name },
    new_hall: { id: draft.hall_id, name: to.hall.name },
    capacity: { old: from.seats.length, new: to.seats.length },
    currency: session.currency,
    counts: count(seats),
    refund_total: total(lines.map(({ refund_minor }) => refund_minor)),
    clash,
    notice: (seats.length > 0 && notice?.trim()) || null,
    inside: unplaced.filter(({ status }) => status === 'used').map(({ id }) => id),
    holds: { kept: moves.length - sold.length, dropped: dropped.length },
    blocked: { kept: house.moves.length, released: house.released.length },
    seats,
  }
}

type Label = { seat_row: string; seat_number: number; seat_type: SeatType }
const newSeat = (id: number | null, { seat_row, seat_number, seat_type }: { [K in keyof Label]: Label[K] | null }) =>
  id === null || seat_row === null || seat_number === null || seat_type === null ? null : { id, seat_row, seat_number, seat_type }

export const showSwap = (swap: Swap, rows: SwapSeats): HallSwap => {
  const seats = rows.map((row): SeatMove => ({
    ticket_id: row.ticket_id,
    order_id: row.order_id,
    old_seat: { id: row.old_seat_id, seat_row: row.old_row, seat_number: row.old_number, seat_type: row.old_type },
    new_seat: newSeat(row.new_seat_id, { seat_row: row.new_row, seat_number: row.new_number, seat_type: row.new_type }),
    fit: row.fit as SeatMove['fit'],
    refund: toMajor(row.refund_minor),
  }))
  return {
    id: swap.id,
    session_id: swap.session_id,
    old_hall: { id: swap.old_hall_id, name: swap.old_hall },
    new_hall: { id: swap.new_hall_id, name: swap.new_hall },
    actor: swap.actor,
    counts: count(seats),
    refund_total: total(rows.map(({ refund_minor }) => refund_minor)),
    notice: swap.notice,
    seats,
    created_at: swap.created_at,
  }
}
