import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

const TUESDAY = 2
const BASIS_POINTS = 100

type Demo = {
  uk: string
  ru: string
  en: string
  kind: 'percent' | 'cheapest'
  percent: number
  weekday?: number
  cinema?: string
  movie?: string
  free_lines?: number
  group_lines?: number
  per_user?: number
  code?: string
}

/** A cheap day in the smaller town, a welcome, and a family film for three at the price of two. */
const promotions: Demo[] = [
  {
    uk: 'Вівторок −20 %',
    ru: 'Вторник −20 %',
    en: 'Tuesday 20 % off',
    kind: 'percent',
    percent: 20,
    weekday: TUESDAY,
    cinema: 'Marquee Lviv',
  },
  {
    uk: 'Перший візит −10 %',
    ru: 'Первый визит −10 %',
    en: 'First visit 10 % off',
    kind: 'percent',
    percent: 10,
    per_user: 1,
    code: 'WELCOME10',
  },
  {
    uk: 'Три за ціною двох',
    ru: 'Три по цене двух',
    en: 'Three for two',
    kind: 'cheapest',
    percent: 100,
    movie: 'My Neighbor Totoro',
    free_lines: 1,
    group_lines: 3,
  },
]

const POINTS = 180
const SPENT_MINOR = 600_000
const DAYS = 365

/** Whoever tries the demo has something to pay with, and stands above the first tier. */
export const seedPoints = async (db: Db, email: string): Promise<void> => {
  await sql`
    with account as (
      insert into loyalty_accounts (user_id, points) select id, ${POINTS} from users where email = ${email} returning user_id
    )
    insert into loyalty_entries (user_id, kind, points, amount_minor, expires_at)
    select user_id, 'earned', ${POINTS}, ${SPENT_MINOR}, app.now() + make_interval(days => ${DAYS}) from account`.execute(db)
}

/** What makes the demo's tickets cheaper from now on; those that are sold already cost what they did. */
export const seedPromotions = async (db: Db): Promise<void> => {
  await sql`
    with given as (
      select row_number() over () as priority, g.* from jsonb_to_recordset(${JSON.stringify(promotions)}::jsonb)
        as g (uk text, ru text, en text, kind promotion_kind, percent integer, weekday integer, cinema text, movie text,
          free_lines integer, group_lines integer, per_user integer, code text)
    ), made as (
      insert into promotions (name_uk, name_ru, name_en, kind, priority, is_automatic, basis_points, weekdays, cinema_ids, movie_ids,
        free_lines, group_lines, limit_per_user)
      select g.uk, g.ru, g.en, g.kind, g.priority, g.code is null, g.percent * ${BASIS_POINTS}, case when g.weekday is not null then array[g.weekday] end,
        (select array_agg(id) from cinemas where name = g.cinema), (select array_agg(id) from movies where title = g.movie),
        g.free_lines, g.group_lines, g.per_user
      from given g order by g.priority returning id, name_en
    )
    insert into promo_codes (code, promotion_id)
    select g.code, m.id from given g join made m on m.name_en = g.en where g.code is not null`.execute(db)
}
