import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, type Reply, startTestApp } from '#testing/app.ts'

const { as, someone, guest, given, db, checkout, clock } = await startTestApp({ config: { SEAT_RULES: false } })
const admin = await as('admin')
const names = { uk: 'Знижка', ru: 'Скидка', en: 'Discount' }
let serial = 0

/** Ten per cent off at a cinema of its own, once for each person. */
const promotion = async (wish: { codes: string[]; limit_per_user?: number | null }) => {
  const cinema = await given.cinema()
  const hall = await given.hall({ cinema_id: cinema.id })
  const body = { names, kind: 'percent', percent: 10, limit_per_user: 1, cinema_ids: [cinema.id], ...wish }
  const made = await admin.post('/api/v1/promotions', body)
  expect(made).toMatchObject({ status: 201 })
  const session = await given.session({ hall_id: hall.id })
  const seats = session.seat_ids.values()
  const hold = (person: Client, more: object = {}) =>
    person.post('/api/v1/tickets', { session_id: session.id, seat_ids: [seats.next().value], ...more })
  const limitPerPerson = () => admin.patch(`/api/v1/promotions/${made.body.id}`, { limit_per_user: 1 })
  return { session, hold, limitPerPerson, used: async () => (await admin.get(`/api/v1/promotions/${made.body.id}`)).body.used }
}
const codeOf = () => `ONCE-${(serial += 1)}`
const pay = (person: Client, { body }: { body: { order: { id: number } } }, more = {}) =>
  person.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok', ...more })
const put = (person: Client, { body }: { body: { order: { id: number } } }, fields: object) =>
  person.put(`/api/v1/orders/${body.order.id}/promo-code`, fields)

test('R-300 whoever has used a promotion as a guest buys at the full price when they sign in, and is not turned away', async () => {
  const code = codeOf()
  const { hold } = await promotion({ codes: [code] })
  const [visitor, person] = [await guest(), await someone()]
  const first = await hold(visitor)
  expect(await put(visitor, first, { code, email: person.email })).toMatchObject({ status: 200, body: { total: 180 } })
  expect(await pay(visitor, first)).toMatchObject({ status: 201 })
  expect(await hold(person, { promo_code: code })).toMatchObject({ status: 409, body: { code: 'promotions.limit_per_user' } })
})

test('R-300 one that applies by itself, once for each person, never keeps somebody from a seat', async () => {
  const { session, hold } = await promotion({ codes: [] })
  const person = await someone()
  expect(await hold(person)).toMatchObject({ status: 201, body: { order: { total: 180 } } })
  expect(await hold(person)).toMatchObject({ status: 201, body: { order: { total: 200 } } })
  const other = await someone()
  // Their address has had its share by somebody else's order, they themselves have not.
  const third = await someone()
  const lowered = await hold(other)
  expect(lowered).toMatchObject({ status: 201, body: { order: { total: 180 } } })
  expect(await pay(other, lowered, { email: third.email })).toMatchObject({ status: 201, body: { amount: 180 } })
  const wish = { session_id: session.id, seat_ids: session.seat_ids.slice(-1) }
  expect(await third.post('/api/v1/quotes', wish)).toMatchObject({ status: 200, body: { total: 200 } })
  expect(await third.post('/api/v1/tickets', { session_id: session.id, best: { count: 1 } })).toMatchObject({
    status: 201,
    body: { order: { total: 200 } },
  })
  expect(await third.post('/api/v1/tickets', wish)).toMatchObject({ status: 201, body: { order: { total: 200 } } })
})

test('R-300 a guest can always pay what they were shown: what is for each person once is not theirs before they are known', async () => {
  const { hold } = await promotion({ codes: [] })
  const email = 'often@marquee.test'
  for (let time = 0; time < 2; time += 1) {
    const visitor = await guest()
    const held = await hold(visitor)
    expect(held).toMatchObject({ status: 201, body: { order: { total: 200 } } })
    expect(await pay(visitor, held, { email })).toMatchObject({ status: 201, body: { status: 'success', amount: 200 } })
  }
})

test('R-300 another address put in with the same code is counted as well', async () => {
  const code = codeOf()
  const { hold, used } = await promotion({ codes: [code] })
  const email = 'once@marquee.test'
  const [first, second] = [await guest(), await guest()]
  const bought = await hold(first)
  expect(await put(first, bought, { code, email })).toMatchObject({ status: 200 })
  expect(await pay(first, bought)).toMatchObject({ status: 201, body: { amount: 180 } })
  const again = await hold(second)
  expect(await put(second, again, { code, email: 'somebody-else@marquee.test' })).toMatchObject({ status: 200 })
  expect(await put(second, again, { code, email })).toMatchObject({ status: 409, body: { code: 'promotions.limit_per_user' } })
  expect((await second.get(`/api/v1/orders/${again.body.order.id}`)).body.email).toBe('somebody-else@marquee.test')
  expect(await used()).toMatchObject({ reserved: 1, confirmed: 1 })
})

test('R-300, R-111 what somebody has used as a guest counts when they take the order into their account', async () => {
  const code = codeOf()
  const { hold, used } = await promotion({ codes: [code] })
  const [visitor, person] = [await guest(), await someone()]
  const bought = await hold(visitor)
  expect(await put(visitor, bought, { code, email: 'another@marquee.test' })).toMatchObject({ status: 200 })
  await pay(visitor, bought)
  const token = { 'x-guest-token': visitor.headers['x-guest-token'] ?? '' }
  expect(await person.post('/api/v1/guests/adopt', undefined, token)).toMatchObject({ status: 200 })
  expect(await hold(person, { promo_code: code })).toMatchObject({ status: 409, body: { code: 'promotions.limit_per_user' } })
  expect(await person.post(`/api/v1/orders/${bought.body.order.id}/cancel`)).toMatchObject({ status: 200 })
  expect(await used()).toMatchObject({ reserved: 0, confirmed: 0 })
  expect(await hold(person, { promo_code: code })).toMatchObject({ status: 201, body: { order: { total: 180 } } })
})

const COUNTER = { channel: 'counter' }
const holdersOf = async ({ body }: { body: { order: { id: number } } }) =>
  (await db.selectFrom('promotion_uses').select('holders').where('order_id', '=', body.order.id).execute()).map(
    ({ holders }) => holders.length,
  )

test('R-300 a code for each person once is used up by no cashier: they say whose it is, and each customer has it once', async () => {
  const code = codeOf()
  const { session, hold, used } = await promotion({ codes: [code] })
  const cashier = await someone('cashier')
  const nobody = { status: 422, body: { code: 'promotions.email_required', errors: [{ pointer: '/email' }] } }
  const wish = { seat_ids: session.seat_ids.slice(-1), promo_code: code, ...COUNTER }
  expect(await hold(cashier, { promo_code: code, ...COUNTER })).toMatchObject(nobody)
  expect(await cashier.post('/api/v1/quotes', { session_id: session.id, ...wish })).toMatchObject(nobody)
  const best = { session_id: session.id, best: { count: 1 }, promo_code: code, ...COUNTER }
  expect(await cashier.post('/api/v1/tickets', best)).toMatchObject(nobody)
  for (const email of ['anna@marquee.test', 'borys@marquee.test']) {
    const sale = await hold(cashier, COUNTER)
    expect(sale).toMatchObject({ status: 201, body: { order: { total: 200 } } })
    for (const fields of [{ code }, { code, email: cashier.email }])
      expect(await put(cashier, sale, fields)).toMatchObject(nobody)
    expect(await put(cashier, sale, { code, email })).toMatchObject({ status: 200, body: { total: 180 } })
    expect(await pay(cashier, sale, { payment_method: 'cash' })).toMatchObject({ status: 201, body: { amount: 180 } })
    expect(await holdersOf(sale)).toEqual([1])
  }
  const again = await hold(cashier, COUNTER)
  const spent = { status: 409, body: { code: 'promotions.limit_per_user' } }
  expect(await put(cashier, again, { code, email: 'anna@marquee.test' })).toMatchObject(spent)
  expect(await used()).toMatchObject({ reserved: 0, confirmed: 2 })
  // What they have sold is not what they have bought.
  expect(await hold(cashier, { promo_code: code })).toMatchObject({ status: 201, body: { order: { total: 180 } } })
})

test('R-300 one that applies by itself, once for each person, waits at the counter for an address, and passes the cashier over', async () => {
  const { session, hold, used } = await promotion({ codes: [] })
  const cashier = await someone('cashier')
  const sale = await hold(cashier, COUNTER)
  expect(sale).toMatchObject({ status: 201, body: { order: { total: 200 } } })
  const more = { order_id: sale.body.order.id }
  expect(await hold(cashier, more)).toMatchObject({ status: 201, body: { order: { total: 400 } } })
  const best = { session_id: session.id, best: { count: 1 }, ...COUNTER }
  expect(await cashier.post('/api/v1/tickets', best)).toMatchObject({ status: 201, body: { order: { total: 200 } } })
  expect(await used()).toMatchObject({ reserved: 0, confirmed: 0 })
  expect(await pay(cashier, sale, { payment_method: 'cash' })).toMatchObject({ status: 201, body: { amount: 400 } })
  expect(await hold(cashier)).toMatchObject({ status: 201, body: { order: { total: 180 } } })
})

test('R-300 a promotion that is limited per person only later has not counted those who sold it', async () => {
  const code = codeOf()
  const { session, hold, limitPerPerson } = await promotion({ codes: [code], limit_per_user: null })
  const cashier = await someone('cashier')
  const sales = [
    await hold(cashier, { promo_code: code, ...COUNTER }),
    await cashier.post('/api/v1/tickets', { session_id: session.id, best: { count: 1 }, promo_code: code, ...COUNTER }),
  ]
  for (const sale of sales) {
    expect(sale).toMatchObject({ status: 201, body: { order: { total: 180 } } })
    const grown = await hold(cashier, { order_id: sale.body.order.id })
    expect(grown).toMatchObject({ status: 201, body: { order: { total: 360 } } })
    expect(await holdersOf(sale)).toEqual([0])
  }
  const [named, unnamed] = [sales[0] as Reply, sales[1] as Reply]
  expect(await put(cashier, named, { code, email: 'clara@marquee.test' })).toMatchObject({ status: 200, body: { total: 360 } })
  for (const [sale, holders] of [
    [named, 1],
    [unnamed, 0],
  ] as const) {
    expect(await pay(cashier, sale, { payment_method: 'cash', email: cashier.email })).toMatchObject({ status: 201 })
    expect(await holdersOf(sale)).toEqual([holders])
  }
  expect(await limitPerPerson()).toMatchObject({ status: 200 })
  expect(await hold(cashier, { promo_code: code })).toMatchObject({ status: 201, body: { order: { total: 180 } } })
})

test('after all of it the books add up', async () => {
  clock.advance(3_600)
  await checkout.sweep.expire()
  expect((await checkInvariants(db)).violated).toEqual([])
})
