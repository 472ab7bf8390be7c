import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, someone, checkout, clock, db, given } = await startTestApp()
const manager = await as('manager')

type Seat = { id: number; seat_row: string; seat_number: number; seat_type: string; is_active: boolean; pair_id: number | null }

const change = (hall_id: number, body: object) => manager.patch(`/api/v1/halls/${hall_id}`, body)
const seatsOf = async (hall_id: number): Promise<Seat[]> => (await anonymous.get(`/api/v1/halls/${hall_id}`)).body.seats
const byLabel = (seats: Seat[]) => new Map(seats.map((seat) => [`${seat.seat_row}:${seat.seat_number}`, seat]))
const versionOf = async (id: number) =>
  (await db.selectFrom('sessions').select('version').where('id', '=', id).executeTakeFirstOrThrow()).version
const reserve = async (session_id: number, seat_ids: number[]) =>
  (await someone()).post('/api/v1/tickets', { session_id, seat_ids })
const prepare = async () => {
  const session = await given.session({ rows: 2, seats_per_row: 5, starts_in_minutes: 600 })
  const [first, second] = [session.seat_ids.slice(0, 5), session.seat_ids.slice(5)]
  return { ...session, first, second }
}

test('R-067 a new layout keeps the ids of the seats that stay, deletes those nobody ever had, and adds the rest', async () => {
  const { id: past, hall_id, seat_ids } = await given.session({ rows: 2, seats_per_row: 5, starts_in_minutes: 60 })
  const kept = seat_ids[9] ?? 0
  expect((await reserve(past, [kept])).status).toBe(201)
  clock.advance(20_000)
  const { id: next } = await given.session({ hall_id })
  const { body: before } = await anonymous.get(`/api/v1/halls/${hall_id}`)

  const { status, body } = await change(hall_id, { rows: 3, seats_per_row: 4, vip_rows: [3] })
  expect(status).toBe(200)
  expect(body).toMatchObject({ rows: 3, seats_per_row: 4, total_seats: 12, vip_seats: 4, standard_seats: 8 })
  const [old, now] = [byLabel(before.seats), byLabel(await seatsOf(hall_id))]
  for (const label of ['1:1', '1:4', '2:4']) expect(now.get(label)?.id).toBe(old.get(label)?.id)
  expect(now.has('1:5')).toBe(false)
  expect(now.get('2:5')).toMatchObject({ id: kept, is_active: false })
  expect(now.get('3:1')).toMatchObject({ seat_type: 'vip', is_active: true })
  expect(body.updated_at > before.updated_at).toBe(true)
  expect([await versionOf(past), await versionOf(next)]).toEqual([1, 2])

  expect(await change(hall_id, { rows: 2, seats_per_row: 5 })).toMatchObject({ status: 200, body: { total_seats: 10 } })
  expect(byLabel(await seatsOf(hall_id)).get('2:5')).toMatchObject({ id: kept, is_active: true })
  clock.reset()
})

test('R-067 a drawn layout may move, pair and retype seats that nobody has', async () => {
  const { hall_id, seat_ids } = await prepare()
  const seats = [
    { seat_row: 1, seat_number: 1, seat_type: 'sofa', pair_id: 1, x: 7, y: 2, rotation: 10 },
    { seat_row: 1, seat_number: 2, seat_type: 'sofa', pair_id: 1 },
    { seat_row: 'B', seat_number: 1 },
  ]
  expect(await change(hall_id, { layout: { seats } })).toMatchObject({
    status: 200,
    body: { rows: 2, total_seats: 3, premium_seats: 2 },
  })
  expect(byLabel(await seatsOf(hall_id)).get('1:1')).toMatchObject({ id: seat_ids[0], seat_type: 'sofa', pair_id: 1, x: 7, y: 2 })
})

test('R-118 a seat that is sold, held or blocked neither goes nor becomes another type, and is named', async () => {
  const { id, hall_id, first, second } = await prepare()
  const buyer = await someone()
  const { body } = await buyer.post('/api/v1/tickets', { session_id: id, seat_ids: first.slice(0, 1) })
  await buyer.patch(`/api/v1/tickets/${body.id}/pay`, { payment_method: 'card', card_token: 'tok_ok' })
  await reserve(id, second.slice(0, 1))
  const blocked = { session_id: id, seat_id: second[4] ?? 0, state: 'blocked', reason: 'broken' } as const
  await db.insertInto('seat_claims').values(blocked).execute()

  const refused = async (wish: object, seat_ids: (number | undefined)[]) =>
    expect(await change(hall_id, wish)).toMatchObject({
      status: 409,
      body: {
        code: 'halls.seats_claimed',
        seat_ids,
        session_ids: [id],
        claims: seat_ids.map((seat_id) => ({ session_id: id, seat_id })),
      },
    })
  await refused({ rows: 1, seats_per_row: 5 }, [second[0], second[4]])
  await refused({ rows: 2, seats_per_row: 4 }, [second[4]])
  await refused({ rows: 2, seats_per_row: 5, vip_rows: [1] }, [first[0]])
  await refused({ layout: { seats: [{ seat_row: 9, seat_number: 9 }] } }, [first[0], second[0], second[4]])
  expect(await versionOf(id)).toBe(1)
  expect(await seatsOf(hall_id)).toHaveLength(10)
  expect(await change(hall_id, { rows: 3, seats_per_row: 6 })).toMatchObject({ status: 200, body: { total_seats: 18 } })
})

test('R-067 an open page books on: a seat that stayed is held, one that is gone is named, one retyped has its new price', async () => {
  const { id, hall_id, first, second } = await prepare()
  expect((await reserve(id, first.slice(0, 1))).status).toBe(201)
  expect((await change(hall_id, { rows: 1, seats_per_row: 5 })).status).toBe(200)
  expect((await reserve(id, first.slice(1, 2))).status).toBe(201)
  expect(await reserve(id, second.slice(0, 1))).toMatchObject({ status: 422 })
  const seats = [1, 2, 3].map((seat_number) => ({ seat_row: 1, seat_number, seat_type: seat_number === 3 ? 'vip' : 'standard' }))
  expect((await change(hall_id, { layout: { seats } })).status).toBe(200)
  expect(await reserve(id, first.slice(2, 3))).toMatchObject({ status: 201, body: { seat_type: 'vip', price: 400 } })
})

test('a hold whose time is over is in nobody’s way; money that comes after it takes the seat only as it was booked', async () => {
  const { id, hall_id, first, second } = await prepare()
  const pay = async (seat_ids: number[]) => {
    const buyer = await someone()
    const { body } = await buyer.post('/api/v1/tickets', { session_id: id, seat_ids })
    await buyer.patch(`/api/v1/tickets/${body.id}/pay`, { payment_method: 'card', card_token: 'tok_async' })
    return { order: () => buyer.get(`/api/v1/orders/${body.order.id}`) }
  }
  const [kept, retyped, gone] = [await pay(first.slice(0, 1)), await pay(first.slice(1, 2)), await pay(second.slice(0, 2))]
  await sleep(1_100)
  clock.advance(1_900)
  const seats = [1, 2].map((seat_number) => ({ seat_row: 1, seat_number, seat_type: seat_number === 2 ? 'vip' : 'standard' }))
  expect((await change(hall_id, { layout: { seats } })).status).toBe(200)
  await checkout.sweep.complete()
  expect(await kept.order()).toMatchObject({ body: { status: 'paid', payments: [{ status: 'success', refunded: 0 }] } })
  expect(await retyped.order()).toMatchObject({ body: { status: 'expired', payments: [{ status: 'success', refunded: 200 }] } })
  expect(await gone.order()).toMatchObject({ body: { status: 'expired', payments: [{ status: 'success', refunded: 400 }] } })
  clock.reset()
  const claims = await db.selectFrom('seat_claims').select(['seat_id', 'state']).where('session_id', '=', id).execute()
  expect(claims).toEqual([{ seat_id: first[0], state: 'sold' }])
})

test('R-067 the plan of the seats changes with each layout, also twice within one moment', async () => {
  const { id, hall_id } = await prepare()
  clock.set(new Date(Date.now() + 60_000))
  const totals = []
  for (const rows of [3, 4, 3, 5]) {
    await change(hall_id, { rows, seats_per_row: 5 })
    totals.push((await anonymous.get(`/api/v1/sessions/${id}/available-seats`)).body.counts.total)
  }
  clock.reset()
  expect(totals).toEqual([15, 20, 15, 25])
})
