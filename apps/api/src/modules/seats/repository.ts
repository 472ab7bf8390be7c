import { sql } from 'kysely'

import { type Db, translate } from '#platform/db/kysely.ts'
import type { Pool } from '#platform/db/pool.ts'

/** Every statement here that touches several claims locks them in the order of (session, seat), as all others do. */

type ClaimLine = { session_id: number; seat_id: number; ticket_id: number }
type SessionOf = { session_id: number }

const columns = (lines: ClaimLine[]) => ({
  sessions: lines.map((line) => line.session_id),
  seats: lines.map((line) => line.seat_id),
  tickets: lines.map((line) => line.ticket_id),
})

/** Holds free or expired seats for an order until its deadline. Returns the seats it got. */
export const hold = async (db: Db, orderId: number, lines: ClaimLine[]) => {
  const { sessions, seats, tickets } = columns(lines)
  const { rows } = await sql<{ session_id: number; seat_id: number }>`
    insert into seat_claims (session_id, seat_id, state, order_id, ticket_id, expires_at)
    select w.session_id, w.seat_id, 'held', o.id, w.ticket_id, o.expires_at
    from unnest(${sessions}::bigint[], ${seats}::bigint[], ${tickets}::bigint[]) as w(session_id, seat_id, ticket_id), orders o
    where o.id = ${orderId}
    order by w.session_id, w.seat_id
    on conflict (session_id, seat_id) do update
      set state = 'held', order_id = excluded.order_id, ticket_id = excluded.ticket_id,
          acquired_at = app.now(), expires_at = excluded.expires_at, reason = null
      where seat_claims.state = 'held' and seat_claims.expires_at <= app.now()
    returning session_id, seat_id`.execute(db)
  return rows
}

/** Turns an order's holds into sold seats. Returns one row for each. */
export const sellHeld = async (db: Db, orderId: number): Promise<SessionOf[]> => {
  const { rows } = await sql<SessionOf>`
    with mine as materialized (
      select session_id, seat_id from seat_claims where order_id = ${orderId} and state = 'held' order by session_id, seat_id for update
    )
    update seat_claims c set state = 'sold', expires_at = null
    from mine where c.session_id = mine.session_id and c.seat_id = mine.seat_id and c.order_id = ${orderId} and c.state = 'held'
    returning c.session_id`.execute(db)
  return rows
}

/** For money that came after the deadline: takes what is ours or free, if the hall still has the seat as it was booked. Returns how many seats it got. */
export const sellAgain = async (db: Db, orderId: number, lines: ClaimLine[]): Promise<number> => {
  const { sessions, seats, tickets } = columns(lines)
  const { rows } = await sql`
    insert into seat_claims (session_id, seat_id, state, order_id, ticket_id)
    select w.session_id, w.seat_id, 'sold', ${orderId}, w.ticket_id
    from unnest(${sessions}::bigint[], ${seats}::bigint[], ${tickets}::bigint[]) as w(session_id, seat_id, ticket_id)
    join tickets t on t.id = w.ticket_id
    join sessions x on x.id = w.session_id
    join seats s on s.id = w.seat_id and s.hall_id = x.hall_id and s.is_active and s.seat_type = t.seat_type
    order by w.session_id, w.seat_id
    on conflict (session_id, seat_id) do update
      set state = 'sold', order_id = excluded.order_id, ticket_id = excluded.ticket_id, acquired_at = app.now(), expires_at = null, reason = null
      where seat_claims.state = 'held' and (seat_claims.expires_at <= app.now() or seat_claims.order_id = excluded.order_id)
    returning seat_claims.seat_id`.execute(db)
  return rows.length
}

/** Moves the deadline of an order's holds to the order's own. Returns how many holds it still had. */
export const extendHeld = async (db: Db, orderId: number): Promise<number> => {
  const { rows } = await sql`
    with mine as materialized (
      select session_id, seat_id from seat_claims where order_id = ${orderId} and state = 'held' order by session_id, seat_id for update
    )
    update seat_claims c set expires_at = o.expires_at
    from mine, orders o
    where o.id = ${orderId} and c.session_id = mine.session_id and c.seat_id = mine.seat_id and c.order_id = ${orderId} and c.state = 'held'
    returning c.seat_id`.execute(db)
  return rows.length
}

/** Frees what orders still hold. Naming the order keeps it from freeing a seat that someone else has taken over since. */
export const releaseHeld = async (db: Db, orderIds: number[]): Promise<SessionOf[]> => {
  const { rows } = await sql<SessionOf>`
    with doomed as materialized (
      select session_id, seat_id from seat_claims where order_id = any(${orderIds}) and state = 'held' order by session_id, seat_id for update
    )
    delete from seat_claims c using doomed
    where c.session_id = doomed.session_id and c.seat_id = doomed.seat_id and c.order_id = any(${orderIds}) and c.state = 'held'
    returning c.session_id`.execute(db)
  return rows
}

/** Frees the seats of these tickets of one order, held or sold. */
export const releaseTickets = async (db: Db, orderId: number, ticketIds: number[]): Promise<SessionOf[]> => {
  const { rows } = await sql<SessionOf>`
    with doomed as materialized (
      select session_id, seat_id from seat_claims
      where order_id = ${orderId} and ticket_id = any(${ticketIds}) order by session_id, seat_id for update
    )
    delete from seat_claims c using doomed
    where c.session_id = doomed.session_id and c.seat_id = doomed.seat_id and c.order_id = ${orderId} and c.ticket_id = any(${ticketIds})
    returning c.session_id`.execute(db)
  return rows
}

/** Locks every claim of these orders. */
export const lockOfOrders = (db: Db, orderIds: number[]) =>
  db
    .selectFrom('seat_claims')
    .select('seat_id')
    .where('order_id', 'in', orderIds)
    .orderBy('session_id')
    .orderBy('seat_id')
    .forUpdate()
    .execute()

/** Locks one sold seat of an order. */
export const lockSold = (db: Db, orderId: number, { session_id, seat_id }: Pick<ClaimLine, 'session_id' | 'seat_id'>) =>
  db
    .selectFrom('seat_claims')
    .select('seat_id')
    .where('session_id', '=', session_id)
    .where('seat_id', '=', seat_id)
    .where('order_id', '=', orderId)
    .where('state', '=', 'sold')
    .forUpdate()
    .execute()

/** Locks one held seat of an order; false when it has changed hands. */
export const lockHeld = async (db: Db, orderId: number, seatId: number, sessionId: number): Promise<boolean> => {
  const row = await db
    .selectFrom('seat_claims')
    .select('seat_id')
    .where('session_id', '=', sessionId)
    .where('seat_id', '=', seatId)
    .where('order_id', '=', orderId)
    .where('state', '=', 'held')
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** Frees one held seat of an order. */
export const releaseSeat = (db: Db, orderId: number, sessionId: number, seatId: number) =>
  db
    .deleteFrom('seat_claims')
    .where('session_id', '=', sessionId)
    .where('seat_id', '=', seatId)
    .where('order_id', '=', orderId)
    .where('state', '=', 'held')
    .execute()

type Owner = { user_id: number | null; guest_id: string | null }

/** What an owner holds in one session, counted after locking the owner, so that parallel requests add up. */
export const countHeldByOwner = async (db: Db, { user_id, guest_id }: Owner, sessionId: number): Promise<number> => {
  await (user_id === null
    ? db.selectFrom('guests').select('id').where('id', '=', guest_id).forNoKeyUpdate().execute()
    : db.selectFrom('users').select('id').where('id', '=', user_id).forNoKeyUpdate().execute())
  const { rows } = await sql<{
    held: number
  }>`select app.held_seats(${user_id}::bigint, ${guest_id}::uuid, ${sessionId}) as held`.execute(db)
  return rows[0]?.held ?? 0
}

const occupiedText = `
  select coalesce(array_agg(c.seat_id), '{}') as ids from seat_claims c
  where c.session_id = $1 and (c.state <> 'held' or c.expires_at > app.now())`

/** The seats of a session that nobody can have now, on a connection that somebody has taken. */
export const occupiedOn = async (client: Pick<Pool, 'query'>, sessionId: number): Promise<number[]> => {
  try {
    const { rows } = await client.query<{ ids: number[] }>({ name: 'occupied', text: occupiedText, values: [sessionId] })
    return rows[0]?.ids ?? []
  } catch (error) {
    throw translate(error)
  }
}

/** The same with whoever has them; what the house keeps is nobody's. */
export const listOccupied = (db: Db, sessionId: number) =>
  db
    .selectFrom('seat_claims as c')
    .leftJoin('orders as o', 'o.id', 'c.order_id')
    .select(['c.seat_id', 'o.user_id', 'o.guest_id'])
    .where('c.session_id', '=', sessionId)
    .where(sql<boolean>`(c.state <> 'held' or c.expires_at > app.now())`)
    .execute()
