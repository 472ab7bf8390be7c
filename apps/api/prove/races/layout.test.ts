import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { type Reply, startTestApp } from '#testing/app.ts'

const { as, someone, checkout, db, given } = await startTestApp({ poolSize: 20 })
const manager = await as('manager')

const ROUNDS = 60

/** Every live claim must lie on a seat that is still there and still what its ticket says. */
const strayClaims = async () => {
  const { rows } = await sql`
    select c.session_id, c.seat_id from seat_claims c
    left join tickets t on t.id = c.ticket_id
    left join seats s on s.id = c.seat_id
    where (c.state <> 'held' or c.expires_at > app.now()) and (s.is_active and s.seat_type = t.seat_type) is not true`.execute(db)
  return rows
}

/** Rows 1 and 2; the second goes in even rounds and becomes VIP in odd ones. */
const shrunk = { rows: 1, seats_per_row: 4 }
const retyped = { rows: 2, seats_per_row: 4, vip_rows: [2] }

const buyers = await Promise.all(Array.from({ length: 8 }, () => someone()))

const jitter = (round: number) => sleep((round * 7) % 11)

type Outcomes = { held: number; layout: number; both: number }

const judge = (round: number, reservation: Reply, layout: Reply, outcomes: Outcomes) => {
  const held = reservation.status === 201
  if (held && layout.status === 409) {
    expect(layout.body.code).toBe('halls.seats_claimed')
    outcomes.held += 1
  } else if (held) {
    // The layout was first, and the seat was booked as what it had become.
    expect([round % 2, layout.status, reservation.body.seat_type, reservation.body.price]).toEqual([1, 200, 'vip', 400])
    outcomes.both += 1
  } else {
    expect([reservation.status, layout.status]).toEqual([422, 200])
    outcomes.layout += 1
  }
}

test('R-118 a seat that somebody gets while the hall is rebuilt neither goes nor becomes another type', async () => {
  const outcomes: Outcomes = { held: 0, layout: 0, both: 0 }
  for (let round = 0; round < ROUNDS; round += 1) {
    const session = await given.session({ rows: 2, seats_per_row: 4 })
    const buyer = buyers[round % buyers.length] as (typeof buyers)[number]
    // A page that was opened before: the buyer's process knows the old plan.
    await buyer.get(`/api/v1/sessions/${session.id}/available-seats`)
    const wanted = { session_id: session.id, seat_ids: session.seat_ids.slice(4, 6) }
    const [reservation, layout] = await Promise.all([
      (round % 3 === 0 ? sleep(0) : jitter(round)).then(() => buyer.post('/api/v1/tickets', wanted)),
      (round % 3 === 0 ? jitter(round) : sleep(0)).then(() =>
        manager.patch(`/api/v1/halls/${session.hall_id}`, round % 2 === 0 ? shrunk : retyped),
      ),
    ])
    judge(round, reservation, layout, outcomes)
    expect(await strayClaims()).toEqual([])
  }
  expect(outcomes.held).toBeGreaterThan(0)
  expect(outcomes.layout).toBeGreaterThan(0)
  expect(outcomes.both).toBeGreaterThan(0)
  expect(outcomes.held + outcomes.layout + outcomes.both).toBe(ROUNDS)
})

test('R-118 a reservation that waits for a rebuilding hall looks again when it may go on', async () => {
  const session = await given.session({ rows: 2, seats_per_row: 4 })
  const [buyer] = buyers
  const reserve = (seat: number) => buyer?.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[seat]] })
  await reserve(0)
  let waiting: Promise<Reply | undefined>[] = []
  await db.transaction().execute(async (tx) => {
    await sql`select id from sessions where id = ${session.id} for update`.execute(tx)
    waiting = [reserve(1), reserve(5)] as typeof waiting
    await sleep(300)
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
    expect(rows[0]?.n).toBe(2)
    await sql`update seats set is_active = false where hall_id = ${session.hall_id} and seat_row = '2'`.execute(tx)
    await sql`update halls set rows = 1 where id = ${session.hall_id}`.execute(tx)
    await sql`update sessions set version = version + 1 where id = ${session.id}`.execute(tx)
  })
  const [stays, gone] = await Promise.all(waiting)
  expect(stays).toMatchObject({ status: 201 })
  expect(gone).toMatchObject({ status: 422 })
  expect(await strayClaims()).toEqual([])
})

/** Connections write their statistics only when they have become quiet. */
const deadlocks = async () => {
  await sleep(1_500)
  const { rows } = await sql<{
    n: number
  }>`select deadlocks as n from pg_stat_database where datname = current_database()`.execute(db)
  return rows[0]?.n ?? 0
}

test('a hall that is rebuilt, booked and paid for at once answers everybody, without a deadlock', async () => {
  const session = await given.session({ rows: 4, seats_per_row: 4 })
  const before = await deadlocks()
  const layouts = Array.from({ length: 12 }, (_, n) => ({ rows: 4 + (n % 3), seats_per_row: 4 + (n % 2) }))
  /** Who meets one change after the other is asked to come again. */
  const patiently = async (send: () => Promise<Reply>): Promise<Reply> => {
    const reply = await send()
    if (reply.status !== 503) return reply
    expect(reply.body.retry_after).toBeGreaterThan(0)
    await sleep(50)
    return patiently(send)
  }
  const book = async (index: number) => {
    const buyer = buyers[index % buyers.length] as (typeof buyers)[number]
    const { status, body } = await patiently(() =>
      buyer.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[index]] }),
    )
    if (status !== 201) return status
    return (await buyer.patch(`/api/v1/tickets/${body.id}/pay`, { payment_method: 'card', card_token: 'tok_ok' })).status
  }
  const [rebuilt, paid] = await Promise.all([
    Promise.all(layouts.map((layout) => manager.patch(`/api/v1/halls/${session.hall_id}`, layout))),
    Promise.all(session.seat_ids.map((_, index) => book(index))),
    checkout.sweep.expire(),
  ])
  expect(rebuilt.map(({ status }) => status)).toEqual(layouts.map(() => 200))
  expect(paid).toEqual(session.seat_ids.map(() => 200))
  expect(await strayClaims()).toEqual([])
  expect(await deadlocks()).toBe(before)
})
