import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'

import { createApp } from '#app'
import { openServer } from '#platform/db/pool.ts'
import type { AppError } from '#platform/errors.ts'
import type { Buyer } from '#platform/http/access.ts'
import { createLog } from '#platform/log.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'
import { watchDeadlocks } from '../lib/deadlocks.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { createStage } from './stage.ts'

const ROWS = 12
const SEATS_PER_ROW = 20
const CAPACITY = ROWS * SEATS_PER_ROW
const LARGEST_GROUP = 4
const ROUNDS = 2

const stage = await createStage()
const { app, db, someone } = stage

/** A second process, as far as the database can tell: its own connections, its own memory of who lost where. */
const startTwin = async () => {
  const database = openServer({ url: app.database.url, size: 20, applicationName: 'marquee-twin' })
  const { config, keys, clock } = app
  const twin = await createApp({ config, database, keys, log: createLog(config), clock })
  return {
    checkout: twin.checkout,
    close: async () => {
      await twin.close()
      await database.close()
    },
  }
}

/** Groups of one to four, together exactly as many people as there are seats, in a random order. */
const groupsFor = (seats: number) => {
  const sizes: number[] = []
  for (let left = seats; left > 0; left -= sizes.at(-1) ?? 0)
    sizes.push(Math.min(left, 1 + Math.floor(Math.random() * LARGEST_GROUP)))
  return sizes
}

const codeOf = (error: unknown) => (error as AppError).code ?? String(error)

const claimsOf = async (session_id: number) => {
  const { rows } = await sql<{ seats: number; orders: number }>`
    select count(distinct seat_id) as seats, count(distinct order_id) as orders from seat_claims where session_id = ${session_id}`.execute(
    db,
  )
  return rows[0]
}

/** Statements that came too late: their order's number was drawn, and nobody has it. */
const countLost = async () => {
  const { rows } = await sql<{ drawn: number; made: number }>`
    select (select last_value from orders_id_seq) as drawn, (select count(*) from orders) as made`.execute(db)
  return (rows[0]?.drawn ?? 0) - (rows[0]?.made ?? 0)
}

const twin = await startTwin()
afterAll(twin.close)

const storm = async (hall_id: number) => {
  const counters = createCounters()
  const { id: session_id } = await stage.openSession({ hall_id })
  const sizes = groupsFor(CAPACITY)
  const buyers: Buyer[] = []
  for (const _ of sizes) buyers.push(await someone())
  const before = await countLost()
  const started = performance.now()
  await Promise.all(
    sizes.map(async (count, index) => {
      const { checkout } = index % 2 === 0 ? app : twin
      await checkout.reserve(buyers[index] as Buyer, { session_id, best: { count } }, undefined).then(
        ({ tickets }) => counters.add(tickets.length === count ? 'granted' : 'short'),
        (error: unknown) => counters.add(codeOf(error)),
      )
    }),
  )
  const ms = Math.round(performance.now() - started)
  const lost = (await countLost()) - before
  return { session_id, groups: sizes.length, ms, lost, counts: counters.all() }
}

test('Q-05 groups that leave the choice to the server sell a hall out, and nobody is refused while there are seats', async () => {
  const deadlocks = await watchDeadlocks(app.pool)
  const { id: hall_id } = await app.given.hall({ rows: ROWS, seats_per_row: SEATS_PER_ROW })
  let conflicts = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const { session_id, groups, ms, lost, counts } = await storm(hall_id)
    conflicts += lost
    console.log(`Q-05 best seats: ${groups} groups for ${CAPACITY} seats, ${describeCounts(counts)}, ${lost} conflicts, ${ms} ms`)
    expect(counts).toEqual({ granted: groups })
    expect(await claimsOf(session_id)).toEqual({ seats: CAPACITY, orders: groups })
    const late = await app.checkout
      .reserve(await someone(), { session_id, best: { count: 1 } }, undefined)
      .catch((error: unknown) => error)
    expect(late).toMatchObject({ code: 'seats.not_enough', data: { available: 0 } })
  }
  expect(conflicts, 'conflicts').toBeGreaterThan(0)
  expect(await deadlocks(), 'deadlocks').toBe(0)
  await expectInvariants(db)
})
