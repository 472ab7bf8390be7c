import type { HallsService } from '#modules/halls/service.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { createAvailableSeats, type SeatPrice } from './available-seats.ts'
import { createBooking } from './booking.ts'
import { sessionNotFound } from './errors.ts'
import { createSchedule, type ScheduleDeps } from './schedule.ts'
import type { Session, SessionCreate, SessionFilter } from './schemas.ts'
import { findSession, listSessions } from './shown.statement.ts'

export type { BookableSession } from './repository.ts'

/** `seatPrice` comes from pricing, which stands above the schedule. */
type Deps = ScheduleDeps & { halls: HallsService; seatPrice: SeatPrice }

export const createSessionsService = (deps: Deps) => {
  const { db, halls, seatPrice } = deps
  const booking = createBooking({ db })
  const schedule = createSchedule(deps)

  const get = async (id: number): Promise<Session> => {
    const session = await findSession(db, id)
    if (!session) throw sessionNotFound()
    return session
  }

  return {
    ...booking,
    get,
    list: async (filter: SessionFilter) => {
      const page = readPage(filter)
      const { items, total } = await listSessions(db, filter, page)
      return toList(items, total, page)
    },
    create: async (input: SessionCreate) => get(await schedule(input)),
    availableSeats: createAvailableSeats({ db, halls, forBooking: booking.forBooking, seatPrice }),
  }
}
export type SessionsService = ReturnType<typeof createSessionsService>
