import type { MoviesService } from '#modules/movies/service.ts'
import type { Tx } from '#platform/db/kysely.ts'
import * as repository from './repository.ts'

type Wish = { title?: string | undefined; description?: string | undefined; duration_minutes?: number | undefined }

type Lengths = { duration_minutes: number; session_minutes: number }

/** A movie made for its event is as long as it; any other only has to fit. */
const lengthAfter = ({ duration_minutes, session_minutes }: Lengths, wanted: number | undefined): number => {
  if (wanted === undefined) return duration_minutes
  return session_minutes === duration_minutes ? wanted : Math.min(wanted, duration_minutes)
}

/**
 * What an event is called and what is said of it, on the transaction that has locked its session. A movie that no other
 * session shows is changed in place; a shared one is left to the others. Title, year and length name one movie only, so
 * an event whose movie has another text keeps its own.
 */
export const createTexts = (movies: Pick<MoviesService, 'ensure' | 'findByIdentity' | 'rewrite'>) => {
  /** The movie that the session will show; called before the session is written. */
  const point = async (tx: Tx, id: number, { title, duration_minutes, description }: Wish): Promise<number> => {
    const movie = await repository.lockMovie(tx, id)
    const { release_year } = movie
    const wanted = { title: title ?? movie.title, release_year, duration_minutes: lengthAfter(movie, duration_minutes) }
    if (wanted.title === movie.title && wanted.duration_minutes === movie.duration_minutes) return movie.id
    const text = description ?? (await repository.findText(tx, id)) ?? movie.description
    const isFree = !movie.is_shared && (await movies.findByIdentity(tx, wanted)) === undefined
    if (isFree) {
      await movies.rewrite(tx, movie.id, wanted)
      return movie.id
    }
    const other = await movies.ensure(tx, { ...wanted, description: text })
    if (other.description === text) await repository.dropText(tx, id)
    else await repository.putText(tx, id, text)
    return other.id
  }

  /** The text of the event; the movie that it showed all along takes it over when it is nobody else's. */
  const describe = async (tx: Tx, id: number, description: string, movieId: number): Promise<void> => {
    const movie = await repository.lockMovie(tx, id)
    if (movie.description !== description && (movie.is_shared || movie.id !== movieId)) {
      await repository.putText(tx, id, description)
      return
    }
    if (movie.description !== description) await movies.rewrite(tx, movie.id, { description })
    await repository.dropText(tx, id)
  }

  return { point, describe }
}
