import { isDeepStrictEqual } from 'node:util'

import { changedMeanwhile, type Db, deleteUnreferred, lockRowAlone, transaction, type Tx, violated } from '#platform/db/kysely.ts'
import { requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import type { Match } from '#platform/http/etag.ts'
import { cleanName } from '#platform/text.ts'
import { hallHasSessions, hallNotFound, hallNumberTaken, seatsClaimed } from './errors.ts'
import { changesNothing, compareLayouts } from './layout-change.ts'
import * as repository from './repository.ts'
import { draftNewSeats, type SeatDrafts } from './rules.ts'
import type { Hall, HallUpdate } from './schemas.ts'

/** What the schedule answers, which stands above the halls. */
export type HallSchedule = {
  aheadInHall: (tx: Tx, hall_id: number) => Promise<{ total: number; session_ids: number[] }>
  lockHallAhead: (tx: Tx, hall_id: number) => Promise<number[] | undefined>
  claimedSeats: (tx: Tx, session_ids: number[], seat_ids: number[]) => Promise<{ session_id: number; seat_id: number }[]>
  noteChange: (tx: Tx, session_ids: number[]) => Promise<void>
}

type Deps = { db: Db; schedule: HallSchedule }

const FIELDS = ['name', 'hall_number', 'screen_type', 'sound_system', 'accessibility', 'seat_map', 'is_active'] as const
type Fields = Pick<HallUpdate, (typeof FIELDS)[number]>

const cleaned = ({ name, screen_type, ...rest }: HallUpdate): HallUpdate => ({
  ...rest,
  ...(name !== undefined && { name: cleanName(name) }),
  ...(screen_type !== undefined && { screen_type: cleanName(screen_type) }),
})

/** What a body would really change of the hall's own row. */
const changesOf = (hall: Hall, body: HallUpdate): Fields =>
  Object.fromEntries(
    FIELDS.filter((field) => body[field] !== undefined && !isDeepStrictEqual(body[field], hall[field])).map((field) => [
      field,
      body[field],
    ]),
  )

const stored = ({ accessibility, seat_map, ...rest }: Fields) => ({
  ...rest,
  ...(accessibility && { accessibility: JSON.stringify(accessibility) }),
  ...(seat_map && { seat_map: JSON.stringify(seat_map) }),
})

export const createHallChanges = ({ db, schedule }: Deps) => {
  const find = async (on: Db, id: number): Promise<Hall> => {
    const hall = await repository.findHall(on, id)
    if (!hall) throw hallNotFound()
    return hall
  }

  /** A hall never moves to another cinema. */
  const requireOwn = async (actor: SignedIn, id: number) => requireWorkAt(actor, (await find(db, id)).cinema_id)

  const requireIdle = async (tx: Tx, id: number) => {
    const ahead = await schedule.aheadInHall(tx, id)
    if (ahead.total > 0) throw hallHasSessions(ahead)
  }

  /** Sessions first, then the hall: nobody books, and nobody schedules, until the transaction ends. */
  const lockAhead = async (tx: Tx, id: number) => {
    const session_ids = await schedule.lockHallAhead(tx, id)
    if (!session_ids) throw changedMeanwhile()
    return session_ids
  }

  const replaceSeats = async (tx: Tx, id: number, { seats, rows, seats_per_row }: SeatDrafts) => {
    const session_ids = await lockAhead(tx, id)
    const change = compareLayouts(await repository.listSeats(tx, id), seats)
    if (changesNothing(change)) return
    const claimed = change.contested.length > 0 ? await schedule.claimedSeats(tx, session_ids, change.contested) : []
    if (claimed.length > 0) throw seatsClaimed(claimed)
    await repository.retireSeats(tx, change.vanished)
    await repository.redrawSeats(tx, change.changed)
    await repository.insertSeats(tx, id, change.added)
    await repository.updateHall(tx, id, { rows, seats_per_row })
    await schedule.noteChange(tx, session_ids)
  }

  /** A sender may have seen the hall with its seats, as it is shown, or without, as a change answers it. */
  const meet = async (tx: Tx, id: number, match: Match | undefined) => {
    if (!match) return
    await lockAhead(tx, id)
    const hall = await find(tx, id)
    const seats = await repository.listSeats(tx, id)
    try {
      match(hall)
    } catch {
      match({ ...hall, seats })
    }
  }

  const save = async (tx: Tx, id: number, body: HallUpdate) => {
    const drafts = draftNewSeats(await find(tx, id), body)
    if (drafts) await replaceSeats(tx, id, drafts)
    await lockRowAlone(tx, 'halls', id)
    const changes = changesOf(await find(tx, id), cleaned(body))
    if (changes.is_active === false) await requireIdle(tx, id)
    if (Object.keys(changes).length > 0) await repository.updateHall(tx, id, stored(changes))
    return find(tx, id)
  }

  return {
    update: async (actor: SignedIn, id: number, body: HallUpdate, match?: Match): Promise<Hall> => {
      await requireOwn(actor, id)
      try {
        return await transaction(db, async (tx) => {
          await meet(tx, id, match)
          return save(tx, id, body)
        })
      } catch (error) {
        if (violated(error) === 'halls_cinema_id_hall_number_key') throw hallNumberTaken()
        throw error
      }
    },

    /** Deletes a hall in which nothing was ever shown and answers nothing; any other is closed and answered. */
    remove: async (actor: SignedIn, id: number, match?: Match): Promise<Hall | undefined> => {
      await requireOwn(actor, id)
      return transaction(db, async (tx) => {
        await meet(tx, id, match)
        await requireIdle(tx, id)
        const hall = await find(tx, id)
        if (await deleteUnreferred(tx, () => repository.deleteHall(tx, id))) return undefined
        if (hall.is_active) await repository.updateHall(tx, id, { is_active: false })
        return find(tx, id)
      })
    },
  }
}
