import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Buyer } from '#platform/http/access.ts'
import type { TestApp } from '#testing/app.ts'
import { actorOf } from '#testing/factories.ts'

const GREAT_HALL = { rows: 40, seats_per_row: 25 }
const SMALL_HALL = { rows: 1, seats_per_row: 12 }
const PEOPLE_AT_ONCE = 500
const HOURS_BETWEEN_SESSIONS = 3

/** Seats and sessions that nobody has touched. */
export const createPlaces = async ({ given }: Pick<TestApp, 'given'>) => {
  const movie_id = (await given.movie({ duration_minutes: 90 })).id
  const great = await given.hall(GREAT_HALL)
  const small = await given.hall(SMALL_HALL)

  let opened = 0
  /** A session of twelve seats for one round alone. */
  const openSession = ({
    base_price_minor = 20_000,
    hall_id = small.id,
  }: { base_price_minor?: number; hall_id?: number } = {}) => {
    opened += 1
    const starts_in_minutes = 24 * 60 + opened * HOURS_BETWEEN_SESSIONS * 60
    return given.session({ hall_id, movie_id, starts_in_minutes, duration_minutes: 90, base_price_minor })
  }

  let current: Promise<{ id: number; free: number[] }> | undefined
  /** Seats that nobody has touched, in the order of their ids, all of one session. */
  const seats = async (count: number): Promise<{ session_id: number; seat_ids: number[] }> => {
    current ??= openSession({ hall_id: great.id }).then(({ id, seat_ids }) => ({ id, free: [...seat_ids] }))
    const session = await current
    if (session.free.length < count) {
      current = undefined
      return seats(count)
    }
    return { session_id: session.id, seat_ids: session.free.splice(0, count) }
  }

  return { openSession, seats }
}

/** Fetches many at once and hands them out one after the other. */
const createQueue = (bring: () => Promise<Buyer[]>) => {
  const waiting: Buyer[] = []
  let arriving: Promise<void> | undefined
  const fill = async () => {
    waiting.push(...(await bring()))
    arriving = undefined
  }
  return async (): Promise<Buyer> => {
    while (waiting.length === 0) await (arriving ??= fill())
    return waiting.pop() as Buyer
  }
}

/** People who have never been here: with an account, without one, and whoever comes, which is both by turns. */
export const createPeople = (db: Db) => {
  const account = createQueue(async () => {
    const { rows } = await sql<{ id: number }>`
      insert into users (email, username, hashed_password)
      select name || '@marquee.test', name, '!' from (
        select 'racer-' || n || '-' || (select count(*) from users) as name from generate_series(1, ${PEOPLE_AT_ONCE}) as n) as names
      returning id`.execute(db)
    return rows.map(({ id }): Buyer => actorOf(id, 'customer'))
  })
  const visitor = createQueue(async () => {
    const { rows } = await sql<{ id: string }>`
      insert into guests (token_hash) select gen_random_uuid()::text from generate_series(1, ${PEOPLE_AT_ONCE}) returning id`.execute(
      db,
    )
    return rows.map(({ id }): Buyer => ({ kind: 'guest', id }))
  })
  let come = 0
  const someone = (): Promise<Buyer> => {
    come += 1
    return come % 2 === 0 ? visitor() : account()
  }
  return { account, visitor, someone }
}
