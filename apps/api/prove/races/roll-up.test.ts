import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { createRollUp } from '#modules/statistics/roll-up.ts'
import { totalsOf } from '#modules/statistics/sales.statement.ts'
import { startTestApp } from '#testing/app.ts'

const { someone, given, db, pool } = await startTestApp()

const marks = async () => (await db.selectFrom('statistics_marks').selectAll().executeTakeFirstOrThrow()).ticket_mark

/** Every session whose totals are not what its tickets say. */
const wrongTotals = async () =>
  (
    await sql`
      select session_id from (${totalsOf(sql`select id from sessions`)}) truth
      full join session_totals t using (session_id, currency)
      where row(truth.reserved, truth.paid, truth.used, truth.cancelled, truth.expired, truth.refunded, truth.revenue_minor)
        is distinct from row(t.reserved, t.paid, t.used, t.cancelled, t.expired, t.refunded, t.revenue_minor)`.execute(db)
  ).rows

const shopper = async (session: { id: number; seat_ids: number[] }, place: number) => {
  const person = await someone()
  const { status, body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[place]] })
  expect(status).toBe(201)
  await person.patch(`/api/v1/tickets/${body.id}/pay`, { payment_method: 'card', card_token: 'tok_ok' })
  if (place % 3 === 0) await person.post(`/api/v1/tickets/${body.id}/cancel`)
}

test('R-058: sales that are counted while people book, pay and cancel are complete afterwards', async () => {
  const sessions = await Promise.all(Array.from({ length: 4 }, () => given.session({ rows: 4, seats_per_row: 10 })))
  const rollUp = createRollUp(db, 1)
  const sale = { isOpen: true }
  let moved = 0
  const counting = async () => {
    while (sale.isOpen) {
      const before = await marks()
      await rollUp()
      if ((await marks()) > before) moved += 1
      await sleep(20)
    }
  }
  const selling = sessions.map(async (session) => {
    for (let place = 0; place < 40; place += 1) {
      await shopper(session, place)
      await sleep(50)
    }
  })
  const counters = [counting(), counting()]
  await Promise.all(selling)
  sale.isOpen = false
  await Promise.all(counters)

  // Counted in the midst of the sale, more than once: else the race has proved nothing.
  expect(moved).toBeGreaterThan(1)
  await expect
    .poll(
      async () => {
        await rollUp()
        return wrongTotals()
      },
      { timeout: 10_000, interval: 200 },
    )
    .toEqual([])
})

test('R-058: tickets of a booking that is still under way are not passed over', async () => {
  const rollUp = createRollUp(db, 0)
  const session = await given.session({ seats: 3 })
  const [slow, quick] = [await someone(), await someone()]
  const order = async (person: { id: number; email: string }) =>
    db
      .insertInto('orders')
      .values({
        reference: `R${person.id}`,
        user_id: person.id,
        email: person.email,
        currency: 'UAH',
        subtotal_minor: 0,
        total_minor: 0,
        expires_at: sql<Date>`app.now() + interval '1 hour'`,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  const insert = `insert into tickets (session_id, seat_id, user_id, order_id, seat_row, seat_number, seat_type, price_minor, final_price_minor, booking_reference)
    values ($1, $2, $3, $4, '1', 1, 'standard', 0, 0, $5) returning id`
  const [first, second] = [await order(slow), await order(quick)]
  const client = await pool.connect()
  await client.query('begin')
  const { rows } = await client.query<{ id: number }>(insert, [session.id, session.seat_ids[0], slow.id, first.id, `S${slow.id}`])
  await pool.query(insert, [session.id, session.seat_ids[1], quick.id, second.id, `Q${quick.id}`])
  for (let turn = 0; turn < 4; turn += 1) await rollUp()
  expect(await marks()).toBeLessThan(rows[0]?.id ?? 0)
  await client.query('commit')
  client.release()
  await expect
    .poll(
      async () => {
        await rollUp()
        return marks()
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(rows[0]?.id ?? 0)
  const totals = await db.selectFrom('session_totals').select('reserved').where('session_id', '=', session.id).execute()
  expect(totals).toEqual([{ reserved: 2 }])
})
