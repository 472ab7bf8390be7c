import { type Static, Type } from 'typebox'

import { Id, Nullable, ref, shape, strict } from '#platform/http/schemas.ts'

export const SuggestQuery = Type.Object(
  {
    q: Type.String({
      minLength: 2,
      maxLength: 100,
      description: 'What has been typed so far, in any alphabet, from two characters.',
    }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, description: 'At most so many movies, and so many people.' })),
  },
  strict,
)

export const SuggestedMovie = shape('SuggestedMovie', {
  id: Id,
  title: Type.String(),
  release_year: Nullable(Type.Integer()),
  poster_url: Nullable(Type.String()),
})

export const SuggestedPerson = shape('SuggestedPerson', {
  name: Type.String(),
  director_id: Nullable(Id),
  star_id: Nullable(Id),
})

export const Suggestions = shape('Suggestions', {
  movies: Type.Array(ref(SuggestedMovie)),
  people: Type.Array(ref(SuggestedPerson)),
})
export type Suggestions = Static<typeof Suggestions>

export const searchShapes: object[] = [SuggestedMovie, SuggestedPerson, Suggestions]
