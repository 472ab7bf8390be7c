import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { cinemasOf, type Holder, may, type Permission } from '#platform/http/access.ts'

type Bought = { order_id: number } | { ticket_id: number }

/** Tickets that are shown nowhere else than at these cinemas, and at least one of them. */
const areAllAt = async (db: Db, bought: Bought, cinemaIds: readonly number[]): Promise<boolean> => {
  const which = 'order_id' in bought ? sql`t.order_id = ${bought.order_id}` : sql`t.id = ${bought.ticket_id}`
  const { rows } = await sql<{ all: boolean | null }>`
    select bool_and(h.cinema_id = any(${cinemaIds}::bigint[])) as all
    from tickets t join sessions s on s.id = t.session_id join halls h on h.id = s.hall_id where ${which}`.execute(db)
  return rows[0]?.all ?? false
}

/** Whether somebody may act for the cinema on what another has bought. Only staff who do not work everywhere cost a question. */
export const actsForCinema = async (
  db: Db,
  actor: Holder,
  bought: Bought,
  by: Permission = 'tickets.manage',
): Promise<boolean> => {
  if (!may(actor, by)) return false
  const cinemaIds = cinemasOf(actor)
  return cinemaIds === null || areAllAt(db, bought, cinemaIds)
}
