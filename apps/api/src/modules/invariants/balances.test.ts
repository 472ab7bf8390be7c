import { expect, test } from 'vitest'

import { type Client, type Reply, startTestApp } from '#testing/app.ts'
import { checkBroken } from '#testing/broken.ts'
import { checkInvariants } from './service.ts'

const { as, db, given, someone } = await startTestApp()

const show = await given.session({ seats: 9 })
const person = await someone()
const hold = async (by: Client, place: number): Promise<number> => {
  const { status, body } = await by.post('/api/v1/tickets', { session_id: show.id, seat_ids: [show.seat_ids[place]] })
  expect(status).toBe(201)
  return body.order.id
}
const pay = async (order: number) =>
  expect(await person.post(`/api/v1/orders/${order}/pay`, { card_token: 'tok_ok' })).toMatchObject({ status: 201 })

const done = async (reply: Promise<Reply>) => expect(await reply).toMatchObject({ status: 200 })

const names = { uk: 'Знижка', ru: 'Скидка', en: 'Discount' }
const wish = { names, kind: 'percent', percent: 10, codes: ['LOWER'], limit_total: 3, limit_per_user: 3, budget: 60 }
const { body: promotion } = await (await as('admin')).post('/api/v1/promotions', wish)

/** One that has earned points, one that was paid with a code, one that waits with a code and points, one given back. */
const earned = await hold(person, 0)
await pay(earned)
const [paid, waiting, gone] = [await hold(person, 1), await hold(person, 2), await hold(person, 3)]
for (const order of [paid, waiting, gone]) await done(person.put(`/api/v1/orders/${order}/promo-code`, { code: 'LOWER' }))
await pay(paid)
await pay(gone)
await done(person.put(`/api/v1/orders/${waiting}/points`, { points: 5 }))
await done(person.post(`/api/v1/orders/${gone}/cancel`))

test('I8: promotions and points of orders in every state add up', async () => {
  expect((await checkInvariants(db)).violated).toEqual([])
  const states = await db.selectFrom('promotion_uses').select('state').orderBy('order_id').execute()
  expect(states.map(({ state }) => state)).toEqual(['confirmed', 'reserved', 'released'])
})

const its = `promotion_id = ${promotion.id}`
const broken: [string, string][] = [
  ['uses have got lost', `update promotion_shares set uses_left = uses_left + 1 where ${its}`],
  ['a piece is less than nothing', `update promotion_shares set uses_left = -1 where ${its}`],
  ['a promotion was used more often than it may be', `update promotions set limit_total = 1 where id = ${promotion.id}`],
  ['a promotion has given more than its budget', `update promotions set budget_minor = 100 where id = ${promotion.id}`],
  ['somebody used it more often than is counted', `update promotion_holders set uses = uses - 1 where ${its}`],
  ['somebody used it more often than they may', `update promotions set limit_per_user = 1 where id = ${promotion.id}`],
  ['an order is cheaper by what it does not have', `update promotion_uses set amount_minor = 1 where order_id = ${paid}`],
  ['a use was given back, its order still costs less', `update promotion_uses set state = 'released' where order_id = ${paid}`],
  ['a use is confirmed that nobody has paid', `update promotion_uses set state = 'confirmed' where order_id = ${waiting}`],
  ['a use is reserved for what is over', `update promotion_uses set state = 'reserved' where order_id = ${gone}`],
  ['a use has lapsed while its order waits', `update promotion_uses set state = 'lapsed' where order_id = ${waiting}`],
  ['somebody has more points than they were given', 'update loyalty_accounts set points = points + 1'],
  ['somebody has spent what they did not have', 'update loyalty_accounts set reserved = points + 1'],
  ['an entry was changed afterwards', `update loyalty_entries set points = points + 1 where order_id = ${earned}`],
  ['an entry is on the wrong side', `update loyalty_entries set points = -points where order_id = ${earned}`],
  ['points are reserved twice', 'update loyalty_accounts set reserved = 2 * reserved'],
  ['points were spent on what nobody has paid', `update loyalty_redemptions set state = 'spent' where order_id = ${waiting}`],
]
test.each(broken)('I8 catches it when %s', async (_name, statement) => {
  const report = await checkBroken(db, [statement], {})
  expect(report.violated).toEqual(['I8'])
})
