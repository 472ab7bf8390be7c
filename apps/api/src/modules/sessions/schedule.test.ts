import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, clock, db, given } = await startTestApp()
clock.set(new Date('2026-03-01T08:00:00Z'))
const manager = await as('manager')

const sessions = '/api/v1/sessions'
let halls = 0
const build = async (cinema: object = {}) => {
  halls += 1
  const place = { name: `Cinema ${halls}`, address: '1 Khreshchatyk', city: 'Kyiv', opening_time: '10:00', closing_time: '02:00' }
  const {
    body: { id: cinema_id },
  } = await manager.post('/api/v1/cinemas', { ...place, ...cinema })
  const {
    body: { id },
  } = await manager.post(`/api/v1/cinemas/${cinema_id}/halls`, { name: 'Red', hall_number: 1, rows: 2, seats_per_row: 5 })
  return { id: id as number, cinema_id: cinema_id as number }
}
const hall = await build()
const movie = await given.movie({ duration_minutes: 100 })
const wish = (fields: object = {}) => ({
  movie_id: movie.id,
  hall_id: hall.id,
  start_time: '2026-03-02T18:00:00+02:00',
  base_price: 150,
  ...fields,
})
const schedule = (fields: object = {}) => manager.post(sessions, wish(fields))

test('R-047, R-048: a manager schedules a movie, and it ends when the movie does', async () => {
  const { status, body } = await schedule({
    base_price: 149.9,
    vip_price: 300,
    language: 'en-GB',
    subtitles: 'uk',
    format_3d: true,
    accessibility: { audio_description: true },
    sales_open_at: '2026-03-01T10:00:00Z',
  })
  expect(status).toBe(201)
  expect(body).toEqual({
    id: expect.any(Number),
    movie_id: movie.id,
    movie_title: movie.title,
    hall_id: hall.id,
    hall_name: 'Red',
    cinema_id: hall.cinema_id,
    cinema_name: 'Cinema 1',
    start_time: '2026-03-02T16:00:00.000Z',
    end_time: '2026-03-02T17:40:00.000Z',
    business_day: '2026-03-02',
    currency: 'UAH',
    base_price: 149.9,
    vip_price: 300,
    premium_price: 149.9,
    price_card_id: null,
    early_bird_discount: 0,
    available_seats: 10,
    sold_tickets: 0,
    reserved_tickets: 0,
    language: 'en-GB',
    subtitles: 'uk',
    format_3d: true,
    format_imax: false,
    accessibility: { audio_description: true },
    status: 'scheduled',
    is_active: true,
    sales_open_at: '2026-03-01T10:00:00.000Z',
    sales_close_at: null,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  })
  expect(await anonymous.get(`${sessions}/${body.id}`)).toMatchObject({ status: 200, body })
  const stored = await db
    .selectFrom('sessions')
    .select(['base_price_minor', 'version', sql<string>`upper(occupies) - end_time`.$castTo<object>().as('cleaning')])
    .where('id', '=', body.id)
    .executeTakeFirstOrThrow()
  expect(stored).toMatchObject({ base_price_minor: 14_990, version: 1, cleaning: { minutes: 15 } })
})

test('R-002, R-047: only managers and admins schedule', async () => {
  const fields = wish({ start_time: '2026-03-02T12:00:00Z' })
  expect(await anonymous.post(sessions, fields)).toMatchObject({ status: 401, body: { code: 'auth.required' } })
  for (const role of ['customer', 'cashier', 'moderator'] as const)
    expect(await (await as(role)).post(sessions, fields)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } })
  expect(await (await as('admin')).post(sessions, wish({ hall_id: (await build()).id }))).toMatchObject({ status: 201 })
})

test.each([
  ['half a date', { start_time: '2026-03-02' }, '/start_time'],
  ['a day that February does not have', { start_time: '2026-02-30T18:00:00Z' }, '/start_time'],
  ['a time without a zone', { start_time: '2026-03-02T18:00:00' }, '/start_time'],
  ['a time at the end of the calendar', { start_time: '9999-12-31T23:59:59-12:00' }, '/start_time'],
  ['a leap second', { start_time: '2026-12-31T23:59:60Z' }, '/start_time'],
  ['a number for a text', { language: 5 }, '/language'],
  ['text for a number', { base_price: '150' }, '/base_price'],
  ['text for an id', { movie_id: `${movie.id}` }, '/movie_id'],
  ['a price with a third decimal', { base_price: 149.999 }, '/base_price'],
  ['a vip price with a third decimal', { vip_price: 0.001 }, '/vip_price'],
  ['a price below nothing', { premium_price: -1 }, '/premium_price'],
  ['a discount of more than everything', { early_bird_discount: 101 }, '/early_bird_discount'],
  ['a number of free seats', { available_seats: 5 }, '/available_seats'],
  ['a movie that is not there', { movie_id: 999_999 }, '/movie_id'],
  ['a hall that is not there', { hall_id: 999_999 }, '/hall_id'],
  ['an end before the credits', { end_time: '2026-03-02T19:39:59+02:00' }, '/end_time'],
  ['an end before the start', { end_time: '2026-03-02T17:00:00+02:00' }, '/end_time'],
  ['a start in the past', { start_time: '2026-02-28T18:00:00+02:00' }, '/start_time'],
  ['a start right now', { start_time: '2026-03-01T08:00:00Z' }, '/start_time'],
  ['a start before the cinema opens', { start_time: '2026-03-03T09:59:00+02:00' }, '/start_time'],
  ['an end after the cinema closes', { start_time: '2026-03-03T00:21:00+02:00' }, '/start_time'],
  ['sales that open when the session starts', { sales_open_at: '2026-03-02T16:00:00Z' }, '/sales_open_at'],
  [
    'sales that close before they open',
    { sales_open_at: '2026-03-02T12:00:00Z', sales_close_at: '2026-03-02T11:00:00Z' },
    '/sales_open_at',
  ],
])('%s is refused, and the field is named', async (_what, fields, pointer) => {
  const { status, body } = await schedule(fields)
  expect(status).toBe(422)
  expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
})

test('nothing is put on in a hall, a cinema or for a movie that is out of use', async () => {
  const [closedHall, closedCinema] = [await build(), await build()]
  const old = await given.movie()
  await db.updateTable('halls').set({ is_active: false }).where('id', '=', closedHall.id).execute()
  await db.updateTable('cinemas').set({ is_active: false }).where('id', '=', closedCinema.cinema_id).execute()
  await db.updateTable('movies').set({ is_active: false }).where('id', '=', old.id).execute()
  expect(await schedule({ hall_id: closedHall.id })).toMatchObject({ status: 409, body: { code: 'sessions.hall_inactive' } })
  expect(await schedule({ hall_id: closedCinema.id })).toMatchObject({ status: 409, body: { code: 'sessions.hall_inactive' } })
  expect(await schedule({ movie_id: old.id })).toMatchObject({ status: 409, body: { code: 'sessions.movie_inactive' } })
})

test('R-117: a session waits until the hall is cleaned, and is told who is in it', async () => {
  const { id: hall_id } = await build()
  const first = await schedule({ hall_id, start_time: '2026-03-02T18:00:00+02:00', end_time: '2026-03-02T20:00:00+02:00' })
  for (const start_time of ['2026-03-02T20:14:00+02:00', '2026-03-02T19:00:00+02:00', '2026-03-02T16:10:00+02:00'])
    expect(await schedule({ hall_id, start_time })).toMatchObject({
      status: 409,
      body: {
        code: 'sessions.overlap',
        session: {
          id: first.body.id,
          movie_title: movie.title,
          start_time: first.body.start_time,
          end_time: first.body.end_time,
        },
      },
    })
  expect(await schedule({ hall_id, start_time: '2026-03-02T20:15:00+02:00' })).toMatchObject({ status: 201 })
  expect(await schedule({ hall_id, start_time: '2026-03-02T16:05:00+02:00' })).toMatchObject({ status: 201 })
})

test('the time of a cancelled session is free again', async () => {
  const { id: hall_id } = await build()
  const { body } = await schedule({ hall_id })
  expect(await schedule({ hall_id })).toMatchObject({ status: 409 })
  await db.updateTable('sessions').set({ status: 'cancelled' }).where('id', '=', body.id).execute()
  expect(await schedule({ hall_id })).toMatchObject({ status: 201 })
})

test('when managers put on overlapping sessions at once, one succeeds and the others are told by whom', async () => {
  let refused = 0
  for (let round = 0; round < 5; round += 1) {
    const { id: hall_id } = await build()
    const starts = ['18:00', '18:30', '19:00', '18:15'].map((time) => `2026-03-02T${time}:00+02:00`)
    const replies = await Promise.all(starts.map((start_time) => schedule({ hall_id, start_time })))
    const won = replies.filter((reply) => reply.status === 201)
    const lost = replies.filter((reply) => reply.status === 409)
    expect([won.length, lost.length]).toEqual([1, 3])
    for (const { body } of lost) expect(body).toMatchObject({ code: 'sessions.overlap', session: { id: won[0]?.body.id } })
    refused += lost.length
  }
  expect(refused).toBe(15)
})

test('R-046: a night session belongs to the day before, on the cinema’s own clock', async () => {
  const { id: hall_id } = await build({ timezone: 'America/New_York', currency: 'USD', closing_time: '03:00' })
  expect(await schedule({ hall_id, start_time: '2026-03-06T00:30:00-05:00' })).toMatchObject({
    status: 201,
    body: { business_day: '2026-03-05', currency: 'USD' },
  })
  expect(await schedule({ hall_id, start_time: '2026-03-06T01:21:00-05:00' })).toMatchObject({
    status: 422,
    body: { code: 'sessions.outside_opening_hours' },
  })
  // That night New York goes to summer time: three o’clock comes an hour sooner.
  expect(await schedule({ hall_id, start_time: '2026-03-08T00:19:00-05:00' })).toMatchObject({
    status: 201,
    body: { business_day: '2026-03-07' },
  })
  expect(await schedule({ hall_id, start_time: '2026-03-08T01:20:00-05:00' })).toMatchObject({ status: 422 })
})

test('a cinema open round the clock shows films at any hour', async () => {
  const { id: hall_id } = await build({ opening_time: '00:00', closing_time: '00:00' })
  expect(await schedule({ hall_id, start_time: '2026-03-03T04:00:00+02:00' })).toMatchObject({
    status: 201,
    body: { business_day: '2026-03-02' },
  })
  const aYearLong = { hall_id, start_time: '2026-03-04T04:00:00+02:00', end_time: '2027-03-04T06:00:00+02:00' }
  expect(await schedule(aYearLong)).toMatchObject({ status: 422, body: { code: 'sessions.too_long' } })
})
