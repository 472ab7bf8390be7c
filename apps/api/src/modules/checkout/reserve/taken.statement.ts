import { translate } from '#platform/db/kysely.ts'
import type { Pool } from '#platform/db/pool.ts'
import type { Attempt } from '#platform/idempotency.ts'

/** An array hidden in a subquery: the server then guesses the same length for a general plan as for each call's own, and keeps the general one. */
const text = `
  select c.seat_id, c.state, c.order_id, o.user_id, o.guest_id,
    exists (select from idempotency_keys k where k.actor = $3 and k.key = $4) as is_repeat
  from seat_claims c left join orders o on o.id = c.order_id
  where c.session_id = $1 and c.seat_id = any(array(select unnest($2::bigint[]))) and (c.state <> 'held' or c.expires_at > app.now())`

type Taken = {
  seat_id: number
  state: 'held' | 'sold' | 'blocked'
  order_id: number | null
  user_id: number | null
  guest_id: string | null
  /** The key of this request has an outcome already. */
  is_repeat: boolean
}

/** Which of these seats cannot be had now, and whose they are: all that a refusal needs, in one round trip. */
export const findTaken = async (
  pool: Pool,
  sessionId: number,
  seatIds: number[],
  attempt: Attempt | undefined,
): Promise<Taken[]> => {
  try {
    const values = [sessionId, seatIds, attempt?.actor ?? null, attempt?.key ?? null]
    const { rows } = await pool.query<Taken>({ name: 'taken', text, values })
    return rows
  } catch (error) {
    throw translate(error)
  }
}
