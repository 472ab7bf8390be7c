import { sql } from 'kysely'

import type { Tx } from '#platform/db/kysely.ts'
import type { SessionStatus } from '#platform/db/types.gen.ts'

export type SessionAtDoor = {
  id: number
  movie_title: string
  cinema_id: number
  cinema_name: string
  hall_id: number
  hall_name: string
  hall_number: number
  start_time: Date
  end_time: Date
  doors_open_at: Date
  status: SessionStatus
  is_open: boolean
  server_time: Date
}

/** What a steward must know, and whether the doors are open; nobody moves the session until the transaction ends. */
export const lockAtDoor = async (tx: Tx, id: number, doorsOpenMinutes: number): Promise<SessionAtDoor | undefined> => {
  const opens = sql`(s.start_time - make_interval(mins => ${doorsOpenMinutes}::integer))`
  const { rows } = await sql<SessionAtDoor>`
    select s.id, m.title as movie_title, h.cinema_id, c.name as cinema_name, s.hall_id, h.name as hall_name, h.hall_number,
      s.start_time, s.end_time, s.status, ${opens} as doors_open_at, app.now() as server_time,
      ${opens} <= app.now() and app.now() < s.end_time as is_open
    from sessions s join halls h on h.id = s.hall_id join cinemas c on c.id = h.cinema_id join movies m on m.id = s.movie_id
    where s.id = ${id} for key share of s`.execute(tx)
  return rows[0]
}
