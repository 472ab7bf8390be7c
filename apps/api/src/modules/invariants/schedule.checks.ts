import { sql } from 'kysely'

import { type Check, count } from './check.ts'

/** Looks at each session beside the longest one before it, so that it needs no index and no pair of sessions twice. */
const clashes = sql`
  with busy as (
    select id, hall_id, occupies, max(upper(occupies)) over (
      partition by hall_id order by lower(occupies), id rows between unbounded preceding and 1 preceding) as busy_until
    from sessions where status <> 'cancelled'
  )
  select 'two sessions share a hall' as problem, json_build_object('session_id', id, 'hall_id', hall_id, 'hall_busy_until', busy_until) as ids
  from busy where busy_until > lower(occupies)
  union all
  select 'a session does not occupy its own time', json_build_object('session_id', id, 'occupies', occupies)
  from sessions where end_time <= start_time or (lower(occupies) = start_time and upper(occupies) >= end_time) is not true`

export const scheduleChecks: Check[] = [
  {
    id: 'I9',
    sentence: 'No two sessions that take place overlap in a hall, cleaning included.',
    find: (db) => count(db, clashes),
  },
]
