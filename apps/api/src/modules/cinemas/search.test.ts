import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, clock, db, given } = await startTestApp()

const at = async (latitude: number, longitude: number, fields: object = {}) => {
  const { id, name } = await given.cinema()
  await db
    .updateTable('cinemas')
    .set({ latitude, longitude, ...fields })
    .where('id', '=', id)
    .execute()
  return { id, name }
}
const search = (query: string) => anonymous.get(`/api/v1/cinemas/search?${query}`)
const ids = (body: { items: { id: number }[] }) => body.items.map(({ id }) => id)

test('R-045 a visitor finds the cinemas around, the nearest first and with the distance', async () => {
  const [far, near, tooFar] = [await at(50.5, 30.6), await at(50.45, 30.53), await at(50.45, 30.7)]
  const closed = await at(50.45, 30.52, { is_active: false })
  await given.cinema()
  const { status, body } = await search('latitude=50.4501&longitude=30.5234')
  expect(status).toBe(200)
  expect(ids(body)).toEqual([near.id, far.id])
  expect(body).toMatchObject({ total: 2, page: 1, pages: 1, items: [{ name: near.name, distance_km: 0.467 }, {}] })
  expect(body.items[1].distance_km).toBeCloseTo(7.75, 1)
  expect(ids((await search('lat=50.4501&lng=30.5234&radius=20')).body)).toEqual([near.id, far.id, tooFar.id])
  expect(ids((await search('lat=50.4501&longitude=30.5234&radius=0.5')).body)).toEqual([near.id])
  expect((await search('lat=50.4501&lng=30.5234&radius=20&page=2&size=2')).body).toMatchObject({
    total: 3,
    page: 2,
    pages: 2,
    items: [{ id: tooFar.id }],
  })
  expect(ids((await search('lat=50.4501&lng=30.5234&radius=20')).body)).not.toContain(closed.id)
})

test('R-045 a cinema just across the date line, or around the pole, is near', async () => {
  const [east, west] = [await at(-17.8, 179.99), await at(-17.8, -179.98)]
  const { body } = await search('latitude=-17.8&longitude=-179.99&radius=5')
  expect(ids(body)).toEqual([west.id, east.id])
  expect(body.items[1].distance_km).toBeCloseTo(2.117, 1)
  const [here, beyond] = [await at(89.99, 10), await at(89.99, -170)]
  expect(ids((await search('latitude=89.99&longitude=10&radius=3')).body)).toEqual([here.id, beyond.id])
  expect(ids((await search('latitude=90&longitude=0&radius=2')).body).toSorted()).toEqual([here.id, beyond.id].toSorted())
})

test.each([
  ['no coordinates', '', '/latitude'],
  ['a latitude alone', 'latitude=50', '/longitude'],
  ['a longitude alone', 'lng=30', '/latitude'],
  ['a coordinate said twice', 'latitude=50&lat=50&longitude=30', '/lat'],
  ['a latitude beyond the pole', 'latitude=90.1&longitude=30', '/latitude'],
  ['a longitude beyond the date line', 'latitude=50&lng=180.5', '/lng'],
  ['words', 'latitude=here&longitude=30', '/latitude'],
  ['no number', 'latitude=NaN&longitude=30', '/latitude'],
  ['a radius of nothing', 'latitude=50&longitude=30&radius=0', '/radius'],
  ['half the world', 'latitude=50&longitude=30&radius=501', '/radius'],
  ['a typo', 'latitude=50&longitude=30&raduis=5', '/raduis'],
])('R-045 %s is refused, and the parameter is named', async (_what, query, pointer) => {
  const { status, body } = await search(query)
  expect(status).toBe(422)
  expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
})

test('R-045 the box is looked up in the index', async () => {
  await sql`insert into cinemas (name, address, city, latitude, longitude)
    select 'Chain ' || n, 'x', 'y', (n % 170) - 85, (n % 359) - 179 from generate_series(1, 5000) n`.execute(db)
  await sql`analyze cinemas`.execute(db)
  const { rows } = await sql<{ 'QUERY PLAN': string }>`explain select id from cinemas
    where is_active and latitude between 50.35 and 50.55 and (longitude between 30.3 and 30.7)`.execute(db)
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('cinemas_place')
  await sql`delete from cinemas where name like 'Chain %'`.execute(db)
})

test('R-040 who is open now is judged by each cinema’s own clock, past midnight too', async () => {
  const city = 'Open'
  const open = (timezone: string, opening_time: string, closing_time: string) =>
    at(10, 10, { city, timezone, opening_time, closing_time })
  const kyiv = await open('Europe/Kyiv', '09:00', '02:00')
  const tokyo = await open('Asia/Tokyo', '09:00', '18:00')
  const always = await open('America/New_York', '00:00', '00:00')
  const listed = async (open_now: boolean) =>
    new Set(ids((await anonymous.get(`/api/v1/cinemas?city=${city}&open_now=${open_now}`)).body))
  const moments = [
    ['2026-03-02T23:59:00Z', [kyiv, always]],
    ['2026-03-03T00:00:00Z', [tokyo, always]],
    ['2026-03-03T06:59:59Z', [tokyo, always]],
    ['2026-03-03T07:00:00Z', [kyiv, tokyo, always]],
    ['2026-03-03T09:00:00Z', [kyiv, always]],
  ] as const
  for (const [moment, expected] of moments) {
    clock.set(new Date(moment))
    const openIds = expected.map(({ id }) => id)
    expect({ moment, open: await listed(true) }).toEqual({ moment, open: new Set(openIds) })
    const others = [kyiv, tokyo, always].map(({ id }) => id).filter((id) => !openIds.includes(id))
    expect({ moment, closed: await listed(false) }).toEqual({ moment, closed: new Set(others) })
    expect(new Set(ids((await search('lat=10&lng=10&open_now=true')).body))).toEqual(new Set(openIds))
  }
  clock.reset()
})
