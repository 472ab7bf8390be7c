import { sql } from 'kysely'

import { lockRowAlone, type Tx } from '#platform/db/kysely.ts'
import type { Touch } from '#platform/realtime.ts'

/** Sessions that stand in the way of a change: to come or under way. */
export type Ahead = { total: number; session_ids: number[] }
export type Claimed = { session_id: number; seat_id: number }

const MAX_NAMED = 20

const isAhead = sql<boolean>`s.status in ('scheduled', 'rescheduled') and s.end_time > app.now()`

const sameIds = (some: number[], others: number[]) =>
  some.length === others.length && new Set([...some, ...others]).size === some.length

const summarise = (ids: number[]): Ahead => ({ total: ids.length, session_ids: ids.slice(0, MAX_NAMED) })

const idsAhead = async (tx: Tx, column: 's.movie_id' | 's.hall_id', ids: number[]) => {
  const rows = await tx
    .selectFrom('sessions as s')
    .select('s.id')
    .where(column, 'in', ids)
    .where(isAhead)
    .orderBy('s.start_time')
    .orderBy('s.id')
    .execute()
  return rows.map(({ id }) => id)
}

const aheadWhere = async (...where: Parameters<typeof idsAhead>) => summarise(await idsAhead(...where))

const lockSessionsOfHall = async (tx: Tx, hall_id: number) => {
  const rows = await tx
    .selectFrom('sessions as s')
    .select('s.id')
    .where('s.hall_id', '=', hall_id)
    .where(isAhead)
    .orderBy('s.id')
    .forUpdate()
    .execute()
  return rows.map(({ id }) => id)
}

/**
 * What the catalogue and the chain ask of the schedule before they change what it stands on. Each method works on the
 * caller's transaction. A session names its movie and hall by foreign keys, so whoever holds those rows for update
 * keeps new sessions out until the transaction ends.
 */
export const createUpcoming = ({ touch }: { touch: Touch }) => ({
  /** The caller holds the movie. */
  aheadOfMovie: (tx: Tx, movie_id: number) => aheadWhere(tx, 's.movie_id', [movie_id]),

  /** The caller holds the cinema; its halls are locked here. */
  aheadInCinema: async (tx: Tx, cinema_id: number): Promise<Ahead> => {
    const halls = await tx.selectFrom('halls').select('id').where('cinema_id', '=', cinema_id).orderBy('id').forUpdate().execute()
    return halls.length === 0
      ? summarise([])
      : aheadWhere(
          tx,
          's.hall_id',
          halls.map(({ id }) => id),
        )
  },

  /** Locks the hall. */
  aheadInHall: async (tx: Tx, hall_id: number): Promise<Ahead> => {
    await lockRowAlone(tx, 'halls', hall_id)
    return aheadWhere(tx, 's.hall_id', [hall_id])
  },

  /** Locks the hall's sessions in the order of their ids and then the hall. Undefined when the schedule changed between. */
  lockHallAhead: async (tx: Tx, hall_id: number): Promise<number[] | undefined> => {
    const locked = await lockSessionsOfHall(tx, hall_id)
    await lockRowAlone(tx, 'halls', hall_id)
    return sameIds(locked, await idsAhead(tx, 's.hall_id', [hall_id])) ? locked : undefined
  },

  /** Frees holds whose time is over and names those seats of locked sessions that are still somebody's. */
  claimedSeats: async (tx: Tx, session_ids: number[], seat_ids: number[]): Promise<Claimed[]> => {
    const these = sql`c.session_id = any(${session_ids}::bigint[]) and c.seat_id = any(${seat_ids}::bigint[])`
    await sql`
      with over as materialized (
        select c.session_id, c.seat_id from seat_claims c
        where ${these} and c.state = 'held' and c.expires_at <= app.now() order by c.session_id, c.seat_id for update
      )
      delete from seat_claims c using over
      where c.session_id = over.session_id and c.seat_id = over.seat_id and c.state = 'held' and c.expires_at <= app.now()`.execute(
      tx,
    )
    const { rows } = await sql<Claimed>`
      select c.session_id, c.seat_id from seat_claims c where ${these} order by c.seat_id, c.session_id`.execute(tx)
    return rows
  },

  /** Makes every booking of these sessions look at its hall again. */
  noteChange: async (tx: Tx, session_ids: number[]): Promise<void> => {
    await sql`update sessions set version = version + 1 where id = any(${session_ids}::bigint[])`.execute(tx)
    touch(tx, session_ids)
  },
})
