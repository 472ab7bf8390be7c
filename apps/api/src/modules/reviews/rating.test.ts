import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const app = await startTestApp({ config: { REVIEWS_MODERATION: false } })
const { anonymous, as, someone, given, db, pool } = app

const path = '/api/v1/reviews'
const text = { title: 'Fine', content: 'It was fine.' }
const shown = async (movie_id: number) => (await anonymous.get(`/api/v1/movies/${movie_id}`)).body.rating

const meanOf = async (movie_id: number) => {
  const { rows } = await sql<{ mean: number | null }>`
    select round(avg(rating), 1)::float8 as mean from reviews where movie_id = ${movie_id} and status = 'approved'`.execute(db)
  return rows[0]?.mean
}

test('R-127: without moderation a review counts at once, an edit stays shown, and a rejected one must be looked at', async () => {
  const movie = await given.movie()
  const [first, second] = [await someone(), await someone()]
  const { body } = await first.post(path, { movie_id: movie.id, ...text, rating: 7 })
  expect(body).toMatchObject({ is_approved: true, status: 'approved' })
  await second.post(path, { movie_id: movie.id, ...text, rating: 10 })
  expect(await shown(movie.id)).toBe(8.5)
  expect(await first.patch(`${path}/${body.id}`, { rating: 8 })).toMatchObject({ body: { status: 'approved' } })
  expect(await shown(movie.id)).toBe(9)
  await (await as('moderator')).patch(`${path}/${body.id}/moderate`, { is_approved: false })
  expect(await shown(movie.id)).toBe(10)
  expect(await first.patch(`${path}/${body.id}`, { rating: 9 })).toMatchObject({ body: { status: 'pending' } })
  expect(await shown(movie.id)).toBe(10)
})

test('R-127: many who write, edit, delete and judge reviews of one movie at once leave its rating exact', async () => {
  const movie = await given.movie()
  const people = await Promise.all(Array.from({ length: 10 }, () => someone()))
  const moderator = await as('moderator')
  const written = await Promise.all(people.map((person, n) => person.post(path, { movie_id: movie.id, ...text, rating: 1 + n })))
  const ids = written.map(({ body }) => body.id as number)
  expect(await shown(movie.id)).toBe(5.5)

  // Everybody meets at the movie's score: we hold it until some are seen waiting for it.
  const [holder, watcher] = [await pool.connect(), await pool.connect()]
  await holder.query('begin')
  await holder.query('select from movie_scores where movie_id = $1 for update', [movie.id])
  const racing = Promise.all(
    ids.flatMap((id, n) => {
      const person = people[n] ?? moderator
      return [
        person.patch(`${path}/${id}`, { rating: 10 - n }),
        moderator.patch(`${path}/${id}/moderate`, { is_approved: n % 2 === 0 }),
        person.patch(`${path}/${id}`, { rating: 1 + ((n * 3) % 10) }),
        ...(n % 3 === 0 ? [person.delete(`${path}/${id}`)] : []),
      ]
    }),
  )
  const waiting = async () =>
    (
      await watcher.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query ilike '%movie_scores%'`,
      )
    ).rows[0]?.n ?? 0
  await expect.poll(waiting, { timeout: 2_000 }).toBeGreaterThan(1)
  await holder.query('commit')
  holder.release()
  watcher.release()
  const replies = await racing

  expect(replies.filter(({ status }) => status >= 500)).toEqual([])
  expect(await shown(movie.id)).toBe(await meanOf(movie.id))
  const { rows } = await sql`
    select from movie_scores s
    cross join lateral (
      select count(*) as n, coalesce(sum(rating), 0) as total from reviews r where r.movie_id = s.movie_id and r.status = 'approved'
    ) counted
    where s.ratings_count <> counted.n or s.ratings_sum <> counted.total`.execute(db)
  expect(rows).toEqual([])
})

test('R-127: a page of movies shows each its own rating, and none where there are no reviews', async () => {
  const [rated, silent] = [await given.movie(), await given.movie()]
  await (await someone()).post(path, { movie_id: rated.id, ...text, rating: 6 })
  const { body } = await anonymous.get('/api/v1/movies?size=50')
  const ratings = new Map(body.items.map(({ id, rating }: { id: number; rating: number | null }) => [id, rating]))
  expect([ratings.get(rated.id), ratings.get(silent.id)]).toEqual([6, null])
})
