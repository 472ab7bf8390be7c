import { type Static, Type } from 'typebox'

import { SeatType } from '#modules/halls/schemas.ts'
import { Id, ref, shape, strict } from '#platform/http/schemas.ts'

/** As many as an order may hold. */
export const MAX_SEATS = 10

export const BestWish = Type.Object(
  {
    count: Type.Integer({ minimum: 1, maximum: MAX_SEATS, description: 'How many seats; of sofas an even number.' }),
    seat_type: Type.Optional(
      Type.Enum([...SeatType.enum], {
        description: 'Left out: standard, premium and VIP seats, and none of the others.',
      }),
    ),
  },
  { ...strict, description: 'The best seats that are free, chosen by the server.' },
)
export type BestWish = Static<typeof BestWish>

export const BestSeat = shape('BestSeat', {
  id: Id,
  seat_row: Type.String(),
  seat_number: Type.Integer(),
  seat_type: SeatType,
  price: Type.Number(),
})

export const BestSeats = shape('BestSeats', {
  session_id: Id,
  currency: Type.String(),
  together: Type.Boolean({ description: 'Side by side in one row, without an aisle between.' }),
  seats: Type.Array(ref(BestSeat)),
  total: Type.Number(),
})
export type BestSeats = Static<typeof BestSeats>

export const seatsShapes = [BestSeat, BestSeats]
