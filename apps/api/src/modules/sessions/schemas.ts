import { type Static, Type } from 'typebox'

import { Facts, StoredFacts } from '#modules/cinemas/schemas.ts'
import { SeatType } from '#modules/halls/schemas.ts'
import { Charges } from '#modules/pricing/card.schemas.ts'
import { TypeOnSale } from '#modules/pricing/schemas.ts'
import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Amount, Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const sessionStatuses = ['scheduled', 'rescheduled', 'cancelled', 'finished'] as const
const formats = ['2d', '3d', 'imax'] as const

const Language = Type.String({
  maxLength: 35,
  pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$',
  description: 'BCP 47, such as uk or en-GB.',
})
export const Moment = Type.String({ format: 'date-time' })
export const BusinessDay = Type.String({
  format: 'date',
  pattern: '^[12]\\d{3}-',
  description: 'The cinema’s day: it lasts until six in the morning.',
})

const EarlyBird = Type.Number({
  minimum: 0,
  maximum: 100,
  description: 'Per cent off for whoever buys days ahead and has no other promotion; at most two decimals.',
})

export const SessionCreate = shape(
  'SessionCreate',
  {
    movie_id: Id,
    hall_id: Id,
    start_time: Moment,
    end_time: Type.Optional(
      Type.String({
        ...Moment,
        description: 'When the hall is free to be cleaned; by default the start and the length of the movie.',
      }),
    ),
    base_price: Type.Optional(
      Type.Number({ ...Amount, description: 'Without it the session takes the prices of its card, and follows it.' }),
    ),
    vip_price: Type.Optional(Amount),
    premium_price: Type.Optional(Amount),
    early_bird_discount: Type.Optional(EarlyBird),
    language: Type.Optional(Language),
    subtitles: Type.Optional(Nullable(Language)),
    format_3d: Type.Optional(Type.Boolean()),
    format_imax: Type.Optional(Type.Boolean()),
    accessibility: Type.Optional(Facts),
    sales_open_at: Type.Optional(Nullable(Moment)),
    sales_close_at: Type.Optional(Nullable(Moment)),
  },
  {
    movie_id: 1,
    hall_id: 1,
    start_time: '2030-01-15T17:00:00Z',
    base_price: 180,
    vip_price: 300,
    premium_price: 240,
    language: 'uk',
  },
)
export type SessionCreate = Static<typeof SessionCreate>

/** What holders of a session are told by its staff, beside what the mail says anyway. */
export const Notice = Type.String({
  maxLength: 500,
  pattern: '\\S',
  description: 'A word to the holders. It stands in their mail as it is, in the language it was written in.',
})

/** Left out means unchanged. */
export const SessionUpdate = shape(
  'SessionUpdate',
  {
    hall_id: Type.Optional(Type.Integer({ ...Id, description: 'Another hall of the same cinema, while no seat is taken.' })),
    start_time: Type.Optional(Moment),
    end_time: Type.Optional(
      Type.String({ ...Moment, description: 'Left out when the start moves: the session stays as long as it was.' }),
    ),
    base_price: Type.Optional(Amount),
    vip_price: Type.Optional(Amount),
    premium_price: Type.Optional(Amount),
    early_bird_discount: Type.Optional(EarlyBird),
    language: Type.Optional(Language),
    subtitles: Type.Optional(Nullable(Language)),
    format_3d: Type.Optional(Type.Boolean()),
    format_imax: Type.Optional(Type.Boolean()),
    accessibility: Type.Optional(Facts),
    sales_open_at: Type.Optional(Nullable(Moment)),
    sales_close_at: Type.Optional(Nullable(Moment)),
    is_active: Type.Optional(Type.Boolean()),
    notice: Type.Optional(Notice),
    from_price_card: Type.Optional(
      Type.Literal(true, { description: 'Gives up prices of its own for those of its card, and follows it.' }),
    ),
  },
  { start_time: '2030-01-15T18:00:00Z', base_price: 200 },
  { start_time: '2030-01-15T18:00:00Z', notice: 'The film is longer than we said.' },
)
export type SessionUpdate = Static<typeof SessionUpdate>

export const Session = shape('Session', {
  id: Id,
  movie_id: Id,
  movie_title: Type.String(),
  hall_id: Id,
  hall_name: Type.String(),
  cinema_id: Id,
  cinema_name: Type.String(),
  start_time: Timestamp,
  end_time: Timestamp,
  business_day: Type.String({ format: 'date' }),
  currency: Type.String(),
  base_price: Type.Number(),
  vip_price: Type.Number(),
  premium_price: Type.Number(),
  price_card_id: Nullable(Type.Integer({ ...Id, description: 'The card that its prices follow; null when they are its own.' })),
  early_bird_discount: Type.Number({ description: 'Percent.' }),
  available_seats: Type.Integer(),
  sold_tickets: Type.Integer(),
  reserved_tickets: Type.Integer(),
  language: Type.String(),
  subtitles: Nullable(Type.String()),
  format_3d: Type.Boolean(),
  format_imax: Type.Boolean(),
  accessibility: StoredFacts,
  status: Type.Enum([...sessionStatuses]),
  is_active: Type.Boolean(),
  sales_open_at: Nullable(Timestamp),
  sales_close_at: Nullable(Timestamp),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type Session = Static<typeof Session>

export const SessionList = cursorListOf('SessionList', ref(Session))

export const MovieSessionsQuery = Type.Object(
  {
    include_past: Type.Boolean({ default: false, description: 'Those that have started too, at the end and the latest first.' }),
    ...cursorQuery,
  },
  strict,
)
export type MovieSessionsQuery = Static<typeof MovieSessionsQuery>

export const SessionFilter = Type.Object(
  {
    movie_id: Type.Optional(Id),
    cinema_id: Type.Optional(Id),
    hall_id: Type.Optional(Id),
    date: Type.Optional(BusinessDay),
    date_from: Type.Optional(BusinessDay),
    date_to: Type.Optional(BusinessDay),
    format: Type.Optional(Type.Enum([...formats])),
    language: Type.Optional(Language),
    is_active: Type.Boolean({ default: true }),
    include_past: Type.Optional(
      Type.Boolean({ description: 'Without a date only sessions that have not started are listed, unless this is true.' }),
    ),
    ...cursorQuery,
  },
  strict,
)
export type SessionFilter = Static<typeof SessionFilter>

const seatStatuses = ['free', 'held', 'sold', 'blocked'] as const
export type SeatStatus = (typeof seatStatuses)[number]

export const AvailableSeat = shape('AvailableSeat', {
  id: Id,
  seat_row: Type.String(),
  seat_number: Type.Integer(),
  seat_type: SeatType,
  x: Type.Number(),
  y: Type.Number(),
  rotation: Type.Number(),
  pair_id: Nullable(Type.Integer()),
  status: Type.Enum([...seatStatuses]),
  price: Type.Number(),
})

export const AvailableSeats = shape('AvailableSeats', {
  session_id: Id,
  hall: Type.Object({ id: Id, name: Type.String(), hall_number: Type.Integer(), cinema_id: Id, seat_map: StoredFacts }, strict),
  currency: Type.String(),
  server_time: Timestamp,
  counts: Type.Object(
    { total: Type.Integer(), available: Type.Integer(), held: Type.Integer(), sold: Type.Integer(), blocked: Type.Integer() },
    strict,
  ),
  prices: Type.Object({ standard: Type.Number(), premium: Type.Number(), vip: Type.Number() }, strict),
  ticket_types: Type.Array(TypeOnSale, {
    description: 'What each type of ticket costs; `price` and `prices` are for the default one.',
  }),
  charges: Charges,
  seats: Type.Array(ref(AvailableSeat)),
})
export type AvailableSeats = Static<typeof AvailableSeats>

export const sessionsShapes = [SessionCreate, SessionUpdate, Session, SessionList, AvailableSeat, AvailableSeats]
