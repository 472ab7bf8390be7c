import { expect, test } from 'vitest'

import { createCinemasService } from '#modules/cinemas/service.ts'
import { createUpcoming } from '#modules/sessions/upcoming.ts'
import { startTestApp } from '#testing/app.ts'
import { createHallsService } from './service.ts'

const { anonymous, as, db, given } = await startTestApp()
const schedule = createUpcoming({ touch: () => undefined })
const halls = createHallsService({
  db,
  schedule,
  cinemas: createCinemasService({ db, schedule, assign: async () => undefined, rules: { CANCEL_CUTOFF_MINUTES: 30 } }),
})

const of = (cinema_id: number) => `/api/v1/cinemas/${cinema_id}/halls`
const red = (fields: object = {}) => ({ name: 'Red', hall_number: 1, rows: 3, seats_per_row: 4, ...fields })
const build = async (fields: object = {}) => (await as('manager')).post(of((await given.cinema()).id), red(fields))

test('R-044, R-113: a manager builds a hall of rows, and its seats are counted by what they cost', async () => {
  const { status, body } = await build({
    vip_rows: [3],
    premium_rows: ['2'],
    wheelchair_seats: [{ seat_row: 1, seat_number: 1, companion_number: 2 }],
    aisles_after: [2],
    screen_type: 'imax',
    sound_system: 'Atmos',
    accessibility: { ramp: true },
    seat_map: { screen: { width: 5 }, exits: [{ x: 0, y: 1 }] },
  })
  expect(status).toBe(201)
  expect(body).toEqual({
    id: expect.any(Number),
    cinema_id: expect.any(Number),
    name: 'Red',
    hall_number: 1,
    total_seats: 12,
    rows: 3,
    seats_per_row: 4,
    screen_type: 'imax',
    sound_system: 'Atmos',
    vip_seats: 4,
    premium_seats: 4,
    standard_seats: 4,
    is_active: true,
    accessibility: { ramp: true },
    seat_map: { screen: { width: 5 }, exits: [{ x: 0, y: 1 }] },
    created_at: expect.any(String),
    updated_at: expect.any(String),
  })
  const shown = await anonymous.get(`/api/v1/halls/${body.id}`)
  expect(shown.body).toMatchObject(body)
  expect(shown.body.seats).toHaveLength(12)
  expect(shown.body.seats[2]).toEqual({
    id: expect.any(Number),
    seat_row: '1',
    seat_number: 3,
    seat_type: 'standard',
    x: 3.5,
    y: 0.5,
    rotation: 0,
    pair_id: null,
    is_active: true,
  })
})

test('R-044, R-113: a hall is built as it was drawn', async () => {
  const { body } = await build({
    rows: undefined,
    seats_per_row: undefined,
    layout: {
      seats: [
        { seat_row: 'А', seat_number: 2, x: 2, y: 1, rotation: 5 },
        { seat_row: 'А', seat_number: 1, x: 1, y: 1 },
        { seat_row: 2, seat_number: 1, seat_type: 'sofa', pair_id: 1 },
        { seat_row: '2', seat_number: 2, seat_type: 'sofa', pair_id: 1 },
        { seat_row: 2, seat_number: 3, seat_type: 'vip' },
      ],
    },
  })
  expect(body).toMatchObject({ rows: 2, seats_per_row: 3, total_seats: 5, premium_seats: 2, vip_seats: 1, standard_seats: 2 })
  const { seats } = (await anonymous.get(`/api/v1/halls/${body.id}`)).body
  expect(seats.map((seat: { seat_row: string; seat_number: number }) => `${seat.seat_row}${seat.seat_number}`)).toEqual([
    'А1',
    'А2',
    '21',
    '22',
    '23',
  ])
})

test('R-019, R-051: seats come row by row and from left to right, also where rows are curved', async () => {
  const bow = (seat_row: number) =>
    [1, 2, 3, 4, 5].map((seat_number) => ({
      seat_row,
      seat_number,
      x: seat_number,
      y: seat_row + 1.5 - 0.5 * Math.abs(seat_number - 3),
    }))
  const { body } = await build({
    rows: undefined,
    seats_per_row: undefined,
    layout: { seats: [...bow(1), ...bow(2), ...bow(10)].toReversed() },
  })
  const { seats } = (await anonymous.get(`/api/v1/halls/${body.id}`)).body
  expect(seats.map((seat: { seat_row: string; seat_number: number }) => `${seat.seat_row}-${seat.seat_number}`)).toEqual(
    [1, 2, 10].flatMap((row) => [1, 2, 3, 4, 5].map((number) => `${row}-${number}`)),
  )
})

test('the largest hall has ten thousand seats', async () => {
  const { status, body } = await build({ rows: 100, seats_per_row: 100 })
  expect(status).toBe(201)
  expect(body).toMatchObject({ total_seats: 10_000, standard_seats: 10_000 })
})

test('R-044: a hall number is free once in each cinema, also when two managers build at once', async () => {
  const [here, there] = [await given.cinema(), await given.cinema()]
  const manager = await as('manager')
  const replies = await Promise.all([1, 2].map(() => manager.post(of(here.id), red())))
  expect(replies.map((reply) => reply.status).toSorted()).toEqual([201, 409])
  expect(replies.find((reply) => reply.status === 409)?.body.code).toBe('halls.number_taken')
  expect(await manager.post(of(there.id), red())).toMatchObject({ status: 201 })
  const { total } = await db
    .selectFrom('seats')
    .innerJoin('halls', 'halls.id', 'hall_id')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('cinema_id', '=', here.id)
    .executeTakeFirstOrThrow()
  expect(total).toBe(12)
})

test('R-044: only managers and admins build halls', async () => {
  const { id } = await given.cinema()
  expect(await anonymous.post(of(id), red())).toMatchObject({ status: 401 })
  for (const role of ['customer', 'cashier', 'moderator'] as const)
    expect(await (await as(role)).post(of(id), red())).toMatchObject({ status: 403 })
  expect(await (await as('admin')).post(of(id), red())).toMatchObject({ status: 201 })
})

test.each([
  ['a hall without rows', { rows: undefined }, '/rows'],
  ['more rows than a hall has', { rows: 101 }, '/rows'],
  ['half a seat', { seats_per_row: 1.5 }, '/seats_per_row'],
  ['rows as text', { rows: '3' }, '/rows'],
  ['hall zero', { hall_number: 0 }, '/hall_number'],
  [
    'a row of spaces',
    { rows: undefined, seats_per_row: undefined, layout: { seats: [{ seat_row: ' ', seat_number: 1 }] } },
    '/layout/seats/0/seat_row',
  ],
  [
    'half a letter',
    { rows: undefined, seats_per_row: undefined, layout: { seats: [{ seat_row: '\udc00', seat_number: 1 }] } },
    '/layout/seats/0/seat_row',
  ],
  ['an empty drawing', { layout: { seats: [] } }, '/layout/seats'],
  ['a drawing of halves', { seat_map: { note: '\ud800' } }, '/seat_map/note'],
  [
    'a seat type nobody knows',
    { layout: { seats: [{ seat_row: 1, seat_number: 1, seat_type: 'throne' }] } },
    '/layout/seats/0/seat_type',
  ],
  ['a capacity', { total_seats: 500 }, '/total_seats'],
])('%s is refused, and the field is named', async (_what, fields, pointer) => {
  const { status, body } = await build(fields)
  expect(status).toBe(422)
  expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
})

test('a seat that is drawn twice is named', async () => {
  const seats = [
    { seat_row: 5, seat_number: 1 },
    { seat_row: 5, seat_number: 2 },
    { seat_row: '5', seat_number: 1 },
  ]
  const { status, body } = await build({ rows: undefined, seats_per_row: undefined, layout: { seats } })
  expect(status).toBe(422)
  expect(body).toMatchObject({
    code: 'halls.duplicate_seat',
    errors: [{ pointer: '/layout/seats/2', detail: expect.stringContaining('row 5, seat 1') }],
  })
})

test('R-043: a visitor lists the halls of a cinema by number, without their seats', async () => {
  const { id } = await given.cinema()
  const manager = await as('manager')
  for (const hall_number of [3, 1, 2]) await manager.post(of(id), red({ hall_number }))
  await db.updateTable('halls').set({ is_active: false }).where('cinema_id', '=', id).where('hall_number', '=', 2).execute()
  const { status, body } = await anonymous.get(of(id))
  expect(status).toBe(200)
  expect(body).toMatchObject({ total: 2, items: [{ hall_number: 1, total_seats: 12 }, { hall_number: 3 }] })
  expect(body.items[0]).not.toHaveProperty('seats')
  expect((await anonymous.get(`${of(id)}?is_active=false`)).body).toMatchObject({ total: 1, items: [{ hall_number: 2 }] })
  expect((await anonymous.get(`${of(id)}?skip=1&limit=1`)).body).toMatchObject({ total: 2, items: [{ hall_number: 3 }] })
})

test('halls and cinemas that are not there are not found', async () => {
  const nowhere = 999_999
  expect(await anonymous.get(`/api/v1/halls/${nowhere}`)).toMatchObject({ status: 404, body: { code: 'halls.not_found' } })
  expect(await anonymous.get(of(nowhere))).toMatchObject({ status: 404, body: { code: 'cinemas.not_found' } })
  expect(await (await as('manager')).post(of(nowhere), red())).toMatchObject({ status: 404, body: { code: 'cinemas.not_found' } })
  expect(await anonymous.get('/api/v1/halls/red')).toMatchObject({ status: 422 })
  expect(await anonymous.get(`${of((await given.cinema()).id)}?colour=red`)).toMatchObject({ status: 422 })
})

test('a plan knows the seats that can be sold by id and by label, and is read once for each version', async () => {
  const { id } = (await build({ rows: 2, seats_per_row: 5 })).body
  const { seats } = await halls.get(id)
  const [first = 0, second = 0] = seats.map((seat) => seat.id)
  await db.updateTable('seats').set({ is_active: false }).where('id', '=', second).execute()
  const [plan, again] = await Promise.all([halls.plan(id, '1'), halls.plan(id, '1')])
  expect(again).toBe(plan)
  expect(plan.seats).toHaveLength(9)
  expect(plan.byLabel.get('1:1')).toBe(plan.byId.get(first))
  expect(plan.byLabel.has('1:2')).toBe(false)
  expect(plan.hall).toMatchObject({ id, cinema_id: expect.any(Number), hall_number: 1, seat_map: {} })

  await db.updateTable('seats').set({ is_active: true }).where('id', '=', second).execute()
  expect((await halls.plan(id, '1')).seats).toHaveLength(9)
  expect((await halls.plan(id, '2')).seats).toHaveLength(10)
  await expect(halls.plan(999_999, '1')).rejects.toMatchObject({ code: 'halls.not_found' })
})

test('halls too large to be kept side by side are still read for everybody who asks', async () => {
  const { id } = (await build({ rows: 100, seats_per_row: 100 })).body
  const versions = Array.from({ length: 40 }, (_, index) => `${index % 30}`)
  const plans = await Promise.all(versions.map((version) => halls.plan(id, version)))
  expect(plans.map((plan) => plan.seats.length)).toEqual(versions.map(() => 10_000))
})
