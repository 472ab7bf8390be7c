import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'

import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, given, db, clock, checkout, directory } = await startTestApp()
const [customer, manager] = [await as('customer'), await as('manager')]

type Place = { id: number; seat_ids: number[] }
const buy = async (session: Place, seats: number[], person: Client = customer) => {
  const seat_ids = seats.map((index) => session.seat_ids[index])
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids })
  return (await person.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })).body.order
}

/** Moves the clock to so many minutes before the session starts. */
const goTo = async ({ id }: Place, minutesBefore: number) => {
  const { start_time } = await db.selectFrom('sessions').select('start_time').where('id', '=', id).executeTakeFirstOrThrow()
  clock.set(new Date(start_time.getTime() - minutesBefore * 60_000))
}

type Job = Parameters<typeof checkout.orderMail>[0]
const reminders = async () => {
  const { rows } = await sql<{ data: Job }>`
    select data from pgboss.job where name = 'mail.order' and data ->> 'kind' = 'session_reminder' order by data ->> 'order_id'`.execute(
    db,
  )
  return rows.map(({ data }) => data)
}
const remindedOrders = async () => (await reminders()).map(({ order_id }) => order_id)
const letters = () => {
  const folder = join(directory, 'mail')
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
}

afterEach(async () => {
  clock.reset()
  await sql`delete from pgboss.job where name = 'mail.order'`.execute(db)
})

test('R-131: whoever bought earlier is reminded two hours before the session, once, whichever process looks', async () => {
  const session = await given.session({ seats: 8 })
  const [mine, theirs] = [await buy(session, [0, 1]), await buy(session, [2], await someone())]
  await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[5]] })
  await goTo(session, 121)
  await checkout.remind()
  expect(await remindedOrders()).toEqual([])

  await goTo(session, 119)
  const late = await buy(session, [4], await someone())
  await Promise.all([checkout.remind(), checkout.remind(), checkout.remind()])
  await checkout.remind()
  expect(await remindedOrders()).toEqual([mine.id, theirs.id])
  expect(late.status).toBe('paid')

  const before = letters().length
  const jobs = await reminders()
  for (const job of [...jobs, ...jobs]) await checkout.orderMail(job)
  expect(letters()).toHaveLength(before + 2)
  const log = await db
    .selectFrom('mail_log')
    .select(['order_id', 'sent_at'])
    .where('kind', 'like', 'session_reminder.%')
    .execute()
  expect(log.map(({ order_id }) => order_id).toSorted((a, b) => a - b)).toEqual([mine.id, theirs.id])
  expect(log.every(({ sent_at }) => sent_at !== null)).toBe(true)
})

test('R-131: nobody is reminded of what was given back or cancelled before the mail left', async () => {
  const [session, other] = [await given.session({ seats: 4 }), await given.session({ seats: 4 })]
  const [returned, cancelled] = [await buy(session, [0]), await buy(other, [0], await someone())]
  await goTo(session, 100)
  await checkout.remind()
  expect(await remindedOrders()).toEqual(expect.arrayContaining([returned.id, cancelled.id]))
  const before = letters().length
  expect(await customer.post(`/api/v1/orders/${returned.id}/cancel`)).toMatchObject({ status: 200 })
  expect(await manager.post(`/api/v1/sessions/${other.id}/cancel`, { reason: 'no light' })).toMatchObject({ status: 200 })
  for (const job of await reminders()) await checkout.orderMail(job)
  expect(letters()).toHaveLength(before)
})

test('R-131: a session that moves to another day is reminded of anew', async () => {
  const session = await given.session({ seats: 4 })
  const order = await buy(session, [0])
  await goTo(session, 60)
  await checkout.remind()
  const { start_time } = await db
    .selectFrom('sessions')
    .select('start_time')
    .where('id', '=', session.id)
    .executeTakeFirstOrThrow()
  const moved = { start_time: new Date(start_time.getTime() + 24 * 3_600_000).toISOString() }
  expect(await manager.put(`/api/v1/sessions/${session.id}`, moved)).toMatchObject({ status: 200 })
  await checkout.remind()
  expect(await remindedOrders()).toEqual([order.id])
  await goTo(session, 60)
  await checkout.remind()
  expect(await remindedOrders()).toEqual([order.id, order.id])
})
