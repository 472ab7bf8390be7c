import { type Static, Type } from 'typebox'

import { Id, Nullable, ref, shape, strict } from '#platform/http/schemas.ts'

const Day = Type.String({ format: 'date' })

export const StatisticsQuery = Type.Object(
  {
    start_date: Type.Optional(Type.String({ format: 'date', description: 'The first day of sessions; 30 days when left out.' })),
    end_date: Type.Optional(Type.String({ format: 'date', description: 'The last day of sessions; today when left out.' })),
    cinema_id: Type.Optional(Id),
  },
  strict,
)
export type StatisticsQuery = Static<typeof StatisticsQuery>

const occupancy = Type.Number({ description: 'Seats sold out of seats offered, 0 to 1; cancelled sessions left out.' })

const figures = {
  currency: Type.String(),
  sessions: Type.Integer(),
  tickets: Type.Integer({ description: 'Paid and used.' }),
  revenue: Type.Number({ description: 'What was captured for tickets and not given back.' }),
  average_price: Nullable(Type.Number()),
  occupancy,
}

export const TicketCounts = shape('TicketCounts', {
  reserved: Type.Integer(),
  paid: Type.Integer(),
  used: Type.Integer(),
  cancelled: Type.Integer(),
  expired: Type.Integer(),
  refunded: Type.Integer(),
})
export const SalesOfMovie = shape('SalesOfMovie', { movie_id: Id, title: Type.String(), ...figures })
export const SalesOfDay = shape('SalesOfDay', { date: Day, ...figures })
export const SalesInCurrency = shape('SalesInCurrency', {
  currency: Type.String(),
  tickets: Type.Integer(),
  revenue: Type.Number(),
  average_price: Nullable(Type.Number()),
})

export const TicketStatistics = shape('TicketStatistics', {
  from: Day,
  to: Day,
  cinema_id: Nullable(Id),
  counts: ref(TicketCounts),
  currency: Nullable(Type.String({ description: 'Null where several currencies were taken; then by_currency tells.' })),
  revenue: Nullable(Type.Number({ description: 'Captured for tickets of these sessions and not given back.' })),
  average_price: Nullable(Type.Number({ description: 'Revenue for each paid or used ticket.' })),
  occupancy,
  by_currency: Type.Array(ref(SalesInCurrency)),
  by_movie: Type.Array(ref(SalesOfMovie)),
  by_day: Type.Array(ref(SalesOfDay)),
})
export type TicketStatistics = Static<typeof TicketStatistics>

export const statisticsShapes: object[] = [TicketCounts, SalesOfMovie, SalesOfDay, SalesInCurrency, TicketStatistics]
