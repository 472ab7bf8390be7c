import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, db, given } = await startTestApp()
const of = (movie_id: number, query = '') => anonymous.get(`/api/v1/movies/${movie_id}/sessions${query}`)

test('R-039 a visitor sees the sessions of a movie that are to come, active ones first', async () => {
  const late = await given.session({ starts_in_minutes: 900 })
  const at = (starts_in_minutes: number) => given.session({ starts_in_minutes, movie_id: late.movie_id })
  const [cancelled, soon, hidden] = [await at(100), await at(200), await at(300)]
  const [past, longPast] = [await at(-600), await at(-6000)]
  await given.session()
  await db.updateTable('sessions').set({ status: 'cancelled' }).where('id', '=', cancelled.id).execute()
  await db.updateTable('sessions').set({ is_active: false }).where('id', '=', hidden.id).execute()

  const { status, body } = await of(late.movie_id)
  expect(status).toBe(200)
  expect(body).toMatchObject({ total: 4, page: 1, pages: 1 })
  const ids = (list: { items: { id: number }[] }) => list.items.map(({ id }) => id)
  expect(ids(body)).toEqual([soon.id, late.id, cancelled.id, hidden.id])
  expect(body.items[0]).toMatchObject({ movie_id: late.movie_id, available_seats: 10, status: 'scheduled' })
  const all = [soon.id, late.id, cancelled.id, hidden.id, past.id, longPast.id]
  expect(ids((await of(late.movie_id, '?include_past=true')).body)).toEqual(all)
  expect((await of(late.movie_id, '?skip=1&limit=2')).body).toMatchObject({
    total: 4,
    items: [{ id: late.id }, { id: cancelled.id }],
  })
})

test('R-039 a movie without sessions has an empty list, and an unknown one is not found', async () => {
  const { id } = await given.movie()
  expect(await of(id)).toMatchObject({ status: 200, body: { items: [], total: 0, pages: 0 } })
  expect(await of(id + 1000)).toMatchObject({ status: 404, body: { code: 'movies.not_found' } })
  expect(await of(id, '?past=true')).toMatchObject({ status: 422 })
  expect(await anonymous.get('/api/v1/movies/first/sessions')).toMatchObject({ status: 422 })
})
