import { readFileSync } from 'node:fs'

import type { PoolClient } from 'pg'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, given, pool, someone } = await startTestApp()
const API = '/api/v1'

const OURS = `nspname !~ '^pg_' and nspname not in ('information_schema', 'pgboss')`
/** As `tickets.seat_id → seats`. */
const foreignKeys = async (): Promise<string[]> => {
  const { rows } = await pool.query(`
    select conrelid::regclass || '.' || string_agg(attname, ', ' order by place) || ' → ' || confrelid::regclass as key
    from pg_constraint k join pg_namespace n on n.oid = connamespace
      cross join unnest(conkey) with ordinality as part (number, place)
      join pg_attribute on attrelid = conrelid and attnum = part.number
    where contype = 'f' and convalidated and ${OURS} group by k.oid`)
  return rows.map(({ key }) => key)
}

type Index = { index: string; name: string; table: string; is_constraint: boolean }
/** As `unique halls (cinema_id, hall_number) WHERE is_active`: the definition without its name. */
const indexesSeenBy = async (db: Pick<PoolClient, 'query'>): Promise<Index[]> => {
  const { rows } = await db.query<Index>(String.raw`
    select indrelid::regclass::text as table, coalesce(conname, relname) as name, conname is not null as is_constraint,
      case when indisprimary then 'primary ' when indisunique then 'unique ' else '' end || regexp_replace(
        pg_get_indexdef(indexrelid), '^CREATE (UNIQUE )?INDEX \S+ ON (\w+\.)?(\w+) USING (btree )?', '\3 ') as index
    from pg_index join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = relnamespace
      left join pg_constraint on conindid = indexrelid and conrelid = indrelid and contype in ('p', 'u')
    where nspname = 'public' and indisvalid and indimmediate and not indisexclusion
    union all
    select conrelid::regclass::text, conname, true, conrelid::regclass || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where contype = 'x' and not condeferrable`)
  return rows
}

const WANTED = [
  'unique users (email)',
  'unique users (username)',
  'movies gin (title gin_trgm_ops)',
  'unique movies (title, release_year, duration_minutes) NULLS NOT DISTINCT',
  'movie_genres (genre_id)',
  'movies (release_year)',
  'movies (is_active)',
  'cinemas (city)',
  'cinemas (latitude, longitude)',
  // A hall that is shown no more keeps its number for its history, and another may have it.
  'unique halls (cinema_id, hall_number) WHERE is_active',
  'sessions (start_time)',
  'sessions (movie_id, start_time)',
  'sessions (hall_id, start_time)',
  `sessions EXCLUDE USING gist (hall_id WITH =, occupies WITH &&) WHERE ((status <> 'cancelled'::session_status))`,
  'unique seats (hall_id, seat_row, seat_number)',
  // Who sits where: a seat of a session has one row, held, sold or blocked.
  'primary seat_claims (session_id, seat_id)',
  'tickets (user_id, created_at)',
  'tickets (session_id, status)',
  'unique tickets (booking_reference)',
  `unique tickets (session_id, seat_id) WHERE (status = ANY (ARRAY['paid'::ticket_status, 'used'::ticket_status]))`,
  'unique check_ins (nonce)',
  `unique check_ins (ticket_id) WHERE ((direction = 'entry'::check_in_direction) AND (ended_at IS NULL))`,
  'reviews (movie_id, is_approved)',
  'unique reviews (user_id, movie_id)',
  'primary review_votes (review_id, user_id)',
  'payments (order_id)',
  `unique payments (order_id) WHERE ((status = 'pending'::payment_status) AND is_external)`,
  'unique payments (provider, provider_reference)',
  'primary webhook_events (provider, event_id)',
  'primary idempotency_keys (actor, key)',
  'orders (user_id, status)',
  'unique orders (reference)',
  // The deadline of a ticket is that of its order, so it stands once, there.
  `orders (expires_at) WHERE (status = 'pending'::order_status)`,
  'unique mail_log (order_id, kind)',
  // Links to activate, to reset and to change an address are kinds of one table. There are no carts, so no items of them.
  'unique account_tokens (token_hash)',
  'unique account_tokens (user_id, kind)',
  'account_tokens (expires_at)',
  'unique refresh_tokens (token_hash)',
  'refresh_tokens (expires_at)',
  'unique guests (token_hash)',
]

/** More columns may follow where nothing is promised but that one finds by the first ones; not fewer rows. */
const serves = (wanted: string) => {
  const isPlain = !/^unique |^primary |EXCLUDE|WHERE/.test(wanted)
  return ({ index }: Index) =>
    index === wanted || (isPlain && !index.includes(' WHERE ') && index.startsWith(`${wanted.slice(0, -1)}, `))
}
const missing = async (db: Pick<PoolClient, 'query'>) => {
  const found = await indexesSeenBy(db)
  return WANTED.filter((wanted) => !found.some(serves(wanted)))
}

test('R-141: the eight foreign keys stand', async () => {
  expect(await foreignKeys()).toEqual(
    expect.arrayContaining([
      'tickets.session_id → sessions',
      'tickets.user_id → users',
      'tickets.seat_id → seats',
      'sessions.movie_id → movies',
      'sessions.hall_id → halls',
      'halls.cinema_id → cinemas',
      'reviews.movie_id → movies',
      'reviews.user_id → users',
    ]),
  )
})

test('R-142: each index stands with what it is unique in and which rows it is of, and no two sessions share a hall', async () => {
  expect(await missing(pool)).toEqual([])
})

test('R-142: whichever of them was dropped would be missed', async () => {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const found = await indexesSeenBy(client)
    for (const wanted of WANTED) {
      const index = found.find(serves(wanted))
      if (!index) throw new Error(`There is no ${wanted} to drop.`)
      const { table, name, is_constraint } = index
      await client.query('savepoint before')
      await client.query(is_constraint ? `alter table ${table} drop constraint ${name}` : `drop index ${name}`)
      expect(await missing(client)).toEqual([wanted])
      await client.query('rollback to savepoint before')
    }
  } finally {
    await client.query('rollback')
    client.release()
  }
})

test('R-143: the diagram in the docs draws each table, each column and each foreign key of the migrated database', async () => {
  const diagram = readFileSync(new URL('../../../docs/erd.md', import.meta.url), 'utf8')
  const drawn = [...diagram.matchAll(/^ {2}(\w+)(?:\["([\w.]+)"\])? \{\n((?: {4}.*\n)*) {2}\}$/gm)].flatMap(
    ([, name, dotted, columns = '']) =>
      [...columns.matchAll(/^ {4}\w\S* (\w+)/gm)].map(([, column]) => `${dotted ?? name}.${column}`),
  )
  const { rows: columns } = await pool.query(`
    select attrelid::regclass || '.' || attname as name
    from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace
    where relkind = 'r' and attnum > 0 and not attisdropped and ${OURS}`)
  expect(drawn.toSorted()).toEqual(columns.map(({ name }) => name).toSorted())

  const lines = [...diagram.matchAll(/^ {2}(\w+) (?:\|o|\|\|)--(?:o\||o\{) (\w+) : "(.*)"$/gm)]
  const joined = (key: string) => key.replace(/^(\w+)\.(?=\w+\.)/, '$1_').replace(/ → (\w+)\./, ' → $1_')
  expect(lines.map(([, parent, child, keys]) => `${child}.${keys} → ${parent}`).toSorted()).toEqual(
    (await foreignKeys()).map(joined).toSorted(),
  )
})

test.each([
  ['users', 'tickets.user_id', 'orders.user_id', 'reviews.user_id'],
  ['orders', 'tickets.order_id', 'payments.order_id', 'order_items.order_id'],
  ['payments', 'payment_items.payment_id', 'refunds.payment_id'],
  ['sessions', 'tickets.session_id'],
  ['halls', 'seats.hall_id', 'sessions.hall_id'],
  ['seats', 'tickets.seat_id'],
  ['cinemas', 'halls.cinema_id'],
  ['movies', 'sessions.movie_id', 'reviews.movie_id'],
])('R-145: of %s one has many', async (one, ...many) => {
  const keys = await foreignKeys()
  const indexes = (await indexesSeenBy(pool)).map(({ index }) => index)
  for (const each of many) {
    expect(keys).toContain(`${each} → ${one}`)
    const only = each.replace(/\.(.*)/, ' ($1)')
    for (const kind of ['unique', 'primary']) expect(indexes).not.toContain(`${kind} ${only}`)
  }
})

test('R-145: one person has many tickets, payments and reviews, and of the tries to pay for a ticket one succeeds', async () => {
  const hall = await given.hall()
  const [first, second] = [
    await given.session({ hall_id: hall.id, starts_in_minutes: 1440 }),
    await given.session({ hall_id: hall.id, starts_in_minutes: 1680 }),
  ]
  const person = await someone()
  const tickets: number[] = []
  for (const { id, movie_id, seat_ids } of [first, second]) {
    const { body } = await person.post(`${API}/tickets`, { session_id: id, seat_ids: [seat_ids[0]] })
    tickets.push(body.id)
    const pay = (card_token: string) => person.patch(`${API}/tickets/${body.id}/pay`, { payment_method: 'card', card_token })
    const tries = ['tok_insufficient_funds', 'tok_expired_card', 'tok_ok', 'tok_ok']
    const answers = []
    for (const card_token of tries) {
      const { status, body: answer } = await pay(card_token)
      answers.push(answer.code ?? status)
    }
    expect(answers).toEqual(['payments.insufficient_funds', 'payments.expired_card', 200, 'orders.already_paid'])
    const review = { movie_id, rating: 7, title: 'Twice', content: 'I was there, and will be again.' }
    expect(await person.post(`${API}/reviews`, review)).toMatchObject({ status: 201 })
  }
  const list = async (path: string) => (await person.get(`${API}/${path}`)).body
  expect(await list('tickets/my')).toMatchObject({ total: 2 })
  expect(await list('reviews/user/my-reviews')).toMatchObject({ total: 2 })
  const paid = await list('payments')
  const states = paid.items.map(({ status }: { status: string }) => status)
  expect(states.toSorted()).toEqual(['failed', 'failed', 'failed', 'failed', 'success', 'success'])
  const { rows } = await pool.query(
    `select i.ticket_id, array_agg(p.status::text) as paid_by from order_items i
     join payment_items pi on pi.order_item_id = i.id join payments p on p.id = pi.payment_id
     where i.ticket_id = any($1) group by i.ticket_id order by i.ticket_id`,
    [tickets],
  )
  expect(rows).toEqual(tickets.map((ticket_id) => ({ ticket_id, paid_by: ['success'] })))
})

test('R-145: a cinema has many halls, a hall many seats, and a film many sessions and reviews', async () => {
  const { id: cinema_id } = await given.cinema()
  const { id: movie_id } = await given.movie()
  const halls = [await given.hall({ cinema_id, seats_per_row: 4 }), await given.hall({ cinema_id, seats_per_row: 4 })]
  const sessions = []
  for (const { id: hall_id } of halls) sessions.push(await given.session({ hall_id, movie_id }))
  const moderator = await someone('moderator')
  for (const rating of [6, 9]) {
    const review = { movie_id, rating, title: 'Seen', content: 'I have sat through it.' }
    const { body } = await (await someone()).post(`${API}/reviews`, review)
    await moderator.patch(`${API}/reviews/${body.id}/moderate`, { is_approved: true })
  }
  const read = async (path: string) => (await anonymous.get(`${API}/${path}`)).body
  const ids = (rows: { id: number }[]) => rows.map(({ id }) => id).toSorted((a, b) => a - b)
  const listed = async (path: string) => ids((await read(path)).items)
  expect(await listed(`cinemas/${cinema_id}/halls`)).toEqual(ids(halls))
  expect(await listed(`movies/${movie_id}/sessions`)).toEqual(ids(sessions))
  expect(await read(`reviews/movie/${movie_id}`)).toMatchObject({ total: 2 })
  for (const [at, { id }] of sessions.entries())
    expect(ids((await read(`events/${id}/seats`)).seats)).toEqual(halls[at]?.seat_ids)
})

test.each([
  ['sessions', 'base_price_minor = -1', '23514'],
  ['sessions', 'end_time = start_time', '23514'],
  ['sessions', `status = 'lost'`, '22P02'],
  ['movies', 'duration_minutes = 0', '23514'],
  ['cinemas', 'latitude = 91', '23514'],
  ['halls', 'rows = 0', '23514'],
  ['seats', `seat_type = 'floor'`, '22P02'],
  ['seats', 'seat_number = 0', '23514'],
  ['users', `role = 'king'`, '22P02'],
])('R-148: the database itself refuses %s with %s', async (table, change, code) => {
  await given.session({ seats: 1 })
  await given.user({})
  await expect(pool.query(`update ${table} set ${change}`)).rejects.toMatchObject({ code })
})
