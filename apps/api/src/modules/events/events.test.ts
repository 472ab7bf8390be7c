import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { startTestApp } from '#testing/app.ts'

const { as, someone, guest, anonymous, given, db, clock, checkout, events } = await startTestApp()
clock.set(new Date('2026-03-02T06:00:00Z'))
const [customer, manager, admin] = [await as('customer'), await as('manager'), await as('admin')]

await given.hall({ rows: 1, seats_per_row: 2 })
const meadow = await given.hall({ rows: 2, seats_per_row: 3 })
await db.updateTable('halls').set({ screen_type: 'open_air' }).where('id', '=', meadow.id).execute()

const path = '/api/v1/events'
let day = 1
const opening = (fields: object = {}) => ({
  title: 'Jazz on the meadow',
  description: 'Under the stars.',
  start_time: new Date(Date.UTC(2026, 5, day++, 18)).toISOString(),
  duration_minutes: 90,
  price: 350.5,
  ...fields,
})
const open = async (fields: object = {}) => {
  const { status, body } = await manager.post(path, opening(fields))
  expect(status).toBe(201)
  return body
}
const idsOf = async (query: string) => {
  const { status, body } = await anonymous.get(`${path}?${query}`)
  expect(status).toBe(200)
  return body.items.map(({ id }: { id: number }) => id)
}
const holds = async () => expect((await checkInvariants(db)).violated).toEqual([])

test('R-016: a manager opens an event in the hall of events, and it has all its seats', async () => {
  const wish = opening()
  const { status, body } = await manager.post(path, wish)
  expect(status).toBe(201)
  expect(body).toMatchObject({
    ...wish,
    hall_id: meadow.id,
    total_seats: 6,
    available_seats: 6,
    status: 'scheduled',
    is_active: true,
  })
  expect(new Date(body.end_time).getTime() - new Date(body.start_time).getTime()).toBe(90 * 60_000)
  expect(await anonymous.get(`/events/${body.id}`)).toMatchObject({ status: 200, body })
  expect(await anonymous.get(`/api/v1/sessions/${body.id}`)).toMatchObject({ body: { base_price: 350.5, hall_id: meadow.id } })
})

test('R-016: events of the same title, year and length share a movie; each keeps its own text', async () => {
  const [one, two, longer] = [
    await open({ title: 'Choir' }),
    await open({ title: 'Choir', description: 'Another text.' }),
    await open({ title: 'Choir', duration_minutes: 91 }),
  ]
  expect(two.movie_id).toBe(one.movie_id)
  expect(longer.movie_id).not.toBe(one.movie_id)
  expect((await anonymous.get(`${path}/${one.id}`)).body.description).toBe('Under the stars.')
  expect((await anonymous.get(`${path}/${two.id}`)).body.description).toBe('Another text.')
  const silent = await open({ title: 'Choir', description: undefined })
  expect(silent).toMatchObject({ movie_id: one.movie_id, description: 'Under the stars.' })
})

test('R-016, R-117: only managers open events; overlaps name the clash and bad input its field', async () => {
  for (const [person, status] of [
    [anonymous, 401],
    [customer, 403],
    [await as('moderator'), 403],
  ] as const)
    expect(await person.post(path, opening())).toMatchObject({ status })
  const first = await open()
  expect(await manager.post(path, opening({ start_time: first.start_time }))).toMatchObject({
    status: 409,
    body: { code: 'sessions.overlap', session: { id: first.id } },
  })
  for (const [field, value] of [
    ['title', '  '],
    ['price', 1.005],
    ['price', -1],
    ['duration_minutes', 0],
    ['start_time', '2001-01-01T10:00:00Z'],
    ['start_time', '3001-01-01T10:00:00Z'],
    ['hall_id', 1],
  ] as const)
    expect(await manager.post(path, opening({ [field]: value }))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: `/${field}` }] },
    })
})

test('R-017: a changed title leaves the events alone that share the movie', async () => {
  const [one, two] = [await open({ title: 'Opera' }), await open({ title: 'Opera' })]
  const renamed = await manager.patch(`${path}/${one.id}`, { title: 'Operetta', price: 100 })
  expect(renamed).toMatchObject({ status: 200, body: { title: 'Operetta', description: 'Under the stars.', price: 100 } })
  expect(renamed.body.movie_id).not.toBe(one.movie_id)
  expect((await anonymous.get(`${path}/${two.id}`)).body).toMatchObject({ title: 'Opera', price: 350.5 })
  // Nobody shares the new one: it is renamed in place.
  expect(await manager.patch(`${path}/${one.id}`, { title: 'Ballet' })).toMatchObject({
    body: { title: 'Ballet', movie_id: renamed.body.movie_id },
  })
  // Back to the name that exists.
  expect(await manager.patch(`${path}/${one.id}`, { title: 'Opera' })).toMatchObject({
    body: { title: 'Opera', movie_id: two.movie_id },
  })
})

test('R-017: a changed text is the event’s own while others share the movie', async () => {
  const [one, two] = [await open({ title: 'Poetry' }), await open({ title: 'Poetry' })]
  expect(await manager.patch(`${path}/${one.id}`, { description: 'Read aloud.' })).toMatchObject({
    body: { description: 'Read aloud.' },
  })
  expect((await anonymous.get(`${path}/${two.id}`)).body.description).toBe('Under the stars.')
  for (const search of ['read ALOUD', 'aloud reád', 'реад'])
    expect(await idsOf(`search=${encodeURIComponent(search)}`)).toEqual([one.id])
  const movies = await db.selectFrom('movies').select('description').where('id', '=', two.movie_id).execute()
  expect(movies).toEqual([{ description: 'Under the stars.' }])
})

test('R-151: texts that an older release has written are found as they are, and in any alphabet once they are folded', async () => {
  const { id, movie_id } = await open()
  const found = (search: string) => idsOf(`search=${encodeURIComponent(search)}`)
  await db.insertInto('event_texts').values({ session_id: id, description: 'Кіно під зорями' }).execute()
  expect([await found('зорями'), await found('zoriamy')]).toEqual([[id], []])
  expect([await events.foldTexts(), await events.foldTexts()]).toEqual([1, 0])
  expect(await found('zoriamy')).toEqual([id])
  await db.updateTable('event_texts').set({ description: 'Дощ' }).where('session_id', '=', id).execute()
  expect([await events.foldTexts(), await found('doshch'), await found('zoriamy')]).toEqual([1, [id], []])
  expect((await anonymous.get(`${path}/${id}`)).body).toMatchObject({ movie_id, description: 'Дощ' })
})

test('R-017: time and length are changed together or alone, by managers, and never onto another event', async () => {
  const [one, two] = [await open({ title: 'Talk' }), await open({ title: 'Tale' })]
  const start_time = new Date(Date.parse(one.start_time) + 3600_000).toISOString()
  expect(await manager.patch(`${path}/${one.id}`, { start_time })).toMatchObject({ body: { start_time, duration_minutes: 90 } })
  expect(await manager.patch(`/events/${one.id}`, { duration_minutes: 45 })).toMatchObject({
    body: { start_time, duration_minutes: 45 },
  })
  const back = { start_time: one.start_time, duration_minutes: 120 }
  expect(await manager.patch(`${path}/${one.id}`, back)).toMatchObject({ body: back })
  expect(await manager.patch(`${path}/${one.id}`, { title: 'Talks', start_time: two.start_time })).toMatchObject({
    status: 409,
    body: { code: 'sessions.overlap', session: { id: two.id } },
  })
  expect((await anonymous.get(`${path}/${one.id}`)).body.title).toBe('Talk')
  expect(await customer.patch(`${path}/${one.id}`, { price: 1 })).toMatchObject({ status: 403 })
  expect(await manager.patch(`${path}/999999`, { price: 1 })).toMatchObject({ status: 404, body: { code: 'events.not_found' } })
  expect(await manager.patch(`${path}/${one.id}`, { price: 1.005 })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/price' }] },
  })
})

test('R-017: a word to the holders goes along with another start, and not without one', async () => {
  const event = await open()
  const seats = (await anonymous.get(`${path}/${event.id}/seats`)).body.seats
  await (await someone()).post(`${path}/${event.id}/seats/${seats[0].id}/reserve`)
  const start_time = new Date(Date.parse(event.start_time) + 1800_000).toISOString()
  const notice = 'The band comes by the later train.'
  expect(await manager.patch(`${path}/${event.id}`, { notice })).toMatchObject({
    status: 422,
    body: { code: 'sessions.notice_without_move', errors: [{ pointer: '/notice' }] },
  })
  expect(await manager.patch(`${path}/${event.id}`, { start_time, notice })).toMatchObject({ status: 200, body: { start_time } })
  const { body } = await manager.get(`/api/v1/sessions/${event.id}/changes`)
  expect(JSON.stringify(body)).toContain(notice)
})

test('R-019, R-020: a buyer sees the seats and holds one; the next is told that it is gone', async () => {
  const event = await open()
  const { body } = await anonymous.get(`${path}/${event.id}/seats`)
  expect(body.event_id).toBe(event.id)
  expect(body.seats).toHaveLength(6)
  const [seat] = body.seats
  expect(seat).toEqual({
    id: meadow.seat_ids[0],
    event_id: event.id,
    seat_row: '1',
    number: 1,
    seat_number: '1-1',
    seat_type: 'standard',
    price: 350.5,
    is_reserved: false,
  })
  const reserve = `/events/${event.id}/seats/${seat.id}/reserve`
  expect(await anonymous.post(reserve)).toMatchObject({ status: 401 })
  const [rival, visitor] = [await someone(), await guest()]
  const replies = await Promise.all([rival, visitor].map((person) => person.post(reserve)))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409])
  const won = replies.find(({ status }) => status === 201)?.body
  expect(won).toMatchObject({
    event_id: event.id,
    session_id: event.id,
    seat_id: seat.id,
    status: 'reserved',
    is_reserved: true,
    order: { total: 350.5 },
  })
  expect(won.expires_at).toBeTruthy()
  expect(replies.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'tickets.seats_taken', seat_ids: [seat.id] })
  expect((await anonymous.get(`${path}/${event.id}/seats`)).body.seats[0].is_reserved).toBe(true)
  expect((await anonymous.get(`${path}/${event.id}`)).body.available_seats).toBe(5)
  expect(await rival.post(`${path}/${event.id}/seats/999999/reserve`)).toMatchObject({
    status: 404,
    body: { code: 'events.seat_not_found' },
  })
  expect(await rival.post(`${path}/999999/seats/${seat.id}/reserve`)).toMatchObject({
    status: 404,
    body: { code: 'events.not_found' },
  })
  expect(await anonymous.get(`${path}/999999/seats`)).toMatchObject({ status: 404, body: { code: 'events.not_found' } })
})

test('R-018: an event is deleted as its session is', async () => {
  const [never, sold] = [await open(), await open()]
  const bought = await customer.post('/api/v1/tickets/purchase', {
    event_id: sold.id,
    seat_id: meadow.seat_ids[1],
    card_token: 'tok_ok',
  })
  expect(bought.status).toBe(201)
  expect(await manager.delete(`${path}/${never.id}`)).toMatchObject({ status: 403 })
  expect(await admin.delete(`${path}/${never.id}`)).toMatchObject({ status: 204 })
  expect(await anonymous.get(`${path}/${never.id}`)).toMatchObject({ status: 404 })
  expect(await admin.delete(`${path}/${never.id}`)).toMatchObject({ status: 404, body: { code: 'events.not_found' } })
  expect(await admin.delete(`${path}/${sold.id}`)).toMatchObject({ status: 409, body: { sold_tickets: 1 } })
  expect(await admin.delete(`${path}/${sold.id}?cancel=true`)).toMatchObject({ status: 200, body: { tickets: { left: 1 } } })
  await checkout.cancelledSessions.run(sold.id)
  expect((await anonymous.get(`${path}/${sold.id}`)).body.status).toBe('cancelled')
  await holds()
})

test('R-014, R-151, R-301: events are found by words, dates, place, price and free seats, and sorted', async () => {
  const cheap = await open({ title: 'Zebra parade', price: 10, start_time: '2027-03-01T10:00:00Z' })
  const dear = await open({ title: 'Aardvark show', price: 99, start_time: '2027-03-02T10:00:00Z' })
  const elsewhere = await given.session({ starts_in_minutes: 365 * 1440, base_price_minor: 5_000, seats: 1 })
  await (
    await as('moderator')
  ).put(`/api/v1/movies/${elsewhere.movie_id}`, {
    title: 'Mouse',
    translations: { uk: { title: 'Мишеня', description: 'Малий' } },
  })
  const hall = await db.selectFrom('halls').select('cinema_id').where('id', '=', elsewhere.hall_id).executeTakeFirstOrThrow()
  const spring = 'date_from=2027-02-28&date_to=2027-03-31'

  expect(await idsOf('search=zebra')).toEqual([cheap.id])
  expect(await idsOf('search=МИШЕНЯ')).toEqual([elsewhere.id])
  expect(await idsOf('search=%25')).toEqual([])
  expect(await idsOf('date=2027-03-01')).toEqual([cheap.id])
  expect(await idsOf(`${spring}&sort=start_time`)).toEqual([cheap.id, elsewhere.id, dear.id])
  expect(await idsOf(`${spring}&sort=price`)).toEqual([cheap.id, elsewhere.id, dear.id])
  expect(await idsOf(`${spring}&sort=-price`)).toEqual([dear.id, elsewhere.id, cheap.id])
  expect(await idsOf(`${spring}&sort=title`)).toEqual([dear.id, elsewhere.id, cheap.id])
  expect(await idsOf(`${spring}&price_from=50&price_to=99`)).toEqual([elsewhere.id, dear.id])
  expect(await idsOf(`cinema_id=${hall.cinema_id}&include_past=true`)).toEqual([elsewhere.id])
  expect(await idsOf(`hall_id=${elsewhere.hall_id}`)).toEqual([elsewhere.id])
  expect(await idsOf(`hall_id=${elsewhere.hall_id}&available=true`)).toEqual([elsewhere.id])
  await customer.post(`${path}/${elsewhere.id}/seats/${elsewhere.seat_ids[0]}/reserve`)
  expect(await idsOf(`hall_id=${elsewhere.hall_id}&available=true`)).toEqual([])
  expect(await idsOf(`hall_id=${elsewhere.hall_id}&available=false`)).toEqual([elsewhere.id])

  expect(await anonymous.get(`/events?${spring}&sort=price&skip=1&limit=1`)).toMatchObject({
    body: { total: 3, page: 2, size: 1, pages: 3, items: [{ id: elsewhere.id }] },
  })
  for (const query of ['sort=random', 'colour=red', 'size=101', 'price_from=-1', 'page=1&skip=1', 'price_to=1.005'])
    expect(await anonymous.get(`${path}?${query}`)).toMatchObject({ status: 422 })
})
