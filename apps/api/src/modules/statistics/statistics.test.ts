import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { createRollUp } from './roll-up.ts'

const { anonymous, as, someone, given, db, clock, checkout } = await startTestApp()

const path = '/api/v1/tickets/statistics'
const manager = await as('manager')
const ask = async (query: string) => (await manager.get(`${path}?${query}`)).body
const rollUp = createRollUp(db, 0)

type Customer = Awaited<ReturnType<typeof someone>>
const book = async (session: { id: number; seat_ids: number[] }, places: number[], person: Customer) => {
  const seat_ids = places.map((place) => session.seat_ids[place] ?? 0)
  const { status, body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids })
  expect(status).toBe(201)
  return body.tickets.map(({ id }: { id: number }) => id) as number[]
}
const pay = async (ticket: number | undefined, person: Customer) =>
  expect(await person.patch(`/api/v1/tickets/${ticket}/pay`, { payment_method: 'card', card_token: 'tok_ok' })).toMatchObject({
    status: 200,
  })
const cancel = async (ticket: number | undefined, person: Customer) =>
  expect(await person.post(`/api/v1/tickets/${ticket}/cancel`)).toMatchObject({ status: 200 })

/** Counts everything until nothing new is left: the newest tickets are safe to count only once their writers have ended. */
const isAllCounted = async () => {
  await rollUp()
  const { rows } = await sql`
    select from statistics_marks
    where ticket_mark = (select max(id) from tickets) and event_mark = (select max(id) from ticket_events)`.execute(db)
  return rows.length === 1
}
const countAll = async () => {
  await expect.poll(isAllCounted, { timeout: 10_000 }).toBe(true)
}

/** The same money in another way: by orders and payments, without a look at items. */
const booksOf = async (cinema_id: number) => {
  const { rows } = await sql<{ revenue: number; tickets: number; counts: Record<string, number> }>`
    with own as (
      select t.id, t.status, t.order_id from tickets t join sessions s on s.id = t.session_id join halls h on h.id = s.hall_id
      where h.cinema_id = ${cinema_id}
    )
    select (
        select coalesce(sum(p.amount_minor - coalesce(r.minor, 0)), 0) from payments p
        left join lateral (select sum(amount_minor) as minor from refunds where payment_id = p.id and status <> 'failed') r on true
        where p.order_id in (select order_id from own) and p.captured_at is not null
      )::float8 / 100 as revenue,
      (select count(*) from own where status in ('paid', 'used')) as tickets,
      (select json_object_agg(status, n) from (select status, count(*) as n from own group by status) c) as counts`.execute(db)
  return rows[0]
}

const placeOf = async (session_id: number) => {
  const { rows } = await sql<{ cinema_id: number; day: string }>`
    select h.cinema_id, s.business_day::text as day from sessions s join halls h on h.id = s.hall_id where s.id = ${session_id}`.execute(
    db,
  )
  return rows[0] ?? { cinema_id: 0, day: '' }
}

test('R-058: statistics agree with the books to the cent through every change, before and after they are counted', async () => {
  const session = await given.session({ seats: 10, base_price_minor: 19_999 })
  const { cinema_id, day } = await placeOf(session.id)
  const query = `start_date=${day}&end_date=${day}&cinema_id=${cinema_id}`
  const agree = async () => {
    const shown = await ask(query)
    const books = await booksOf(cinema_id)
    expect(shown.revenue).toBe(books?.revenue)
    expect(shown.counts).toMatchObject(books?.counts ?? {})
    expect(Object.values(shown.counts as Record<string, number>).reduce((a, b) => a + b)).toBe(
      Object.values(books?.counts ?? {}).reduce((a, b) => a + b, 0),
    )
    expect(shown.by_day.map(({ tickets }: { tickets: number }) => tickets)).toEqual([books?.tickets])
    return shown
  }
  const throughCounting = async () => {
    const before = await agree()
    await countAll()
    expect(await agree()).toEqual(before)
    return before
  }
  const [first, second, third] = [await someone(), await someone(), await someone()]
  const own = await book(session, [0, 1, 2], first)
  await pay(own[0], first)
  const other = await book(session, [3, 4], second)
  await pay(other[0], second)
  await book(session, [5], third)
  expect(await throughCounting()).toMatchObject({ revenue: 999.95, average_price: 199.99, occupancy: 0.5, currency: 'UAH' })

  await cancel(own[1], first)
  expect(await throughCounting()).toMatchObject({ revenue: 799.96, counts: { paid: 4, cancelled: 1, reserved: 1 } })
  const [refund] = await db.selectFrom('refunds').select('id').execute()
  await checkout.refund({ refund_id: refund?.id ?? 0 })
  expect(await throughCounting()).toMatchObject({ revenue: 799.96, counts: { cancelled: 0, refunded: 1 } })

  clock.advance(3600)
  expect(await ask(query)).toMatchObject({ counts: { reserved: 0, expired: 1 } })
  await checkout.sweep.expire()
  clock.reset()
  await (await as('cashier')).put(`/api/v1/tickets/${other[1]}`, { status: 'used' })
  expect(await throughCounting()).toMatchObject({
    occupancy: 0.4,
    counts: { paid: 3, used: 1, expired: 1, refunded: 1, reserved: 0 },
  })
})

test('R-058: a refund that fails after it was counted puts its money back into the revenue', async () => {
  const session = await given.session({ seats: 2 })
  const { cinema_id, day } = await placeOf(session.id)
  const person = await someone()
  const [ticket] = await book(session, [0], person)
  await pay(ticket, person)
  await cancel(ticket, person)
  await countAll()
  const query = `start_date=${day}&end_date=${day}&cinema_id=${cinema_id}`
  expect(await ask(query)).toMatchObject({ revenue: 0 })
  await sql`update refunds set status = 'failed', failure_code = 'refused' where status = 'pending'`.execute(db)
  expect(await ask(query)).toMatchObject({ revenue: 200 })
})

test('R-058: what was counted is not read from the tickets again', async () => {
  const session = await given.session({ seats: 2 })
  const { cinema_id, day } = await placeOf(session.id)
  const person = await someone()
  await pay((await book(session, [0], person))[0], person)
  await countAll()
  await sql`update session_totals set revenue_minor = revenue_minor + 100 where session_id = ${session.id}`.execute(db)
  const query = `start_date=${day}&end_date=${day}&cinema_id=${cinema_id}`
  expect(await ask(query)).toMatchObject({ revenue: 201 })
  await book(session, [1], await someone())
  expect(await ask(query)).toMatchObject({ revenue: 200 })
})

test('R-058: several currencies are told apart, and no sum mixes them', async () => {
  const [hryvnia, zloty] = [await given.session({ seats: 2 }), await given.session({ seats: 2, currency: 'PLN' })]
  clock.reset()
  const { day } = await placeOf(zloty.id)
  const person = await someone()
  for (const session of [hryvnia, zloty]) await pay((await book(session, [0], person))[0], person)
  const shown = await ask(`start_date=${day}&end_date=${day}`)
  expect(shown).toMatchObject({ cinema_id: null, currency: null, revenue: null, average_price: null })
  expect(shown.by_currency).toContainEqual({ currency: 'PLN', tickets: 1, revenue: 200, average_price: 200 })
  expect(shown.by_movie).toContainEqual({
    movie_id: zloty.movie_id,
    title: expect.any(String),
    currency: 'PLN',
    sessions: 1,
    tickets: 1,
    revenue: 200,
    average_price: 200,
    occupancy: 0.5,
  })
})

test('R-058: without dates it is the last thirty days; the older path answers too', async () => {
  const { id } = await given.cinema()
  const { body } = await manager.get(`/tickets/statistics?cinema_id=${id}`)
  expect(body).toMatchObject({
    cinema_id: id,
    counts: { reserved: 0, paid: 0, used: 0, cancelled: 0, expired: 0, refunded: 0 },
    revenue: 0,
    average_price: null,
    occupancy: 0,
    by_movie: [],
    by_day: [],
  })
  expect((Date.parse(body.to) - Date.parse(body.from)) / 86_400_000).toBe(29)
})

test.each([
  ['a day that the calendar lacks', 'start_date=2026-02-30', 422],
  ['an end before the start', 'start_date=2026-02-02&end_date=2026-02-01', 422],
  ['ten years', 'start_date=2016-01-01&end_date=2026-01-01', 422],
  ['the year nought', 'start_date=0000-01-01&end_date=0000-01-02', 422],
  ['a mistyped parameter', 'from=2026-02-01', 422],
  ['a cinema that is not there', 'cinema_id=9999999', 404],
])('R-058: %s is refused', async (_what, query, status) => {
  expect((await manager.get(`${path}?${query}`)).status).toBe(status)
})

test('R-058: only managers and admins see statistics', async () => {
  expect((await anonymous.get(path)).status).toBe(401)
  for (const role of ['customer', 'cashier', 'moderator'] as const) expect((await (await as(role)).get(path)).status).toBe(403)
  expect((await (await as('admin')).get(path)).status).toBe(200)
})
