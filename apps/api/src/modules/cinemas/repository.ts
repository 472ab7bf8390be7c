import { type Insertable, sql, type Updateable } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { Cinemas } from '#platform/db/types.gen.ts'
import type { Page } from '#platform/http/pagination.ts'
import type { Box, Place } from './nearby.ts'

const plainColumns = [
  'id',
  'name',
  'address',
  'city',
  'phone',
  'email',
  'latitude',
  'longitude',
  'timezone',
  'currency',
  'is_active',
  'created_at',
  'updated_at',
] as const

const derived = [
  sql<string>`to_char(opening_time, 'HH24:MI')`.as('opening_time'),
  sql<string>`to_char(closing_time, 'HH24:MI')`.as('closing_time'),
  sql<unknown>`facilities`.as('facilities'),
] as const

const selectCinemas = (db: Db) => db.selectFrom('cinemas').select(plainColumns).select(derived)

export const findCinema = (db: Db, id: number) => selectCinemas(db).where('id', '=', id).executeTakeFirst()

/** Nobody changes it, builds a hall in it or deletes it until the transaction ends. */
export const lockCinema = (tx: Tx, id: number) => selectCinemas(tx).where('id', '=', id).forUpdate().executeTakeFirst()

/** By the hands of its own clock; a night past midnight began on the day before. */
const isOpenNow = sql<boolean>`(opening_time = closing_time or exists (
  select from (select (app.now() at time zone timezone)::date - days as day from generate_series(0, 1) as ago (days)) as began
  where app.now() >= (day + opening_time) at time zone timezone
    and app.now() < (day + (closing_time <= opening_time)::int + closing_time) at time zone timezone))`

type Filter = { city?: string; is_active: boolean; open_now?: boolean }

export const listCinemas = async (db: Db, { city, is_active, open_now }: Filter, { offset, size }: Page) => {
  const matching = db
    .selectFrom('cinemas')
    .where('is_active', '=', is_active)
    .$if(city !== undefined, (query) => query.where('city', '=', city as string))
    .$if(open_now !== undefined, (query) => query.where(isOpenNow, '=', open_now as boolean))
  const [items, { total }] = await Promise.all([
    matching.select(plainColumns).select(derived).orderBy('name').orderBy('id').limit(size).offset(offset).execute(),
    matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ])
  return { items, total }
}

const METRES_PER_DEGREE = 111_195.080_233_532_9

/** The angle between two places by the haversine formula, which is exact for near ones too. */
const distanceKm = ({ latitude, longitude }: Place) => sql<number>`(${METRES_PER_DEGREE / 1000}::float8 * 2 * asind(least(1, sqrt(
  sind((latitude - ${latitude}::float8) / 2) ^ 2
  + cosd(${latitude}::float8) * cosd(latitude) * sind((longitude - ${longitude}::float8) / 2) ^ 2))))`

const isInside = ({ south, north, spans }: Box) => {
  const inSpans = spans.map(({ west, east }) => sql`longitude between ${west}::float8 and ${east}::float8`)
  return sql<boolean>`latitude between ${south}::float8 and ${north}::float8 and (${sql.join(inSpans, sql` or `)})`
}

type Circle = { place: Place; box: Box; radius_km: number; open_now?: boolean }

export const listNearby = async (db: Db, { place, box, radius_km, open_now }: Circle, { offset, size }: Page) => {
  const boxed = db
    .selectFrom('cinemas')
    .where('is_active', '=', true)
    .where(isInside(box))
    .$if(open_now !== undefined, (query) => query.where(isOpenNow, '=', open_now as boolean))
  const near = db
    .selectFrom(boxed.select(plainColumns).select(derived).select(distanceKm(place).as('km')).as('c'))
    .where('c.km', '<=', radius_km)
  const [items, { total }] = await Promise.all([
    near
      .selectAll('c')
      .select(sql<number>`round(c.km::numeric, 3)::float8`.as('distance_km'))
      .orderBy('c.km')
      .orderBy('c.id')
      .limit(size)
      .offset(offset)
      .execute(),
    near.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ])
  return { items, total }
}

/** Node may know zones that the database does not, and it is the database that counts with them. */
export const knowsTimezone = async (db: Db, name: string): Promise<boolean> => {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select from pg_timezone_names where lower(name) = lower(${name})) as known`.execute(db)
  return rows[0]?.known ?? false
}

export const insertCinema = (db: Db, cinema: Insertable<Cinemas>) =>
  db.insertInto('cinemas').values(cinema).returning('id').executeTakeFirstOrThrow()

export const updateCinema = (tx: Tx, id: number, changes: Updateable<Cinemas>) =>
  tx
    .updateTable('cinemas')
    .set({ ...changes, updated_at: sql<Date>`app.now()` })
    .where('id', '=', id)
    .execute()

export const deleteCinema = (tx: Tx, id: number) => tx.deleteFrom('cinemas').where('id', '=', id).execute()
