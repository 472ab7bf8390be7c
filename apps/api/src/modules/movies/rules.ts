import { toMinor } from '#platform/money.ts'
import { nameTooLong, ratingTooPrecise, saidTwice } from './errors.ts'
import type { MovieTranslationsInput, MovieUpdate } from './schemas.ts'

const NAME_LENGTH = 200

/** Whatever JSON can carry and the database cannot store becomes the sign for an unknown character. */
export const text = (value: string): string => value.toWellFormed().trim()

/** Undefined stays as it is: left out means unchanged. */
const optionalText = (value: string | null | undefined) => (value == null ? value : text(value) || null)
const optionalMinor = (amount: number | null | undefined, pointer: string) => (amount == null ? amount : toMinor(amount, pointer))

const oneDecimal = (rating: number | null | undefined) => {
  if (rating != null && Math.abs(rating * 10 - Math.round(rating * 10)) > 1e-9) throw ratingTooPrecise()
  return rating
}

const PAIRS = [
  ['genre', 'genres'],
  ['director', 'directors'],
  ['cast', 'stars'],
  ['certification', 'certification_id'],
] as const

const refuseTwice = (body: MovieUpdate) => {
  for (const [one, other] of PAIRS) if (body[one] !== undefined && body[other] !== undefined) throw saidTwice(one, other)
}

const splitNames = (director: string | null) => {
  const names = (director ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (names.some((name) => name.length > NAME_LENGTH)) throw nameTooLong('/director')
  return names
}

const translationsOf = (input: MovieTranslationsInput | undefined) => {
  if (!input) return undefined
  const entries = Object.entries(input).map(([language, value]) => [
    language,
    value && { title: text(value.title), description: text(value.description ?? '') },
  ])
  return JSON.stringify(Object.fromEntries(entries))
}

/** What a body says about the movie's own row. A field left out is undefined. */
export const columnsOf = (body: MovieUpdate) => ({
  title: body.title === undefined ? undefined : text(body.title),
  original_title: optionalText(body.original_title),
  description: body.description === undefined ? undefined : text(body.description),
  duration_minutes: body.duration_minutes,
  producer: optionalText(body.producer),
  release_year: body.release_year,
  imdb_rating: oneDecimal(body.imdb_rating),
  imdb_votes: body.imdb_votes,
  meta_score: body.meta_score,
  budget_minor: optionalMinor(body.budget, '/budget'),
  gross_minor: optionalMinor(body.gross, '/gross'),
  price_minor: optionalMinor(body.price, '/price'),
  poster_url: body.poster_url,
  trailer_url: body.trailer_url,
  translations: translationsOf(body.translations),
  is_active: body.is_active,
})
export type MovieColumns = ReturnType<typeof columnsOf>

/** Whom and what a body links the movie to, in order. A link left out is undefined, an empty one is taken away. */
export const linksOf = (body: MovieUpdate) => {
  refuseTwice(body)
  return {
    genres: body.genre === undefined ? body.genres : [body.genre].filter((slug) => slug !== null),
    directors: body.director === undefined ? body.directors : splitNames(body.director),
    stars: body.cast ?? body.stars,
  }
}

/** The field in which the body named a genre. */
export const genrePointer = (body: MovieUpdate, slug: string) =>
  body.genre === undefined ? `/genres/${body.genres?.indexOf(slug) ?? 0}` : '/genre'

/** In an address a plus reads as a space, so `12+` arrives as `12 `; names of certifications have no spaces. */
export const certificationNames = (name: string): string[] => [name, name.replaceAll(' ', '+')]
