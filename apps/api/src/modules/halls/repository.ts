import { type Insertable, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
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

const selectSeats = (db: Db, hall_id: number) =>
  db.selectFrom('seats').select(seatColumns).where('hall_id', '=', hall_id).orderBy('y').orderBy('x').orderBy('id')

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

export const insertHall = (db: Db, hall: Insertable<Halls>) =>
  db.insertInto('halls').values(hall).returning('id').executeTakeFirstOrThrow()

/** All seats of a new hall in one statement. */
export const insertSeats = (db: Db, hall_id: number, seats: SeatDraft[]) => {
  const rows = sql`jsonb_to_recordset(${JSON.stringify(seats)}::jsonb) as s
    (seat_row text, seat_number integer, seat_type seat_type, x float8, y float8, rotation float8, pair_id integer)`
  return sql`insert into seats (hall_id, seat_row, seat_number, seat_type, x, y, rotation, pair_id)
    select ${hall_id}, s.* from ${rows}`.execute(db)
}
