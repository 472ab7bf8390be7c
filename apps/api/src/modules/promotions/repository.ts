import { type Insertable, type SelectQueryBuilder, sql, type Updateable } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { DB, Promotions } from '#platform/db/types.gen.ts'
import type { Page } from '#platform/http/pagination.ts'
import { money } from '#platform/money.ts'
import type { Promotion } from './schemas.ts'

const plainColumns = [
  'p.id',
  'p.kind',
  'p.is_automatic',
  'p.priority',
  'p.is_active',
  'p.free_lines as free_tickets',
  'p.group_lines as of_tickets',
  'p.days_ahead',
  'p.currency',
  'p.starts_at',
  'p.ends_at',
  'p.first_day',
  'p.last_day',
  'p.weekdays',
  'p.cinema_ids',
  'p.movie_ids',
  'p.ticket_types',
  'p.minimum_lines as minimum_tickets',
  'p.limit_total',
  'p.limit_per_user',
  'p.created_at',
  'p.updated_at',
] as const

const derived = [
  sql<Promotion['names']>`json_build_object('uk', name_uk, 'ru', name_ru, 'en', name_en)`.as('names'),
  sql<number | null>`(nullif(basis_points, 0) / 100.0)::float8`.as('percent'),
  money<number | null>('p.amount_minor').as('amount'),
  money<number | null>('p.minimum_minor').as('minimum_amount'),
  money<number | null>('p.budget_minor').as('budget'),
  sql<string | null>`to_char(from_time, 'HH24:MI')`.as('from_time'),
  sql<string | null>`to_char(until_time, 'HH24:MI')`.as('until_time'),
  sql<Promotion['seat_types']>`seat_types`.as('seat_types'),
  sql<string[]>`array(select code from promo_codes c where c.promotion_id = p.id order by code)`.as('codes'),
  sql<Promotion['used']>`(select json_build_object(
      'reserved', count(*) filter (where u.state = 'reserved'), 'confirmed', count(*) filter (where u.state = 'confirmed'),
      'amount', coalesce(sum(u.amount_minor), 0) / 100.0)
    from promotion_uses u where u.promotion_id = p.id and u.state in ('reserved', 'confirmed'))`.as('used'),
] as const

/** Null is everywhere; who works at some cinemas sees what holds at one of them. */
type Scope = readonly number[] | null
type From = SelectQueryBuilder<DB & { p: DB['promotions'] }, 'p', object>

const within = (db: Db, cinemas: Scope): From =>
  db
    .selectFrom('promotions as p')
    .$if(cinemas !== null, (query) =>
      query.where(sql<boolean>`(p.cinema_ids is null or p.cinema_ids && ${[...(cinemas ?? [])]}::bigint[])`),
    )

const shown = (query: From) => query.select(plainColumns).select(derived)

export const findPromotion = (db: Db, id: number, cinemas: Scope): Promise<Promotion | undefined> =>
  shown(within(db, cinemas)).where('p.id', '=', id).executeTakeFirst()

/** Nobody uses it or gives a use back until the transaction ends. */
export const lockPromotion = (tx: Tx, id: number) =>
  tx.selectFrom('promotions').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

type Filter = { is_active?: boolean | undefined; cinema_id?: number | undefined }

export const listPromotions = async (db: Db, { is_active, cinema_id }: Filter, cinemas: Scope, { size, offset }: Page) => {
  const matching = within(db, cinemas)
    .$if(is_active !== undefined, (query) => query.where('p.is_active', '=', is_active as boolean))
    .$if(cinema_id !== undefined, (query) =>
      query.where(sql<boolean>`(p.cinema_ids is null or ${cinema_id} = any(p.cinema_ids))`),
    )
  const [items, { total }] = await Promise.all([
    shown(matching).orderBy('p.priority').orderBy('p.id').limit(size).offset(offset).execute(),
    matching.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow(),
  ])
  return { items, total }
}

export const insertPromotion = (db: Db, row: Insertable<Promotions>) =>
  db.insertInto('promotions').values(row).returning('id').executeTakeFirstOrThrow()

export const updatePromotion = (db: Db, id: number, row: Updateable<Promotions>) =>
  db.updateTable('promotions').set(row).where('id', '=', id).execute()

export const deletePromotion = (db: Db, id: number) => db.deleteFrom('promotions').where('id', '=', id).execute()

export const writeCodes = async (db: Db, promotion_id: number, codes: string[]) => {
  await sql`delete from promo_codes where promotion_id = ${promotion_id} and code <> all(${codes}::text[])`.execute(db)
  await sql`
    insert into promo_codes (code, promotion_id) select code, ${promotion_id} from unnest(${codes}::text[]) code
    where code not in (select code from promo_codes where promotion_id = ${promotion_id})`.execute(db)
}

export const findTakenCode = (db: Db, promotion_id: number, codes: string[]) =>
  db
    .selectFrom('promo_codes')
    .select('code')
    .where('code', 'in', codes)
    .where('promotion_id', '<>', promotion_id)
    .executeTakeFirst()

export const findUnknownCinema = async (db: Db, ids: number[]): Promise<boolean> => {
  const { rows } = await sql<{ is_unknown: boolean }>`
    select exists (select from unnest(${ids}::bigint[]) id where id not in (select c.id from cinemas c)) as is_unknown`.execute(
    db,
  )
  return rows[0]?.is_unknown ?? false
}
