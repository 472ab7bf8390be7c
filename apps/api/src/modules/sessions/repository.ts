import { type CompiledQuery, type InferResult, type Insertable, sql } from 'kysely'

import type { ReturnTerms } from '#modules/cinemas/schemas.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'
import type { Sessions } from '#platform/db/types.gen.ts'

const hasStarted = sql<boolean>`(s.start_time <= app.now() or s.status = 'finished')`
const isOnSale = sql<boolean>`(s.is_active
  and coalesce(s.sales_open_at <= app.now(), true) and coalesce(s.sales_close_at > app.now(), true))`
const isBookable = sql<boolean>`(s.status in ('scheduled', 'rescheduled') and s.start_time > app.now() and ${isOnSale})`

/**
 * A session with what a booking needs of its hall, cinema and movie. Their tables are joined here, because a
 * settlement reads this inside its transaction and the booking path in one round trip.
 */
const selectBookable = (db: Db) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('halls as h', 'h.id', 's.hall_id')
    .innerJoin('cinemas as c', 'c.id', 'h.cinema_id')
    .innerJoin('movies as m', 'm.id', 's.movie_id')
    .select([
      's.id',
      's.version',
      's.hall_id',
      'h.cinema_id',
      's.movie_id',
      'm.title as movie_title',
      's.start_time',
      's.end_time',
      's.status',
      's.is_active',
      's.sales_open_at',
      's.sales_close_at',
      'c.currency',
      's.base_price_minor',
      's.vip_price_minor',
      's.premium_price_minor',
      's.price_card_id',
    ])
    .select([
      // Read with the version: prices remembered from this revision are those that this version charges.
      sql<number>`(select revision from price_revision)`.as('price_revision'),
      sql<string>`extract(epoch from h.updated_at)::text`.as('plan_version'),
      // The business day, and where the hands of the cinema's clock stand at the start.
      's.business_day as day',
      sql<number>`extract(isodow from s.business_day)::integer`.as('weekday'),
      sql<number>`extract(epoch from (s.start_time at time zone c.timezone)::time)::integer / 60`.as('minute'),
      's.early_bird_discount',
    ])
    // On which terms its tickets are taken back; null where the cinema has none of its own.
    .select(
      sql<ReturnTerms | null>`(
      select jsonb_build_object('cutoff_minutes', p.cutoff_minutes, 'returns_fees', p.returns_fees,
        'charge_minor', p.charge_minor, 'charge_percent', p.charge_percent)
      from cancellation_policies p where p.cinema_id = h.cinema_id)`.as('return_terms'),
    )

const bookableById = (db: Db, id: number) => selectBookable(db).where('s.id', '=', id)
export type BookableSession = InferResult<ReturnType<typeof bookableById>>[number]
let compiled: CompiledQuery<BookableSession> | undefined

/** Each first booking of a session asks this, and building the text anew costs this process more than the answer. */
export const findBookable = async (db: Db, id: number): Promise<BookableSession | undefined> => {
  compiled ??= bookableById(db, id).compile()
  return (await db.executeQuery<BookableSession>({ ...compiled, parameters: [id] })).rows[0]
}

/** Keeps the session from being moved, cancelled or re-seated until the transaction ends. */
export const lockBookable = (tx: Tx, id: number) =>
  selectBookable(tx).select(isBookable.as('is_bookable')).where('s.id', '=', id).forKeyShare('s').executeTakeFirst()

export const findSaleState = (db: Db, id: number) =>
  db
    .selectFrom('sessions as s')
    .select(['s.status', hasStarted.as('has_started'), isOnSale.as('is_on_sale')])
    .where('s.id', '=', id)
    .executeTakeFirst()

export const findCinemaId = async (db: Db, id: number): Promise<number | undefined> =>
  (
    await db
      .selectFrom('sessions as s')
      .innerJoin('halls as h', 'h.id', 's.hall_id')
      .select('h.cinema_id')
      .where('s.id', '=', id)
      .executeTakeFirst()
  )?.cinema_id

export type Moments = { start: Date; end: Date; cleaning_minutes: number }

export const occupies = ({ start, end, cleaning_minutes }: Moments) =>
  sql<string>`tstzrange(${start}::timestamptz, ${end}::timestamptz + make_interval(mins => ${cleaning_minutes}))`

export const isFuture = async (db: Db, moment: Date) =>
  (await db.selectNoFrom(sql<boolean>`${moment}::timestamptz > app.now()`.as('is_future')).executeTakeFirstOrThrow()).is_future

type NewSession = Omit<Insertable<Sessions>, 'start_time' | 'end_time' | 'occupies'>

export const insertSession = (db: Db, session: NewSession, moments: Moments) =>
  db
    .insertInto('sessions')
    .values({ ...session, start_time: moments.start, end_time: moments.end, occupies: occupies(moments) })
    .returning('id')
    .executeTakeFirstOrThrow()

/** What a session stands on, as it is now. The session's foreign keys keep movie and hall from being closed meanwhile. */
export const findGround = (tx: Tx, session_id: number) =>
  tx
    .selectFrom('sessions as s')
    .innerJoin('movies as m', 'm.id', 's.movie_id')
    .innerJoin('halls as h', 'h.id', 's.hall_id')
    .innerJoin('cinemas as c', 'c.id', 'h.cinema_id')
    .select(['m.is_active as movie_active', 'c.timezone', sql<boolean>`h.is_active and c.is_active`.as('hall_active')])
    .where('s.id', '=', session_id)
    .executeTakeFirstOrThrow()

/** The first session that keeps another out of the hall. */
export const findClash = (db: Db, hall_id: number, moments: Moments, except = 0) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('movies as m', 'm.id', 's.movie_id')
    .select(['s.id', 'm.title as movie_title', 's.start_time', 's.end_time'])
    .where('s.hall_id', '=', hall_id)
    .where('s.status', '<>', 'cancelled')
    .where('s.id', '<>', except)
    .where(sql<boolean>`s.occupies && ${occupies(moments)}`)
    .orderBy('s.start_time')
    .executeTakeFirst()

type ClaimStates = Record<string, 'held' | 'sold' | 'blocked'>

/** Who sits where at this moment, by seat id; whoever is not there is free. */
export const readClaims = (db: Db, session_id: number) => {
  const isLive = sql`state <> 'held' or expires_at > app.now()`
  return db
    .selectFrom('seat_claims')
    .select([
      sql<Date>`app.now()`.as('server_time'),
      sql<ClaimStates>`coalesce(json_object_agg(seat_id, state) filter (where ${isLive}), '{}')`.as('states'),
    ])
    .where('session_id', '=', session_id)
    .executeTakeFirstOrThrow()
}
