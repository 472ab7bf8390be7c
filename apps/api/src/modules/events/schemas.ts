import { type Static, Type } from 'typebox'

import { Order } from '#modules/checkout/schemas.ts'
import { BusinessDay, Moment, Notice, sessionStatuses } from '#modules/sessions/schemas.ts'
import { SeatTypeName, ticketFields } from '#modules/tickets/schemas.ts'
import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Amount, Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

const fields = {
  title: Type.String({ maxLength: 300, pattern: '\\S' }),
  start_time: Moment,
  duration_minutes: Type.Integer({ minimum: 1, maximum: 1000 }),
  price: Amount,
}
const description = Type.String({ maxLength: 10_000 })
const example = { title: 'Jazz on the meadow', start_time: '2030-06-15T18:00:00Z', duration_minutes: 120, price: 350 }

export const EventCreate = shape('EventCreate', { ...fields, description: Type.Optional(description) }, example)
export type EventCreate = Static<typeof EventCreate>

/** Left out means unchanged. */
export const EventUpdate = shape(
  'EventUpdate',
  {
    title: Type.Optional(fields.title),
    description: Type.Optional(description),
    start_time: Type.Optional(fields.start_time),
    duration_minutes: Type.Optional(fields.duration_minutes),
    price: Type.Optional(fields.price),
    notice: Type.Optional(Notice),
  },
  { start_time: '2030-06-15T19:00:00Z' },
)
export type EventUpdate = Static<typeof EventUpdate>

/** A session and its movie as one thing; its id is the session's. */
export const Event = shape('Event', {
  id: Id,
  movie_id: Id,
  title: Type.String(),
  description: Type.String(),
  start_time: Timestamp,
  end_time: Timestamp,
  duration_minutes: Type.Integer(),
  price: Type.Number({ description: 'Of a standard seat.' }),
  currency: Type.String(),
  hall_id: Id,
  hall_name: Type.String(),
  cinema_id: Id,
  cinema_name: Type.String(),
  poster_url: Nullable(Type.String()),
  total_seats: Type.Integer(),
  available_seats: Type.Integer(),
  is_active: Type.Boolean(),
  status: Type.Enum([...sessionStatuses]),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type Event = Static<typeof Event>
export const EventList = cursorListOf('EventList', ref(Event))

export const eventSorts = ['start_time', '-start_time', 'price', '-price', 'title', '-title'] as const
export type EventSort = (typeof eventSorts)[number]

export const EventQuery = Type.Object(
  {
    search: Type.Optional(
      Type.String({
        maxLength: 300,
        description: 'A part of the title or description in any language, or of a name of its people.',
      }),
    ),
    date: Type.Optional(BusinessDay),
    date_from: Type.Optional(BusinessDay),
    date_to: Type.Optional(BusinessDay),
    cinema_id: Type.Optional(Id),
    hall_id: Type.Optional(Id),
    price_from: Type.Optional(Amount),
    price_to: Type.Optional(Amount),
    available: Type.Optional(Type.Boolean({ description: 'Only those that have a free seat on sale now.' })),
    is_active: Type.Boolean({ default: true }),
    include_past: Type.Optional(
      Type.Boolean({ description: 'Without a date only events that have not started are listed, unless this is true.' }),
    ),
    sort: Type.Optional(
      Type.Enum([...eventSorts], {
        description:
          'start_time by default, what fits a search best first; with a minus they fall. Best first goes by pages only, not by cursor.',
      }),
    ),
    ...cursorQuery,
  },
  strict,
)
export type EventQuery = Static<typeof EventQuery>

export const EventSeat = shape('EventSeat', {
  id: Id,
  event_id: Id,
  seat_row: Type.String(),
  number: Type.Integer(),
  seat_number: Type.String({ description: 'Row and number, such as 5-12.' }),
  seat_type: SeatTypeName,
  price: Type.Number(),
  is_reserved: Type.Boolean({ description: 'Held, sold or blocked.' }),
})
export const EventSeats = shape('EventSeats', { event_id: Id, seats: Type.Array(ref(EventSeat)) })
export type EventSeats = Static<typeof EventSeats>

export const EventTicket = shape('EventTicket', {
  ...ticketFields,
  event_id: Id,
  is_reserved: Type.Boolean(),
  order: ref(Order),
  server_time: Timestamp,
})
export type EventTicket = Static<typeof EventTicket>

export const eventsShapes = [EventCreate, EventUpdate, Event, EventList, EventSeat, EventSeats, EventTicket]
