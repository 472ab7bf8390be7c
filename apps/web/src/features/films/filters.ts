import { isDay } from '#lib/days.ts'
import type { Film, Showing } from './api.ts'

const FORMATS = ['2d', '3d', 'imax'] as const
export type Format = (typeof FORMATS)[number]

/** What the address of a programme may carry; whatever else is in it is left out. */
export type Filters = {
  date?: string
  format?: Format
  language?: string
  age?: number
  genre?: string
}

export const readFilters = (search: Record<string, unknown>): Filters => {
  const { date, format, language, age, genre } = search
  const years = Number(age)
  return {
    ...(isDay(date) ? { date } : {}),
    ...(FORMATS.includes(format as Format) ? { format: format as Format } : {}),
    ...(typeof language === 'string' && /^[a-z]{2,3}$/.test(language) ? { language } : {}),
    ...(age !== undefined && age !== '' && Number.isInteger(years) && years >= 0 && years <= 21 ? { age: years } : {}),
    ...(typeof genre === 'string' && /^[a-z0-9_]{1,50}$/.test(genre) ? { genre } : {}),
  }
}

export const hasFilters = ({ format, language, age, genre }: Filters): boolean =>
  [format, language, age, genre].some((value) => value !== undefined)

export const formatsOf = ({ format_3d, format_imax }: Pick<Showing, 'format_3d' | 'format_imax'>): Format[] => {
  const special: Format[] = [...(format_imax ? (['imax'] as const) : []), ...(format_3d ? (['3d'] as const) : [])]
  return special.length > 0 ? special : ['2d']
}

export type Screening = { film: Film | undefined; film_id: number; title: string; showings: Showing[] }

const LIVE = new Set<Showing['status']>(['scheduled', 'rescheduled'])

/** What one can still go to: neither begun nor called off. */
export const isAhead = ({ status, start_time, sales_close_at }: Showing, now: number): boolean =>
  LIVE.has(status) && Date.parse(sales_close_at ?? start_time) > now

const fits = ({ format, language, age, genre }: Filters, showing: Showing, film: Film | undefined): boolean =>
  (format === undefined || formatsOf(showing).includes(format)) &&
  (language === undefined || showing.language === language) &&
  (age === undefined || (film?.certification?.min_age ?? 0) <= age) &&
  (genre === undefined || (film?.genres.some(({ slug }) => slug === genre) ?? false))

/** The programme of a day, film by film, in the order of what starts next. */
export const screeningsOf = (showings: Showing[], films: Map<number, Film>, filters: Filters, now: number): Screening[] => {
  const ahead = showings
    .filter((showing) => isAhead(showing, now) && fits(filters, showing, films.get(showing.movie_id)))
    .toSorted((a, b) => a.start_time.localeCompare(b.start_time))
  const grouped = Map.groupBy(ahead, ({ movie_id }) => movie_id)
  return [...grouped].map(([film_id, own]) => ({
    film: films.get(film_id),
    film_id,
    title: own[0]?.movie_title ?? '',
    showings: own,
  }))
}

const FAVOURITE_FROM = 4

/** The film most seats are taken for, when there are enough films to choose between. */
export const favouriteOf = (screenings: Screening[]): Screening | undefined => {
  const taken = ({ showings }: Screening) => showings.reduce((sum, { sold_tickets }) => sum + sold_tickets, 0)
  if (screenings.length < FAVOURITE_FROM) return undefined
  return screenings.toSorted((a, b) => taken(b) - taken(a))[0]
}

const ALMOST_FULL = 0.15

export type Room = 'free' | 'almost_full' | 'sold_out'

export const roomIn = ({ available_seats, sold_tickets, reserved_tickets }: Showing): Room => {
  if (available_seats <= 0) return 'sold_out'
  return available_seats / (available_seats + sold_tickets + reserved_tickets) < ALMOST_FULL ? 'almost_full' : 'free'
}

export type Choices = { formats: Format[]; languages: string[]; ages: number[]; genres: { slug: string; name: string }[] }

/** Only what the day really offers is worth choosing. */
export const choicesOf = (showings: Showing[], films: Map<number, Film>): Choices => {
  const shown = [...new Set(showings.map(({ movie_id }) => movie_id))].flatMap((id) => films.get(id) ?? [])
  const genres = new Map(shown.flatMap((film) => film.genres.map(({ slug, name }) => [slug, { slug, name }])))
  return {
    formats: FORMATS.filter((format) => showings.some((showing) => formatsOf(showing).includes(format))),
    languages: [...new Set(showings.map(({ language }) => language))].toSorted(),
    ages: [...new Set(shown.flatMap(({ certification }) => certification?.min_age ?? []))].toSorted((a, b) => a - b),
    genres: [...genres.values()].toSorted((a, b) => a.slug.localeCompare(b.slug)),
  }
}
