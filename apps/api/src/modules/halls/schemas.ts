import { type Static, Type } from 'typebox'

import { Fact, Facts, factsOf, StoredFacts } from '#modules/cinemas/schemas.ts'
import { listOf, pageQuery } from '#platform/http/pagination.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

const seatTypes = ['standard', 'premium', 'vip', 'wheelchair', 'companion', 'sofa'] as const
export const SeatType = Type.Enum([...seatTypes])
export type SeatType = Static<typeof SeatType>

export const MAX_ROWS = 100
export const MAX_SEATS_PER_ROW = 100
const MAX_SEATS = MAX_ROWS * MAX_SEATS_PER_ROW

const RowLabel = Type.Union([Type.String({ pattern: '^[^\\s:\\p{C}]{1,5}$' }), Type.Integer({ minimum: 1, maximum: 99_999 })], {
  description: 'As it is written in the hall: 5, "5" or "B".',
})
const SeatNumber = Type.Integer({ minimum: 1, maximum: 999 })

const Rows = Type.Optional(Type.Array(RowLabel, { maxItems: MAX_ROWS }))
const Pitches = Type.Number({ minimum: 0, maximum: 1000, description: 'In seat pitches, to the middle of the seat.' })

const LayoutSeat = Type.Object(
  {
    seat_row: RowLabel,
    seat_number: SeatNumber,
    seat_type: Type.Optional(SeatType),
    x: Type.Optional(Pitches),
    y: Type.Optional(Pitches),
    rotation: Type.Optional(Type.Number({ minimum: -360, maximum: 360 })),
    pair_id: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 2_000_000_000 }))),
  },
  strict,
)

const WheelchairSeat = Type.Object(
  { seat_row: RowLabel, seat_number: SeatNumber, companion_number: Type.Optional(SeatNumber) },
  strict,
)

/** What is drawn beside the seats, such as `{ "screen": { "width": 12 }, "exits": [{ "x": 0, "y": 3 }] }`. */
const SeatMap = Type.Unsafe<Record<string, unknown>>({
  ...factsOf,
  additionalProperties: Type.Union([Fact, Facts, Type.Array(Facts, { maxItems: 500 })]),
})

const Name = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })

const optional = {
  rows: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_ROWS,
      description: 'With seats_per_row: a rectangle of seats, rows labelled 1, 2, 3 … from the screen.',
    }),
  ),
  seats_per_row: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_SEATS_PER_ROW })),
  vip_rows: Rows,
  premium_rows: Rows,
  wheelchair_seats: Type.Optional(Type.Array(WheelchairSeat, { maxItems: MAX_SEATS_PER_ROW })),
  aisles_after: Type.Optional(
    Type.Array(SeatNumber, {
      maxItems: MAX_SEATS_PER_ROW,
      uniqueItems: true,
      description: 'Seat numbers that an aisle follows.',
    }),
  ),
  layout: Type.Optional(
    Type.Object(
      { seats: Type.Array(LayoutSeat, { minItems: 1, maxItems: MAX_SEATS }) },
      { ...strict, description: 'Seat by seat, instead of rows and seats_per_row.' },
    ),
  ),
  screen_type: Type.Optional(Type.String({ minLength: 1, maxLength: 50, pattern: '\\S' })),
  sound_system: Type.Optional(Nullable(Type.String({ maxLength: 50 }))),
  accessibility: Type.Optional(Facts),
  seat_map: Type.Optional(SeatMap),
}

export const HallCreate = shape(
  'HallCreate',
  { name: Name, hall_number: SeatNumber, ...optional },
  { name: 'Blue', hall_number: 9, rows: 8, seats_per_row: 12, vip_rows: [8], aisles_after: [6] },
)
export type HallCreate = Static<typeof HallCreate>

export const HallUpdate = shape(
  'HallUpdate',
  {
    name: Type.Optional(Name),
    hall_number: Type.Optional(SeatNumber),
    ...optional,
    is_active: Type.Optional(Type.Boolean({ description: 'False closes the hall, true opens it again.' })),
  },
  { screen_type: 'imax' },
)
export type HallUpdate = Static<typeof HallUpdate>

const hallFields = {
  id: Id,
  cinema_id: Id,
  name: Type.String(),
  hall_number: Type.Integer(),
  total_seats: Type.Integer({ description: 'Seats that can be sold: vip + premium + standard.' }),
  rows: Type.Integer(),
  seats_per_row: Type.Integer({ description: 'In the longest row.' }),
  screen_type: Type.String(),
  sound_system: Nullable(Type.String()),
  vip_seats: Type.Integer(),
  premium_seats: Type.Integer({ description: 'Sofas are premium.' }),
  standard_seats: Type.Integer({ description: 'Wheelchair places and their companions’ seats are standard.' }),
  is_active: Type.Boolean(),
  accessibility: StoredFacts,
  seat_map: StoredFacts,
  created_at: Timestamp,
  updated_at: Timestamp,
}

export const Hall = shape('Hall', hallFields)
export type Hall = Static<typeof Hall>

export const HallSeat = shape('HallSeat', {
  id: Id,
  seat_row: Type.String(),
  seat_number: Type.Integer(),
  seat_type: SeatType,
  x: Type.Number({ description: 'Seat pitches from the left edge.' }),
  y: Type.Number({ description: 'Seat pitches from the screen.' }),
  rotation: Type.Number({ description: 'Degrees.' }),
  pair_id: Nullable(Type.Integer({ description: 'Shared by two seats that belong together.' })),
  is_active: Type.Boolean(),
})

export const HallDetail = shape('HallDetail', { ...hallFields, seats: Type.Array(ref(HallSeat)) })
export type HallDetail = Static<typeof HallDetail>

export const HallList = listOf('HallList', ref(Hall))

export const HallFilter = Type.Object({ is_active: Type.Boolean({ default: true }), ...pageQuery }, strict)
export type HallFilter = Static<typeof HallFilter>

export const hallsShapes = [HallCreate, HallUpdate, Hall, HallSeat, HallDetail, HallList]
