import { type Db, deleteUnreferred, transaction, type Tx, violated } from '#platform/db/kysely.ts'
import { requireWorkAt, type SignedIn, worksAt } from '#platform/http/access.ts'
import type { Match } from '#platform/http/etag.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { cinemaHasSessions, cinemaNameTaken, cinemaNotFound, unknownTimezone } from './errors.ts'
import { boxAround, placeOf } from './nearby.ts'
import * as repository from './repository.ts'
import { changesOf, cleaned, requirePlace, touchesSessions } from './rules.ts'
import type { Cinema, CinemaCreate, CinemaFilter, CinemaSearch, CinemaUpdate } from './schemas.ts'
import { createTermsService } from './terms.ts'

/** What the schedule answers, which stands above the cinemas. No session joins the cinema until the transaction ends. */
export type CinemaSchedule = { aheadInCinema: (tx: Tx, id: number) => Promise<{ total: number; session_ids: number[] }> }

type Deps = {
  db: Db
  schedule: CinemaSchedule
  /** Whoever opens a cinema works there. */
  assign: (tx: Tx, user_id: number, cinema_id: number) => Promise<unknown>
  rules: { CANCEL_CUTOFF_MINUTES: number }
}

const stored = <T extends CinemaUpdate>({ facilities, ...rest }: T) => ({
  ...rest,
  ...(facilities && { facilities: JSON.stringify(facilities) }),
})

const named = (error: unknown) => (violated(error)?.endsWith('_name_key') ? cinemaNameTaken() : error)

const UNTIL_THEN =
  'Its time zone and currency stay and it stays open until they are over. Change the rest alone, or cancel the sessions first.'
const CANCEL_FIRST = 'Cancel them first, or wait until they are over; then delete the cinema.'

const createChanging = ({ db, schedule }: Pick<Deps, 'db' | 'schedule'>) => {
  const lock = async (tx: Tx, id: number): Promise<Cinema> => {
    const cinema = await repository.lockCinema(tx, id)
    if (!cinema) throw cinemaNotFound()
    return cinema
  }

  const lockOwn = async (tx: Tx, actor: SignedIn, id: number, match: Match | undefined): Promise<Cinema> => {
    const cinema = await lock(tx, id)
    requireWorkAt(actor, id)
    match?.(cinema)
    return cinema
  }

  const requireIdle = async (tx: Tx, id: number, advice: string) => {
    const ahead = await schedule.aheadInCinema(tx, id)
    if (ahead.total > 0) throw cinemaHasSessions(ahead, advice)
  }

  const save = async (tx: Tx, cinema: Cinema, body: CinemaUpdate): Promise<Cinema> => {
    const changes = changesOf(cinema, cleaned(body))
    if (Object.keys(changes).length === 0) return cinema
    requirePlace({ ...cinema, ...changes })
    if (touchesSessions(changes)) await requireIdle(tx, cinema.id, UNTIL_THEN)
    await repository.updateCinema(tx, cinema.id, stored(changes))
    return lock(tx, cinema.id)
  }

  return {
    update: async (actor: SignedIn, id: number, body: CinemaUpdate, match?: Match): Promise<Cinema> => {
      try {
        return await transaction(db, async (tx) => save(tx, await lockOwn(tx, actor, id, match), body))
      } catch (error) {
        throw named(error)
      }
    },

    /** Deletes a cinema that never had a hall and answers nothing; any other is closed and answered. */
    remove: (actor: SignedIn, id: number, match?: Match): Promise<Cinema | undefined> =>
      transaction(db, async (tx) => {
        const cinema = await lockOwn(tx, actor, id, match)
        await requireIdle(tx, id, CANCEL_FIRST)
        if (await deleteUnreferred(tx, () => repository.deleteCinema(tx, id))) return undefined
        return save(tx, cinema, { is_active: false })
      }),
  }
}

export const createCinemasService = ({ db, schedule, assign, rules }: Deps) => {
  const get = async (id: number): Promise<Cinema> => {
    const cinema = await repository.findCinema(db, id)
    if (!cinema) throw cinemaNotFound()
    return cinema
  }

  const changing = createChanging({ db, schedule })

  const requireTimezone = async ({ timezone }: CinemaUpdate) => {
    if (timezone !== undefined && !(await repository.knowsTimezone(db, timezone))) throw unknownTimezone()
  }

  return {
    get,
    list: async (filter: CinemaFilter) => {
      const page = readPage(filter)
      const { items, total } = await repository.listCinemas(db, filter, page)
      return toList(items, total, page)
    },
    /** The open ones within the radius, the nearest first. */
    search: async ({ radius, open_now, ...query }: CinemaSearch) => {
      const page = readPage(query)
      const place = placeOf({ radius, ...query })
      const circle = { place, box: boxAround(place, radius), radius_km: radius, ...(open_now !== undefined && { open_now }) }
      const { items, total } = await repository.listNearby(db, circle, page)
      return toList(items, total, page)
    },
    create: async (actor: SignedIn, body: CinemaCreate): Promise<Cinema> => {
      requirePlace(body)
      await requireTimezone(body)
      try {
        const { id } = await transaction(db, async (tx) => {
          const made = await repository.insertCinema(tx, stored(cleaned(body)))
          if (!worksAt(actor, made.id)) await assign(tx, actor.id, made.id)
          return made
        })
        return await get(id)
      } catch (error) {
        throw named(error)
      }
    },
    update: async (actor: SignedIn, id: number, body: CinemaUpdate, match?: Match): Promise<Cinema> => {
      await requireTimezone(body)
      return changing.update(actor, id, body, match)
    },
    remove: changing.remove,
    terms: createTermsService({ db, get, rules }),
  }
}
export type CinemasService = ReturnType<typeof createCinemasService>
