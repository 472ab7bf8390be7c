import type { CinemasService } from '#modules/cinemas/service.ts'
import type { HallsService } from '#modules/halls/service.ts'
import type { MoviesService } from '#modules/movies/service.ts'
import { formatOf } from '#modules/pricing/rules.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import { type Db, transaction, type Tx, violated } from '#platform/db/kysely.ts'
import { tryAgainLater } from '#platform/errors.ts'
import { requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { toMinor } from '#platform/money.ts'
import type { Touch } from '#platform/realtime.ts'
import {
  badSalesWindow,
  hallInactive,
  inThePast,
  movieInactive,
  noSuchHall,
  noSuchMovie,
  outsideOpeningHours,
  overlap,
  ownPricesNeedBase,
  tooLong,
  tooShort,
} from './errors.ts'
import * as repository from './repository.ts'
import { businessDay, isOpen, readMoment, wallTime } from './rules.ts'
import type { SessionCreate } from './schemas.ts'

export type ScheduleDeps = {
  db: Db
  movies: Pick<MoviesService, 'forSchedule'>
  halls: Pick<HallsService, 'forSchedule'>
  cinemas: Pick<CinemasService, 'get'>
  pricing: Pick<PricingService, 'holdCards' | 'takeCard'>
  cleaningMinutes: number
  touch: Touch
}

const MS_PER_MINUTE = 60_000
/** A mistyped end must not keep a hall that never closes for years. */
const MAX_LENGTH_MS = 24 * 60 * MS_PER_MINUTE

export type Span = { start: Date; end: Date }
export type SalesWindow = { sales_open_at: Date | null; sales_close_at: Date | null }

/** Its own prices; without any it takes those of its card. */
const pricesOf = ({ base_price, vip_price, premium_price }: SessionCreate, pointer: string) => {
  if (base_price === undefined) {
    if (vip_price !== undefined || premium_price !== undefined) throw ownPricesNeedBase()
    return undefined
  }
  return {
    base_price_minor: toMinor(base_price, pointer),
    vip_price_minor: toMinor(vip_price ?? base_price, '/vip_price'),
    premium_price_minor: toMinor(premium_price ?? base_price, '/premium_price'),
  }
}

/** A percentage with as many decimals as are kept. */
export const percentOf = (percent: number | undefined, pointer: string): number | undefined => {
  if (percent !== undefined) toMinor(percent, pointer)
  return percent
}

/** Refuses sales that would end before they begin. */
export const requireSalesWindow = ({ sales_open_at: opens, sales_close_at: closes }: SalesWindow, start: Date) => {
  if (opens && opens >= (closes && closes < start ? closes : start)) throw badSalesWindow()
}

const salesOf = ({ sales_open_at, sales_close_at }: SessionCreate, start: Date): SalesWindow => {
  const window = {
    sales_open_at: sales_open_at ? readMoment(sales_open_at, '/sales_open_at') : null,
    sales_close_at: sales_close_at ? readMoment(sales_close_at, '/sales_close_at') : null,
  }
  requireSalesWindow(window, start)
  return window
}

/** Refuses a session that ends before its movie, or keeps its hall for more than a day. */
export const requireLength = ({ start, end }: Span, duration_minutes: number) => {
  if (end.getTime() - start.getTime() < duration_minutes * MS_PER_MINUTE) throw tooShort(duration_minutes)
  if (end.getTime() - start.getTime() > MAX_LENGTH_MS) throw tooLong()
}

const spanOf = ({ start_time, end_time }: Pick<SessionCreate, 'start_time' | 'end_time'>, duration_minutes: number): Span => {
  const start = readMoment(start_time, '/start_time')
  const end =
    end_time === undefined ? new Date(start.getTime() + duration_minutes * MS_PER_MINUTE) : readMoment(end_time, '/end_time')
  requireLength({ start, end }, duration_minutes)
  return { start, end }
}

/** Looks again once nobody can close the movie, the hall or the cinema any more: it may have happened since the first look. */
const requireGround = async (tx: Tx, session_id: number, timezone: string) => {
  const ground = await repository.findGround(tx, session_id)
  if (!ground.movie_active) throw movieInactive()
  if (!ground.hall_active) throw hallInactive()
  if (ground.timezone !== timezone)
    throw tryAgainLater('sessions.cinema_changed', 'The cinema has just been changed. Try again.', 1)
}

const REFUSALS: Record<string, () => Error> = { sessions_movie_id_fkey: noSuchMovie, sessions_hall_id_fkey: noSuchHall }
type Facts = { duration_minutes: number; is_active: boolean }

/** Puts a movie on the schedule; two sessions never share a hall, whoever asks at the same moment. */
export const createSchedule = ({ db, movies, halls, cinemas, pricing, cleaningMinutes }: ScheduleDeps) => {
  const placeOf = async (actor: SignedIn, hall_id: number) => {
    const hall = await halls.forSchedule(hall_id)
    if (!hall) throw noSuchHall()
    const cinema = await cinemas.get(hall.cinema_id)
    requireWorkAt(actor, cinema.id)
    if (!hall.is_active || !cinema.is_active) throw hallInactive()
    return cinema
  }

  /** Checks all that can be checked before the transaction, for a movie of which no more is known than these facts. */
  const draft = async (actor: SignedIn, input: Omit<SessionCreate, 'movie_id'>, movie: Facts, pricePointer = '/base_price') => {
    const { hall_id, language, subtitles, format_3d, format_imax, accessibility = {} } = input
    const asked = { ...input, movie_id: 0 }
    const prices = pricesOf(asked, pricePointer)
    const cinema = await placeOf(actor, hall_id)
    if (!movie.is_active) throw movieInactive()
    const span = spanOf(input, movie.duration_minutes)
    const sales = salesOf(asked, span.start)
    if (!(await repository.isFuture(db, span.start))) throw inThePast()
    if (!isOpen(span, cinema)) throw outsideOpeningHours(cinema)
    const formats = {
      ...(language && { language }),
      ...(subtitles && { subtitles }),
      ...(format_3d && { format_3d }),
      ...(format_imax && { format_imax }),
      early_bird_discount: percentOf(input.early_bird_discount, '/early_bird_discount') ?? 0,
    }
    const own = { hall_id, business_day: businessDay(span.start, cinema.timezone), accessibility: JSON.stringify(accessibility) }
    const slot = {
      cinema_id: cinema.id,
      day: own.business_day,
      time: wallTime(span.start, cinema.timezone),
      format: formatOf({ format_3d: format_3d ?? false, format_imax: format_imax ?? false }),
    }
    return {
      session: { ...own, ...sales, ...formats },
      prices,
      slot,
      moments: { ...span, cleaning_minutes: cleaningMinutes },
      timezone: cinema.timezone,
    }
  }
  type Draft = Awaited<ReturnType<typeof draft>>

  const priced = async (tx: Tx, { prices, slot }: Draft) => {
    if (prices) return prices
    await pricing.holdCards(tx, slot.cinema_id)
    return pricing.takeCard(tx, slot)
  }

  const insert = async (tx: Tx, drawn: Draft, movie_id: number): Promise<number> => {
    const { session, moments, timezone } = drawn
    const { id } = await repository.insertSession(tx, { ...session, ...(await priced(tx, drawn)), movie_id }, moments)
    await requireGround(tx, id, timezone)
    return id
  }

  /** Runs the transaction that inserts a draft and names the session that it met in the hall. */
  const placing = async <T>({ session: { hall_id }, moments }: Draft, work: (tx: Tx) => Promise<T>): Promise<T> => {
    try {
      return await transaction(db, work)
    } catch (error) {
      if (violated(error) === 'sessions_no_overlap') throw overlap(await repository.findClash(db, hall_id, moments))
      throw REFUSALS[violated(error) ?? '']?.() ?? error
    }
  }

  return {
    draft,
    insert,
    placing,
    create: async (actor: SignedIn, input: SessionCreate): Promise<number> => {
      const { movie_id, ...rest } = input
      const movie = await movies.forSchedule(movie_id)
      if (!movie) throw noSuchMovie()
      const drawn = await draft(actor, rest, movie)
      return placing(drawn, (tx) => insert(tx, drawn, movie_id))
    },
  }
}
