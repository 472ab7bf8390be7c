import { type RawBuilder, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order } from '#platform/http/cursor.ts'
import type { AuditFilter } from './schemas.ts'

export const newestFirst: Order = { keys: [{ by: sql`a.id`, as: 'integer' }], falling: true }

const matching = (db: Db, { actor, action, object_kind, object_id, request_id, from, to }: AuditFilter) => {
  const conditions: (RawBuilder<boolean> | false)[] = [
    actor !== undefined && sql<boolean>`a.actor = ${actor}`,
    action !== undefined && sql<boolean>`a.action = ${action}`,
    object_kind !== undefined && sql<boolean>`a.object_kind = ${object_kind}`,
    object_id !== undefined && sql<boolean>`a.object_id = ${object_id}`,
    request_id !== undefined && sql<boolean>`a.request_id = ${request_id}`,
    from !== undefined && sql<boolean>`a.at >= ${from}::timestamptz`,
    to !== undefined && sql<boolean>`a.at < ${to}::timestamptz`,
  ]
  return db.selectFrom('audit_log as a').where((eb) => eb.and(conditions.filter((condition) => condition !== false)))
}

type Facts = Record<string, unknown> | null

const shown = (rows: ReturnType<typeof matching>) =>
  rows
    .select([
      'a.id',
      'a.at',
      'a.actor',
      'a.role',
      'a.action',
      'a.object_kind',
      'a.object_id',
      'a.operation',
      'a.request_id',
      'a.ip',
    ])
    .select([
      sql<Facts>`a.before`.as('before'),
      sql<Facts>`a.after`.as('after'),
      sql<boolean>`exists (select from audit_seals s where s.audit_id = a.id)`.as('sealed'),
      sql<string | null>`(
        select trim(first_name || ' ' || last_name) from users where a.actor ~ '^u:[0-9]{1,18}$' and id = substring(a.actor from 3)::bigint)`.as(
        'actor_name',
      ),
    ])

export const listEntries = (db: Db, filter: AuditFilter, page: CursorPage) => {
  const rows = matching(db, filter)
  return Promise.all([cut(shown(rows).select(cursorKey(newestFirst)), newestFirst, page).execute(), countFor(db, rows, page)])
}

/** The next so many behind an entry, the newest first. */
export const listBehind = (db: Db, filter: AuditFilter, id: number, size: number) =>
  shown(matching(db, filter)).where('a.id', '<', id).orderBy('a.id', 'desc').limit(size).execute()

export type Sealed = { sealed: number; last_position: number; last_hash: string | null }

export const sealSome = async (db: Db, most: number): Promise<Sealed> => {
  const { rows } = await sql<Sealed>`select * from app.seal_audit(${most})`.execute(db)
  return rows[0] ?? { sealed: 0, last_position: 0, last_hash: null }
}
