import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, clock, db, given } = await startTestApp()
const morning = new Date('2026-03-02T06:00:00Z')
clock.set(morning)
const manager = await as('manager')

const path = '/api/v1/sessions'
type Item = { id: number }

const place = { address: '1 Khreshchatyk', city: 'Kyiv', opening_time: '10:00', closing_time: '02:00' }
const hallIn = async (cinema_id: number, hall_number: number) =>
  (
    await manager.post(`/api/v1/cinemas/${cinema_id}/halls`, {
      name: `Hall ${hall_number}`,
      hall_number,
      rows: 2,
      seats_per_row: 5,
    })
  ).body.id as number
const openCinema = async (name: string) => (await manager.post('/api/v1/cinemas', { name, ...place })).body.id as number

const [zhovten, planeta] = [await openCinema('Zhovten'), await openCinema('Planeta')]
const [red, blue, far] = [await hallIn(zhovten, 1), await hallIn(zhovten, 2), await hallIn(planeta, 1)]
const [dune, alien] = [await given.movie({ duration_minutes: 100 }), await given.movie({ duration_minutes: 90 })]

const show = async (hall_id: number, movie: { id: number }, start: string, fields: object = {}) =>
  (await manager.post(path, { hall_id, movie_id: movie.id, start_time: `2026-03-${start}:00+02:00`, base_price: 100, ...fields }))
    .body.id as number

const matinee = await show(red, dune, '02T10:00')
const evening = await show(red, dune, '02T18:00', { format_3d: true })
const night = await show(blue, alien, '03T00:15', { language: 'en' })
const nextDay = await show(blue, dune, '03T18:00', { format_imax: true })
const elsewhere = await show(far, alien, '02T18:00', { language: 'en', format_3d: true, format_imax: true })
const paused = await show(far, alien, '04T18:00')
await db.updateTable('sessions').set({ is_active: false }).where('id', '=', paused).execute()

const idsOf = async (query: string) => {
  const { status, body } = await anonymous.get(`${path}?${query}`)
  expect(status).toBe(200)
  expect(body.total).toBe(body.items.length)
  return body.items.map((item: Item) => item.id)
}

const claim = (session_id: number, seat_id: number, state: 'held' | 'sold' | 'blocked', seconds = 600) =>
  db
    .insertInto('seat_claims')
    .values({
      session_id,
      seat_id,
      state,
      ...(state === 'blocked' ? { reason: 'The director sits here.' } : { order_id: 1, ticket_id: 1 }),
      expires_at: state === 'held' ? new Date(clock.now().getTime() + seconds * 1000) : null,
    })
    .execute()

test('sessions are listed in the order in which they start', async () => {
  expect(await idsOf('')).toEqual([matinee, evening, elsewhere, night, nextDay])
})

test.each([
  ['a movie', () => `movie_id=${alien.id}`, [elsewhere, night]],
  ['a cinema', () => `cinema_id=${zhovten}`, [matinee, evening, night, nextDay]],
  ['a hall', () => `hall_id=${blue}`, [night, nextDay]],
  ['a language', () => 'language=en', [elsewhere, night]],
  ['plain films', () => 'format=2d', [matinee, night]],
  ['3d', () => 'format=3d', [evening, elsewhere]],
  ['imax', () => 'format=imax', [elsewhere, nextDay]],
  ['a day, with the night that it ends in', () => 'date=2026-03-02', [matinee, evening, elsewhere, night]],
  ['the days from', () => 'date_from=2026-03-03', [nextDay]],
  ['the days until', () => 'date_to=2026-03-02', [matinee, evening, elsewhere, night]],
  ['days between', () => 'date_from=2026-03-02&date_to=2026-03-03', [matinee, evening, elsewhere, night, nextDay]],
  ['what is switched off', () => 'is_active=false', [paused]],
  ['everything at once', () => `movie_id=${dune.id}&cinema_id=${zhovten}&date=2026-03-02&format=3d&language=uk`, [evening]],
  ['what nobody shows', () => `movie_id=${dune.id}&cinema_id=${planeta}`, []],
])('R-046: a visitor finds sessions by %s', async (_what, query, expected) => {
  expect(await idsOf(query())).toEqual(expected)
})

test('a session that has started is listed for its day, or when the past is asked for', async () => {
  clock.set(new Date('2026-03-02T08:00:00Z'))
  expect(await idsOf('')).toEqual([evening, elsewhere, night, nextDay])
  expect(await idsOf('date=2026-03-02')).toEqual([matinee, evening, elsewhere, night])
  expect(await idsOf('include_past=true')).toEqual([matinee, evening, elsewhere, night, nextDay])
  clock.set(morning)
})

test('R-046: the list is cut into pages', async () => {
  const second = await anonymous.get(`${path}?page=2&size=2`)
  expect(second.body).toMatchObject({ items: [{ id: elsewhere }, { id: night }], total: 5, page: 2, size: 2, pages: 3 })
  expect((await anonymous.get(`${path}?skip=4&limit=2`)).body).toMatchObject({ items: [{ id: nextDay }], total: 5 })
})

test.each([
  'date=2026-03',
  'date=0000-01-01',
  'date=2026-02-30',
  'date_from=tomorrow',
  'format=4d',
  'film_id=1',
  'movie_id=0',
  'size=101',
  'page=1&skip=2',
  'language=English!',
])('a mistyped filter is refused: %s', async (query) =>
  expect(await anonymous.get(`${path}?${query}`)).toMatchObject({ status: 422 }),
)

test('R-122: free seats are those that nobody has bought, holds or keeps back', async () => {
  const { seats } = (await anonymous.get(`/api/v1/halls/${red}`)).body
  const seat = (index: number): number => seats[index].id
  await claim(evening, seat(0), 'sold')
  await claim(evening, seat(1), 'sold')
  await claim(evening, seat(2), 'held', 600)
  await claim(evening, seat(3), 'held', 60)
  await claim(evening, seat(4), 'blocked')
  await claim(matinee, seat(0), 'sold')
  expect((await anonymous.get(`${path}/${evening}`)).body).toMatchObject({
    sold_tickets: 2,
    reserved_tickets: 2,
    available_seats: 5,
  })

  clock.advance(61)
  const counts = { sold_tickets: 2, reserved_tickets: 1, available_seats: 6 }
  expect((await anonymous.get(`${path}/${evening}`)).body).toMatchObject(counts)
  expect((await anonymous.get(`${path}?hall_id=${red}`)).body.items).toMatchObject([
    { id: matinee, sold_tickets: 1, available_seats: 9 },
    { id: evening, ...counts },
  ])

  await db.updateTable('seats').set({ is_active: false }).where('id', '=', seat(9)).execute()
  expect((await anonymous.get(`${path}/${evening}`)).body).toMatchObject({ available_seats: 5 })
  await db.updateTable('seats').set({ is_active: true }).where('id', '=', seat(9)).execute()
  clock.set(morning)
})

test('a session that is over reads as finished, a cancelled one stays cancelled', async () => {
  clock.set(new Date('2026-03-02T09:39:59Z'))
  expect((await anonymous.get(`${path}/${matinee}`)).body).toMatchObject({ status: 'scheduled' })
  clock.advance(1)
  expect((await anonymous.get(`${path}/${matinee}`)).body).toMatchObject({ status: 'finished' })
  await db.updateTable('sessions').set({ status: 'cancelled' }).where('id', '=', matinee).execute()
  expect((await anonymous.get(`${path}/${matinee}`)).body).toMatchObject({ status: 'cancelled' })
  await db.updateTable('sessions').set({ status: 'scheduled' }).where('id', '=', matinee).execute()
  clock.set(morning)
})

test('R-048: a session that is not there is not found', async () => {
  expect(await anonymous.get(`${path}/999999`)).toMatchObject({ status: 404, body: { code: 'sessions.not_found' } })
  expect(await anonymous.get(`${path}/tonight`)).toMatchObject({ status: 422 })
})
