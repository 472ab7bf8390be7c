import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, db, given } = await startTestApp()
const path = '/api/v1/cinemas'
const manager = await as('manager')
const admin = await as('admin')

const change = (id: number, body: object) => manager.patch(`${path}/${id}`, body)
const remove = (id: number) => admin.delete(`${path}/${id}`)
const withSession = async (starts_in_minutes = 600) => {
  const { id } = await given.cinema()
  const hall = await given.hall({ cinema_id: id })
  const session = await given.session({ hall_id: hall.id, starts_in_minutes })
  return { id, hall_id: hall.id, session_id: session.id }
}
const end = (id: number) => db.updateTable('sessions').set({ status: 'cancelled' }).where('id', '=', id).execute()

test('R-066 a manager changes a cinema, and what is left out stays', async () => {
  const { id } = await given.cinema()
  const { body: before } = await anonymous.get(`${path}/${id}`)
  const changes = {
    name: ` Zhovten  ${id} `,
    phone: null,
    latitude: 50.4,
    longitude: 30.5,
    closing_time: '02:00',
    facilities: { parking: true },
  }
  const { status, body } = await manager.put(`${path}/${id}`, changes)
  expect(status).toBe(200)
  expect(body).toEqual({ ...before, ...changes, name: `Zhovten ${id}`, updated_at: expect.any(String) })
  expect((await anonymous.get(`${path}/${id}`)).body).toEqual(body)
  expect(await change(id, { latitude: 49 })).toMatchObject({ status: 200, body: { latitude: 49, longitude: 30.5 } })
})

test('R-066 a change that changes nothing leaves the cinema as it was', async () => {
  const { id } = await given.cinema()
  const { body } = await anonymous.get(`${path}/${id}`)
  const same = { name: body.name, timezone: body.timezone, facilities: {}, is_active: true }
  for (const nothing of [{}, same]) expect(await change(id, nothing)).toMatchObject({ status: 200, body })
})

test('R-066 no two cinemas share a name, in whatever case and however many rename at once', async () => {
  const cinemas = await Promise.all(Array.from({ length: 5 }, () => given.cinema()))
  const replies = await Promise.all(
    cinemas.map(({ id }, index) => change(id, { name: index % 2 ? 'Kinopanorama' : 'KINOPANORAMA' })),
  )
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409])
  expect(replies.find(({ status }) => status === 409)?.body.code).toBe('cinemas.name_taken')
})

test.each([
  ['a zone that is not on the map', { timezone: 'Europe/Atlantis' }, '/timezone'],
  ['a currency without decimals', { currency: 'JPY' }, '/currency'],
  ['half a position', { latitude: null }, '/latitude'],
  ['a name of spaces', { name: ' ' }, '/name'],
  ['a name without end', { name: 'x'.repeat(201) }, '/name'],
  ['an id', { id: 7 }, '/id'],
])('R-066 %s is refused, and the field is named', async (_what, body, pointer) => {
  const { id } = await given.cinema()
  await change(id, { latitude: 50, longitude: 30 })
  const reply = await change(id, body)
  expect(reply.status).toBe(422)
  expect(reply.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
})

test('R-066 while sessions are to come, zone and currency stay and the cinema stays open; the rest may change', async () => {
  const { id, session_id } = await withSession()
  for (const body of [{ timezone: 'Europe/Warsaw' }, { currency: 'EUR' }, { is_active: false }])
    expect(await change(id, body)).toMatchObject({
      status: 409,
      body: { code: 'cinemas.has_sessions', sessions_count: 1, session_ids: [session_id] },
    })
  expect(await change(id, { timezone: 'Europe/Kyiv', currency: 'UAH', opening_time: '08:00' })).toMatchObject({ status: 200 })
  await end(session_id)
  expect(await change(id, { timezone: 'Europe/Warsaw', currency: 'EUR', is_active: false })).toMatchObject({
    status: 200,
    body: { timezone: 'Europe/Warsaw', currency: 'EUR', is_active: false },
  })
  expect(await change(id, { is_active: true })).toMatchObject({ status: 200, body: { is_active: true } })
})

test('R-149 an admin deletes a cinema without halls; one with halls is closed, however often', async () => {
  const { id } = await given.cinema()
  expect(await remove(id)).toMatchObject({ status: 204, body: '' })
  expect(await remove(id)).toMatchObject({ status: 404, body: { code: 'cinemas.not_found' } })

  const old = await withSession(-600)
  for (const again of [old.id, old.id])
    expect(await remove(again)).toMatchObject({ status: 200, body: { id: old.id, is_active: false } })
  expect(await anonymous.get(`/api/v1/halls/${old.hall_id}`)).toMatchObject({ status: 200 })
})

test('R-066 a closed cinema gives its name up, and is opened again under another', async () => {
  const { id, name } = await given.cinema()
  await given.hall({ cinema_id: id })
  expect(await remove(id)).toMatchObject({ status: 200, body: { is_active: false } })
  const build = () => manager.post(path, { name: name.toUpperCase(), address: '1 Sumska', city: 'Kharkiv' })
  const replies = await Promise.all([build(), build()])
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409])
  expect(await change(id, { is_active: true })).toMatchObject({ status: 409, body: { code: 'cinemas.name_taken' } })
  expect(await change(id, { is_active: true, name: `${name} the old` })).toMatchObject({ status: 200, body: { is_active: true } })
})

test('R-066 a cinema with sessions to come is not deleted, and they are named', async () => {
  const { id, session_id } = await withSession(-30)
  expect(await remove(id)).toMatchObject({
    status: 409,
    body: { code: 'cinemas.has_sessions', session_ids: [session_id], detail: expect.stringContaining('Cancel them first') },
  })
  expect(await db.selectFrom('cinemas').select('is_active').where('id', '=', id).executeTakeFirst()).toEqual({ is_active: true })
})

test('R-066 managers and admins change cinemas, and only admins delete them', async () => {
  const { id } = await given.cinema()
  expect(await anonymous.put(`${path}/${id}`, {})).toMatchObject({ status: 401 })
  expect(await anonymous.delete(`${path}/${id}`)).toMatchObject({ status: 401 })
  for (const role of ['customer', 'cashier', 'moderator'] as const) {
    expect(await (await as(role)).put(`${path}/${id}`, {})).toMatchObject({ status: 403 })
    expect(await (await as(role)).delete(`${path}/${id}`)).toMatchObject({ status: 403 })
  }
  expect(await manager.delete(`${path}/${id}`)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } })
  expect(await change(id + 1000, { city: 'Lviv' })).toMatchObject({ status: 404, body: { code: 'cinemas.not_found' } })
})

test('R-066 a cinema never closes under a session that is being scheduled, nor is one scheduled after it closed', async () => {
  const movie = await given.movie({ duration_minutes: 60 })
  const outcomes = { scheduled: 0, closed: 0 }
  for (let round = 0; round < 24; round += 1) {
    const hall = await given.hall()
    const wish = {
      movie_id: movie.id,
      hall_id: hall.id,
      start_time: new Date(Date.now() + 86_400_000).toISOString(),
      base_price: 5,
    }
    const [scheduled, closed] = await Promise.all([
      sleep(round % 3).then(() => manager.post('/api/v1/sessions', wish)),
      sleep(round % 2 === 0 ? 0 : 6).then(() => remove(hall.cinema_id)),
    ])
    expect([scheduled.status, closed.status].toSorted()).toSatisfy(
      ([low, high]: number[]) => (low === 201 || low === 200) && high === 409,
    )
    outcomes[scheduled.status === 201 ? 'scheduled' : 'closed'] += 1
  }
  expect(outcomes.scheduled).toBeGreaterThan(0)
  expect(outcomes.closed).toBeGreaterThan(0)
})
