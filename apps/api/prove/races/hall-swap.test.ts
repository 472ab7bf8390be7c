import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, given, db, clock } = await startTestApp({ poolSize: 20 })
const [manager, steward] = [await as('manager'), await as('cashier')]
const path = (id: number, rest = '') => `/api/v1/sessions/${id}${rest}`

const twoHalls = async (seats: number, starts_in_minutes = 1440) => {
  const hall = await given.hall({ seats_per_row: seats })
  const next = await given.hall({ cinema_id: hall.cinema_id, seats_per_row: seats })
  const { id } = await given.session({ hall_id: hall.id, starts_in_minutes })
  return { id, halls: [hall, next] as const }
}
const swap = (id: number, hall_id: number) =>
  manager.post(path(id, '/hall-swap'), { hall_id, unplaced: 'refuse', expected_version: 1 })
const purchase = (person: Client, id: number, seat_id: number | undefined) =>
  person.post('/api/v1/tickets/purchase', { event_id: id, seat_id, card_token: 'tok_ok' })

/** Live claims and tickets that do not stand in the hall of their session, or not on each other. */
const astray = async (id: number) => {
  const { rows } = await sql`
    select t.id, t.status, c.state from tickets t join sessions s on s.id = t.session_id join orders o on o.id = t.order_id
    join seats p on p.id = t.seat_id
    left join seat_claims c on c.session_id = t.session_id and c.seat_id = t.seat_id
    where s.id = ${id} and (t.status in ('paid', 'used') or t.status = 'reserved' and o.expires_at > app.now())
      and (p.hall_id = s.hall_id and c.ticket_id = t.id) is not true`.execute(db)
  return rows
}
const holds = async () => expect((await checkInvariants(db)).violated).toEqual([])

/** Swaps a hall for which so many people have three tickets each, and says how long that took. */
const swapSold = async (orders: number): Promise<number> => {
  const hall = await given.hall({ rows: 15, seats_per_row: 20 })
  const next = await given.hall({ cinema_id: hall.cinema_id, rows: 10, seats_per_row: 32 })
  const { id } = await given.session({ hall_id: hall.id })
  const people = await Promise.all(Array.from({ length: orders }, () => someone()))
  for (const [at, person] of people.entries()) {
    const held = await person.post('/api/v1/tickets', { session_id: id, seat_ids: hall.seat_ids.slice(at * 3, at * 3 + 3) })
    const paid = await person.post(`/api/v1/orders/${held.body.order.id}/pay`, { card_token: 'tok_ok' })
    expect(paid.status).toBe(201)
  }
  const started = performance.now()
  const swapped = await swap(id, next.id)
  const ms = performance.now() - started
  const tickets = orders * 3
  expect(swapped).toMatchObject({ status: 200, body: { counts: { tickets, orders, placed: tickets, unplaced: 0 } } })
  expect(await astray(id)).toEqual([])
  return ms
}

test('R-116: three hundred tickets of a hundred orders get other seats in one go, and none of them waits twice as long as one of thirty', async () => {
  await swapSold(10)
  const [few, many] = [await swapSold(10), await swapSold(100)]
  console.log(`A swap of 300 tickets took ${many.toFixed(0)} ms, one of 30 took ${few.toFixed(0)} ms.`)
  expect(many).toBeLessThan(20 * few)
  await holds()
})

test('R-116: whoever books, pays or walks in while the hall is swapped has a seat of the hall it becomes', async () => {
  const [least, most, seats] = [24, 120, 8]
  const [booker, payer, walker, leaver] = await Promise.all([someone(), someone(), someone(), someone()])
  const counts = { swapped: 0, booked: 0, refused: 0, paid: 0, entered: 0, replaced: 0, left: 0 }
  const met = () => [counts.booked, counts.refused, counts.entered, counts.replaced]
  let rounds = 0
  while (rounds < least || (rounds < most && met().includes(0))) {
    const round = rounds
    rounds += 1
    const { id, halls } = await twoHalls(seats, 30)
    const [old, next] = halls
    const held = await payer.post('/api/v1/tickets', { session_id: id, seat_ids: [old.seat_ids[0]] })
    const inside = await purchase(walker, id, old.seat_ids[2])
    const gone = await purchase(leaver, id, old.seat_ids[4])
    const pause = (step: number) => sleep(((round * 5 + step) % 12) * 4)
    const [swapped, booked, paid, entered, left] = await Promise.all([
      sleep(12).then(() => swap(id, next.id)),
      pause(0).then(() => booker.post('/api/v1/tickets', { session_id: id, seat_ids: [old.seat_ids[6]] })),
      pause(1).then(() => payer.post(`/api/v1/orders/${held.body.order.id}/pay`, { card_token: 'tok_ok' })),
      pause(2).then(() => steward.post('/api/v1/tickets/check-in', { device: 'Door 1', qr_code: inside.body.qr_code })),
      pause(4).then(() => leaver.post(`/api/v1/tickets/${gone.body.id}/cancel`, { reason: 'other plans' })),
    ])
    counts.swapped += Number(swapped.status === 200)
    counts.booked += Number(booked.status === 201)
    counts.refused += Number(booked.status === 422 || booked.status === 409)
    counts.paid += Number(paid.status === 201)
    counts.entered += Number(entered.body.result === 'ok')
    counts.replaced += Number(entered.body.result === 'cancelled')
    counts.left += Number(left.status === 200 || left.status === 409)
    expect(await astray(id)).toEqual([])
  }
  console.log(`Swaps against everybody else: ${JSON.stringify(counts)}`)
  expect(counts).toMatchObject({ swapped: rounds, paid: rounds, left: rounds })
  expect([counts.booked + counts.refused, counts.entered + counts.replaced]).toEqual([rounds, rounds])
  for (const times of met()) expect(times).toBeGreaterThan(0)
  await holds()
}, 90_000)

test('R-116: of two managers who swap one session at once one wins, and the other looks again', async () => {
  const rounds = 12
  let won = 0
  for (let round = 0; round < rounds; round += 1) {
    const { id, halls } = await twoHalls(4)
    const third = await given.hall({ cinema_id: halls[0].cinema_id, seats_per_row: 4 })
    await purchase(await someone(), id, halls[0].seat_ids[1])
    const replies = await Promise.all([swap(id, halls[1].id), swap(id, third.id)])
    won += replies.filter(({ status }) => status === 200).length
    const lost = replies.filter(({ status }) => status !== 200)
    expect(lost.map(({ status, body }) => [status, body.code])).toEqual(lost.map(() => [409, 'sessions.changed']))
    expect(await astray(id)).toEqual([])
  }
  expect(won).toBe(rounds)
  clock.reset()
  await holds()
})
