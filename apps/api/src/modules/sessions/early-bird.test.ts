import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { as, someone, given } = await startTestApp()
const manager = await as('manager')
const IN_TWO_WEEKS = 14 * 24 * 60

const total = async (session_id: number, seat_id: number | undefined) =>
  (await (await someone()).post('/api/v1/tickets', { session_id, seat_ids: [seat_id] })).body.order.total

test('R-300 a manager gives an early bird to a session; who buys early pays less, and a seat that is held keeps its price', async () => {
  const hall = await given.hall()
  const early = await given.session({ hall_id: hall.id, seats: 4, starts_in_minutes: IN_TWO_WEEKS })
  const path = `/api/v1/sessions/${early.id}`
  expect(await total(early.id, early.seat_ids[0])).toBe(200)
  expect(await manager.patch(path, { early_bird_discount: 12.5 })).toMatchObject({
    status: 200,
    body: { early_bird_discount: 12.5, base_price: 200 },
  })
  const buyer = await someone()
  const held = await buyer.post('/api/v1/tickets', { session_id: early.id, seat_ids: [early.seat_ids[1]] })
  expect(held.body.order).toMatchObject({ total: 175, discount: 25 })
  await manager.patch(path, { early_bird_discount: 0 })
  expect((await buyer.get(`/api/v1/orders/${held.body.order.id}`)).body).toMatchObject({ total: 175 })
  expect(await total(early.id, early.seat_ids[2])).toBe(200)
})

test('R-300 a session is scheduled with its early bird, which ends a week before it starts', async () => {
  const [hall, movie] = [await given.hall(), await given.movie()]
  const soon = await given.session({ hall_id: hall.id, seats: 2, starts_in_minutes: 24 * 60 })
  const { start_time } = (await manager.get(`/api/v1/sessions/${soon.id}`)).body
  const wish = { movie_id: movie.id, hall_id: (await given.hall()).id, start_time, base_price: 100, early_bird_discount: 20 }
  const made = await manager.post('/api/v1/sessions', wish)
  expect(made).toMatchObject({ status: 201, body: { early_bird_discount: 20 } })
  expect((await manager.get(`/api/v1/sessions/${made.body.id}`)).body).toMatchObject({ early_bird_discount: 20 })
  await manager.patch(`/api/v1/sessions/${soon.id}`, { early_bird_discount: 20 })
  expect(await total(soon.id, soon.seat_ids[0])).toBe(200)
})

test.each([[-1], [100.01], [12.345], ['10'], [null]])(
  'R-300 an early bird of %s is no percentage',
  async (early_bird_discount) => {
    const { id } = await given.session()
    expect(await manager.patch(`/api/v1/sessions/${id}`, { early_bird_discount })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/early_bird_discount' }] },
    })
  },
)

test('R-300 no buyer makes a session cheaper', async () => {
  const { id } = await given.session()
  expect((await (await someone()).patch(`/api/v1/sessions/${id}`, { early_bird_discount: 50 })).status).toBe(403)
})
