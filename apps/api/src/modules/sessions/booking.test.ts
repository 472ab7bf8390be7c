import { setTimeout as sleep } from 'node:timers/promises'

import type { Updateable } from 'kysely'
import { expect, test } from 'vitest'

import { transaction } from '#platform/db/kysely.ts'
import type { Sessions } from '#platform/db/types.gen.ts'
import { startTestApp } from '#testing/app.ts'
import { createBooking } from './booking.ts'

const { as, clock, db, given } = await startTestApp()
const now = new Date('2026-03-02T06:00:00Z')
clock.set(now)
const manager = await as('manager')
const booking = createBooking({ db })

const start = new Date('2026-03-02T18:00:00Z')
const prepare = async () => {
  const { id: cinema_id } = await given.cinema({ currency: 'EUR' })
  const hall_id = (
    await manager.post(`/api/v1/cinemas/${cinema_id}/halls`, { name: 'Red', hall_number: 1, rows: 1, seats_per_row: 2 })
  ).body.id as number
  const movie = await given.movie({ duration_minutes: 90 })
  const wish = { movie_id: movie.id, hall_id, start_time: start.toISOString(), base_price: 10, vip_price: 20.5 }
  const { id } = (await manager.post('/api/v1/sessions', wish)).body as { id: number }
  const change = (fields: Updateable<Sessions>) => db.updateTable('sessions').set(fields).where('id', '=', id).execute()
  return { id, hall_id, cinema_id, movie, change }
}

const codeOf = async (id: number) => {
  const reason = await booking.whyClosed(db, id)
  return reason && [reason.status, reason.code]
}

test('a checkout learns what a session is and costs', async () => {
  const { id, hall_id, cinema_id, movie } = await prepare()
  expect(await booking.forBooking(id)).toEqual({
    id,
    day: '2026-03-02',
    weekday: 1,
    minute: 1200,
    early_bird_discount: 0,
    version: 1,
    plan_version: expect.any(String),
    hall_id,
    cinema_id,
    movie_id: movie.id,
    movie_title: movie.title,
    start_time: start,
    end_time: new Date('2026-03-02T19:30:00Z'),
    status: 'scheduled',
    is_active: true,
    sales_open_at: null,
    sales_close_at: null,
    currency: 'EUR',
    base_price_minor: 1000,
    vip_price_minor: 2050,
    premium_price_minor: 1000,
    price_card_id: null,
    price_revision: expect.any(Number),
    return_terms: null,
  })
  expect(await booking.forBooking(999_999)).toBeUndefined()
  expect(await booking.forBooking(999_999, { fresh: true })).toBeUndefined()
})

test('what is known of a session is kept for seconds, and read anew when it must be', async () => {
  const { id, change } = await prepare()
  const [first, second] = await Promise.all([booking.forBooking(id), booking.forBooking(id)])
  expect(second).toBe(first)
  await change({ version: 2, base_price_minor: 1200 })
  expect(await booking.forBooking(id)).toMatchObject({ version: 1, base_price_minor: 1000 })
  expect(await booking.forBooking(id, { fresh: true })).toMatchObject({ version: 2, base_price_minor: 1200 })
  expect(await booking.forBooking(id)).toMatchObject({ version: 2 })
})

test('a crowd that asks at once, for what is known or for the newest, is answered', async () => {
  const { id } = await prepare()
  const crowd = Array.from({ length: 60 }, (_, index) => booking.forBooking(id, { fresh: index % 3 === 0 }))
  for (const session of await Promise.all(crowd)) expect(session).toMatchObject({ id, version: 1 })
})

test('the version of the plan changes with the hall', async () => {
  const { id, hall_id } = await prepare()
  const before = await booking.forBooking(id)
  clock.advance(1)
  await db.updateTable('halls').set({ name: 'Crimson' }).where('id', '=', hall_id).execute()
  clock.set(now)
  expect((await booking.forBooking(id, { fresh: true }))?.plan_version).not.toBe(before?.plan_version)
})

test('a session on sale is open, and a closed one says why', async () => {
  const { id, change } = await prepare()
  const hour = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
  expect(await codeOf(id)).toBeUndefined()
  expect(await codeOf(999_999)).toEqual([404, 'sessions.not_found'])

  await change({ status: 'rescheduled' })
  expect(await codeOf(id)).toBeUndefined()
  await change({ is_active: false })
  expect(await codeOf(id)).toEqual([409, 'sessions.not_on_sale'])
  await change({ is_active: true, sales_open_at: hour(1), sales_close_at: hour(2) })
  expect(await codeOf(id)).toEqual([409, 'sessions.not_on_sale'])
  clock.set(hour(1))
  expect(await codeOf(id)).toBeUndefined()
  clock.set(hour(2))
  expect(await codeOf(id)).toEqual([409, 'sessions.not_on_sale'])

  await change({ sales_close_at: null })
  clock.set(new Date(start.getTime() - 1))
  expect(await codeOf(id)).toBeUndefined()
  clock.set(start)
  expect(await codeOf(id)).toEqual([409, 'sessions.started'])
  await change({ status: 'cancelled' })
  expect(await codeOf(id)).toEqual([409, 'sessions.cancelled'])
  clock.set(now)
})

test('the lock and the reasons agree on whether a session can be booked', async () => {
  const { id, change } = await prepare()
  const isBookable = () => transaction(db, async (tx) => (await booking.lockForBooking(tx, id))?.is_bookable)
  const cases: Updateable<Sessions>[] = [
    {},
    { is_active: false },
    { is_active: true, sales_open_at: new Date('2026-03-02T07:00:00Z') },
    { sales_open_at: null, sales_close_at: now },
    { sales_close_at: null, status: 'finished' },
    { status: 'cancelled' },
    { status: 'rescheduled' },
  ]
  for (const fields of cases) {
    await change({ status: 'scheduled', ...fields })
    expect(await isBookable()).toBe((await codeOf(id)) === undefined)
  }
  expect(await transaction(db, (tx) => booking.lockForBooking(tx, 999_999))).toBeUndefined()
})

test('many bookings lock a session side by side, and who cancels it waits for them all', async () => {
  const { id, movie } = await prepare()
  const order: string[] = []
  const cancel = () =>
    transaction(db, async (tx) => {
      await tx.selectFrom('sessions').select('id').where('id', '=', id).forUpdate().execute()
      order.push('cancelled')
      await tx.updateTable('sessions').set({ status: 'cancelled', version: 2 }).where('id', '=', id).execute()
    })
  await transaction(db, async (first) => {
    expect(await booking.lockForBooking(first, id)).toMatchObject({
      id,
      version: 1,
      movie_title: movie.title,
      currency: 'EUR',
      is_bookable: true,
    })
    await transaction(db, (second) => booking.lockForBooking(second, id))
    order.push('booked')
    void cancel()
    await sleep(100)
    order.push('settled')
  })
  await expect.poll(() => order).toEqual(['booked', 'settled', 'cancelled'])
  await expect.poll(() => transaction(db, async (tx) => (await booking.lockForBooking(tx, id))?.is_bookable)).toBe(false)
})
