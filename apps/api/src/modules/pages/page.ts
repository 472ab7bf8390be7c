import type { Cinema } from '#modules/cinemas/schemas.ts'
import type { CinemasService } from '#modules/cinemas/service.ts'
import type { MoviesService } from '#modules/movies/service.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Head } from './head.ts'
import { findBusinessDay } from './repository.ts'

export type Deps = { db: Db; movies: MoviesService; cinemas: CinemasService; sessions: SessionsService; publicUrl: string }

/** An answer of the API that the page will ask for, with the name of its shape. */
export type Answer = {
  path: string
  shape: 'Movie' | 'MovieList' | 'Cinema' | 'CinemaList' | 'Session' | 'SessionList'
  body: unknown
}
export type Page = { status: 200 | 404 | 503; head: Head; answers: Answer[] }

export const API = '/api/v1'
/** As many as the web app asks for at once. */
const SIZE = 100

/** What pages show, read as the API would answer it. */
export const createAnswers = ({ db, movies, cinemas, sessions }: Deps) => ({
  cinemas: async () => {
    const body = await cinemas.list({ is_active: true, size: SIZE })
    return {
      items: body.items as Cinema[],
      answer: { path: `${API}/cinemas?size=${SIZE}`, shape: 'CinemaList', body } satisfies Answer,
    }
  },
  films: async (): Promise<Answer> => {
    const body = await movies.list({ is_active: true, size: SIZE })
    return { path: `${API}/movies?is_active=true&size=${SIZE}`, shape: 'MovieList', body }
  },
  day: async ({ id, timezone }: Cinema, asked: string | undefined): Promise<Answer> => {
    const date = asked ?? (await findBusinessDay(db, timezone))
    const body = await sessions.list({ cinema_id: id, date, size: SIZE, is_active: true })
    return { path: `${API}/sessions?cinema_id=${id}&date=${date}&size=${SIZE}`, shape: 'SessionList', body }
  },
  showings: async (movie_id: number) => {
    const body = await sessions.ofMovie(movie_id, { include_past: false, size: SIZE })
    const answer: Answer = { path: `${API}/movies/${movie_id}/sessions?size=${SIZE}`, shape: 'SessionList', body }
    return { items: body.items, answer }
  },
})
