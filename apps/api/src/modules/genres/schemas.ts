import { type Static, Type } from 'typebox'

import { listOf, pageQuery } from '#platform/http/pagination.ts'
import { Id, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const GenreSlug = Type.String({ pattern: '^[a-z0-9_]{2,50}$', examples: ['sci_fi'] })
const GenreName = Type.String({ maxLength: 100, pattern: '\\S', examples: ['Science fiction'] })

export const GenreCreate = shape('GenreCreate', {
  name: GenreName,
  slug: Type.Optional(Type.String({ ...GenreSlug, description: 'Made from the name when left out.' })),
})
export type GenreCreate = Static<typeof GenreCreate>

export const GenreUpdate = shape('GenreUpdate', { name: Type.Optional(GenreName), slug: Type.Optional(GenreSlug) })
export type GenreUpdate = Static<typeof GenreUpdate>

/** A genre as its movies show it. */
export const GenreSummary = shape('GenreSummary', { id: Id, slug: GenreSlug, name: GenreName })
export type GenreSummary = Static<typeof GenreSummary>

export const Genre = shape('Genre', {
  id: Id,
  slug: GenreSlug,
  name: GenreName,
  movies_count: Type.Integer({ minimum: 0, description: 'Active movies of this genre.' }),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type Genre = Static<typeof Genre>

export const GenreList = listOf('GenreList', ref(Genre))
export const GenreQuery = Type.Object(pageQuery, strict)
export type GenreQuery = Static<typeof GenreQuery>

export const genresShapes: object[] = [GenreCreate, GenreUpdate, GenreSummary, Genre, GenreList]
