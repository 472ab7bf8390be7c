import type { Film } from '#features/films/api.ts'
import { filmSlug, titleOf } from '#features/films/words.ts'
import type { Shape } from '#lib/api.ts'
import type { Language } from '#lib/language.ts'

export type Hit =
  | { kind: 'film'; key: string; id: number; name: string; slug: string; year: number | null; poster_url: string | null }
  | { kind: 'person'; key: string; name: string }

/** Films first, in the words of the page where they are known; then people. */
export const hitsOf = (
  { movies, people }: Shape<'Suggestions'>,
  films: Map<number, Film> | undefined,
  language: Language,
): Hit[] => [
  ...movies.map(({ id, title, release_year, poster_url }): Hit => {
    const film = films?.get(id)
    const name = film ? titleOf(film, language) : title
    return {
      kind: 'film',
      key: `f${id}`,
      id,
      name,
      slug: filmSlug({ id, title: film?.title ?? title }),
      year: release_year,
      poster_url,
    }
  }),
  ...people.map(({ name, director_id, star_id }): Hit => ({
    kind: 'person',
    key: `p${director_id ?? ''}-${star_id ?? ''}`,
    name,
  })),
]
