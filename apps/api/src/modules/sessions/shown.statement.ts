import { sql } from 'kysely'

import { createKeptQueries } from '#platform/db/kept.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { SessionStatus } from '#platform/db/types.gen.ts'
import { countFor, cursorKey, type CursorPage, cut, isUsualSize, type Order, orderBy } from '#platform/http/cursor.ts'
import { money } from '#platform/money.ts'
import type { SessionFilter } from './schemas.ts'

type Filter = Omit<SessionFilter, 'page' | 'size' | 'skip' | 'limit' | 'cursor'>
type Matching = { [Name in keyof Filter]: Filter[Name] | undefined }

const ofFormat = {
  '2d': sql<boolean>`not (format_3d or format_imax)`,
  '3d': sql<boolean>`format_3d`,
  imax: sql<boolean>`format_imax`,
}

const matching = (db: Db, filter: Matching) => {
  const { movie_id, cinema_id, hall_id, date, date_from, date_to, format, language, is_active, include_past } = filter
  const conditions = [
    sql<boolean>`is_active = ${is_active}`,
    movie_id && sql<boolean>`movie_id = ${movie_id}`,
    hall_id && sql<boolean>`hall_id = ${hall_id}`,
    cinema_id && sql<boolean>`hall_id in (select id from halls where cinema_id = ${cinema_id})`,
    date && sql<boolean>`business_day = ${date}`,
    date_from && sql<boolean>`business_day >= ${date_from}`,
    date_to && sql<boolean>`business_day <= ${date_to}`,
    language && sql<boolean>`language = ${language}`,
    format && ofFormat[format],
    !(date ?? date_from ?? date_to) && !include_past && sql<boolean>`start_time > app.now()`,
  ]
  return db.selectFrom('sessions as s').where((eb) => eb.and(conditions.filter((condition) => typeof condition === 'object')))
}

/** Counted for all sessions of a page at once: one after the other costs twice as much. */
const seatCounts = sql<{ hall_id: number; total: number }>`(
  select hall_id, count(*) as total from seats where hall_id = any(array(select hall_id from p)) and is_active group by hall_id)`
const claimCounts = sql<{ session_id: number; sold: number; held: number; blocked: number }>`(
  select session_id, count(*) filter (where state = 'sold') as sold,
         count(*) filter (where state = 'held' and expires_at > app.now()) as held,
         count(*) filter (where state = 'blocked') as blocked
  from seat_claims where session_id = any(array(select id from p)) group by session_id)`

const shownStatus = sql<SessionStatus>`case
  when s.status in ('scheduled', 'rescheduled') and s.end_time <= app.now() then 'finished' else s.status end`

const shownColumns = [
  's.id',
  's.movie_id',
  'm.title as movie_title',
  's.hall_id',
  'h.name as hall_name',
  'h.cinema_id',
  'c.name as cinema_name',
  's.start_time',
  's.end_time',
  's.business_day',
  'c.currency',
  's.price_card_id',
  's.early_bird_discount',
  's.language',
  's.subtitles',
  's.format_3d',
  's.format_imax',
  's.is_active',
  's.sales_open_at',
  's.sales_close_at',
  's.created_at',
  's.updated_at',
] as const

const byId = { by: sql`s.id`, as: 'integer' } as const
export const byStart: Order = { keys: [{ by: sql`s.start_time`, as: 'moment' }, byId], falling: false }

const canBeVisited = sql`(s.is_active and s.status in ('scheduled', 'rescheduled'))`
const start = sql`(extract(epoch from s.start_time) * 1000000)::bigint`

/**
 * Those that can be visited first, then the rest that is to come, then the past, the latest first. One that starts while
 * somebody reads on has moved to the past by then.
 */
export const activeFirst: Order = {
  keys: [
    { by: sql`case when s.start_time <= app.now() then 2 when ${canBeVisited} then 0 else 1 end`, as: 'integer' },
    { by: sql`case when s.start_time > app.now() then ${start} else -${start} end`, as: 'integer' },
    byId,
  ],
  falling: false,
}

/** Sessions as they are shown: the page is cut first, then only its own claims are counted. */
const show = (db: Db, rows: ReturnType<typeof matching>, page: Pick<CursorPage, 'after' | 'offset' | 'size'>, order = byStart) =>
  db
    .with(
      (cte) => cte('p').materialized(),
      () => cut(rows.selectAll(), order, page),
    )
    .selectFrom('p as s')
    .innerJoin('halls as h', 'h.id', 's.hall_id')
    .innerJoin('cinemas as c', 'c.id', 'h.cinema_id')
    .innerJoin('movies as m', 'm.id', 's.movie_id')
    .leftJoin(seatCounts.as('n'), 'n.hall_id', 's.hall_id')
    .leftJoin(claimCounts.as('k'), 'k.session_id', 's.id')
    .select(shownColumns)
    .select([
      shownStatus.as('status'),
      money('s.base_price_minor').as('base_price'),
      money('s.vip_price_minor').as('vip_price'),
      money('s.premium_price_minor').as('premium_price'),
      sql<number>`coalesce(k.sold, 0)`.as('sold_tickets'),
      sql<number>`coalesce(k.held, 0)`.as('reserved_tickets'),
      // Of a session that is over the hall may have fewer seats now than were sold then.
      sql<number>`greatest(coalesce(n.total, 0) - coalesce(k.sold + k.held + k.blocked, 0), 0)`.as('available_seats'),
      sql<unknown>`s.accessibility`.as('accessibility'),
    ])
    .select(cursorKey(order))
    .orderBy(orderBy(order))

type Beginning = Pick<Matching, 'format' | 'include_past'> & { size: number }

/** What everybody asks for: the beginning of a list. */
const firstOf = createKeptQueries((db, { size, ...kind }: Beginning, filter: Omit<Matching, 'format' | 'include_past'>) =>
  show(db, matching(db, { ...filter, ...kind }), { after: undefined, offset: 0, size }),
)

export const listSessions = (db: Db, filter: Matching, page: CursorPage) => {
  const rows = matching(db, filter)
  const { after, offset, size } = page
  const { format, include_past, ...values } = filter
  const isFirst = after === undefined && offset === 0 && isUsualSize(size)
  const shown = isFirst ? firstOf(db, { size, format, include_past }, values) : show(db, rows, page).execute()
  return Promise.all([shown, countFor(db, rows, page)])
}

export const findSession = (db: Db, id: number) =>
  show(db, db.selectFrom('sessions as s').where('s.id', '=', id), { after: undefined, offset: 0, size: 1 }).executeTakeFirst()

export const listOfMovie = (db: Db, movie_id: number, include_past: boolean, page: CursorPage) => {
  const rows = db
    .selectFrom('sessions as s')
    .where('s.movie_id', '=', movie_id)
    .$if(!include_past, (query) => query.where(sql<boolean>`s.start_time > app.now()`))
  return Promise.all([show(db, rows, page, activeFirst).execute(), countFor(db, rows, page)])
}
