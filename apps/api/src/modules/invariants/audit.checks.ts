import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { type Check, type CheckOptions, count } from './check.ts'

const SEALED_WITHIN_SECONDS = 300

/** Every seal is of its row and of the seal before; every row has its seal, or waits for it. */
const broken = ({ sweeperRan = false }: CheckOptions) => sql`
  with chain as (
    select s.position, s.audit_id, s.hash, a.id, app.audit_hash(lag(s.hash) over (order by s.position), a) as expected,
      row_number() over (order by s.position) as place
    from audit_seals s left join audit_log a on a.id = s.audit_id
  )
  select 'an entry of the audit log was changed after it had been sealed, or the seal before it' as problem,
    json_build_object('position', position, 'audit_id', audit_id) as ids
  from chain where id is not null and hash is distinct from expected
  union all
  select 'an entry of the audit log has gone', json_build_object('position', position, 'audit_id', audit_id) from chain where id is null
  union all
  select 'a seal of the audit log has gone', json_build_object('position', position, 'place', place)
  from chain where position <> place and position = (select min(position) from chain where position <> place)
  union all
  select 'an entry of the audit log has no seal and waits for none', json_build_object('audit_id', a.id)
  from audit_log a
  where not exists (select from audit_seals s where s.audit_id = a.id) and not exists (select from audit_unsealed u where u.audit_id = a.id)
  union all
  select 'an entry of the audit log still waits for its seal', json_build_object('audit_id', a.id)
  from audit_unsealed u join audit_log a on a.id = u.audit_id
  where ${sweeperRan} and a.at < app.now() - make_interval(secs => ${SEALED_WITHIN_SECONDS})`

export const auditChecks: Check[] = [
  { id: 'I12', sentence: 'The audit chain is unbroken.', find: (db: Db, options) => count(db, broken(options)) },
]
