import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { as, someone, given, db, anonymous } = await startTestApp()
const admin = await as('admin')
const PATH = '/api/v1/promotions'
const names = { uk: 'Знижка', ru: 'Скидка', en: 'Discount' }
const percent = { names, kind: 'percent', percent: 12.5 }
let serial = 0
const code = () => `CODE-${(serial += 1)}`

test('R-300 an admin makes a promotion for every cinema, reads it, changes it and finds it in the list', async () => {
  const typed = code()
  const { status, body } = await admin.post(PATH, {
    ...percent,
    codes: [typed.toLowerCase(), typed],
    weekdays: [2],
    from_time: '10:00',
    until_time: '17:30',
    minimum_amount: 100,
    limit_total: 3,
    limit_per_user: 1,
  })
  expect({ status, body }).toMatchObject({
    status: 201,
    body: {
      names,
      kind: 'percent',
      percent: 12.5,
      is_automatic: false,
      codes: [typed],
      priority: 100,
      weekdays: [2],
      from_time: '10:00',
      until_time: '17:30',
      currency: 'UAH',
      minimum_amount: 100,
      cinema_ids: null,
      used: { reserved: 0, confirmed: 0, amount: 0 },
    },
  })
  expect(await admin.get(`${PATH}/${body.id}`)).toMatchObject({ status: 200, body })
  const changed = await admin.patch(`${PATH}/${body.id}`, {
    percent: 20,
    from_time: null,
    until_time: null,
    codes: [],
    limit_total: 9,
  })
  expect(changed).toMatchObject({
    status: 200,
    body: { percent: 20, from_time: null, is_automatic: true, codes: [], limit_total: 9 },
  })
  const shares = await db.selectFrom('promotion_shares').select('uses_left').where('promotion_id', '=', body.id).execute()
  expect(shares.reduce((sum, { uses_left }) => sum + (uses_left ?? 0), 0)).toBe(9)
  const list = await admin.get(`${PATH}?is_active=true`)
  expect(list.body.items.map(({ id }: { id: number }) => id)).toContain(body.id)
  expect(await admin.delete(`${PATH}/${body.id}`)).toMatchObject({ status: 204 })
  expect(await admin.get(`${PATH}/${body.id}`)).toMatchObject({ status: 404, body: { code: 'promotions.not_found' } })
})

const wrong: [string, object, string][] = [
  ['a percentage is missing', { percent: undefined }, '/percent'],
  ['a fixed one has a percentage', { kind: 'fixed', amount: 10 }, '/percent'],
  ['a percentage has three decimals', { percent: 1.234 }, '/percent'],
  ['an early bird does not say how early', { kind: 'early_bird' }, '/days_ahead'],
  ['more are free than there are', { kind: 'cheapest', free_tickets: 3, of_tickets: 3 }, '/free_tickets'],
  ['it ends before it begins', { starts_at: '2026-05-02T00:00:00Z', ends_at: '2026-05-01T00:00:00Z' }, '/ends_at'],
  ['the last day is before the first', { first_day: '2026-05-02', last_day: '2026-05-01' }, '/last_day'],
  ['a time has no end', { from_time: '10:00' }, '/until_time'],
  ['an amount has three decimals', { minimum_amount: 1.234 }, '/minimum_amount'],
  ['a cinema does not exist', { cinema_ids: [999_999] }, '/cinema_ids'],
  ['a code has a space', { codes: ['NO SPACE'] }, '/codes/0'],
  ['a field is unknown', { discount: 5 }, '/discount'],
]
test.each(wrong)('R-300 what does not fit together is refused by name: %s', async (_name, body, pointer) => {
  const reply = await admin.post(PATH, { ...percent, ...body })
  expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
})

test('R-300 a code belongs to one promotion', async () => {
  const codes = [code()]
  expect(await admin.post(PATH, { ...percent, codes })).toMatchObject({ status: 201 })
  expect(await admin.post(PATH, { ...percent, codes })).toMatchObject({ status: 409, body: { code: 'promotions.code_taken' } })
})

test('R-300 a manager decides on promotions of their own cinemas, and sees no other’s', async () => {
  const [here, there] = [await given.cinema(), await given.cinema()]
  const manager = await someone('manager', [here.id])
  const own = await manager.post(PATH, { ...percent, cinema_ids: [here.id] })
  expect(own).toMatchObject({ status: 201, body: { cinema_ids: [here.id] } })
  expect(await manager.patch(`${PATH}/${own.body.id}`, { is_active: false })).toMatchObject({ status: 200 })
  expect(await manager.post(PATH, percent)).toMatchObject({ status: 403, body: { code: 'auth.other_cinema' } })
  expect(await manager.patch(`${PATH}/${own.body.id}`, { cinema_ids: [there.id] })).toMatchObject({ status: 403 })

  const { body: others } = await admin.post(PATH, { ...percent, cinema_ids: [there.id] })
  expect(await manager.get(`${PATH}/${others.id}`)).toMatchObject({ status: 404 })
  expect(await manager.delete(`${PATH}/${others.id}`)).toMatchObject({ status: 404 })
  const { body: everywhere } = await admin.post(PATH, percent)
  expect(await manager.get(`${PATH}/${everywhere.id}`)).toMatchObject({ status: 200 })
  expect(await manager.patch(`${PATH}/${everywhere.id}`, { percent: 1 })).toMatchObject({ status: 403 })
  const seen = (await manager.get(`${PATH}?size=100`)).body.items.map(({ id }: { id: number }) => id)
  expect([seen.includes(own.body.id), seen.includes(others.id), seen.includes(everywhere.id)]).toEqual([true, false, true])
  expect((await manager.get(`${PATH}?cinema_id=${here.id}`)).body.items).not.toEqual([])
  const nowhere = { status: 422, body: { code: 'promotions.unknown_cinema', errors: [{ pointer: '/cinema_id' }] } }
  expect(await manager.get(`${PATH}?cinema_id=999999`)).toMatchObject(nowhere)
})

test('R-300 nobody but managers and admins speaks of promotions', async () => {
  expect(await anonymous.get(PATH)).toMatchObject({ status: 401 })
  for (const role of ['customer', 'cashier', 'moderator'] as const)
    expect(await (await as(role)).post(PATH, percent)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } })
})
