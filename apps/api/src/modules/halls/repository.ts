import { type Insertable, sql, type Updateable } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { Halls } from '#platform/db/types.gen.ts'
import type { Page } from '#platform/http/pagination.ts'
import type { SeatDraft } from './rules.ts'

const seatColumns = ['id', 'seat_row', 'seat_number', 'seat_type', 'x', 'y', 'rotation', 'pair_id'] as const

/** Seats that can be sold are counted where they are; sofas cost as premium, places of and beside wheelchairs as standard. */
const seatCounts = sql<{ total: number; vip: number; premium: number }>`(
  select count(*) as total,
         count(*) filter (where seat_type = 'vip') as vip,
         count(*) filter (where seat_type in ('premium', 'sofa')) as premium
  from seats where hall_id = h.id and is_active)`

const selectHalls = (db: Db) =>
  db
    .selectFrom('halls as h')
    .innerJoinLateral(seatCounts.as('n'), (join) => join.onTrue())
    .select([
      'h.id',
      'h.cinema_id',
      'h.name',
      'h.hall_number',
      'h.rows',
      'h.seats_per_row',
      'h.screen_type',
      'h.sound_system',
      'h.is_active',
      'h.created_at',
      'h.updated_at',
      'n.total as total_seats',
      'n.vip as vip_seats',
      'n.premium as premium_seats',
    ])
    .select([
      sql<number>`n.total - n.vip - n.premium`.as('standard_seats'),
      sql<unknown>`h.accessibility`.as('accessibility'),
      sql<unknown>`h.seat_map`.as('seat_map'),
    ])

export const findHall = (db: Db, id: number) => selectHalls(db).where('h.id', '=', id).executeTakeFirst()

export const listHalls = async (db: Db, cinema_id: number, is_active: boolean, { offset, size }: Page) => {
  const [items, { total }] = await Promise.all([
    selectHalls(db)
      .where('h.cinema_id', '=', cinema_id)
      .where('h.is_active', '=', is_active)
      .orderBy('h.hall_number')
      .orderBy('h.id')
      .limit(size)
      .offset(offset)
      .execute(),
    db
      .selectFrom('halls')
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where('cinema_id', '=', cinema_id)
      .where('is_active', '=', is_active)
      .executeTakeFirstOrThrow(),
  ])
  return { items, total }
}

/** Row by row from the screen, each from left to right; the ends of a curved row are nearer to the screen than its middle. */
const selectSeats = (db: Db, hall_id: number) =>
  db
    .selectFrom('seats')
    .select(seatColumns)
    .where('hall_id', '=', hall_id)
    .orderBy(sql`min(y) over (partition by seat_row)`)
    .orderBy('seat_row')
    .orderBy('x')
    .orderBy('id')

export const listSeats = (db: Db, hall_id: number) => selectSeats(db, hall_id).select('is_active').execute()

/** Seats that can be sold, front row first. */
export const listPlanSeats = (db: Db, hall_id: number) => selectSeats(db, hall_id).where('is_active', '=', true).execute()
export type PlanSeat = Awaited<ReturnType<typeof listPlanSeats>>[number]

export const findPlanHall = (db: Db, id: number) =>
  db
    .selectFrom('halls')
    .select(['id', 'cinema_id', 'name', 'hall_number', 'is_active', sql<unknown>`seat_map`.as('seat_map')])
    .where('id', '=', id)
    .executeTakeFirst()

/** The first hall in use of a cinema that never closes; one under the sky before all others. */
export const findOpenRoundTheClock = (db: Db) =>
  db
    .selectFrom('halls as h')
    .innerJoin('cinemas as c', 'c.id', 'h.cinema_id')
    .select(['h.id', 'h.is_active'])
    .where('h.is_active', '=', true)
    .where('c.is_active', '=', true)
    .whereRef('c.opening_time', '=', 'c.closing_time')
    .orderBy(sql`h.screen_type = 'open_air'`, 'desc')
    .orderBy('h.id')
    .executeTakeFirst()

export const insertHall = (db: Db, hall: Insertable<Halls>) =>
  db.insertInto('halls').values(hall).returning('id').executeTakeFirstOrThrow()

/** Touches the row, whatever changes: a plan is known by the moment of the last change. */
export const updateHall = (tx: Tx, id: number, changes: Updateable<Halls>) =>
  tx
    .updateTable('halls')
    .set({ ...changes, updated_at: sql<Date>`app.now()` })
    .where('id', '=', id)
    .execute()

/** With its seats. */
export const deleteHall = (tx: Tx, id: number) => tx.deleteFrom('halls').where('id', '=', id).execute()

/** Deletes the seats that nothing refers to; old tickets and claims keep theirs, which is not sold any more. */
export const retireSeats = async (tx: Tx, ids: number[]) => {
  if (ids.length === 0) return
  await sql`update seats set is_active = false where id = any(${ids}::bigint[])`.execute(tx)
  await sql`
    delete from seats s where s.id = any(${ids}::bigint[])
      and not exists (select from tickets t where t.seat_id = s.id)
      and not exists (
        select from seat_claims c join sessions p on p.id = c.session_id where p.hall_id = s.hall_id and c.seat_id = s.id)`.execute(
    tx,
  )
}

/** Seats that stay, drawn anew and sold again should they have been taken away once. */
export const redrawSeats = async (tx: Tx, seats: (SeatDraft & { id: number })[]) => {
  if (seats.length === 0) return
  await sql`
    update seats set seat_type = s.seat_type, x = s.x, y = s.y, rotation = s.rotation, pair_id = s.pair_id, is_active = true
    from jsonb_to_recordset(${JSON.stringify(seats)}::jsonb) as s
      (id bigint, seat_type seat_type, x float8, y float8, rotation float8, pair_id integer)
    where seats.id = s.id`.execute(tx)
}

/** All seats of a new hall in one statement. */
export const insertSeats = (db: Db, hall_id: number, seats: SeatDraft[]) => {
  const rows = sql`jsonb_to_recordset(${JSON.stringify(seats)}::jsonb) as s
    (seat_row text, seat_number integer, seat_type seat_type, x float8, y float8, rotation float8, pair_id integer)`
  return sql`insert into seats (hall_id, seat_row, seat_number, seat_type, x, y, rotation, pair_id)
    select ${hall_id}, s.* from ${rows}`.execute(db)
}
