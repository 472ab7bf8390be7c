import { type Insertable, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Cinemas } from '#platform/db/types.gen.ts'
import type { Page } from '#platform/http/pagination.ts'

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

export const findCinema = (db: Db, id: number) =>
  db.selectFrom('cinemas').select(plainColumns).select(derived).where('id', '=', id).executeTakeFirst()

type Filter = { city?: string; is_active: boolean }

export const listCinemas = async (db: Db, { city, is_active }: Filter, { offset, size }: Page) => {
  const matching = db
    .selectFrom('cinemas')
    .where('is_active', '=', is_active)
    .$if(city !== undefined, (query) => query.where('city', '=', city as string))
  const [items, { total }] = await Promise.all([
    matching.select(plainColumns).select(derived).orderBy('name').orderBy('id').limit(size).offset(offset).execute(),
    matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ])
  return { items, total }
}

export const insertCinema = (db: Db, cinema: Insertable<Cinemas>) =>
  db.insertInto('cinemas').values(cinema).returning('id').executeTakeFirstOrThrow()
