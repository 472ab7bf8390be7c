import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, db, given } = await startTestApp()
const manager = await as('manager')
const admin = await as('admin')
const path = '/api/v1/halls'

const change = (id: number, body: object) => manager.patch(`${path}/${id}`, body)
const remove = (id: number) => admin.delete(`${path}/${id}`)
const show = async (id: number) => (await anonymous.get(`${path}/${id}`)).body

test('R-067 a manager changes a hall, and what is left out stays', async () => {
  const { id } = await given.hall({ rows: 2, seats_per_row: 3 })
  const before = await show(id)
  const changes = {
    name: ' Grand   hall',
    hall_number: 77,
    screen_type: 'imax',
    sound_system: 'Atmos',
    accessibility: { ramp: true },
    seat_map: { note: 'x' },
  }
  const { status, body } = await manager.put(`${path}/${id}`, changes)
  expect(status).toBe(200)
  const { seats, ...hall } = before
  expect(body).toEqual({ ...hall, ...changes, name: 'Grand hall', updated_at: expect.any(String) })
  expect(await show(id)).toEqual({ ...body, seats })
  expect(await change(id, { sound_system: null })).toMatchObject({
    status: 200,
    body: { sound_system: null, name: 'Grand hall' },
  })
})

test('R-067 a change that changes nothing leaves the hall and its sessions as they were', async () => {
  const { id: session_id, hall_id } = await given.session()
  const { body } = await change(hall_id, { name: 'Same' })
  for (const nothing of [{}, { name: 'Same ' }, { rows: 1, seats_per_row: 10 }, { rows: 1, seats_per_row: 10, is_active: true }])
    expect(await change(hall_id, nothing)).toMatchObject({ status: 200, body })
  const session = await db.selectFrom('sessions').select('version').where('id', '=', session_id).executeTakeFirst()
  expect(session).toEqual({ version: 1 })
})

test('R-067 two halls of one cinema never get one number, also when both change at once', async () => {
  const { id: cinema_id } = await given.cinema()
  const halls = [await given.hall({ cinema_id }), await given.hall({ cinema_id }), await given.hall({ cinema_id })]
  const replies = await Promise.all(halls.map(({ id }) => change(id, { hall_number: 500 })))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
  expect(replies.find(({ status }) => status === 409)?.body.code).toBe('halls.number_taken')
})

test('R-067 a closed hall gives its number up, and is opened again under another', async () => {
  const { id: cinema_id } = await given.cinema()
  const [old, next] = [await given.hall({ cinema_id }), await given.hall({ cinema_id })]
  for (const { id } of [old, next]) await given.session({ hall_id: id, starts_in_minutes: -5000 })
  await change(old.id, { hall_number: 7 })
  expect(await remove(old.id)).toMatchObject({ status: 200, body: { hall_number: 7, is_active: false } })
  const wish = { name: 'New', hall_number: 7, rows: 1, seats_per_row: 2 }
  const build = () => manager.post(`/api/v1/cinemas/${cinema_id}/halls`, wish)
  const replies = await Promise.all([build(), build()])
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409])
  expect(await change(old.id, { is_active: true })).toMatchObject({ status: 409, body: { code: 'halls.number_taken' } })
  expect(await change(old.id, { is_active: true, hall_number: 8 })).toMatchObject({ status: 200, body: { is_active: true } })
  expect(await change(next.id, { hall_number: 7, is_active: false })).toMatchObject({ status: 200 })
})

test.each([
  ['a name of spaces', { name: ' ' }, '/name'],
  ['a name without end', { name: 'x'.repeat(101) }, '/name'],
  ['hall zero', { hall_number: 0 }, '/hall_number'],
  ['another cinema', { cinema_id: 1 }, '/cinema_id'],
  ['rows of a type without a size', { vip_rows: [1] }, '/rows'],
  ['a size by half', { rows: 3 }, '/seats_per_row'],
  ['two layouts', { rows: 1, layout: { seats: [{ seat_row: 1, seat_number: 1 }] } }, '/rows'],
  [
    'a seat twice',
    {
      layout: {
        seats: [
          { seat_row: 1, seat_number: 1 },
          { seat_row: '1', seat_number: 1 },
        ],
      },
    },
    '/layout/seats/1',
  ],
])('R-067 %s is refused, and the field is named', async (_what, body, pointer) => {
  const { id } = await given.hall()
  const reply = await change(id, body)
  expect(reply.status).toBe(422)
  expect(reply.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
})

test('R-149 a hall that never had a session is deleted with its seats; another is closed, however often', async () => {
  const { id } = await given.hall()
  const replies = await Promise.all([remove(id), remove(id)])
  expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 404])
  expect(await db.selectFrom('seats').select('id').where('hall_id', '=', id).execute()).toEqual([])
  expect(await remove(id)).toMatchObject({ status: 404, body: { code: 'halls.not_found' } })

  const { hall_id } = await given.session({ starts_in_minutes: -900 })
  for (const again of [hall_id, hall_id])
    expect(await remove(again)).toMatchObject({ status: 200, body: { id: hall_id, is_active: false } })
  expect((await show(hall_id)).seats).toHaveLength(10)
  expect(await change(hall_id, { is_active: true })).toMatchObject({ status: 200, body: { is_active: true } })
})

test('R-067 a hall with sessions to come or under way is neither deleted nor closed, and they are named', async () => {
  const { id, hall_id } = await given.session({ starts_in_minutes: -30 })
  const { id: next } = await given.session({ hall_id })
  const refusal = {
    status: 409,
    body: {
      code: 'halls.has_sessions',
      sessions_count: 2,
      session_ids: [id, next],
      detail: expect.stringContaining('Cancel them'),
    },
  }
  expect(await remove(hall_id)).toMatchObject(refusal)
  expect(await change(hall_id, { is_active: false })).toMatchObject(refusal)
})

test('R-067 managers and admins change halls, and only admins delete them', async () => {
  const { id } = await given.hall()
  expect(await anonymous.put(`${path}/${id}`, {})).toMatchObject({ status: 401 })
  expect(await anonymous.delete(`${path}/${id}`)).toMatchObject({ status: 401 })
  for (const role of ['customer', 'cashier', 'moderator'] as const) {
    expect(await (await as(role)).put(`${path}/${id}`, {})).toMatchObject({ status: 403 })
    expect(await (await as(role)).delete(`${path}/${id}`)).toMatchObject({ status: 403 })
  }
  expect(await manager.delete(`${path}/${id}`)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } })
  expect(await change(id + 1000, { name: 'Nowhere' })).toMatchObject({ status: 404, body: { code: 'halls.not_found' } })
  expect(await change(id + 1000, { rows: 1, seats_per_row: 1 })).toMatchObject({ status: 404 })
})
