import type { SeatState } from '@marquee/contract/realtime'
import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { SessionStatus } from '#platform/db/types.gen.ts'

export type LiveRow = {
  hall_id: number
  plan_version: string
  status: SessionStatus
  start_time: Date
  /** As one comparable text. */
  prices: string
  server_time: Date
  /** By seat id; whoever is not there is free. */
  states: Record<string, Exclude<SeatState, 'free'>>
  /** How long until the map changes by itself: a hold passes its deadline, or the session ends. */
  next_ms: number | null
}

/** All that the map of a session shows, at one moment. */
export const readLive = async (db: Db, session_id: number): Promise<LiveRow | undefined> => {
  const { rows } = await sql<LiveRow>`
    select s.hall_id, extract(epoch from h.updated_at)::text as plan_version, s.start_time, app.now() as server_time,
      concat_ws(' ', s.base_price_minor, s.premium_price_minor, s.vip_price_minor) as prices,
      case when s.status in ('scheduled', 'rescheduled') and s.end_time <= app.now() then 'finished' else s.status end as status,
      k.states,
      extract(epoch from least(k.deadline, case when s.end_time > app.now() then s.end_time end) - app.now()) * 1000 as next_ms
    from sessions s
    join halls h on h.id = s.hall_id
    cross join lateral (
      select
        coalesce(json_object_agg(c.seat_id, c.state) filter (where c.state <> 'held' or c.expires_at > app.now()), '{}') as states,
        min(c.expires_at) filter (where c.state = 'held' and c.expires_at > app.now()) as deadline
      from seat_claims c where c.session_id = s.id
    ) k
    where s.id = ${session_id}`.execute(db)
  return rows[0]
}
