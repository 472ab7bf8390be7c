import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, someone, given, clock, db, open, work, reports } = await startTestApp()

afterEach(clock.reset)
const path = '/api/v1/reports'
const manager = await as('manager')
const march = { from: '2026-03-01', to: '2026-03-31' }
const order = async (fields: object = {}) => {
  const { status, body } = await manager.post(path, { kind: 'sales_by_day', ...march, ...fields })
  expect(status).toBe(202)
  return body.id as number
}
const make = async (fields: object = {}) => {
  const id = await order(fields)
  await reports.make({ report_id: id })
  return id
}

/** A paid seat in a movie of this title, and the day it is for. */
const sale = async (title = 'Кіт, який снідав') => {
  const session = await given.session({ seats: 4 })
  await db.updateTable('movies').set({ title }).where('id', '=', session.movie_id).execute()
  const person = await someone()
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[0]] })
  await person.patch(`/api/v1/tickets/${body.id}/pay`, { payment_method: 'card', card_token: 'tok_ok' })
  const { business_day } = await db
    .selectFrom('sessions')
    .select(sql<string>`business_day::text`.as('business_day'))
    .where('id', '=', session.id)
    .executeTakeFirstOrThrow()
  const { cinema_id } = await db
    .selectFrom('halls')
    .select('cinema_id')
    .where('id', '=', session.hall_id)
    .executeTakeFirstOrThrow()
  return { cinema_id, movie_id: session.movie_id, from: business_day, to: business_day }
}

test('R-132: a manager orders a report of sales and downloads it when it is made', async () => {
  const { from, to, cinema_id } = await sale()
  const id = await order({ kind: 'sales_by_day', from, to, cinema_id })
  expect(await manager.get(`${path}/${id}`)).toMatchObject({ body: { status: 'pending', size_bytes: null, generated_at: null } })
  expect(await manager.get(`${path}/${id}/download`)).toMatchObject({ status: 409, body: { code: 'reports.not_ready' } })

  await reports.make({ report_id: id })
  const { body } = await manager.get(`${path}/${id}`)
  expect(body).toEqual({
    id,
    kind: 'sales_by_day',
    format: 'csv',
    from,
    to,
    cinema_id,
    status: 'done',
    size_bytes: expect.any(Number),
    error: null,
    requested_by: manager.id,
    created_at: expect.any(String),
    generated_at: expect.any(String),
  })
  const file = await manager.get(`${path}/${id}/download`)
  expect(file).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="sales_by_day_${from}_${to}.csv"`,
    },
    body: `\uFEFFdate,currency,sessions,tickets,revenue,average_price,occupancy\r\n${from},UAH,1,1,200,200,0.25\r\n`,
  })
  expect(Buffer.byteLength(file.body)).toBe(body.size_bytes)
})

test('R-132: a title that a spreadsheet would run is made harmless', async () => {
  for (const title of ['=HYPERLINK("http://x")', '+1', '-1', '@cmd']) {
    const { movie_id, ...place } = await sale(title)
    const { body } = await manager.get(`${path}/${await make({ kind: 'sales_by_movie', ...place })}/download`)
    const quoted = title.includes('"') ? `"'${title.replaceAll('"', '""')}"` : `'${title}`
    expect(body.split('\r\n')[1]).toBe(`${movie_id},${quoted},UAH,1,1,200,200,0.25`)
  }
})

test('R-132, R-314: sales by cinema come as JSON too', async () => {
  const { cinema_id, from, to } = await sale('Снідав кіт')
  const file = await manager.get(
    `${path}/${await make({ kind: 'sales_by_cinema', format: 'json', from, to, cinema_id })}/download`,
  )
  expect(file).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: {
      kind: 'sales_by_cinema',
      from,
      to,
      cinema_id,
      rows: [{ cinema_id, name: expect.any(String), currency: 'UAH', sessions: 1, tickets: 1, revenue: 200 }],
    },
  })
})

test('R-132: a report without sales still has its head line', async () => {
  const { id } = await given.cinema()
  const { body } = await manager.get(`${path}/${await make({ cinema_id: id })}/download`)
  expect(body).toBe('\uFEFFdate,currency,sessions,tickets,revenue,average_price,occupancy\r\n')
})

test('R-132: a job that runs twice, or after a crash, makes the report once', async () => {
  const id = await order()
  await Promise.all([reports.make({ report_id: id }), reports.make({ report_id: id })])
  const first = (await manager.get(`${path}/${id}`)).body
  await reports.make({ report_id: id })
  expect((await manager.get(`${path}/${id}`)).body).toEqual(first)
})

test('R-132: a report that the queue has forgotten is made by the duty; one that just waits is left to the queue', async () => {
  const [forgotten, tried] = [await order(), await order()]
  clock.advance(3 * 3600 - 60)
  const fresh = await order()
  const states = async () => {
    await reports.makeForgotten()
    return Promise.all([forgotten, tried, fresh].map(async (id) => (await manager.get(`${path}/${id}`)).body.status))
  }
  // Each time the duty takes one up is written down, so that one that cannot be made does not keep it busy.
  await db.updateTable('reports').set({ requested_by: manager.id }).where('id', '=', tried).execute()
  expect(await states()).toEqual(['pending', 'pending', 'pending'])
  clock.advance(120)
  expect(await states()).toEqual(['done', 'pending', 'pending'])
})

test('R-132: the queue makes it without further asking', async () => {
  const id = await order()
  await open()
  await work()
  await expect.poll(async () => (await manager.get(`${path}/${id}`)).body.status, { timeout: 10_000 }).toBe('done')
})

test('R-132: a report is deleted when its time is over, and no other', async () => {
  const aged = async (days: number) => {
    const id = await make()
    await sql`update reports set created_at = app.now() - make_interval(days => ${days}::integer) where id = ${id}`.execute(db)
    return id
  }
  const [kept, ...old] = [await aged(399), await aged(401), await aged(4_000), await aged(500)]
  await sql`insert into reports (kind, format, from_day, to_day, created_at)
    select 'sales_by_day', 'csv', '2020-01-01', '2020-01-02', '2020-01-03' from generate_series(1, 250)`.execute(db)
  await reports.deleteOld()
  for (const id of old) expect((await manager.get(`${path}/${id}`)).status).toBe(404)
  expect((await manager.get(`${path}/${kept}/download`)).status).toBe(200)
  const { rows } = await sql`select from reports where created_at < app.now() - interval '400 days'`.execute(db)
  expect(rows).toEqual([])
})

test('R-132: reports are listed, the newest first', async () => {
  const [older, newer] = [await order(), await order({ kind: 'sales_by_movie' })]
  const { body } = await manager.get(`${path}?size=2`)
  expect(body.items.map(({ id }: { id: number }) => id)).toEqual([newer, older])
  expect((await manager.get(`${path}/9999999`)).status).toBe(404)
  expect((await manager.get(`${path}/9999999/download`)).status).toBe(404)
})

test.each([
  ['an unknown kind', { kind: 'sales_by_moon' }, '/kind'],
  ['an unknown format', { format: 'xls' }, '/format'],
  ['a day that the calendar lacks', { from: '2026-02-30' }, '/from'],
  ['the year nought', { from: '0000-01-01' }, '/from'],
  ['an end before the start', { to: '2026-02-01' }, '/to'],
  ['ten years', { to: '2036-02-01' }, '/to'],
  ['a cinema that is not there', { cinema_id: 9_999_999 }, '/cinema_id'],
])('R-132: %s is refused, and the field is named', async (_what, fields, pointer) => {
  const { status, body } = await manager.post(path, { kind: 'sales_by_day', ...march, ...fields })
  expect(status).toBe(422)
  expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
})

test('R-132: only managers and admins order, see and download reports', async () => {
  const id = await make()
  expect((await anonymous.get(path)).status).toBe(401)
  for (const role of ['customer', 'cashier', 'moderator'] as const) {
    const person = await as(role)
    expect((await person.post(path, { kind: 'sales_by_day', ...march })).status).toBe(403)
    for (const url of [path, `${path}/${id}`, `${path}/${id}/download`]) expect((await person.get(url)).status).toBe(403)
  }
  expect((await (await as('admin')).get(`${path}/${id}/download`)).status).toBe(200)
})
