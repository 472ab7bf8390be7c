import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { transaction } from '#platform/db/kysely.ts'
import { startTestApp } from '#testing/app.ts'

const AT_ONCE = 8
const { as, someone, given, db, promotions } = await startTestApp({ poolSize: AT_ONCE + 2 })
const admin = await as('admin')
const names = { uk: 'Знижка', ru: 'Скидка', en: 'Discount' }

const promotion = async (limits: object): Promise<number> => {
  const { status, body } = await admin.post('/api/v1/promotions', {
    names,
    kind: 'percent',
    percent: 10,
    codes: [`C-${Date.now()}`],
    ...limits,
  })
  expect({ status, body }).toMatchObject({ status: 201 })
  return body.id
}
const pending = async (): Promise<number> => {
  const [person, { id, seat_ids }] = [await someone(), await given.session({ seats: 1 })]
  return (await person.post('/api/v1/tickets', { session_id: id, seat_ids })).body.order.id
}
const orders = await Promise.all(Array.from({ length: AT_ONCE }, pending))

/** Each holds its transaction open until all have begun, so that none comes after another. */
const race = async (work: (tx: Parameters<typeof promotions.lapse>[0], order: number) => Promise<unknown>) => {
  let arrived = 0
  const gate = Promise.withResolvers<void>()
  const results = await Promise.allSettled(
    orders.map((order) =>
      transaction(db, async (tx) => {
        await tx.selectFrom('orders').select('id').where('id', '=', order).forUpdate().execute()
        arrived += 1
        if (arrived >= AT_ONCE) gate.resolve()
        await gate.promise
        await work(tx, order)
      }),
    ),
  )
  expect(arrived).toBeGreaterThanOrEqual(AT_ONCE)
  return results.map((result) => (result.status === 'fulfilled' ? 'used' : (result.reason as { code: string }).code)).toSorted()
}
const use = (promotion_id: number, amount_minor: number, holders: (order: number) => string[]) =>
  race((tx, order) => promotions.reserve(tx, order, [{ promotion_id, amount_minor, code: null }], holders(order)))
const own = (order: number) => [`test:${order}`]
const left = async (promotion_id: number) => {
  const pieces = await db
    .selectFrom('promotion_shares')
    .select(['uses_left', 'minor_left'])
    .where('promotion_id', '=', promotion_id)
    .execute()
  const sum = (column: 'uses_left' | 'minor_left') => pieces.reduce((total, piece) => total + (piece[column] ?? 0), 0)
  return { uses: sum('uses_left'), minor: sum('minor_left') }
}
const times = (count: number, word: string) => Array.from({ length: count }, () => word)

test('Q-42 of eight who use a promotion at once, no more get it than its limit, and what lapses is there again', async () => {
  const id = await promotion({ limit_total: 3 })
  for (let round = 0; round < 5; round += 1) {
    const ends = await use(id, 100, own)
    const used = ends.filter((end) => end === 'used').length
    expect(ends).toEqual([...times(8 - used, 'promotions.limit_reached'), ...times(used, 'used')])
    // Somebody may be refused for a use that is taken and not yet given back, never the other way round.
    expect(used).toBeGreaterThan(0)
    expect(used).toBeLessThanOrEqual(3)
    expect(await left(id)).toMatchObject({ uses: 3 - used })
    await transaction(db, (tx) => promotions.release(tx, orders))
    expect(await left(id)).toMatchObject({ uses: 3 })
  }
})

test('a budget is never overdrawn, also when no piece of it is large enough by itself', async () => {
  const id = await promotion({ budget: 1_000 })
  const ends = await use(id, 30_000, own)
  expect(ends).toEqual([...times(5, 'promotions.budget_spent'), ...times(3, 'used')])
  expect(await left(id)).toMatchObject({ minor: 10_000 })
  await race((tx) => promotions.release(tx, orders))
  expect(await left(id)).toMatchObject({ minor: 100_000 })
})

test('one person who orders eight times at once uses a promotion no more often than a person may', async () => {
  const id = await promotion({ limit_per_user: 2 })
  const ends = await use(id, 100, () => ['test:me', 'test:my-address'])
  expect(ends).toEqual([...times(6, 'promotions.limit_per_user'), ...times(2, 'used')])
  await transaction(db, (tx) => promotions.release(tx, orders))
  const counted = await db.selectFrom('promotion_holders').select('uses').where('promotion_id', '=', id).execute()
  expect(counted.map(({ uses }) => uses)).toEqual([0, 0])
})

test('a promotion without limits is only written down, and many at once wait for nobody', async () => {
  const id = await promotion({})
  expect(await use(id, 100, own)).toEqual(times(8, 'used'))
  await transaction(db, (tx) => promotions.release(tx, orders))
})

test('a limit that comes later counts what is in use, and never falls below it', async () => {
  const id = await promotion({})
  await use(id, 100, own)
  const path = `/api/v1/promotions/${id}`
  expect(await admin.patch(path, { limit_total: 7 })).toMatchObject({
    status: 409,
    body: { code: 'promotions.limit_below_uses', uses: 8 },
  })
  expect(await admin.patch(path, { limit_total: 9, limit_per_user: 1 })).toMatchObject({
    status: 200,
    body: { used: { reserved: 8, amount: 8 } },
  })
  expect(await left(id)).toMatchObject({ uses: 1 })
  await transaction(db, (tx) => promotions.release(tx, orders))
  expect(await left(id)).toMatchObject({ uses: 9 })
  expect(await admin.delete(path)).toMatchObject({ status: 200, body: { is_active: false } })
})

test('after all races the books of every promotion add up', async () => {
  expect((await checkInvariants(db)).violated).toEqual([])
})
