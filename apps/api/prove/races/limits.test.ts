import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { expect, test } from 'vitest'

import type { AppError } from '#platform/errors.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'
import { watchDeadlocks } from '../lib/deadlocks.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { MAIL_TO } from './deeds.ts'
import { createStage } from './stage.ts'

const stage = await createStage()
const { app, db, checkout, seats, someone, reserve } = stage

const codeOf = (error: unknown) => (error as AppError).code ?? String(error)
const inChunks = (ids: number[], size: number) =>
  Array.from({ length: ids.length / size }, (_, index) => ids.slice(index * size, index * size + size))

test('Q-05 one owner never holds more than ten seats of a session, whichever way the requests come', async () => {
  const counters = createCounters()
  const held: number[] = []
  for (let round = 0; round < 20; round += 1) {
    const [{ session_id, seat_ids }, greedy] = [await seats(30), await someone()]
    const started = await reserve(greedy, session_id, seat_ids.slice(0, 2))
    const groups = inChunks(seat_ids.slice(2, 30), 4)
    await Promise.all(
      groups.map((group, index) =>
        reserve(greedy, session_id, group, index % 2 === 0 ? started.id : undefined).then(
          () => counters.add('granted'),
          (error: unknown) => counters.add(codeOf(error)),
        ),
      ),
    )
    held.push((await stage.claimsOf(session_id, seat_ids)).length)
  }
  console.log(`Q-05 limit of seats: 20 rounds, ${describeCounts(counters.all())}`)
  expect(new Set(held)).toEqual(new Set([10]))
  expect(Object.keys(counters.all())).toEqual(['granted', 'orders.too_many_seats'])
  await expectInvariants(db)
})

test('Q-05 an order never gets two pending payments, however often the buyer taps', async () => {
  const counters = createCounters()
  for (let round = 0; round < 30; round += 1) {
    const [{ session_id, seat_ids }, buyer] = [await seats(2), await someone()]
    const order = await reserve(buyer, session_id, seat_ids)
    // Its address is known already: writing it would make the taps wait for each other.
    await db.updateTable('orders').set({ email: MAIL_TO.email }).where('id', '=', order.id).execute()
    const taps = await Promise.allSettled(Array.from({ length: 6 }, () => checkout.pay(buyer, order.id, MAIL_TO, undefined)))
    const answers = new Set(taps.map((tap) => (tap.status === 'fulfilled' ? tap.value.id : codeOf(tap.reason))))
    const kinds = [...answers].map((answer) => (typeof answer === 'number' ? 'payment' : answer))
    counters.add(kinds.length === 1 ? `one ${kinds.join()}` : kinds.toSorted().join())
    const pending = await db
      .selectFrom('payments')
      .select('id')
      .where('order_id', '=', order.id)
      .where('status', '=', 'pending')
      .execute()
    counters.add(`${pending.length} pending`)
  }
  console.log(`Q-05 payments of an order: 30 rounds of 6 taps, ${describeCounts(counters.all())}`)
  expect(counters.all(), describeCounts(counters.all())).toEqual({ '1 pending': 30, 'one payment': 30 })
  await expectInvariants(db)
})

test('Q-05 a deadlock made on purpose is seen, so that none seen means none there', async () => {
  const deadlocks = await watchDeadlocks(app.pool)
  const [a, b] = [(await app.given.user()).id, (await app.given.user()).id]
  const lock = (id: unknown) => sql`select id from users where id = ${id} for update`
  const both = (first: unknown, second: unknown) =>
    db.transaction().execute(async (tx) => {
      await lock(first).execute(tx)
      await sleep(50)
      await lock(second).execute(tx)
    })
  const ends = await Promise.allSettled([both(a, b), both(b, a)])
  expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(await deadlocks()).toBe(1)
})
