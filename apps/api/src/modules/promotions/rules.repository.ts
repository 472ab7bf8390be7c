import { sql } from 'kysely'

import type { InLanguages } from '#modules/pricing/price-order.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Rule } from './terms.ts'

/** A rule, and whether somebody has to count how often it is used. */
export type KnownRule = Rule & { is_limited: boolean; is_personal: boolean }

const minuteOf = (column: string) =>
  sql<number | null>`(extract(hour from ${sql.ref(column)}) * 60 + extract(minute from ${sql.ref(column)}))::integer`

const selectRules = (db: Db) =>
  db
    .selectFrom('promotions as p')
    .select([
      'p.id',
      'p.name_en as label',
      'p.kind',
      'p.priority',
      'p.is_automatic',
      'p.is_active',
      'p.basis_points',
      'p.amount_minor',
      'p.free_lines',
      'p.group_lines',
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
      'p.seat_types',
      'p.minimum_minor',
      'p.minimum_lines',
    ])
    .select([
      minuteOf('p.from_time').as('from_minute'),
      minuteOf('p.until_time').as('until_minute'),
      sql<InLanguages>`json_build_object('uk', p.name_uk, 'ru', p.name_ru, 'en', p.name_en)`.as('names'),
      sql<boolean>`num_nonnulls(limit_total, limit_per_user, budget_minor) > 0`.as('is_limited'),
      sql<boolean>`limit_per_user is not null`.as('is_personal'),
    ])

/** Those that may apply by themselves, now or later today. */
export const findAutomatic = (db: Db): Promise<KnownRule[]> =>
  selectRules(db).where('p.is_automatic', '=', true).where('p.is_active', '=', true).orderBy('p.id').execute()

/** The promotion that a code opens, in force or not. */
export const findByCode = (db: Db, code: string): Promise<KnownRule | undefined> =>
  selectRules(db)
    .innerJoin('promo_codes as c', 'c.promotion_id', 'p.id')
    .where('c.code', '=', code)
    .where('p.is_automatic', '=', false)
    .executeTakeFirst()

export const findRule = (db: Db, id: number): Promise<KnownRule | undefined> =>
  selectRules(db).where('p.id', '=', id).executeTakeFirst()
