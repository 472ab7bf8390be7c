import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { as, someone, given, db, reports } = await startTestApp()

const path = '/api/v1/reports'
const manager = await as('manager')
type Wish = { kind: string; format?: string; from: string; to: string }
const make = async (wish: Wish) => {
  const { status, body } = await manager.post(path, wish)
  expect(status).toBe(202)
  await reports.make({ report_id: body.id })
  return `${path}/${body.id}`
}
const download = async (wish: Wish) => (await manager.get(`${await make(wish)}/download`)).body

const buy = async (session: { id: number; seat_ids: number[] }, places: number[]) => {
  const person = await someone()
  const seat_ids = places.map((place) => session.seat_ids[place])
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids })
  expect(await person.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })).toMatchObject({ status: 201 })
  return { person, ticket_id: body.id }
}

const dayOf = async (id: number) => {
  const { rows } = await sql<{ day: string }>`select business_day::text as day from sessions where id = ${id}`.execute(db)
  return rows[0]?.day ?? ''
}

const HOUR = 60
const [rialto, lux] = [await given.cinema(), await given.cinema({ currency: 'PLN' })]
const [cat, dog] = [await given.movie(), await given.movie()]
const names = { rialto: 'Ріальто, «великий» "зал"', cat: 'Кіт; пес', dog: 'Пес\nі кіт' }
const days = { first: '', second: '' }

/** Three sessions of six seats: two sold for 200.00 and one held; one sold for 150.00 and one given back; one for 30.50 złoty. */
beforeAll(async () => {
  await db.updateTable('cinemas').set({ name: names.rialto }).where('id', '=', rialto.id).execute()
  await db.updateTable('movies').set({ title: names.cat }).where('id', '=', cat.id).execute()
  await db.updateTable('movies').set({ title: names.dog }).where('id', '=', dog.id).execute()
  const [blue, green] = [
    await given.hall({ cinema_id: rialto.id, seats_per_row: 6 }),
    await given.hall({ cinema_id: lux.id, seats_per_row: 6 }),
  ]
  const at = (hall: { id: number }, movie: { id: number }, hours: number, base_price_minor: number) =>
    given.session({ hall_id: hall.id, movie_id: movie.id, starts_in_minutes: hours * HOUR, base_price_minor })
  const [first, second, abroad] = [
    await at(blue, cat, 960, 20_000),
    await at(blue, dog, 1008, 15_000),
    await at(green, cat, 960, 3_050),
  ]
  await buy(first, [0, 1])
  await (await someone()).post('/api/v1/tickets', { session_id: first.id, seat_ids: [first.seat_ids[2]] })
  await buy(second, [0])
  const { person, ticket_id } = await buy(second, [1])
  await person.post(`/api/v1/tickets/${ticket_id}/cancel`)
  await buy(abroad, [0])
  Object.assign(days, { first: await dayOf(first.id), second: await dayOf(second.id) })
})

const period = () => ({ from: days.first, to: days.second })
const FIGURES = {
  first: { currency: 'UAH', sessions: 1, tickets: 2, revenue: 400, average_price: 200, occupancy: 0.3333 },
  second: { currency: 'UAH', sessions: 1, tickets: 1, revenue: 150, average_price: 150, occupancy: 0.1667 },
  abroad: { currency: 'PLN', sessions: 1, tickets: 1, revenue: 30.5, average_price: 30.5, occupancy: 0.1667 },
}

test('R-132, R-314: sales by day as JSON are what was sold, held seats and returned ones left out, currencies apart', async () => {
  expect(await download({ kind: 'sales_by_day', format: 'json', ...period() })).toEqual({
    kind: 'sales_by_day',
    ...period(),
    cinema_id: null,
    rows: [
      { date: days.first, ...FIGURES.first },
      { date: days.first, ...FIGURES.abroad },
      { date: days.second, ...FIGURES.second },
    ],
  })
})

test('R-132, R-314: sales by movie as JSON are what was sold, of the days that were asked for', async () => {
  const byMovie = { kind: 'sales_by_movie', format: 'json' }
  const rows = [
    { movie_id: cat.id, title: names.cat, ...FIGURES.first },
    { movie_id: dog.id, title: names.dog, ...FIGURES.second },
    { movie_id: cat.id, title: names.cat, ...FIGURES.abroad },
  ]
  expect(await download({ ...byMovie, ...period() })).toEqual({ kind: 'sales_by_movie', ...period(), cinema_id: null, rows })
  const one = { from: days.second, to: days.second }
  expect((await download({ ...byMovie, ...one })).rows).toEqual([rows[1]])
})

test('R-132, R-314: sales by cinema as CSV have a row for each cinema, whose name is quoted where it must be', async () => {
  expect(await download({ kind: 'sales_by_cinema', ...period() })).toBe(
    [
      '\uFEFFcinema_id,name,currency,sessions,tickets,revenue,average_price,occupancy',
      `${rialto.id},"Ріальто, «великий» ""зал""",UAH,2,3,550,183.33,0.25`,
      `${lux.id},${lux.name},PLN,1,1,30.5,30.5,0.1667`,
      '',
    ].join('\r\n'),
  )
})

/** Sessions of as many movies, whose titles are long in bytes and within what a title may have in letters. */
const fillDay = async (day: string, movies: number) => {
  const { id: hall_id } = await given.hall()
  await sql`
    with shown as (
      insert into movies (title, duration_minutes, release_year)
      select repeat('🎬', 280) || ${day}::text || n, 1, 2020 from generate_series(1, ${movies}::integer) n returning id
    ), placed as (select id, ${day}::date + row_number() over () * interval '30 seconds' as t from shown)
    insert into sessions (movie_id, hall_id, start_time, end_time, occupies, business_day,
      base_price_minor, vip_price_minor, premium_price_minor)
    select id, ${hall_id}, t, t + interval '20 seconds', tstzrange(t, t + interval '25 seconds'), ${day}::date, 100, 100, 100
    from placed`.execute(db)
}

test('R-132: a report larger than 5 MB fails, says what to ask for instead, and that is made', async () => {
  const [saturday, sunday] = ['2031-03-01', '2031-03-02']
  await fillDay(saturday, 2_200)
  await fillDay(sunday, 2_200)
  const error = 'The report is larger than 5 MB. Ask for fewer days or one cinema.'
  const whole = await make({ kind: 'sales_by_movie', from: saturday, to: sunday })
  const { body: failed } = await manager.get(whole)
  expect(failed).toMatchObject({ status: 'failed', error, size_bytes: null, generated_at: expect.any(String) })
  expect(await manager.get(`${whole}/download`)).toMatchObject({ status: 409, body: { code: 'reports.failed', detail: error } })
  await reports.make({ report_id: failed.id })
  expect((await manager.get(whole)).body).toEqual(failed)

  const sizes = []
  for (const day of [saturday, sunday]) {
    const { body } = await manager.get(await make({ kind: 'sales_by_movie', from: day, to: day }))
    expect(body).toMatchObject({ status: 'done', error: null })
    sizes.push(body.size_bytes)
  }
  expect(Math.min(...sizes)).toBeGreaterThan(2_500_000)
})
