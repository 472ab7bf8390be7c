import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, guest, given, db, clock, loyalty, anonymous } = await startTestApp({
  config: { ACCESS_TOKEN_SECONDS: 700 * 86_400 },
})
const DAY = 86_400

const hold = async (person: Client, seats = 2, wish = {}) => {
  const { id, seat_ids } = await given.session({ seats, starts_in_minutes: 60 * 24 * 500, ...wish })
  const { status, body } = await person.post('/api/v1/tickets', { session_id: id, seat_ids })
  expect(status).toBe(201)
  return { id: body.order.id as number, tickets: body.tickets.map((ticket: { id: number }) => ticket.id) as number[] }
}
const buy = async (person: Client, seats = 2, wish = {}) => {
  const order = await hold(person, seats, wish)
  expect(await person.post(`/api/v1/orders/${order.id}/pay`, { card_token: 'tok_ok' })).toMatchObject({ status: 201 })
  return order
}
const points = async (person: Client) => (await person.get('/api/v1/loyalty')).body
const kinds = async (person: Client) =>
  (await person.get('/api/v1/loyalty/history')).body.items.map(({ kind, points: many }: { kind: string; points: number }) => [
    kind,
    many,
  ])

test('R-310, R-125 a payment earns points by tier, once, and its refund takes them back; what was spent is right after both', async () => {
  const person = await someone()
  expect(await points(person)).toMatchObject({
    points: 0,
    spent: 0,
    tier: { name: 'basic', percent: 3 },
    next_tier: { name: 'silver' },
  })
  const order = await buy(person)
  expect(await points(person)).toMatchObject({ points: 12, spent: 400, expiring: { points: 12 } })
  expect((await person.get('/api/v1/users/me')).body).toMatchObject({ loyalty_points: 12, total_spent: 400 })

  await person.post(`/api/v1/tickets/${order.tickets[0]}/cancel`, {})
  expect((await person.get('/api/v1/users/me')).body).toMatchObject({ loyalty_points: 6, total_spent: 200 })
  await person.post(`/api/v1/orders/${order.id}/cancel`)
  expect(await points(person)).toMatchObject({ points: 0, spent: 0, expiring: null })
  expect((await person.get('/api/v1/users/me')).body).toMatchObject({ loyalty_points: 0, total_spent: 0 })
  expect(await kinds(person)).toEqual([
    ['reversed', -6],
    ['reversed', -6],
    ['earned', 12],
  ])
})

test('R-310 whoever has spent enough in twelve months is in the next tier, and leaves it a year later', async () => {
  const person = await someone()
  await buy(person, 10, { base_price_minor: 60_000 })
  expect(await points(person)).toMatchObject({
    points: 180,
    tier: { name: 'silver', percent: 5 },
    next_tier: { name: 'gold', from: 20_000 },
  })
  await buy(person, 1)
  expect(await points(person)).toMatchObject({ points: 190, spent: 6_200 })
  clock.advance(366 * DAY)
  expect(await points(person)).toMatchObject({ tier: { name: 'basic' }, spent: 0 })
  clock.reset()
})

test('R-310 points that nobody spends in time are lost, those that came later are not', async () => {
  const person = await someone()
  await buy(person)
  clock.advance(200 * DAY)
  await buy(person, 1)
  await loyalty.expire()
  expect(await points(person)).toMatchObject({ points: 18, expiring: { points: 12 } })
  clock.advance(200 * DAY)
  await loyalty.expire()
  await loyalty.expire()
  expect(await points(person)).toMatchObject({ points: 6, expiring: { points: 6 } })
  expect((await kinds(person))[0]).toEqual(['expired', -12])
  clock.reset()
})

test('guests and other currencies earn nothing, and a ledger is only added to', async () => {
  const [visitor, person] = [await guest(), await someone()]
  const order = await hold(visitor)
  await visitor.post(`/api/v1/orders/${order.id}/pay`, { card_token: 'tok_ok', email: 'visitor@marquee.test' })
  await buy(person, 1, { currency: 'EUR' })
  expect(await points(person)).toMatchObject({ points: 0, currency: 'UAH' })
  await buy(person, 1)
  await expect(db.updateTable('loyalty_entries').set({ points: 999 }).execute()).rejects.toThrow('only ever added')
})

test('points are shown to their owner, and to nobody who is not signed in', async () => {
  expect(await anonymous.get('/api/v1/loyalty')).toMatchObject({ status: 401 })
  expect(await (await guest()).get('/api/v1/loyalty/history')).toMatchObject({ status: 401 })
  expect((await (await as('admin')).get('/api/v1/loyalty?user_id=1')).status).toBe(422)
})

test('all of it adds up', async () => {
  expect((await checkInvariants(db)).violated).toEqual([])
})
