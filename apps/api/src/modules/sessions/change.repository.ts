import { sql, type Updateable } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { Sessions } from '#platform/db/types.gen.ts'
import { type Moments, occupies } from './repository.ts'

const hasStarted = sql<boolean>`s.start_time <= app.now()`
const hasEnded = sql<boolean>`(s.status = 'finished' or s.end_time <= app.now())`

export const findForChange = (db: Db, id: number) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('halls as h', 'h.id', 's.hall_id')
    .innerJoin('cinemas as c', 'c.id', 'h.cinema_id')
    .select([
      's.id',
      's.version',
      's.movie_id',
      's.hall_id',
      'h.cinema_id',
      's.start_time',
      's.end_time',
      's.business_day',
      's.price_card_id',
      's.format_3d',
      's.format_imax',
      'c.timezone',
      's.status',
      's.sales_open_at',
      's.sales_close_at',
      hasStarted.as('has_started'),
      hasEnded.as('has_ended'),
    ])
    .where('s.id', '=', id)
    .executeTakeFirst()

/** Waits for the bookings under way and keeps new ones out until the transaction ends. */
export const lockForChange = (tx: Tx, id: number) =>
  tx
    .selectFrom('sessions as s')
    .select(['s.id', 's.version', 's.status', 's.start_time', hasStarted.as('has_started'), hasEnded.as('has_ended')])
    .where('s.id', '=', id)
    .forUpdate()
    .executeTakeFirst()

type Changes = Omit<Updateable<Sessions>, 'start_time' | 'end_time' | 'occupies'> & { moments?: Moments }

/** Every change a booking must see raises the version. */
export const updateSession = (tx: Tx, id: number, { moments, ...values }: Changes) =>
  tx
    .updateTable('sessions')
    .set({
      ...values,
      ...(moments && { start_time: moments.start, end_time: moments.end, occupies: occupies(moments) }),
      version: sql<number>`version + 1`,
    })
    .where('id', '=', id)
    .execute()

const countClaims = async (tx: Tx, id: number, states: ReturnType<typeof sql<boolean>>): Promise<number> => {
  const { count } = await tx
    .selectFrom('seat_claims')
    .select(sql<number>`count(*)`.as('count'))
    .where('session_id', '=', id)
    .where(states)
    .executeTakeFirstOrThrow()
  return count
}

export const countLiveClaims = (tx: Tx, id: number) =>
  countClaims(tx, id, sql<boolean>`(state <> 'held' or expires_at > app.now())`)

/** Seats that somebody has bought or is about to buy. */
export const countHolders = (tx: Tx, id: number) =>
  countClaims(tx, id, sql<boolean>`(state = 'sold' or state = 'held' and expires_at > app.now())`)

/** Frees everything that is held in a session, in the order in which claims are locked. */
export const deleteHeldClaims = async (tx: Tx, id: number): Promise<void> => {
  await sql`
    with doomed as materialized (
      select session_id, seat_id from seat_claims where session_id = ${id} and state = 'held' order by seat_id for update
    )
    delete from seat_claims c using doomed
    where c.session_id = doomed.session_id and c.seat_id = doomed.seat_id and c.state = 'held'`.execute(tx)
}

export const noteMove = async (tx: Tx, id: number, new_start_time: Date, notice: string | null): Promise<number> => {
  const { rows } = await sql<{ id: number }>`
    insert into session_moves (session_id, old_start_time, new_start_time, notice)
    select id, start_time, ${new_start_time}::timestamptz, ${notice} from sessions where id = ${id}
    returning id`.execute(tx)
  return rows[0]?.id ?? 0
}

/** Takes a session that nobody ever booked out of the programme for good. */
export const deleteSession = async (tx: Tx, id: number): Promise<void> => {
  await tx.deleteFrom('seat_claims').where('session_id', '=', id).execute()
  await tx.deleteFrom('sessions').where('id', '=', id).execute()
}
