import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { createOrderKeySigner } from '#modules/orders/key.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { db, given, guest, keys, someone } = await startTestApp({ poolSize: 16 })

const ORDERS = '/api/v1/orders'
const PAY = { card_token: 'tok_ok', email: 'olena.guest@example.org' }
const keyOf = createOrderKeySigner(keys.tickets)

const hold = async (buyer: Client, count = 2, wish = {}) => {
  const session = await given.session({ seats: count, ...wish })
  const { body } = await buyer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
  return { id: body.order.id as number, tickets: body.tickets.map(({ id }: { id: number }) => id) as number[] }
}
const paid = async (buyer: Client, count = 2, wish = {}) => {
  const order = await hold(buyer, count, wish)
  expect((await buyer.post(`${ORDERS}/${order.id}/pay`, PAY)).status).toBe(201)
  return order
}
const adopt = (person: Client, order: { id: number }) => person.post('/api/v1/guests/adopt', { order_key: keyOf(order.id) })
const giveBack = (person: Client, order: { id: number }, ticket_ids?: number[]) =>
  person.post(`${ORDERS}/${order.id}/cancel`, ticket_ids && { ticket_ids })
const stand = async (person: Client) => {
  const { points, spent } = (await person.get('/api/v1/loyalty')).body
  return { points, spent }
}
const ledger = async (order: { id: number }) =>
  (
    await db
      .selectFrom('loyalty_entries')
      .select(['kind', 'points', 'amount_minor'])
      .where('order_id', '=', order.id)
      .orderBy('id')
      .execute()
  ).map(({ kind, points, amount_minor }) => [kind, points, amount_minor])
const holds = async () => expect((await checkInvariants(db)).violated).toEqual([])

test('R-310, R-111 whoever takes over what a guest has paid earns its points, once, however often it is adopted', async () => {
  const [visitor, person] = [await guest(), await someone()]
  const order = await paid(visitor)
  expect(await ledger(order)).toEqual([])
  expect((await adopt(person, order)).body).toEqual({ order_ids: [order.id] })
  expect(await stand(person)).toEqual({ points: 12, spent: 400 })
  expect((await adopt(person, order)).body).toEqual({ order_ids: [] })
  expect(await adopt(await someone(), order)).toMatchObject({ status: 409 })
  expect(await ledger(order)).toEqual([['earned', 12, 40_000]])
  await holds()
})

test('what goes back after the adoption takes its points with it, and what went back before it never earned any', async () => {
  const [before, after] = [await someone(), await someone()]
  const visitor = await guest()
  const [early, late] = [await paid(visitor, 3), await paid(visitor, 3)]
  await giveBack(visitor, early, early.tickets.slice(0, 1))
  await adopt(before, early)
  expect(await stand(before)).toEqual({ points: 12, spent: 400 })
  await adopt(after, late)
  await giveBack(after, late, late.tickets.slice(0, 1))
  expect(await stand(after)).toEqual({ points: 12, spent: 400 })
  expect(await ledger(early)).toEqual(await ledger(late))
  for (const [person, order] of [
    [before, early],
    [after, late],
  ] as const) {
    await giveBack(person, order, order.tickets.slice(1, 2))
    expect(await stand(person)).toEqual({ points: 6, spent: 200 })
    await giveBack(person, order)
    expect(await stand(person)).toEqual({ points: 0, spent: 0 })
  }
  await holds()
})

test('nothing is earned for what was given back whole, is not paid yet, or was paid in other money', async () => {
  const [visitor, person] = [await guest(), await someone()]
  const [gone, pending, abroad] = [await paid(visitor), await hold(visitor), await paid(visitor, 1, { currency: 'EUR' })]
  await giveBack(visitor, gone)
  const { body } = await person.post('/api/v1/guests/adopt', undefined, {
    'x-guest-token': visitor.headers['x-guest-token'] ?? '',
  })
  expect(body.order_ids).toEqual([gone.id, pending.id, abroad.id])
  expect(await stand(person)).toEqual({ points: 0, spent: 0 })
  expect((await person.post(`${ORDERS}/${pending.id}/pay`, { card_token: 'tok_ok' })).status).toBe(201)
  expect(await stand(person)).toEqual({ points: 12, spent: 400 })
  await holds()
})

test('adoptions at the same moment, and a return beside them, leave the ledger right', async () => {
  let [met, adoptedFirst] = [0, 0]
  for (let round = 0; round < 30; round += 1) {
    const [visitor, person, rival] = [await guest(), await someone(), await someone()]
    const order = await paid(visitor)
    const [mine, theirs, back] = await Promise.all([
      adopt(person, order),
      adopt(rival, order),
      round % 2 === 0 ? giveBack(visitor, order, order.tickets.slice(0, 1)) : undefined,
    ])
    expect([mine.status, theirs.status].toSorted((a, b) => a - b)).toEqual([200, 409])
    const owner = mine.status === 200 ? person : rival
    const isReturned = back?.status === 200
    if (back) [met, adoptedFirst] = [met + 1, adoptedFirst + (isReturned ? 0 : 1)]
    expect(await stand(owner)).toEqual(isReturned ? { points: 6, spent: 200 } : { points: 12, spent: 400 })
    expect((await ledger(order)).filter(([kind]) => kind === 'earned')).toHaveLength(1)
  }
  expect(met).toBe(15)
  expect(adoptedFirst).toBeLessThanOrEqual(met)
  await holds()
})
