import { type Db, transaction, type Tx } from '#platform/db/kysely.ts'
import { searchTerms } from '#platform/search-text.ts'
import * as repository from './repository.ts'
import type { Suggestions } from './schemas.ts'

const AT_ONCE = 500
const DEFAULT_SUGGESTIONS = 8
/** Lower than for a whole word: what is not typed yet counts as different. */
const LIKE_A_BEGINNING = 0.39
const EXACTLY = 1

/**
 * Keeps the texts that searches compare. `indexMovies` and `indexPerson` are handed to those who write movies and
 * people: the text changes in the same transaction.
 */
export const createSearchService = ({ db }: { db: Db }) => {
  const indexPerson = async (tx: Tx, trade: repository.Trade, people: { id: number; name: string }[]) => {
    await repository.indexPeople(tx, trade, people)
    const ids = people.map(({ id }) => id)
    await repository.indexMovies(tx, await repository.moviesOf(tx, trade, ids))
  }

  const fillMovies = async (): Promise<number> => {
    const ids = await repository.findUnindexedMovies(db, AT_ONCE)
    if (ids.length > 0) await transaction(db, (tx) => repository.indexMovies(tx, ids))
    return ids.length
  }

  const fillPeople = (trade: repository.Trade): Promise<number> =>
    transaction(db, async (tx) => {
      const people = await repository.lockUnindexedPeople(tx, trade, AT_ONCE)
      if (people.length > 0) await repository.indexPeople(tx, trade, people)
      return people.length
    })

  return {
    indexMovie: (tx: Tx, id: number) => repository.indexMovies(tx, [id]),
    indexPerson,

    /** Adds what is missing: after an upgrade, after bulk loads. Returns how many texts it wrote. */
    fill: async (): Promise<number> => {
      let written = 0
      for (const some of [fillMovies, () => fillPeople('directors'), () => fillPeople('stars')])
        for (let count = AT_ONCE; count === AT_ONCE; written += count) count = await some()
      return written
    },

    suggest: async (text: string, limit: number = DEFAULT_SUGGESTIONS): Promise<Suggestions> => {
      const found = searchTerms(text)
      if (!found || found.phrase.length < 2) return { movies: [], people: [] }
      const terms = { ...found, likeness: LIKE_A_BEGINNING }
      const movies = await repository.suggestMovies(db, terms, limit)
      // Whoever has found a film as typed does not mean a person whose name is merely similar.
      const isMeant = movies.some(({ is_guess }) => !is_guess)
      const people = await repository.suggestPeople(db, isMeant ? { ...terms, likeness: EXACTLY } : terms, limit)
      return { movies, people }
    },
  }
}
export type SearchService = ReturnType<typeof createSearchService>
