import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { judgeRemaining } from '#modules/promotions/rules.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, guest, given, db, clock, checkout, server } = await startTestApp({
  config: { ACCESS_TOKEN_SECONDS: 30 * 86_400, AUTH_THROTTLE: true },
})
const admin = await as('admin')
const names = { uk: 'Знижка', ru: 'Скидка', en: 'Discount' }
let serial = 0

const promotion = async (wish: object = {}) => {
  const code = `SAVE-${(serial += 1)}`
  const { status, body } = await admin.post('/api/v1/promotions', { names, kind: 'percent', percent: 10, codes: [code], ...wish })
  expect({ status, body }).toMatchObject({ status: 201 })
  return { id: body.id as number, code, used: async () => (await admin.get(`/api/v1/promotions/${body.id}`)).body.used }
}
const seats = (count: number, wish = {}) => given.session({ seats: count, starts_in_minutes: 60 * 24 * 20, ...wish })
const hold = async (person: Client, count = 2, wish: object = {}) => {
  const session = await seats(count + 1)
  const { body } = await person.post('/api/v1/tickets', {
    session_id: session.id,
    seat_ids: session.seat_ids.slice(0, count),
    ...wish,
  })
  return { ...body.order, session } as { id: number; total: number; session: typeof session; tickets: { id: number }[] }
}
const put = (person: Client, order: { id: number }, code: string, more = {}) =>
  person.put(`/api/v1/orders/${order.id}/promo-code`, { code, ...more })
const pay = (person: Client, order: { id: number }, more = {}) =>
  person.post(`/api/v1/orders/${order.id}/pay`, { card_token: 'tok_ok', ...more })

test('R-300 a code lowers a pending order, cent by cent, and is taken out again', async () => {
  const [person, { id, code, used }] = [await someone(), await promotion()]
  const order = await hold(person)
  const { status, body } = await put(person, order, code.toLowerCase())
  expect(status).toBe(200)
  expect(body).toMatchObject({ subtotal: 400, discount: 40, total: 360, amount_due: 360, promo_code: code })
  expect(body.items[0].trace.at(-1)).toEqual({ source: `promotion.${id}`, label: 'Discount', names, amount: -20 })
  expect(body.tickets[0]).toMatchObject({ price: 200, discount_applied: 20, final_price: 180 })
  expect(await used()).toEqual({ reserved: 1, confirmed: 0, amount: 40 })
  const without = await person.delete(`/api/v1/orders/${order.id}/promo-code`)
  expect(without).toMatchObject({ status: 200, body: { discount: 0, total: 400, promo_code: null } })
  expect(await used()).toEqual({ reserved: 0, confirmed: 0, amount: 0 })
})

test('R-300 seats are held with a code at once, and the order reads as it was answered', async () => {
  const [person, { id, code, used }] = [await someone(), await promotion({ limit_total: 1, limit_per_user: 1, budget: 100 })]
  const session = await seats(3)
  const wish = { session_id: session.id, promo_code: code }
  const first = await person.post('/api/v1/tickets', { ...wish, seat_ids: session.seat_ids.slice(0, 1), expected_total: 180 })
  expect(first).toMatchObject({ status: 201, body: { discount_applied: 20, order: { total: 180, promo_code: code } } })
  expect((await person.get(`/api/v1/orders/${first.body.order.id}`)).body).toEqual(first.body.order)
  expect(await used()).toEqual({ reserved: 1, confirmed: 0, amount: 20 })
  const uses = await db.selectFrom('promotion_uses').select(['code', 'holders']).where('promotion_id', '=', id).execute()
  expect(uses).toMatchObject([{ code, holders: [`u:${person.id}`, expect.stringMatching(/^e:/)] }])
  const late = await (await someone()).post('/api/v1/tickets', { ...wish, seat_ids: session.seat_ids.slice(1, 2) })
  expect(late).toMatchObject({ status: 409, body: { code: 'promotions.limit_reached' } })
  const again = await person.post('/api/v1/tickets', { ...wish, seat_ids: session.seat_ids.slice(2) })
  expect(again).toMatchObject({ status: 409, body: { code: 'promotions.limit_per_user' } })
  const adding = { ...wish, order_id: first.body.order.id, seat_ids: session.seat_ids.slice(1, 2) }
  expect(await person.post('/api/v1/tickets', adding)).toMatchObject({ status: 422, body: { code: 'promotions.put_code' } })
})

test('R-300 best seats and quotes know codes too; a quote reserves nothing', async () => {
  const [person, { code, used }] = [await someone(), await promotion({ limit_total: 1 })]
  const session = await seats(4)
  const quoted = await person.post('/api/v1/quotes', {
    session_id: session.id,
    seat_ids: session.seat_ids.slice(0, 2),
    promo_code: code,
  })
  expect(quoted).toMatchObject({ status: 200, body: { discount: 40, total: 360 } })
  expect(await used()).toMatchObject({ reserved: 0 })
  const best = await person.post('/api/v1/tickets', { session_id: session.id, best: { count: 2 }, promo_code: code })
  expect(best).toMatchObject({ status: 201, body: { order: { total: 360 } } })
  expect(await used()).toMatchObject({ reserved: 1 })
})

test('R-300 a promotion that applies by itself lowers whatever fits it, and follows the order', async () => {
  const person = await someone()
  const cinema = await given.cinema()
  const three = { kind: 'cheapest', percent: 100, free_tickets: 1, of_tickets: 3, cinema_ids: [cinema.id], codes: [] }
  const { id, used } = await promotion(three)
  const hall = await given.hall({ cinema_id: cinema.id })
  const session = await given.session({ hall_id: hall.id })
  const held = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, 3) })
  expect(held).toMatchObject({ status: 201, body: { order: { subtotal: 600, discount: 200, total: 400, promo_code: null } } })
  expect(await used()).toMatchObject({ reserved: 1, amount: 200 })
  const less = await person.delete(`/api/v1/tickets/${held.body.tickets[0].id}`)
  expect(less).toMatchObject({ status: 200, body: { order: { discount: 0, total: 400 } } })
  expect(await used()).toMatchObject({ reserved: 0 })
  const order_id = held.body.order.id
  const more = await person.post('/api/v1/tickets', { session_id: session.id, order_id, seat_ids: [session.seat_ids[3]] })
  expect(more).toMatchObject({ status: 201, body: { order: { discount: 200, total: 400 } } })
  await admin.patch(`/api/v1/promotions/${id}`, { is_active: false })
})

test('R-300 a code that does not apply says why, and changes nothing', async () => {
  const person = await someone()
  const order = await hold(person)
  const soon = new Date(clock.now().getTime() + 3_600_000).toISOString()
  const before = new Date(clock.now().getTime() - 3_600_000).toISOString()
  const reasons: [object, string][] = [
    [{ starts_at: soon }, 'not_begun'],
    [{ ends_at: before }, 'over'],
    [{ is_active: false }, 'inactive'],
    [{ minimum_tickets: 3 }, 'minimum_not_reached'],
    [{ cinema_ids: [(await given.cinema()).id] }, 'other_cinema'],
    [{ seat_types: ['vip'] }, 'other_seats'],
    [{ kind: 'early_bird', days_ahead: 30 }, 'not_early_enough'],
    [{ currency: 'EUR' }, 'other_currency'],
  ]
  for (const [wish, reason] of reasons)
    expect(await put(person, order, (await promotion(wish)).code)).toMatchObject({
      status: 409,
      body: { code: `promotions.${reason}` },
    })
  expect((await person.get(`/api/v1/orders/${order.id}`)).body).toMatchObject({ total: 400, promo_code: null })
  expect(await put(await someone(), order, 'NO-MATTER')).toMatchObject({ status: 404 })
})

test('nobody tries codes until one fits: after ten that there are not, no more are answered', async () => {
  const [person, { code }] = [await someone(), await promotion()]
  const order = await hold(person)
  for (let tries = 0; tries < 10; tries += 1)
    expect(await put(person, order, `GUESS-${tries}`)).toMatchObject({ status: 422, body: { code: 'promotions.unknown_code' } })
  expect(await put(person, order, code)).toMatchObject({
    status: 429,
    body: { code: 'promotions.too_many_tries', retry_after: 600 },
  })
  const other = await someone()
  expect(await put(other, await hold(other), code)).toMatchObject({ status: 200 })
})

test('one stranger who tries codes does not keep all the others from asking what a code is worth', async () => {
  const [session, { code }] = [await seats(2), await promotion()]
  const ask = async (from: string, promo_code: string) => {
    const payload = { session_id: session.id, seat_ids: session.seat_ids, promo_code }
    return (await server.inject({ method: 'POST', url: '/api/v1/quotes', payload, remoteAddress: from })).statusCode
  }
  for (let tries = 0; tries < 10; tries += 1) expect(await ask('192.0.2.1', `STRANGE-${tries}`)).toBe(422)
  expect(await ask('192.0.2.1', code)).toBe(429)
  expect(await ask('192.0.2.2', code)).toBe(200)
})

test('R-300 a guest counts by address: a code for one use each wants to know it, and knows it again', async () => {
  const { code } = await promotion({ limit_per_user: 1 })
  const [first, second, third] = [await guest(), await guest(), await guest()]
  const email = `guest-${serial}@marquee.test`
  const held = await hold(first)
  expect(await put(first, held, code)).toMatchObject({ status: 422, body: { code: 'promotions.email_required' } })
  expect(await put(first, held, code, { email })).toMatchObject({ status: 200, body: { discount: 40, email } })
  expect(await put(second, await hold(second), code, { email: email.toUpperCase() })).toMatchObject({
    status: 409,
    body: { code: 'promotions.limit_per_user' },
  })
  const changed = await hold(third)
  expect(await put(third, changed, code, { email: `other-${email}` })).toMatchObject({ status: 200 })
  expect(await pay(third, changed, { email })).toMatchObject({ status: 409, body: { code: 'promotions.limit_per_user' } })
  expect(await pay(third, changed)).toMatchObject({ status: 201 })
})

test('R-300 a use is confirmed by the payment, given back when the hold runs out, and free again after a whole refund', async () => {
  const [person, { id, code, used }] = [await someone(), await promotion({ limit_total: 2, budget: 80 })]
  const [paid, forgotten] = [await hold(person), await hold(person)]
  await put(person, paid, code)
  await put(person, forgotten, code)
  expect(await pay(person, paid)).toMatchObject({ status: 201, body: { amount: 360, status: 'success' } })
  expect(await used()).toEqual({ reserved: 1, confirmed: 1, amount: 80 })
  clock.advance(601)
  await checkout.sweep.expire()
  clock.reset()
  expect(await used()).toEqual({ reserved: 0, confirmed: 1, amount: 40 })
  const another = await hold(await someone())
  expect(another.total).toBe(400)
  await person.post(`/api/v1/orders/${paid.id}/cancel`)
  expect(await used()).toEqual({ reserved: 0, confirmed: 0, amount: 0 })
  const shares = await db.selectFrom('promotion_shares').select('uses_left').where('promotion_id', '=', id).execute()
  expect(shares.reduce((sum, { uses_left }) => sum + (uses_left ?? 0), 0)).toBe(2)
})

test('late money settles a lowered order while the promotion lasts, and goes back when others have used it up', async () => {
  const { code, used } = await promotion({ limit_total: 1 })
  const late = async () => {
    const person = await someone()
    const order = await hold(person)
    expect(await put(person, order, code)).toMatchObject({ status: 200 })
    expect(await pay(person, order, { card_token: 'tok_async' })).toMatchObject({ status: 201, body: { status: 'pending' } })
    await db
      .updateTable('orders')
      .set({ expires_at: new Date(0) })
      .where('id', '=', order.id)
      .execute()
    return { person, order }
  }
  const one = await late()
  await db.updateTable('payments').set({ status: 'canceled' }).where('order_id', '=', one.order.id).execute()
  await checkout.sweep.expire()
  expect(await used()).toMatchObject({ reserved: 0 })
  const swift = await someone()
  const taken = await hold(swift)
  await put(swift, taken, code)
  await db.updateTable('payments').set({ status: 'pending' }).where('order_id', '=', one.order.id).execute()
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await checkout.sweep.complete()
  await checkout.sweep.reap()
  expect((await one.person.get(`/api/v1/orders/${one.order.id}`)).body).toMatchObject({
    status: 'expired',
    payments: [{ refunded: 360 }],
  })
  expect(await used()).toMatchObject({ reserved: 1, confirmed: 0 })
  await swift.post(`/api/v1/orders/${taken.id}/cancel`)

  const two = await late()
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await checkout.sweep.reap()
  expect((await two.person.get(`/api/v1/orders/${two.order.id}`)).body).toMatchObject({ status: 'paid', total: 360 })
  expect(await used()).toMatchObject({ reserved: 0, confirmed: 1 })
})

test('what remains of an order is judged again by the rules it was bought under', async () => {
  const [person, { code }] = [await someone(), await promotion({ minimum_tickets: 2 })]
  const order = await hold(person, 3)
  await put(person, order, code)
  const { rules } = await db.selectFrom('orders').select('rules').where('id', '=', order.id).executeTakeFirstOrThrow()
  const { promotions: snapshot } = rules as unknown as { promotions: Parameters<typeof judgeRemaining>[0] }
  const keys = order.session.seat_ids.slice(0, 3).map((seat) => `${order.session.id}:${seat}`)
  const off = (left: string[]) => judgeRemaining(snapshot, left).reduce((sum, { amount_minor }) => sum + amount_minor, 0)
  expect([off(keys), off(keys.slice(1)), off(keys.slice(2)), off([])]).toEqual([6_000, 4_000, 0, 0])
})

test('R-310 points pay a part of an order, up to a half; they are reserved, spent, and come back with a refund', async () => {
  const person = await someone()
  const big = await given.session({ seats: 10, base_price_minor: 100_000, starts_in_minutes: 60 * 24 * 20 })
  const { body } = await person.post('/api/v1/tickets', { session_id: big.id, seat_ids: big.seat_ids })
  await pay(person, body.order)
  const points = async () => (await person.get('/api/v1/loyalty')).body
  expect(await points()).toMatchObject({ points: 300 })
  const order = await hold(person)
  const spend = (many: number) => person.put(`/api/v1/orders/${order.id}/points`, { points: many })
  expect(await spend(201)).toMatchObject({ status: 409, body: { code: 'loyalty.over_cap', max_points: 200 } })
  const lowered = await spend(150)
  expect(lowered).toMatchObject({ status: 200, body: { total: 250, discount: 150, points: 150 } })
  expect(lowered.body.items[0].trace.at(-1)).toEqual({ source: 'loyalty.points', label: 'Points', amount: -75 })
  expect(await points()).toMatchObject({ points: 150, reserved: 150 })
  expect(await spend(100)).toMatchObject({ body: { total: 300, points: 100 } })
  expect(await person.delete(`/api/v1/orders/${order.id}/points`)).toMatchObject({ status: 200, body: { total: 400, points: 0 } })
  await spend(200)
  const fewer = await person.delete(`/api/v1/tickets/${order.tickets[0]?.id}`)
  expect(fewer).toMatchObject({ body: { order: { total: 100, points: 100 } } })
  expect(await pay(person, order)).toMatchObject({ status: 201, body: { amount: 100 } })
  expect(await points()).toMatchObject({ points: 205, reserved: 0 })
  await person.post(`/api/v1/orders/${order.id}/cancel`)
  expect(await points()).toMatchObject({ points: 300, reserved: 0 })
})

test('R-310 nobody spends points that they do not have, nor those of others', async () => {
  const [poor, visitor, cashier] = [await someone(), await guest(), await as('cashier')]
  const order = await hold(poor)
  const path = `/api/v1/orders/${order.id}/points`
  expect(await poor.put(path, { points: 1 })).toMatchObject({
    status: 409,
    body: { code: 'loyalty.not_enough_points', available: 0 },
  })
  expect(await visitor.put(path, { points: 1 })).toMatchObject({ status: 401 })
  expect(await cashier.put(path, { points: 1 })).toMatchObject({ status: 404 })
  expect(await poor.put(path, { points: 0 })).toMatchObject({ status: 422 })
})

test('a promotion is tried out on the orders of last week: how many, how much, and whose', async () => {
  const cinema = await given.cinema()
  const hall = await given.hall({ cinema_id: cinema.id })
  const session = await given.session({ hall_id: hall.id })
  for (const count of [1, 3]) {
    const person = await someone()
    const free = session.seat_ids.splice(0, count)
    const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: free })
    await pay(person, body.order)
  }
  const { id } = await promotion({ minimum_tickets: 2, cinema_ids: [cinema.id], is_active: false })
  const manager = await someone('manager', [cinema.id])
  const { status, body } = await manager.get(`/api/v1/promotions/${id}/dry-run`)
  expect(status).toBe(200)
  expect(body).toMatchObject({ orders: 2, lowered: 1, people: 1, discount: 60, reasons: { minimum_not_reached: 1 } })
  expect(body.largest[0]).toMatchObject({ total: 600, discount: 60, reason: null })
  const one = await manager.get(`/api/v1/promotions/${id}/dry-run?order_id=${body.largest[1].order_id}`)
  expect(one.body).toMatchObject({ orders: 1, lowered: 0 })
  expect(await (await as('cashier')).get(`/api/v1/promotions/${id}/dry-run`)).toMatchObject({ status: 403 })
  expect(await (await someone('manager', [])).get(`/api/v1/promotions/${id}/dry-run`)).toMatchObject({ status: 404 })
})

test('R-300 the early bird that stands on a session lowers it while it is early', async () => {
  const person = await someone()
  const session = await seats(2)
  await db.updateTable('sessions').set({ early_bird_discount: 12.5 }).where('id', '=', session.id).execute()
  const early = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, 1) })
  expect(early).toMatchObject({ status: 201, body: { discount_applied: 25, order: { total: 175 } } })
  expect(early.body.order.items[0].trace.at(-1)).toEqual({ source: 'session.early_bird', label: 'Early bird', amount: -25 })
  clock.advance(14 * 86_400)
  const late = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(1) })
  expect(late).toMatchObject({ status: 201, body: { discount_applied: 0 } })
  clock.reset()
})

test('after all of it the books add up', async () => {
  expect((await checkInvariants(db)).violated).toEqual([])
})
