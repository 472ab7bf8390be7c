import type { HallsService } from '#modules/halls/service.ts'
import type { MoviesService } from '#modules/movies/service.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import { type Actor, cinemasOf, requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import { createAvailableSeats } from './available-seats.ts'
import { createBooking } from './booking.ts'
import { createCancellation } from './cancellation.ts'
import { createChange } from './change.ts'
import { lockAtDoor } from './door.statement.ts'
import { sessionNotFound } from './errors.ts'
import { findCinemaId, findSaleState } from './repository.ts'
import { createSchedule, type ScheduleDeps } from './schedule.ts'
import type { MovieSessionsQuery, Session, SessionCreate, SessionFilter } from './schemas.ts'
import { activeFirst, byStart, findSession, listOfMovie, listSessions } from './shown.statement.ts'
import { createSwaps } from './swaps.ts'

export type { SessionAtDoor } from './door.statement.ts'
export type { BookableSession } from './repository.ts'

type Deps = ScheduleDeps & { movies: Pick<MoviesService, 'forSchedule' | 'get'>; halls: HallsService; pricing: PricingService }

export const createSessionsService = (deps: Deps) => {
  const { db, movies, halls, pricing } = deps
  const booking = createBooking({ db })
  const schedule = createSchedule(deps)

  const get = async (id: number): Promise<Session> => {
    const session = await findSession(db, id)
    if (!session) throw sessionNotFound()
    return session
  }

  return {
    ...booking,
    ...createChange(deps),
    ...createCancellation(deps),
    ...createSwaps(),
    draftNew: schedule.draft,
    insertNew: schedule.insert,
    placing: schedule.placing,
    get,
    lockAtDoor,
    /** Refuses staff of other cinemas. A session never leaves its cinema, so this may be asked before it is locked. */
    requireOwn: async (actor: Actor, id: number): Promise<void> => {
      if (cinemasOf(actor) === null) return
      const cinemaId = await findCinemaId(db, id)
      if (cinemaId !== undefined) requireWorkAt(actor, cinemaId)
    },
    exists: async (id: number): Promise<boolean> => (await findSaleState(db, id)) !== undefined,
    list: async ({ page, size, skip, limit, cursor, ...filter }: SessionFilter) => {
      const question = { list: 'sessions', of: filter, order: byStart }
      const window = readCursorPage(question, { page, size, skip, limit, cursor })
      const [rows, total] = await listSessions(db, filter, window)
      return toCursorList(rows, total, window)
    },
    /** Those to come, active ones first. */
    ofMovie: async (movie_id: number, { include_past, ...query }: MovieSessionsQuery) => {
      const question = { list: 'movie-sessions', of: { movie_id, include_past }, order: activeFirst }
      const page = readCursorPage(question, query)
      const [rows, total] = await listOfMovie(db, movie_id, include_past, page)
      if (rows.length === 0) await movies.get(movie_id)
      return toCursorList(rows, total, page)
    },
    create: async (actor: SignedIn, input: SessionCreate) => get(await schedule.create(actor, input)),
    availableSeats: createAvailableSeats({ db, halls, forBooking: booking.forBooking, pricing }),
  }
}
export type SessionsService = ReturnType<typeof createSessionsService>
