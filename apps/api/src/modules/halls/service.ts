import { cinemaNotFound } from '#modules/cinemas/errors.ts'
import type { CinemasService } from '#modules/cinemas/service.ts'
import { type Db, transaction, violated } from '#platform/db/kysely.ts'
import { requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { cleanName } from '#platform/text.ts'
import { createHallChanges, type HallSchedule } from './change.ts'
import { hallNotFound, hallNumberTaken } from './errors.ts'
import { createPlans } from './plan.ts'
import * as repository from './repository.ts'
import { draftSeats } from './rules.ts'
import type { Hall, HallCreate, HallDetail, HallFilter } from './schemas.ts'

export type { PlanSeat, SeatPlan } from './plan.ts'

type Deps = { db: Db; cinemas: Pick<CinemasService, 'get'>; schedule: HallSchedule }

export const createHallsService = ({ db, cinemas, schedule }: Deps) => {
  const find = async (id: number): Promise<Hall> => {
    const hall = await repository.findHall(db, id)
    if (!hall) throw hallNotFound()
    return hall
  }

  return {
    ...createHallChanges({ db, schedule }),

    /** With all its seats, those that are not sold any more too. */
    get: async (id: number): Promise<HallDetail> => {
      const [hall, seats] = await Promise.all([find(id), repository.listSeats(db, id)])
      return { ...hall, seats }
    },

    ofCinema: async (cinema_id: number, filter: HallFilter) => {
      const page = readPage(filter)
      await cinemas.get(cinema_id)
      const { items, total } = await repository.listHalls(db, cinema_id, filter.is_active, page)
      return toList(items, total, page)
    },

    create: async (actor: SignedIn, cinema_id: number, input: HallCreate): Promise<Hall> => {
      await cinemas.get(cinema_id)
      requireWorkAt(actor, cinema_id)
      const { rows, seats_per_row, seats } = draftSeats(input)
      const { name, hall_number, screen_type, sound_system, accessibility = {}, seat_map = {} } = input
      const own = {
        name: cleanName(name),
        hall_number,
        ...(screen_type && { screen_type: cleanName(screen_type) }),
        ...(sound_system && { sound_system }),
      }
      const drawn = { accessibility: JSON.stringify(accessibility), seat_map: JSON.stringify(seat_map) }
      try {
        const { id } = await transaction(db, async (tx) => {
          const hall = await repository.insertHall(tx, { cinema_id, rows, seats_per_row, ...own, ...drawn })
          await repository.insertSeats(tx, hall.id, seats)
          return hall
        })
        return await find(id)
      } catch (error) {
        if (violated(error) === 'halls_cinema_id_hall_number_key') throw hallNumberTaken()
        if (violated(error) === 'halls_cinema_id_fkey') throw cinemaNotFound()
        throw error
      }
    },

    /** What a schedule must know of a hall; undefined when there is none. */
    forSchedule: (id: number) => repository.findPlanHall(db, id),

    /** Where things may happen at any hour; undefined when every cinema closes. */
    openRoundTheClock: () => repository.findOpenRoundTheClock(db),

    /**
     * The seats that can be sold, cached under a version that the caller knows to change with the hall's seats
     * (`plan_version` of a bookable session). Not for use inside a transaction.
     */
    plan: createPlans({ db }),
  }
}
export type HallsService = ReturnType<typeof createHallsService>
