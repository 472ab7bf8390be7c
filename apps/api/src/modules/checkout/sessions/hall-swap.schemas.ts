import { type Static, Type } from 'typebox'

import { Notice } from '#modules/sessions/schemas.ts'
import { SeatTypeName } from '#modules/tickets/schemas.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const OtherSession = Type.Object(
  { id: Id, movie_title: Type.String(), start_time: Timestamp, end_time: Timestamp },
  strict,
)
export const ToldNotice = Nullable(
  Type.String({ description: 'As it will stand in the mails. Null when there is none, or nobody to be told.' }),
)

export const HallSwapAsk = shape('HallSwapAsk', { hall_id: Id, notice: Type.Optional(Notice) }, { hall_id: 2 })
export type HallSwapAsk = Static<typeof HallSwapAsk>

export const HallSwapRequest = shape(
  'HallSwapRequest',
  {
    hall_id: Type.Integer({ ...Id, description: 'Another hall of the same cinema.' }),
    unplaced: Type.Enum(['refund', 'refuse'], {
      description: 'What becomes of paid tickets for which the hall has no seat: their money goes back, or nothing is changed.',
    }),
    expected_version: Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'As the preview said. Refused when the session was changed since.',
    }),
    notice: Type.Optional(Notice),
  },
  { hall_id: 2, unplaced: 'refund', expected_version: 1 },
)
export type HallSwapRequest = Static<typeof HallSwapRequest>

const SwapSeat = Type.Object({ id: Id, seat_row: Type.String(), seat_number: Type.Integer(), seat_type: SeatTypeName }, strict)
const Fit = Type.Enum(['same', 'better', 'lesser'], { description: 'The class of the new seat beside that of the old one.' })
const Refund = Type.Number({
  description: 'What goes back for it: the difference of the classes, or all of it with its part of fees and added tax.',
})
const RefundTotal = Type.Number({
  description: 'All that goes back, to the cent: with fees and added tax of tickets that have no seat.',
})

export const SeatMove = shape('SeatMove', {
  ticket_id: Id,
  order_id: Id,
  old_seat: SwapSeat,
  new_seat: Nullable(SwapSeat),
  fit: Nullable(Fit),
  refund: Refund,
})
export type SeatMove = Static<typeof SeatMove>

const SwapHall = Type.Object({ id: Id, name: Type.String() }, strict)
const SwapCounts = Type.Object(
  {
    tickets: Type.Integer({ description: 'Sold ones.' }),
    orders: Type.Integer(),
    placed: Type.Integer(),
    unplaced: Type.Integer(),
    better: Type.Integer(),
    lesser: Type.Integer(),
  },
  strict,
)

export const HallSwapPreview = shape('HallSwapPreview', {
  session_id: Id,
  expected_version: Type.Integer(),
  old_hall: SwapHall,
  new_hall: SwapHall,
  capacity: Type.Object({ old: Type.Integer(), new: Type.Integer() }, strict),
  currency: Type.String(),
  counts: SwapCounts,
  refund_total: RefundTotal,
  clash: Nullable(
    Type.Object(OtherSession.properties, { ...strict, description: 'What takes the hall at that time. The swap is refused.' }),
  ),
  notice: ToldNotice,
  inside: Type.Array(Id, { description: 'Tickets of people who have walked in and would have no seat. The swap is refused.' }),
  holds: Type.Object({ kept: Type.Integer(), dropped: Type.Integer() }, strict),
  blocked: Type.Object({ kept: Type.Integer(), released: Type.Integer() }, strict),
  seats: Type.Array(ref(SeatMove)),
})
export type HallSwapPreview = Static<typeof HallSwapPreview>

export const HallSwap = shape('HallSwap', {
  id: Id,
  session_id: Id,
  old_hall: SwapHall,
  new_hall: SwapHall,
  actor: Type.String({ description: 'Who did it: u: and the number of the account.' }),
  counts: SwapCounts,
  refund_total: RefundTotal,
  notice: Nullable(Type.String({ description: 'What holders were told by its staff.' })),
  seats: Type.Array(ref(SeatMove)),
  created_at: Timestamp,
})
export type HallSwap = Static<typeof HallSwap>

export const hallSwapShapes = [HallSwapAsk, HallSwapRequest, SeatMove, HallSwapPreview, HallSwap]
