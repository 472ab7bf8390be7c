import { sql } from 'kysely'

import { type Check, count } from './check.ts'

/** A used ticket has its one standing entry; a refunded one may keep it; any other has none. */
const entered = sql`
  with book as (
    select ticket_id, count(*) filter (where direction = 'entry') as entries, count(*) filter (where direction = 'exit') as exits,
      count(*) filter (where direction = 'entry' and ended_at is null) as standing
    from check_ins group by ticket_id
  )
  select 'a ticket has been let in again before anybody came out' as problem,
    json_build_object('ticket_id', ticket_id, 'entries', entries, 'exits', exits, 'standing', standing) as ids
  from book where standing > 1 or standing <> entries - exits
  union all
  select 'a used ticket has no entry', json_build_object('ticket_id', t.id)
  from tickets t left join book b on b.ticket_id = t.id where t.status = 'used' and coalesce(b.standing, 0) = 0
  union all
  select 'somebody is in with a ticket that was not used', json_build_object('ticket_id', t.id, 'ticket', t.status)
  from book b join tickets t on t.id = b.ticket_id where b.standing > 0 and t.status not in ('used', 'refunded')`

export const doorChecks: Check[] = [
  {
    id: 'I11',
    sentence: 'A ticket has at most one accepted entry without an exit, and exactly one when it is used.',
    find: (db) => count(db, entered),
  },
]
