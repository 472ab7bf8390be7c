import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'

import { type Client, startTestApp } from '#testing/app.ts'

const { as, anonymous, db, given, someone } = await startTestApp()
const API = '/api/v1'
const [admin, olena] = [await as('admin'), await someone()]
const MOST_GROWTH = 3

type List = { by: Client; path: string; query: string; add: () => Promise<unknown> }
type Row = { id: number }

const ids = { genre: 0, movie: 0, hall: 0 }
let serial = 0
const next = () => (serial += 1)
const rare = () => next() % 3

/** Few different values of everything that is sorted by, and some without a value. */
const addMovie = async () => {
  const movie = await db
    .insertInto('movies')
    .values({
      title: `Film ${rare()}`,
      duration_minutes: 1 + next(),
      release_year: [null, 2001, 2002][rare()] ?? null,
      imdb_rating: [null, 7.5, 8][next() % 3] ?? null,
      price_minor: [null, 100, 1000][next() % 3] ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.insertInto('movie_genres').values({ movie_id: movie.id, genre_id: ids.genre, position: 1 }).execute()
  return movie.id
}

const addSession = async (movie_id = ids.movie) => {
  const at = serial % 2 === 0 ? 600 + rare() : -600 - rare()
  await given.session({ movie_id, starts_in_minutes: at, hall_id: (await given.hall()).id, base_price_minor: 100 + rare() })
}

const addReview = async (status: 'approved' | 'pending', user_id?: number, movie_id = ids.movie) => {
  const user = user_id ?? (await given.user()).id
  const moment = new Date(Date.UTC(2026, 0, 1 + rare()))
  const times = { submitted_at: moment, created_at: moment }
  await db
    .insertInto('reviews')
    .values({ movie_id, user_id: user, rating: 1 + rare(), title: 'A', content: 'B', status, ...times })
    .execute()
}

const addPerson = (table: 'directors' | 'stars') => () =>
  db
    .insertInto(table)
    .values({ name: `${['Ян', 'ada', 'Ївга'][next() % 3]} Ada ${next()}` })
    .execute()

const addReport = () =>
  sql`insert into reports (kind, format, from_day, to_day) values ('sales_by_day', 'csv', '2026-01-01', '2026-01-02')`.execute(db)

const addOrder = async () => {
  const { id, seat_ids } = await given.session({ seats: 2 })
  const { status } = await olena.post(`${API}/tickets`, { session_id: id, seat_ids: [seat_ids[0]] })
  expect(status).toBe(201)
  await db
    .updateTable('tickets')
    .set({ created_at: new Date('2026-01-01T00:00:00.123Z') })
    .where('session_id', '=', id)
    .execute()
}

const addRefund = async () => {
  const { id, seat_ids } = await given.session({ seats: 1 })
  const bought = await olena.post(`${API}/tickets/purchase`, { event_id: id, seat_id: seat_ids[0], card_token: 'tok_ok' })
  expect((await olena.post(`${API}/tickets/${bought.body.id}/cancel`)).status).toBe(200)
}
const addAlarm = () =>
  db
    .insertInto('payment_alarms')
    .values({ kind: 'books_differ', reference: `pi_${next()}` })
    .execute()

const lists = (): List[] => [
  ...[
    'newest',
    'oldest',
    'title',
    '-title',
    'release_year',
    '-release_year',
    'imdb_rating',
    '-imdb_rating',
    'price',
    '-price',
  ].map((sort) => ({ by: anonymous, path: '/movies', query: `sort=${sort}`, add: addMovie })),
  { by: anonymous, path: '/movies', query: 'year_from=2001&year_to=2002', add: addMovie },
  { by: anonymous, path: `/genres/${ids.genre}/movies`, query: 'sort=-release_year', add: addMovie },
  ...['start_time', '-start_time', 'price', '-price', 'title', '-title'].map((sort) => ({
    by: anonymous,
    path: '/events',
    query: `include_past=true&sort=${sort}`,
    add: () => addSession(),
  })),
  { by: anonymous, path: '/sessions', query: '', add: () => addSession() },
  { by: anonymous, path: '/sessions', query: `include_past=true&movie_id=${ids.movie}`, add: () => addSession() },
  { by: anonymous, path: `/movies/${ids.movie}/sessions`, query: 'include_past=true', add: () => addSession() },
  ...['sort=created_at&order=asc', 'sort=created_at', 'sort=rating&order=asc', 'sort=rating'].map((query) => ({
    by: anonymous,
    path: `/reviews/movie/${ids.movie}`,
    query,
    add: () => addReview('approved'),
  })),
  {
    by: olena,
    path: '/reviews/user/my-reviews',
    query: '',
    add: async () => addReview('approved', olena.id, await addMovie()),
  },
  { by: admin, path: '/reviews/pending', query: '', add: () => addReview('pending') },
  { by: admin, path: '/users', query: 'role=customer', add: () => given.user() },
  { by: admin, path: '/directors', query: '', add: addPerson('directors') },
  { by: anonymous, path: '/stars', query: 'search=a', add: addPerson('stars') },
  { by: admin, path: '/reports', query: '', add: addReport },
  { by: admin, path: '/tickets', query: '', add: addOrder },
  { by: olena, path: '/tickets/my', query: '', add: addOrder },
  { by: olena, path: '/orders', query: '', add: addOrder },
  { by: olena, path: '/payments', query: '', add: addRefund },
  { by: admin, path: '/admin/orders', query: '', add: addOrder },
  { by: admin, path: '/admin/payments', query: 'provider=mock', add: addRefund },
  { by: admin, path: '/admin/payment-alarms', query: 'status=all', add: addAlarm },
]

const ask = async ({ by, path, query }: List, more: string) => {
  const { status, body } = await by.get(`${API}${path}?${query}&${more}`)
  expect([path, query, status, body]).toEqual([path, query, 200, expect.anything()])
  return body as { items: Row[]; total: number | null; next_cursor: string | null }
}

/** Walks to the end in strides; before each the world may grow. */
const walk = async (list: List, strides: { size: number; grows: boolean }[]) => {
  const seen: number[] = []
  let cursor: string | null = null
  for (let at = 0; at === 0 || cursor !== null; at += 1) {
    const { size, grows } = strides[at % strides.length] ?? { size: 1, grows: false }
    if (grows && at > 0 && at <= MOST_GROWTH) await list.add()
    const body = await ask(list, `size=${size}${cursor === null ? '' : `&cursor=${cursor}`}`)
    seen.push(...body.items.map(({ id }) => id))
    expect(body.items.length).toBe(body.next_cursor === null ? body.items.length : size)
    if (cursor !== null) expect(body).toMatchObject({ total: null, page: null, pages: null })
    cursor = body.next_cursor
  }
  return seen
}

beforeAll(async () => {
  ids.genre = (await admin.post(`${API}/genres`, { name: 'Noir' })).body.id
  ids.movie = await addMovie()
  for (const { add } of lists()) for (let count = 0; count < 2; count += 1) await add()
})

describe('Lists: a list that is walked by cursor shows every row of it once, in its order, while others are added', () => {
  test('whatever the strides', async () => {
    const strides = fc.array(fc.record({ size: fc.integer({ min: 1, max: 9 }), grows: fc.boolean() }), {
      minLength: 1,
      maxLength: 6,
    })
    for (const list of lists())
      await fc.assert(
        fc.asyncProperty(strides, async (some) => {
          const pages = await Promise.all([1, 2, 3].map((page) => ask(list, `size=100&page=${page}`)))
          const [whole, total] = [pages.flatMap(({ items }) => items.map(({ id }) => id)), pages[0]?.total]
          expect([list.path, list.query, whole.length]).toEqual([list.path, list.query, total])
          expect(whole.length).toBeGreaterThan(1)
          const seen = await walk(list, some)
          expect([list.path, list.query, new Set(seen).size]).toEqual([list.path, list.query, seen.length])
          const old = new Set(whole)
          expect([list.path, list.query, seen.filter((id) => old.has(id))]).toEqual([list.path, list.query, whole])
        }),
        { numRuns: 2 },
      )
  }, 180_000)
})

test('Lists: the cursor of one list, filter, sort or person is no cursor of another', async () => {
  const all = lists()
  const cursors = await Promise.all(all.map(async (list) => (await ask(list, 'size=1')).next_cursor))
  for (const [at, list] of all.entries())
    for (const [other, cursor] of cursors.entries()) {
      const { status, body } = await list.by.get(`${API}${list.path}?${list.query}&cursor=${cursor}`)
      const told = [list.path, list.query, 'took the cursor of', all[other]?.path, all[other]?.query]
      expect([...told, status, body.code]).toEqual([...told, ...(at === other ? [200, undefined] : [422, 'pagination.cursor'])])
    }
})

test('Lists: a key that no row can have is refused, never an error of ours', async () => {
  const forge = (cursor: string | null, key: unknown[]) => {
    const [mark] = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString())
    return Buffer.from(JSON.stringify([mark, ...key])).toString('base64url')
  }
  const bad = ['', ' ', 'x', '1e3', '9'.repeat(20), '1.5.5', 'NaN', '\0', '\ud800', null, 1, {}, []]
  for (const list of lists()) {
    const { next_cursor } = await ask(list, 'size=1')
    const [, ...key] = JSON.parse(Buffer.from(next_cursor ?? '', 'base64url').toString()) as string[]
    const forged = [
      [],
      [...key, '1'],
      ...key.flatMap((_, at) => bad.map((value) => key.map((own, place) => (place === at ? value : own)))),
    ]
    for (const one of forged) {
      const { status } = await list.by.get(`${API}${list.path}?${list.query}&cursor=${forge(next_cursor, one)}`)
      expect([200, 422]).toContain(status)
    }
  }
})

test('Lists: what comes best first is reached by pages only', async () => {
  for (const [path, query] of [
    ['/movies', 'search=film'],
    ['/events', 'search=film&include_past=true'],
    [`/reviews/movie/${ids.movie}`, 'sort=helpful'],
  ]) {
    const { status, body } = await anonymous.get(`${API}${path}?${query}&size=1`)
    expect([path, status, body.next_cursor]).toEqual([path, 200, null])
    const { next_cursor } = await ask({ by: anonymous, path: '/movies', query: '', add: addMovie }, 'size=1')
    expect(await anonymous.get(`${API}${path}?${query}&cursor=${next_cursor}`)).toMatchObject({ status: 422 })
  }
})
