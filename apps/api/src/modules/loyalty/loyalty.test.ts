import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, guest, given, db, clock, loyalty, anonymous } = await startTestApp({
  config: { ACCESS_TOKEN_SECONDS: 700 * 86_400, SEAT_RULES: false },
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

test('R-125 an exchange brings no points twice: those that were spent are not earned again for the same money', async () => {
  const person = await someone()
  const { cinema_id } = await given.hall()
  const at = async (base_price_minor: number) => {
    const hall = await given.hall({ cinema_id })
    return given.session({ hall_id: hall.id, base_price_minor })
  }
  const [first, second, cheap] = [await at(100_000), await at(100_000), await at(1_000)]
  const swap = async (order: number, ticket: number, session: typeof first, seat_id: number | undefined) => {
    const wish = { session_id: session.id, tickets: [{ ticket_id: ticket, seat_id }] }
    const quote = await person.post(`/api/v1/orders/${order}/exchange-quote`, wish)
    const { status, body } = await person.post(`/api/v1/orders/${order}/exchanges`, { ...wish, expected_due: quote.body.due })
    expect({ status, body }).toMatchObject({ status: 201, body: { done: true } })
    return { order: body.order.id as number, ticket: body.order.tickets[0].id as number, refund: quote.body.refund as number }
  }
  const { body } = await person.post('/api/v1/tickets', { session_id: first.id, seat_ids: first.seat_ids.slice(0, 1) })
  await person.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })
  const spare = await hold(person, 1)
  await person.put(`/api/v1/orders/${spare.id}/points`, { points: 30 })
  await person.post(`/api/v1/orders/${spare.id}/pay`, { card_token: 'tok_ok' })
  // 3 % of 1000 were earned and spent, 3 % of 170 have come since.
  expect(await points(person)).toMatchObject({ points: 5, spent: 1_170 })
  let held = { order: body.order.id as number, ticket: body.tickets[0].id as number, refund: 0 }
  for (const [session, seat] of [
    [second, 0],
    [first, 1],
    [second, 2],
  ] as const)
    held = await swap(held.order, held.ticket, session, session.seat_ids[seat])
  expect(await points(person)).toMatchObject({ points: 5, spent: 1_170 })
  // For a cheap ticket 990 would go back, less the points that are gone.
  held = await swap(held.order, held.ticket, cheap, cheap.seat_ids[0])
  expect(held.refund).toBe(990 - 25)
  expect(await points(person)).toMatchObject({ points: 0 })
})

test('R-310 nobody earns by selling: what a cashier sells at the counter is nobody’s, and a buyer’s own order is theirs', async () => {
  const [cashier, customer] = [await someone('cashier'), await someone()]
  const sold = await hold(cashier)
  expect(await cashier.post(`/api/v1/orders/${sold.id}/pay`, { payment_method: 'cash' })).toMatchObject({ status: 201 })
  const session = await given.session({ seats: 1 })
  const { body } = await cashier.post('/api/v1/tickets', {
    session_id: session.id,
    seat_ids: session.seat_ids,
    channel: 'counter',
  })
  expect(await cashier.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })).toMatchObject({ status: 201 })
  expect(await points(cashier)).toMatchObject({ points: 0, spent: 0 })
  await buy(cashier)
  expect(await points(cashier)).toMatchObject({ points: 12, spent: 400 })
  const theirs = await hold(customer)
  expect(await cashier.post(`/api/v1/orders/${theirs.id}/pay`, { payment_method: 'cash' })).toMatchObject({ status: 201 })
  expect(await points(customer)).toMatchObject({ points: 12, spent: 400 })
})

test('R-125 what was spent and given back is no step towards a tier, also when it was too little for a point', async () => {
  const person = await someone()
  const order = await buy(person, 1, { base_price_minor: 1_000 })
  expect(await points(person)).toMatchObject({ points: 0, spent: 10 })
  expect(await person.post(`/api/v1/orders/${order.id}/cancel`)).toMatchObject({ status: 200 })
  expect(await points(person)).toMatchObject({ points: 0, spent: 0 })
})

test('R-310 everybody whose points are over loses them in one turn, however many they are', async () => {
  const people = await db.selectFrom('users').select('id').orderBy('id').limit(1).execute()
  const first = 1_000_000 + (people[0]?.id ?? 0)
  const ids = Array.from({ length: 120 }, (_, at) => first + at)
  await db
    .insertInto('loyalty_accounts')
    .values(ids.map((user_id) => ({ user_id, points: 7 })))
    .execute()
  const expires_at = new Date(clock.now().getTime() - 1_000)
  await db
    .insertInto('loyalty_entries')
    .values(ids.map((user_id) => ({ user_id, kind: 'earned' as const, points: 7, expires_at })))
    .execute()
  await loyalty.expire()
  const left = await db
    .selectFrom('loyalty_accounts')
    .select('points')
    .where('user_id', 'in', ids)
    .where('points', '>', 0)
    .execute()
  expect(left).toEqual([])
})

test('points are shown to their owner, and to nobody who is not signed in', async () => {
  expect(await anonymous.get('/api/v1/loyalty')).toMatchObject({ status: 401 })
  expect(await (await guest()).get('/api/v1/loyalty/history')).toMatchObject({ status: 401 })
  expect((await (await as('admin')).get('/api/v1/loyalty?user_id=1')).status).toBe(422)
})

test('all of it adds up', async () => {
  expect((await checkInvariants(db)).violated).toEqual([])
})
