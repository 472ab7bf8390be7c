import { type Db, deleteUnreferred, transaction, type Tx } from '#platform/db/kysely.ts'
import type { Match } from '#platform/http/etag.ts'
import { movieBought, movieHasSessions, movieNotFound } from './errors.ts'
import * as repository from './repository.ts'
import type { Movie } from './schemas.ts'

/** What those who show and sell movies answer; they stand above the movies. */
export type MovieUses = {
  /** No session joins a movie that is locked. */
  aheadOfMovie: (tx: Tx, id: number) => Promise<{ total: number; session_ids: number[] }>
  countBuyers: (tx: Tx, id: number) => Promise<number>
}

type Deps = { db: Db; uses: MovieUses; show: (tx: Tx, id: number) => Promise<Movie> }

/** Deletes a movie that nothing refers to and answers nothing; one with a history is taken off the screen and answered. */
export const createRemove =
  ({ db, uses, show }: Deps) =>
  (id: number, match?: Match): Promise<Movie | undefined> =>
    transaction(db, async (tx) => {
      if (!(await repository.lockMovie(tx, id))) throw movieNotFound()
      match?.(await show(tx, id))
      const buyers = await uses.countBuyers(tx, id)
      if (buyers > 0) throw movieBought(buyers)
      const ahead = await uses.aheadOfMovie(tx, id)
      if (ahead.total > 0) throw movieHasSessions(ahead)
      if (await deleteUnreferred(tx, () => repository.deleteMovie(tx, id))) return undefined
      await repository.deactivateMovie(tx, id)
      return show(tx, id)
    })
