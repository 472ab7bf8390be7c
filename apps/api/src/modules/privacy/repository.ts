import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Locale } from '#platform/i18n.ts'
import type { Person, PersonalTable } from './classes.ts'
import type { TicketAhead } from './errors.ts'

export const findPerson = (db: Db, id: number) =>
  db
    .selectFrom('users')
    .select(['id', 'email', 'username', sql<Locale>`locale`.as('locale')])
    .where('id', '=', id)
    .where('erased_at', 'is', null)
    .executeTakeFirst()

/** Whoever pays or settles one of them has ended, or waits. */
export const lockOrders = (tx: Db, user_id: number) =>
  tx.selectFrom('orders').select('id').where('user_id', '=', user_id).orderBy('id').forUpdate().execute()

export const hasPaymentRunning = async (tx: Db, user_id: number): Promise<boolean> => {
  const { rows } = await sql`
    select from payments p join orders o on o.id = p.order_id where o.user_id = ${user_id} and p.status = 'pending' limit 1`.execute(
    tx,
  )
  return rows.length > 0
}

export const ticketsAhead = async (tx: Db, user_id: number): Promise<TicketAhead[]> => {
  const { rows } = await sql<TicketAhead>`
    select t.id as ticket_id, t.booking_reference, m.title, s.start_time as starts_at
    from tickets t join sessions s on s.id = t.session_id join movies m on m.id = s.movie_id
    where t.user_id = ${user_id} and t.status = 'paid' and s.status <> 'cancelled' and s.end_time > app.now()
    order by s.start_time, t.id limit 100`.execute(tx)
  return rows
}

export const avatarOf = async (db: Db, user_id: number): Promise<string | null> =>
  (await db.selectFrom('user_profiles').select('avatar_key').where('user_id', '=', user_id).executeTakeFirst())?.avatar_key ??
  null

export const eraseFrom = async (tx: Db, table: string, { mine, rows, columns }: PersonalTable, person: Person): Promise<void> => {
  if (rows === 'go') {
    await sql`delete from ${sql.table(table)} where ${mine(person)}`.execute(tx)
    return
  }
  const changes = Object.entries(columns).flatMap(([column, { to }]) =>
    to === undefined ? [] : [sql`${sql.ref(column)} = ${sql.raw(to)}`],
  )
  if (changes.length > 0) await sql`update ${sql.table(table)} set ${sql.join(changes)} where ${mine(person)}`.execute(tx)
}

export const closeForEver = (tx: Db, id: number) =>
  tx
    .updateTable('users')
    .set({ is_active: false, deactivated_at: null, erased_at: sql<Date>`app.now()` })
    .where('id', '=', id)
    .execute()

export const deleteUser = (tx: Db, id: number) => tx.deleteFrom('users').where('id', '=', id).execute()

type Piece = { place: string; row: Record<string, unknown> }

/** The next rows of a table about a person, without what opens doors. */
export const readPieces = async (
  db: Db,
  table: string,
  { mine, columns }: PersonalTable,
  { person, behind, most }: { person: Person; behind: string; most: number },
): Promise<Piece[]> => {
  const secrets = Object.keys(columns).filter((column) => columns[column]?.isSecret)
  const { rows } = await sql<Piece>`
    select t.ctid::text as place, to_jsonb(t) - ${secrets}::text[] as row
    from ${sql.table(table)} t where ${mine(person)} and t.ctid > ${behind}::tid order by t.ctid limit ${most}`.execute(db)
  return rows
}

const isOver = (order_id: string, days: number) => sql<boolean>`not exists (
  select from tickets t join sessions s on s.id = t.session_id
  where t.order_id = ${sql.ref(order_id)} and s.end_time > app.now() - make_interval(days => ${days}))`

type Batch = { days: number; behind: number; most: number }

/** Walks by id: what was forgotten before costs a look, and booking keeps no index for it. Answers the last id it saw. */
const forgetNext = async (db: Db, update: ReturnType<typeof sql>): Promise<number | undefined> => {
  const { rows } = await sql<{ last: number | null }>`with seen as (${update}) select max(id) as last from seen`.execute(db)
  return rows[0]?.last ?? undefined
}

export const forgetAddresses = (db: Db, { days, behind, most }: Batch) =>
  forgetNext(
    db,
    sql`update orders set email = null where id = any(array(
      select o.id from orders o left join users u on u.id = o.user_id
      where o.id > ${behind} and o.email is not null
        and (u.erased_at is not null or o.created_at <= app.now() - make_interval(days => ${days}) and ${isOver('o.id', days)})
      order by o.id limit ${most} for update of o skip locked)) returning id`,
  )

export const forgetRecipients = (db: Db, { days, behind, most }: Batch) =>
  forgetNext(
    db,
    sql`update mail_log set recipient = '' where id = any(array(
      select m.id from mail_log m
      where m.id > ${behind} and m.recipient <> '' and m.sent_at <= app.now() - make_interval(days => ${days}) and ${isOver('m.order_id', days)}
      order by m.id limit ${most} for update skip locked)) returning id`,
  )
