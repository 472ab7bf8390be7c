import { type RawBuilder, sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { SessionStatus } from '#platform/db/types.gen.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order, type SortKey } from '#platform/http/cursor.ts'
import { money } from '#platform/money.ts'
import { FOLDING, searchLines } from '#platform/search-text.ts'
import type { EventQuery, EventSort } from './schemas.ts'

export type EventFilters = Omit<
  EventQuery,
  'search' | 'sort' | 'price_from' | 'price_to' | 'page' | 'size' | 'skip' | 'limit' | 'cursor'
> & {
  /** The movies that the search finds, and what a text of an event alone must have: as it is written, or in any alphabet once it is folded. */
  search: { found: RawBuilder<Found> | undefined; pattern: string; patterns: string[] | undefined } | undefined
  price_from_minor: number | undefined
  price_to_minor: number | undefined
}

const length = sql<number>`round(extract(epoch from s.end_time - s.start_time) / 60)::int`
const taken = sql<number>`(select count(*) from seat_claims k where k.session_id = s.id and (k.state <> 'held' or k.expires_at > app.now()))`
const seatCount = sql<number>`(select count(*) from seats where hall_id = s.hall_id and is_active)`
const isOnSale = sql<boolean>`(s.is_active and s.status in ('scheduled', 'rescheduled') and s.start_time > app.now()
  and coalesce(s.sales_open_at <= app.now(), true) and coalesce(s.sales_close_at > app.now(), true))`

const conditions = (filters: EventFilters): RawBuilder<boolean>[] => {
  const { search, date, date_from, date_to, cinema_id, hall_id, price_from_minor, price_to_minor } = filters
  const { available, is_active, include_past } = filters
  const found = [
    sql<boolean>`s.is_active = ${is_active}`,
    search &&
      sql<boolean>`(f.movie_id is not null or x.description ilike ${search.pattern} or x.folded like all (${search.patterns}::text[]))`,
    date && sql<boolean>`s.business_day = ${date}`,
    date_from && sql<boolean>`s.business_day >= ${date_from}`,
    date_to && sql<boolean>`s.business_day <= ${date_to}`,
    cinema_id && sql<boolean>`h.cinema_id = ${cinema_id}`,
    hall_id && sql<boolean>`s.hall_id = ${hall_id}`,
    price_from_minor !== undefined && sql<boolean>`s.base_price_minor >= ${price_from_minor}`,
    price_to_minor !== undefined && sql<boolean>`s.base_price_minor <= ${price_to_minor}`,
    available === true && sql<boolean>`(${isOnSale} and ${seatCount} > ${taken})`,
    available === false && sql<boolean>`(${isOnSale} and ${seatCount} > ${taken}) is not true`,
    !(date ?? date_from ?? date_to) && !include_past && sql<boolean>`s.start_time > app.now()`,
  ]
  return found.filter((condition) => typeof condition === 'object')
}

type Found = { movie_id: number; relevance: number }
const nothingFound = sql<Found>`(select null::bigint as movie_id, 0::float8 as relevance where false)`

/** One statement over the session and its movie: a list over both cannot be paged by asking each of them. */
const matching = (db: Db, wanted: RawBuilder<boolean>[], found = nothingFound) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('movies as m', 'm.id', 's.movie_id')
    .innerJoin('halls as h', 'h.id', 's.hall_id')
    .innerJoin('cinemas as c', 'c.id', 'h.cinema_id')
    .leftJoin('event_texts as x', 'x.session_id', 's.id')
    .leftJoin(found.as('f'), 'f.movie_id', 's.movie_id')
    .where((eb) => eb.and(wanted))

const shown = (rows: ReturnType<typeof matching>) =>
  rows
    .select([
      's.id',
      's.movie_id',
      'm.title',
      's.start_time',
      's.end_time',
      'c.currency',
      's.hall_id',
      'h.name as hall_name',
      'h.cinema_id',
      'c.name as cinema_name',
      'm.poster_url',
      's.is_active',
      's.created_at',
      's.updated_at',
    ])
    .select([
      sql<string>`coalesce(x.description, m.description)`.as('description'),
      length.as('duration_minutes'),
      money('s.base_price_minor').as('price'),
      seatCount.as('total_seats'),
      sql<number>`${seatCount} - ${taken}`.as('available_seats'),
      sql<SessionStatus>`case when s.status in ('scheduled', 'rescheduled') and s.end_time <= app.now() then 'finished' else s.status end`.as(
        'status',
      ),
    ])

const KEYS: Record<string, SortKey> = {
  start_time: { by: sql`s.start_time`, as: 'moment' },
  price: { by: sql`s.base_price_minor`, as: 'integer' },
  title: { by: sql`m.title`, as: 'text' },
}
const byId: SortKey = { by: sql`s.id`, as: 'integer' }

export const orderOf = (sort: EventSort): Order => {
  const falling = sort.startsWith('-')
  const key = KEYS[falling ? sort.slice(1) : sort]
  return { keys: key ? [key, byId] : [byId], falling, isLedByAnother: key === KEYS['title'] }
}

/** Without an order what fits a search best comes first. */
export const listEvents = (db: Db, filters: EventFilters, order: Order | undefined, page: CursorPage) => {
  const rows = matching(db, conditions(filters), filters.search?.found)
  const asked = order
    ? cut(shown(rows).select(cursorKey(order)), order, page)
    : shown(rows)
        .select(sql<null>`null`.as('cursor_key'))
        .orderBy(sql`f.relevance desc nulls last, s.start_time, s.id`)
        .limit(page.size)
        .offset(page.offset)
  return Promise.all([asked.execute(), countFor(db, rows, page)])
}

export const findEvent = (db: Db, id: number) => shown(matching(db, [sql<boolean>`s.id = ${id}`])).executeTakeFirst()

/** The event's movie and text as they are under the lock of its session; the movie is locked too, so that nobody joins it meanwhile. */
export const lockMovie = async (tx: Tx, id: number) => {
  const movie = await tx
    .selectFrom('sessions as s')
    .innerJoin('movies as m', 'm.id', 's.movie_id')
    .select(['m.id', 'm.title', 'm.release_year', 'm.duration_minutes', 'm.description', length.as('session_minutes')])
    .where('s.id', '=', id)
    .forUpdate('m')
    .executeTakeFirstOrThrow()
  const { is_shared } = await tx
    .selectNoFrom(sql<boolean>`exists (select from sessions where movie_id = ${movie.id} and id <> ${id})`.as('is_shared'))
    .executeTakeFirstOrThrow()
  return { ...movie, is_shared }
}

export const findText = async (tx: Tx, session_id: number): Promise<string | undefined> =>
  (await tx.selectFrom('event_texts').select('description').where('session_id', '=', session_id).executeTakeFirst())?.description

const textOf = (description: string) => ({ description, folded: searchLines([description]), folding: FOLDING })

export const putText = (tx: Tx, session_id: number, description: string) =>
  tx
    .insertInto('event_texts')
    .values({ session_id, ...textOf(description) })
    .onConflict((conflict) => conflict.column('session_id').doUpdateSet(textOf(description)))
    .execute()

export const dropText = (tx: Tx, session_id: number) =>
  tx.deleteFrom('event_texts').where('session_id', '=', session_id).execute()

type Text = { session_id: number; description: string }

/** Locked, so that one written meanwhile is not overwritten. */
export const lockUnfolded = (tx: Tx, most: number): Promise<Text[]> =>
  tx
    .selectFrom('event_texts')
    .select(['session_id', 'description'])
    .where('folding', '<>', FOLDING)
    .orderBy('session_id')
    .limit(most)
    .forUpdate()
    .execute()

export const foldTexts = async (tx: Tx, texts: Text[]): Promise<void> => {
  const rows = texts.map(({ session_id, description }) => ({ session_id, ...textOf(description) }))
  await sql`
    update event_texts x set folded = r.folded, folding = r.folding
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (session_id bigint, folded text, folding smallint)
    where x.session_id = r.session_id`.execute(tx)
}
