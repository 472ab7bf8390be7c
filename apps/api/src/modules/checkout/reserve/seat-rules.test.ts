import { expect, test } from 'vitest'

import { type Client, startTestApp } from '#testing/app.ts'
import { openHall } from '#testing/halls.ts'

const app = await startTestApp({ config: { SEAT_RULES: true } })
const unruled = await startTestApp()

const book = (buyer: Client, session_id: number, seat_ids: number[], more: object = {}) =>
  buyer.post('/api/v1/tickets', { session_id, seat_ids, ...more })

test('a booking that would leave one seat alone is refused and names the choice that would not', async () => {
  const { session_id, seats } = await openHall(app, ['.........'])
  const buyer = await app.someone()
  const refused = await book(buyer, session_id, seats(2, 3))
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'seats.lone_seat', seat_ids: seats(1), suggested_seat_ids: seats(1, 2) },
  })
  expect((await book(buyer, session_id, refused.body.suggested_seat_ids)).status).toBe(201)
  expect(await book(await app.someone(), session_id, seats(4, 5))).toMatchObject({
    body: { code: 'seats.lone_seat', seat_ids: seats(3), suggested_seat_ids: seats(3, 4) },
  })
})

test('seats that the house keeps are taken: never offered, and one beside them is alone', async () => {
  const { session_id, seats } = await openHall(app, ['x........'])
  const buyer = await app.someone()
  expect(await book(buyer, session_id, seats(3))).toMatchObject({ body: { code: 'seats.lone_seat', seat_ids: seats(2) } })
  expect(await book(buyer, session_id, seats(1))).toMatchObject({ body: { code: 'tickets.seats_taken' } })
  expect((await book(buyer, session_id, seats(2))).status).toBe(201)
})

test('a choice goes on when no other is better, or when a hold has run out and the seat beside is free again', async () => {
  const { session_id, seats } = await openHall(app, ['x...x'])
  expect((await book(await app.someone(), session_id, seats(2, 3))).status).toBe(201)

  const { session_id: other, seats: its } = await openHall(app, ['........'])
  const [early, late] = [await app.someone(), await app.someone()]
  expect((await book(early, other, its(1, 2))).status).toBe(201)
  expect((await book(late, other, its(4, 5))).status).toBe(409)
  await app.db
    .updateTable('seat_claims')
    .set({ expires_at: new Date(0) })
    .where('session_id', '=', other)
    .execute()
  expect((await book(late, other, its(4, 5))).status).toBe(201)
})

test('the verdict is the same for every way to a seat: adding, changing, purchase and events', async () => {
  const { session_id, seats } = await openHall(app, ['..........', '..........'])
  const buyer = await app.someone()
  const [first = 0, second = 0] = seats(1, 2)
  const held = await book(buyer, session_id, [first])
  const code = 'seats.lone_seat'

  const added = await book(buyer, session_id, seats(3), { order_id: held.body.order.id })
  expect(added).toMatchObject({ status: 409, body: { code, seat_ids: [second], suggested_seat_ids: [second] } })
  expect(await buyer.put(`/api/v1/tickets/${held.body.id}`, { seat_id: seats(12)[0] })).toMatchObject({
    status: 409,
    body: { code, seat_ids: seats(11) },
  })
  const card = { payment_method: 'card', card_token: 'tok_ok' }
  expect(await buyer.post('/api/v1/tickets/purchase', { event_id: session_id, seat_id: seats(9)[0], ...card })).toMatchObject({
    status: 409,
    body: { code, seat_ids: seats(10) },
  })
  expect(await buyer.post(`/api/v1/events/${session_id}/seats/${seats(9)[0]}/reserve`)).toMatchObject({
    status: 409,
    body: { code },
  })

  const more = await book(buyer, session_id, [second], { order_id: held.body.order.id })
  expect(await buyer.put(`/api/v1/tickets/${more.body.id}`, { seat_id: seats(3)[0] })).toMatchObject({
    status: 409,
    body: { code, seat_ids: [second] },
  })
  expect((await buyer.put(`/api/v1/tickets/${held.body.id}`, { seat_id: seats(11)[0] })).status).toBe(200)
})

test('taking a seat out of one’s own order is never refused', async () => {
  const { session_id, seats } = await openHall(app, ['..........'])
  const buyer = await app.someone()
  const { body } = await book(buyer, session_id, seats(3, 4, 5))
  expect((await buyer.delete(`/api/v1/tickets/${body.tickets[1].id}`)).status).toBe(200)
})

test('a sofa is sold whole, at once or one half after the other to the same person', async () => {
  const { session_id, seats } = await openHall(app, ['ss......'])
  const [one, other] = [await app.someone(), await app.guest()]
  expect(await book(one, session_id, seats(1))).toMatchObject({
    status: 409,
    body: { code: 'seats.sofa_whole', seat_ids: seats(2) },
  })
  const { body } = await book(other, session_id, seats(1, 2))
  expect((await other.delete(`/api/v1/tickets/${body.tickets[0].id}`)).status).toBe(200)
  expect((await book(one, session_id, seats(1))).body).toMatchObject({ code: 'seats.sofa_whole' })
  expect((await book(other, session_id, seats(1), { order_id: body.order.id })).status).toBe(201)
})

test('a companion’s seat goes with the wheelchair place, later to its owner, and to anybody when nothing else is left', async () => {
  const { session_id, seats } = await openHall(app, ['wk..wk'])
  const [one, other] = [await app.someone(), await app.someone()]
  expect(await book(other, session_id, seats(2))).toMatchObject({
    status: 409,
    body: { code: 'seats.companion_alone', seat_ids: seats(2), wheelchair_seat_ids: seats(1) },
  })
  const { body } = await book(one, session_id, seats(1))
  expect((await book(other, session_id, seats(2))).body.code).toBe('seats.companion_alone')
  expect((await book(one, session_id, seats(2), { order_id: body.order.id })).status).toBe(201)
  expect((await book(other, session_id, seats(3, 4))).status).toBe(201)
  expect((await book(await app.someone(), session_id, seats(6))).status).toBe(201)
})

test('a repeated request gets its order, whatever the hall looks like by now', async () => {
  const { session_id, seats } = await openHall(app, ['.........'])
  const buyer = await app.someone()
  const key = { 'idempotency-key': 'the same evening' }
  const body = { session_id, seat_ids: seats(4) }
  const first = await buyer.post('/api/v1/tickets', body, key)
  await buyer.delete(`/api/v1/tickets/${first.body.id}`)
  expect((await book(await app.someone(), session_id, seats(1, 2))).status).toBe(201)
  expect((await book(await app.someone(), session_id, seats(4))).body.code).toBe('seats.lone_seat')
  expect(await buyer.post('/api/v1/tickets', body, key)).toMatchObject({
    status: 201,
    body: { order: { id: first.body.order.id } },
  })
})

test('why a session is not on sale is said before its seats are judged', async () => {
  const { session_id, seats } = await openHall(app, ['.........', 'ss'])
  await app.db.updateTable('sessions').set({ status: 'cancelled' }).where('id', '=', session_id).execute()
  for (const chosen of [seats(2), seats(10)])
    expect((await book(await app.someone(), session_id, chosen)).body.code).toBe('sessions.cancelled')
})

test('a cinema that wants no rules has none', async () => {
  const { session_id, seats } = await openHall(unruled, ['.........ss'])
  expect((await book(await unruled.someone(), session_id, seats(2, 10))).status).toBe(201)
})
