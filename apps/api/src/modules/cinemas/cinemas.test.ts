import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, db, given } = await startTestApp()

const path = '/api/v1/cinemas'
let opened = 0
const cinema = (fields: object = {}) => {
  opened += 1
  return { name: `Zhovten ${opened}`, address: '26 Kostiantynivska', city: 'Kyiv', ...fields }
}
const open = async (fields: object = {}) => (await as('manager')).post(path, cinema(fields))

test('R-041, R-042: a manager opens a cinema, and everybody can see it', async () => {
  const { status, body } = await open({
    name: ' Planeta ',
    phone: '+380 44 123 45 67',
    email: 'box@planeta.example',
    latitude: 50.45,
    longitude: 30.52,
    opening_time: '10:00',
    closing_time: '02:00',
    timezone: 'Europe/Warsaw',
    currency: 'PLN',
    facilities: { parking: true, website: 'https://planeta.example', lifts: 2, note: null },
  })
  expect(status).toBe(201)
  expect(body).toEqual({
    id: expect.any(Number),
    name: 'Planeta',
    address: '26 Kostiantynivska',
    city: 'Kyiv',
    phone: '+380 44 123 45 67',
    email: 'box@planeta.example',
    latitude: 50.45,
    longitude: 30.52,
    opening_time: '10:00',
    closing_time: '02:00',
    timezone: 'Europe/Warsaw',
    currency: 'PLN',
    facilities: { parking: true, website: 'https://planeta.example', lifts: 2, note: null },
    is_active: true,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  })
  expect(await anonymous.get(`${path}/${body.id}`)).toMatchObject({ status: 200, body })
})

test('a cinema that says little gets the usual hours, zone and currency', async () => {
  expect(await open()).toMatchObject({
    status: 201,
    body: {
      opening_time: '09:00',
      closing_time: '00:00',
      timezone: 'Europe/Kyiv',
      currency: 'UAH',
      phone: null,
      latitude: null,
      facilities: {},
    },
  })
})

test('R-041: only managers and admins open cinemas', async () => {
  expect(await anonymous.post(path, cinema())).toMatchObject({ status: 401, body: { code: 'auth.required' } })
  for (const role of ['customer', 'cashier', 'moderator'] as const)
    expect(await (await as(role)).post(path, cinema())).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } })
  expect(await (await as('admin')).post(path, cinema())).toMatchObject({ status: 201 })
})

test('two cinemas cannot have one name', async () => {
  await open({ name: 'Kinopanorama' })
  expect(await open({ name: 'Kinopanorama' })).toMatchObject({ status: 409, body: { code: 'cinemas.name_taken' } })
})

test.each([
  ['a zone that is not on the map', { timezone: 'Europe/Atlantis' }, '/timezone'],
  ['an offset in place of a zone', { timezone: '+02:00' }, '/timezone'],
  ['a currency without decimals', { currency: 'JPY' }, '/currency'],
  ['a currency with three decimals', { currency: 'KWD' }, '/currency'],
  ['a currency nobody has', { currency: 'ABC' }, '/currency'],
  ['a currency in small letters', { currency: 'uah' }, '/currency'],
  ['a latitude alone', { latitude: 50 }, '/longitude'],
  ['a longitude alone', { longitude: 30, latitude: null }, '/latitude'],
  ['a latitude beyond the pole', { latitude: 91, longitude: 0 }, '/latitude'],
  ['an hour that no clock shows', { opening_time: '24:00' }, '/opening_time'],
  ['a name of spaces', { name: '  ' }, '/name'],
  ['an address that is none', { email: 'box' }, '/email'],
  ['facilities in facilities', { facilities: { parking: { floor: 1 } } }, '/facilities/parking'],
  ['a fact with a strange name', { facilities: { 'Parking!': true } }, '/facilities'],
  ['half a character', { facilities: { note: '\ud800' } }, '/facilities/note'],
  ['an owner', { owner_id: 1 }, '/owner_id'],
])('%s is refused, and the field is named', async (_what, fields, pointer) => {
  const { status, body } = await open(fields)
  expect(status).toBe(422)
  expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
})

test('R-040: a visitor lists the open cinemas of a city, page by page', async () => {
  const city = 'Chernivtsi'
  for (const name of ['Olha Kobylianska', 'Chernivtsi', 'Myru']) await open({ name, city })
  await db.updateTable('cinemas').set({ is_active: false }).where('name', '=', 'Myru').execute()

  const all = await anonymous.get(`${path}?city=${city}`)
  expect(all).toMatchObject({ status: 200, body: { total: 2, page: 1, size: 20, pages: 1 } })
  expect(all.body.items.map((item: { name: string }) => item.name)).toEqual(['Chernivtsi', 'Olha Kobylianska'])
  expect((await anonymous.get(`${path}?city=${city}&page=2&size=1`)).body).toMatchObject({
    items: [{ name: 'Olha Kobylianska' }],
    total: 2,
    page: 2,
    pages: 2,
  })
  expect((await anonymous.get(`${path}?city=${city}&is_active=false`)).body).toMatchObject({
    items: [{ name: 'Myru' }],
    total: 1,
  })
  expect((await anonymous.get(`${path}?city=Atlantis`)).body).toMatchObject({ items: [], total: 0, pages: 0 })
})

test('a mistyped filter is refused, not ignored', async () => {
  for (const query of ['town=Kyiv', 'is_active=perhaps', 'size=101', 'page=1&skip=0'])
    expect(await anonymous.get(`${path}?${query}`)).toMatchObject({ status: 422 })
})

test('R-042: a cinema that is not there is not found', async () => {
  const { id } = await given.cinema()
  expect(await anonymous.get(`${path}/${id + 1000}`)).toMatchObject({ status: 404, body: { code: 'cinemas.not_found' } })
  expect(await anonymous.get(`${path}/first`)).toMatchObject({ status: 422 })
})
