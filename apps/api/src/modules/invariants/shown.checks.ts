import { sql } from 'kysely'

import { readClaims } from '#modules/sessions/repository.ts'
import { listSessions } from '#modules/sessions/shown.statement.ts'
import type { Db } from '#platform/db/kysely.ts'
import { type Check, count, EXAMPLES, type Found, type Violation } from './check.ts'

type Counts = { free: number; held: number; sold: number; blocked: number }

const AT_ONCE = 2_000
/** Maps are read one by one, so only the fullest are. */
const MAPS = 20

/**
 * A claim on a seat that the hall does not show any more can be seen on no map, but counts as taken. What is over or
 * cancelled keeps its claims when the hall is rebuilt.
 */
const unseen = sql`
  select 'a claim is on a seat that its session does not show' as problem,
    json_build_object('session_id', c.session_id, 'seat_id', c.seat_id, 'claim', c.state) as ids
  from seat_claims c
  left join sessions s on s.id = c.session_id
  left join seats on seats.id = c.seat_id and seats.hall_id = s.hall_id
  where (c.state <> 'held' or c.expires_at > app.now())
    and (seats.id is null or not seats.is_active and s.status in ('scheduled', 'rescheduled') and s.end_time > app.now())
  union all
  select 'a claimed seat is of another type than it was booked as',
    json_build_object('session_id', c.session_id, 'seat_id', c.seat_id, 'ticket_id', t.id)
  from seat_claims c
  join sessions s on s.id = c.session_id and s.status in ('scheduled', 'rescheduled') and s.end_time > app.now()
  join tickets t on t.id = c.ticket_id
  join seats on seats.id = c.seat_id and seats.seat_type <> t.seat_type
  where c.state <> 'held' or c.expires_at > app.now()`

const recount = async (db: Db): Promise<Map<number, Counts>> => {
  const { rows } = await sql<Counts & { id: number }>`
    with live as (
      select session_id, state, count(*) as n from seat_claims
      where case state when 'held' then expires_at > app.now() else true end group by session_id, state
    ), taken as (
      select session_id, sum(n) filter (where state = 'held') as held, sum(n) filter (where state = 'sold') as sold,
        sum(n) filter (where state = 'blocked') as blocked, sum(n) as all_of_them
      from live group by session_id
    ), plan as (
      select hall_id, count(*) as seats from seats where is_active group by hall_id
    )
    select s.id, coalesce(held, 0)::int as held, coalesce(sold, 0)::int as sold, coalesce(blocked, 0)::int as blocked,
      greatest(coalesce(seats, 0) - coalesce(all_of_them, 0), 0)::int as free
    from sessions s left join plan on plan.hall_id = s.hall_id left join taken on taken.session_id = s.id`.execute(db)
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}

/** What the schedule says of every session, page by page, in the words of its own statement. */
const readShown = async (db: Db): Promise<(Counts & { id: number })[]> => {
  const shown: (Counts & { id: number })[] = []
  for (const is_active of [true, false]) {
    let after: string[] | undefined
    do {
      const page = { after, mark: '', offset: 0, size: AT_ONCE, page: 1 }
      const [rows] = await listSessions(db, { is_active, include_past: true }, page)
      for (const { id, available_seats: free, reserved_tickets: held, sold_tickets: sold } of rows.slice(0, AT_ONCE))
        shown.push({ id, free, held, sold, blocked: 0 })
      after = rows.length > AT_ONCE ? rows[AT_ONCE - 1]?.cursor_key : undefined
    } while (after)
  }
  return shown
}

const readMap = async (db: Db, id: number): Promise<Omit<Counts, 'free'>> => {
  const counts = { held: 0, sold: 0, blocked: 0 }
  for (const state of Object.values((await readClaims(db, id)).states)) counts[state] += 1
  return counts
}

const differs = (a: Partial<Counts>, b: Partial<Counts>) => (Object.keys(a) as (keyof Counts)[]).some((key) => a[key] !== b[key])

const compareLists = async (db: Db, counted: Map<number, Counts>): Promise<Violation[]> => {
  const shown = await readShown(db)
  return shown.flatMap(({ id, blocked: _, ...its }) => {
    const claims = counted.get(id)
    return claims && !differs(its, claims)
      ? []
      : [{ problem: 'the schedule shows other counts than the claims', ids: { session_id: id, shown: its, claims } }]
  })
}

const compareMaps = async (db: Db, counted: Map<number, Counts>): Promise<Violation[]> => {
  const taken = ({ held, sold, blocked }: Counts) => held + sold + blocked
  const fullest = [...counted].toSorted(([, a], [, b]) => taken(b) - taken(a)).slice(0, MAPS)
  const found: Violation[] = []
  for (const [id, claims] of fullest) {
    const map = await readMap(db, id)
    if (differs(map, claims))
      found.push({ problem: 'a seat map shows other seats than the claims', ids: { session_id: id, map, claims } })
  }
  return found
}

const compare = async (db: Db): Promise<Found> => {
  const hidden = await count(db, unseen)
  const counted = await recount(db)
  const others = [...(await compareLists(db, counted)), ...(await compareMaps(db, counted))]
  return { count: hidden.count + others.length, examples: [...hidden.examples, ...others].slice(0, EXAMPLES) }
}

export const shownChecks: Check[] = [
  { id: 'I13', sentence: 'What the schedule and the seat maps show is what the claims say.', find: compare },
]
