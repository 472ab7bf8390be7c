import type { Db } from '#platform/db/kysely.ts'
import { cinemasOf, requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { toMajor } from '#platform/money.ts'
import { noSuchCinema } from './errors.ts'
import { createRollUp } from './roll-up.ts'
import { type Period, periodOf } from './rules.ts'
import { findCinemaNames, findSales, findTitles, findToday, type Sales } from './sales.statement.ts'
import type { StatisticsQuery, TicketStatistics } from './schemas.ts'
import { readStanding } from './standing.ts'

const CENTS = 100
const PLACES = 10_000

const share = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((part / whole) * PLACES) / PLACES)
const mean = (minor: number, count: number) => (count === 0 ? null : Math.round(minor / count) / CENTS)

const figuresOf = ({ currency, sessions, paid, used, revenue_minor, seated, capacity }: Sales) => ({
  currency,
  sessions,
  tickets: paid + used,
  revenue: toMajor(revenue_minor),
  average_price: mean(revenue_minor, paid + used),
  occupancy: share(seated, capacity),
})

const sum = (rows: Sales[], name: 'reserved' | 'paid' | 'used' | 'cancelled' | 'expired' | 'refunded' | 'seated' | 'capacity') =>
  rows.reduce((total, row) => total + row[name], 0)

/** Sessions that sold nothing in a currency add seats to the occupancy, and no line of money. */
const headOf = (rows: Sales[]) => {
  const names = ['reserved', 'paid', 'used', 'cancelled', 'expired', 'refunded'] as const
  const counts = Object.fromEntries(names.map((name) => [name, sum(rows, name)])) as Record<(typeof names)[number], number>
  const taking = rows.filter((row) => names.some((name) => row[name] > 0))
  const [only, ...others] = taking
  const single = others.length === 0
  return {
    counts,
    currency: single ? (only?.currency ?? rows[0]?.currency ?? null) : null,
    revenue: single ? toMajor(only?.revenue_minor ?? 0) : null,
    average_price: single && only ? mean(only.revenue_minor, only.paid + only.used) : null,
    occupancy: share(sum(rows, 'seated'), sum(rows, 'capacity')),
    by_currency: taking.map((row) => {
      const { currency, tickets, revenue, average_price } = figuresOf(row)
      return { currency, tickets, revenue, average_price }
    }),
  }
}

export const createStatisticsService = ({ db }: { db: Db }) => {
  const periodFor = async ({ cinema_id, ...wish }: StatisticsQuery): Promise<Period> => {
    const { today, is_known } = await findToday(db, cinema_id)
    if (!is_known) throw noSuchCinema()
    return periodOf(wish, today)
  }

  const titled = async (rows: Sales[]) => {
    const titles = await findTitles(
      db,
      rows.map(({ movie_id }) => movie_id ?? 0),
    )
    return rows.map((row) => ({ movie_id: row.movie_id ?? 0, title: titles.get(row.movie_id ?? 0) ?? '', ...figuresOf(row) }))
  }

  const housed = async (rows: Sales[]) => {
    const names = await findCinemaNames(
      db,
      rows.map(({ cinema_id }) => cinema_id ?? 0),
    )
    return rows.map((row) => ({ cinema_id: row.cinema_id ?? 0, name: names.get(row.cinema_id ?? 0) ?? '', ...figuresOf(row) }))
  }

  const dated = (rows: Sales[]) => rows.map((row) => ({ date: row.day ?? '', ...figuresOf(row) }))

  return {
    /** Days are business days of the sessions: a ticket counts on the day it is for, whenever it was bought. */
    tickets: async (actor: SignedIn, query: StatisticsQuery): Promise<TicketStatistics> => {
      const period = await periodFor(query)
      if (query.cinema_id !== undefined) requireWorkAt(actor, query.cinema_id)
      const rows = await findSales(db, { ...period, cinema_ids: query.cinema_id ? [query.cinema_id] : cinemasOf(actor) })
      const by = (group: string) => rows.filter((row) => row.by === group)
      return {
        ...period,
        cinema_id: query.cinema_id ?? null,
        ...headOf(by('currency')),
        by_movie: await titled(by('movie')),
        by_day: dated(by('day')),
      }
    },

    /** One list of the same figures, for reports. */
    sales: async (
      by: 'day' | 'movie' | 'cinema',
      { from, to, cinema_ids }: Period & { cinema_ids: readonly number[] | null },
    ) => {
      const all = await findSales(db, { from, to, cinema_ids })
      const rows = all.filter((row) => row.by === by)
      if (by === 'day') return dated(rows)
      return by === 'movie' ? titled(rows) : housed(rows)
    },

    rollUp: createRollUp(db),
    standing: () => readStanding(db),
  }
}
export type StatisticsService = ReturnType<typeof createStatisticsService>
