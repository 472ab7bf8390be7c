import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { createCounters, describeCounts, quantile } from '../lib/counters.ts'
import type { World } from './asker.ts'
import { createBuyer } from './buyer.ts'
import type { Cinema, Person } from './cinema.ts'

const LOOK_MS = 100
const PATIENCE_MS = 120_000
const GIVEN_BACK = 20
const EXCHANGED = 20
const WARM_UP = 240
const WARM_UP_LANES = 24

const until = async (what: string, isSo: () => Promise<boolean>) => {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}.`)
    await sleep(LOOK_MS)
  }
}

/** The seat map as the database has it now. */
const readMap = async (db: Db, session_id: number) => {
  const rows = await db
    .selectFrom('seat_claims')
    .select(['seat_id', 'state'])
    .where('session_id', '=', session_id)
    .where(sql<boolean>`(state = 'sold' or expires_at > now())`)
    .execute()
  return { taken: new Set(rows.map(({ seat_id }) => seat_id)), sold: rows.filter(({ state }) => state === 'sold').length }
}

type Count = { count: number }
const countOf = async (db: Db, query: ReturnType<typeof sql<Count>>) => (await query.execute(db)).rows[0]?.count ?? 0

/** What the database says about a storm afterwards. */
const takeStock = async (db: Db, session_id: number) => ({
  sold: await countOf(
    db,
    sql`select count(*)::int as count from tickets where session_id = ${session_id} and status in ('paid', 'used')`,
  ),
  double: await countOf(
    db,
    sql`
    select count(*)::int as count from (
      select seat_id from tickets where session_id = ${session_id} and status in ('paid', 'used') group by seat_id having count(*) > 1) as twice`,
  ),
  /** The new holder came before the old one was swept away. */
  taken_over: await countOf(
    db,
    sql`
    select count(*)::int as count from tickets old join tickets new using (session_id, seat_id)
    join ticket_events e on e.ticket_id = old.id and e.status = 'expired'
    where old.session_id = ${session_id} and new.id > old.id and new.created_at < e.created_at and new.order_id <> old.order_id`,
  ),
  sold_after_expiry: await countOf(
    db,
    sql`
    select count(distinct old.id)::int as count from tickets old join tickets new using (session_id, seat_id)
    where old.session_id = ${session_id} and old.status = 'expired' and new.id > old.id and new.status in ('paid', 'used', 'cancelled', 'refunded')`,
  ),
})

const nothingUnderWay = async (db: Db) =>
  (await countOf(
    db,
    sql`
    select (select count(*) from payments where status = 'pending')::int
      + (select count(*) from orders where status = 'pending' and expires_at <= now())::int as count`,
  )) === 0

/** A cold server is slow at everything: each of its connections and every path through it is used once before. */
export const warmUp = async (cinema: Cinema, people: Person[]): Promise<void> => {
  const { id, seat_ids } = await cinema.given.session({ rows: 10, seats_per_row: 20 })
  const book = async (who: number) => {
    const person = people[who] ?? {}
    const held = await cinema.call(who, person, 'POST', '/tickets', { session_id: id, seat_ids: [seat_ids[who >> 1]] })
    if (held.status === 201)
      await cinema.call(who, person, 'POST', `/orders/${held.body.order.id}/pay`, {
        card_token: 'tok_ok',
        email: 'early@marquee.test',
      })
  }
  const lane = async (first: number) => {
    for (let who = first; who < WARM_UP; who += WARM_UP_LANES) await book(who)
  }
  await Promise.all(Array.from({ length: WARM_UP_LANES }, (_, first) => lane(first)))
}

/** Everybody wants the same session. It sells out, some give tickets back, and it sells out again. */
export const runStorm = async (cinema: Cinema, people: Person[], hold_seconds: number) => {
  const { db } = cinema
  const hall = await cinema.given.hall({ rows: 10, seats_per_row: 20 })
  const { id: hall_id } = await cinema.given.hall({ cinema_id: hall.cinema_id, rows: 10, seats_per_row: 20 })
  const session = await cinema.given.session({ hall_id: hall.id })
  const world: World = {
    session_id: session.id,
    seat_ids: session.seat_ids,
    quiet: await cinema.given.session({ hall_id }),
    taken: new Set(),
    isOver: false,
    hold_ms: hold_seconds * 1_000,
    mayGive: true,
    giving: 0,
    counters: createCounters(),
    unexpected: [],
    waits_ms: [],
    paid: [],
  }
  const look = async () => {
    const map = await readMap(db, session.id)
    world.taken = map.taken
    return map.sold === session.seat_ids.length
  }
  const started = performance.now()
  const crowd = Promise.all(people.map((person, who) => createBuyer(cinema, world, who, person)()))
  try {
    await until('sold out', look)
    const seconds = (performance.now() - started) / 1000
    await Promise.all(world.paid.splice(0, GIVEN_BACK).map(({ cancel }) => cancel()))
    await Promise.all(world.paid.splice(0, EXCHANGED).map(({ exchange }) => exchange()))
    world.mayGive = false
    await until('sold out again', async () => world.giving === 0 && (await look()))
    world.isOver = true
    await crowd
    await until('every payment decided and every overdue order swept', () => nothingUnderWay(db))
    const { counters, unexpected, waits_ms } = world
    return {
      seconds,
      all_seconds: (performance.now() - started) / 1000,
      counters,
      unexpected,
      waits_ms,
      stock: await takeStock(db, session.id),
    }
  } catch (error) {
    world.isOver = true
    await crowd
    console.log(
      describeCounts(world.counters.all()),
      world.unexpected.slice(0, 10),
      quantile(world.waits_ms, 0.5),
      await takeStock(db, session.id),
    )
    throw error
  }
}
export type Storm = Awaited<ReturnType<typeof runStorm>>
