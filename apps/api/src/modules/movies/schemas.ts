import { type Static, Type } from 'typebox'

import { CertificationSummary } from '#modules/certifications/schemas.ts'
import { GenreSlug, GenreSummary } from '#modules/genres/schemas.ts'
import { PersonName, PersonSummary } from '#modules/people/schemas.ts'
import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Amount, Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

const MAX_GENRES = 20
const MAX_PEOPLE = 200

const Title = Type.String({ maxLength: 300, pattern: '\\S' })
const Description = Type.String({ maxLength: 10_000 })
const Minutes = Type.Integer({ minimum: 1, maximum: 1000 })
const Year = Type.Integer({ minimum: 1888, maximum: 2200 })
const Votes = Type.Integer({ minimum: 0, maximum: 2_147_483_647 })
const Score = Type.Integer({ minimum: 0, maximum: 100 })
const Stars = Type.Number({ minimum: 0, maximum: 10 })
const names = (maxItems: number) => Type.Array(PersonName, { maxItems })

// A path must not begin with two slashes: browsers read that as another host.
const Url = Type.String({
  maxLength: 2000,
  pattern: '^(https?://[^\\s/<>"\\\\\\u0000-\\u001f]|/(?![/\\\\]))[^\\s<>"\\\\\\u0000-\\u001f]*$',
  description: 'An http(s) address, or a path of this site that begins with /.',
})

export const MovieTranslation = shape('MovieTranslation', { title: Title, description: Description })
const translation = Type.Optional(ref(MovieTranslation))

export const MovieTranslations = shape('MovieTranslations', { uk: translation, ru: translation, en: translation })
export type MovieTranslations = Static<typeof MovieTranslations>

export const MovieTranslationInput = shape('MovieTranslationInput', { title: Title, description: Type.Optional(Description) })
const newTranslation = Type.Optional(Nullable(ref(MovieTranslationInput)))

export const MovieTranslationsInput = Type.Object(
  { uk: newTranslation, ru: newTranslation, en: newTranslation },
  {
    $id: 'MovieTranslationsInput',
    ...strict,
    description: 'A language given replaces that language, null takes it away, the others stay.',
  },
)
export type MovieTranslationsInput = Static<typeof MovieTranslationsInput>

const Slugs = Type.Array(GenreSlug, { maxItems: MAX_GENRES })

const optional = {
  original_title: Type.Optional(Nullable(Type.String({ maxLength: 300 }))),
  description: Type.Optional(Description),
  genre: Type.Optional(Nullable(Type.String({ ...GenreSlug, description: 'The only genre; or give genres.' }))),
  genres: Type.Optional(Type.Array(GenreSlug, { ...Slugs, description: 'Slugs, the main genre first.' })),
  director: Type.Optional(Nullable(Type.String({ maxLength: 1000, description: 'Names divided by commas; or give directors.' }))),
  directors: Type.Optional(names(MAX_GENRES)),
  cast: Type.Optional(
    Type.Array(PersonName, { maxItems: MAX_PEOPLE, description: 'Names, the leading part first. Unknown people are added.' }),
  ),
  stars: Type.Optional(Type.Array(PersonName, { maxItems: MAX_PEOPLE, description: 'The same as cast; give one of them.' })),
  producer: Type.Optional(Nullable(Type.String({ maxLength: 300 }))),
  release_year: Type.Optional(Nullable(Year)),
  certification: Type.Optional(Nullable(Type.String({ maxLength: 20, description: 'Its name; or give certification_id.' }))),
  certification_id: Type.Optional(Nullable(Id)),
  price: Type.Optional(Nullable(Amount)),
  imdb_rating: Type.Optional(Nullable(Stars)),
  imdb_votes: Type.Optional(Nullable(Votes)),
  meta_score: Type.Optional(Nullable(Score)),
  budget: Type.Optional(Nullable(Amount)),
  gross: Type.Optional(Nullable(Amount)),
  poster_url: Type.Optional(Nullable(Url)),
  trailer_url: Type.Optional(Nullable(Url)),
  translations: Type.Optional(ref(MovieTranslationsInput)),
  is_active: Type.Optional(Type.Boolean()),
}

export const MovieCreate = shape(
  'MovieCreate',
  { title: Title, duration_minutes: Minutes, ...optional },
  {
    title: 'Pamfir',
    duration_minutes: 102,
    release_year: 2022,
    genre: 'drama',
    director: 'Dmytro Sukholytkyy-Sobchuk',
    cast: ['Oleksandr Yatsentyuk'],
  },
)
export type MovieCreate = Static<typeof MovieCreate>

export const MovieUpdate = shape(
  'MovieUpdate',
  {
    title: Type.Optional(Title),
    duration_minutes: Type.Optional(Minutes),
    ...optional,
  },
  { certification: '16+', is_active: true },
)
export type MovieUpdate = Static<typeof MovieUpdate>

export const Movie = shape('Movie', {
  id: Id,
  uuid: Type.String({ format: 'uuid' }),
  title: Title,
  original_title: Nullable(Type.String()),
  description: Description,
  duration_minutes: Minutes,
  genre: Nullable(Type.String({ description: 'The slug of the first genre.' })),
  genres: Type.Array(ref(GenreSummary)),
  director: Nullable(Type.String({ description: 'The names of the directors, divided by commas.' })),
  directors: Type.Array(ref(PersonSummary)),
  producer: Nullable(Type.String()),
  cast: Type.Array(Type.String(), { description: 'The names of the stars.' }),
  stars: Type.Array(ref(PersonSummary)),
  release_year: Nullable(Year),
  certification_id: Nullable(Id),
  certification: Nullable(ref(CertificationSummary)),
  rating: Nullable(Type.Number({ description: 'The mean of its approved reviews to one decimal; null before the first one.' })),
  imdb_rating: Nullable(Stars),
  imdb_votes: Nullable(Votes),
  meta_score: Nullable(Score),
  budget: Nullable(Amount),
  gross: Nullable(Amount),
  price: Nullable(Type.Number({ minimum: 0, description: 'For watching at home, in the platform currency; null: not sold.' })),
  poster_url: Nullable(Type.String()),
  trailer_url: Nullable(Type.String()),
  translations: ref(MovieTranslations),
  is_active: Type.Boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type Movie = Static<typeof Movie>

export const MovieList = cursorListOf('MovieList', ref(Movie))

export const movieSorts = [
  'newest',
  'oldest',
  'title',
  '-title',
  'release_year',
  '-release_year',
  'imdb_rating',
  '-imdb_rating',
  'price',
  '-price',
] as const
export type MovieSort = (typeof movieSorts)[number]

const filters = {
  year: Type.Optional(Year),
  year_from: Type.Optional(Year),
  year_to: Type.Optional(Year),
  certification: Type.Optional(Type.String({ minLength: 1, maxLength: 20, description: 'Its name, such as 12+.' })),
  is_active: Type.Optional(Type.Boolean({ description: 'Active movies when left out; false lists the others.' })),
  search: Type.Optional(
    Type.String({
      maxLength: 300,
      description:
        'Words of the title or description in any language, of the original title, or of the names of directors and stars, in any alphabet. When no movie has them all, those with similar titles or names are found. Best first, unless sorted otherwise; what comes best first is reached by pages only, not by cursor.',
    }),
  ),
  sort: Type.Optional(
    Type.Enum([...movieSorts], {
      description:
        'newest (added last, the default) or oldest; the others rise, with a minus they fall. Movies without a value come last.',
    }),
  ),
  ...cursorQuery,
}

export const GenreMoviesQuery = Type.Object(filters, strict)
export type GenreMoviesQuery = Static<typeof GenreMoviesQuery>

export const MovieQuery = Type.Object(
  { genre: Type.Optional(Type.String({ minLength: 1, maxLength: 50, description: 'Its slug.' })), ...filters },
  strict,
)
export type MovieQuery = Static<typeof MovieQuery>

export const moviesShapes: object[] = [
  MovieTranslation,
  MovieTranslations,
  MovieTranslationInput,
  MovieTranslationsInput,
  MovieCreate,
  MovieUpdate,
  Movie,
  MovieList,
]
