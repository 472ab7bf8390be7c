import type { CinemasService } from '#modules/cinemas/service.ts'
import type { HallsService } from '#modules/halls/service.ts'
import type { MoviesService } from '#modules/movies/service.ts'
import { type Db, transaction, violated } from '#platform/db/kysely.ts'
import { invalid } from '#platform/errors.ts'
import { toMinor } from '#platform/money.ts'
import {
  hallInactive,
  inThePast,
  movieInactive,
  noSuchHall,
  noSuchMovie,
  outsideOpeningHours,
  overlap,
  tooLong,
  tooShort,
} from './errors.ts'
import * as repository from './repository.ts'
import { businessDay, isOpen, readMoment } from './rules.ts'
import type { SessionCreate } from './schemas.ts'

export type ScheduleDeps = {
  db: Db
  movies: Pick<MoviesService, 'forSchedule'>
  halls: Pick<HallsService, 'forSchedule'>
  cinemas: Pick<CinemasService, 'get'>
  cleaningMinutes: number
}

const MS_PER_MINUTE = 60_000
/** A mistyped end must not keep a hall that never closes for years. */
const MAX_LENGTH_MS = 24 * 60 * MS_PER_MINUTE

const pricesOf = ({ base_price, vip_price = base_price, premium_price = base_price }: SessionCreate) => ({
  base_price_minor: toMinor(base_price, '/base_price'),
  vip_price_minor: toMinor(vip_price, '/vip_price'),
  premium_price_minor: toMinor(premium_price, '/premium_price'),
})

const salesOf = ({ sales_open_at, sales_close_at }: SessionCreate, start: Date) => {
  const opens = sales_open_at ? readMoment(sales_open_at, '/sales_open_at') : null
  const closes = sales_close_at ? readMoment(sales_close_at, '/sales_close_at') : null
  if (opens && opens >= (closes && closes < start ? closes : start))
    throw invalid('/sales_open_at', 'Sales open before they close and before the session starts.', 'sessions.bad_sales_window')
  return { sales_open_at: opens, sales_close_at: closes }
}

const spanOf = ({ start_time, end_time }: SessionCreate, duration_minutes: number) => {
  const start = readMoment(start_time, '/start_time')
  const earliestEnd = new Date(start.getTime() + duration_minutes * MS_PER_MINUTE)
  const end = end_time === undefined ? earliestEnd : readMoment(end_time, '/end_time')
  if (end < earliestEnd) throw tooShort(duration_minutes)
  if (end.getTime() - start.getTime() > MAX_LENGTH_MS) throw tooLong()
  return { start, end }
}

/** Puts a movie on the schedule; two sessions never share a hall, whoever asks at the same moment. */
export const createSchedule = ({ db, movies, halls, cinemas, cleaningMinutes }: ScheduleDeps) => {
  const placeOf = async ({ movie_id, hall_id }: SessionCreate) => {
    const [movie, hall] = await Promise.all([movies.forSchedule(movie_id), halls.forSchedule(hall_id)])
    if (!movie) throw noSuchMovie()
    if (!hall) throw noSuchHall()
    const cinema = await cinemas.get(hall.cinema_id)
    if (!movie.is_active) throw movieInactive()
    if (!hall.is_active || !cinema.is_active) throw hallInactive()
    return { movie, cinema }
  }

  return async (input: SessionCreate): Promise<number> => {
    const { movie_id, hall_id, language, subtitles, format_3d, format_imax, accessibility = {} } = input
    const prices = pricesOf(input)
    const { movie, cinema } = await placeOf(input)
    const span = spanOf(input, movie.duration_minutes)
    const sales = salesOf(input, span.start)
    if (!(await repository.isFuture(db, span.start))) throw inThePast()
    if (!isOpen(span, cinema)) throw outsideOpeningHours(cinema)
    const moments = { ...span, cleaning_minutes: cleaningMinutes }
    const own = {
      movie_id,
      hall_id,
      business_day: businessDay(span.start, cinema.timezone),
      accessibility: JSON.stringify(accessibility),
    }
    const formats = {
      ...(language && { language }),
      ...(subtitles && { subtitles }),
      ...(format_3d && { format_3d }),
      ...(format_imax && { format_imax }),
    }
    try {
      const { id } = await transaction(db, (tx) =>
        repository.insertSession(tx, { ...own, ...prices, ...sales, ...formats }, moments),
      )
      return id
    } catch (error) {
      if (violated(error) === 'sessions_no_overlap') throw overlap(await repository.findClash(db, hall_id, moments))
      throw error
    }
  }
}
