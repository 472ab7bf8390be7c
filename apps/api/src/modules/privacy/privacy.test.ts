import { unzipSync } from 'fflate'
import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { createStorage } from '#platform/storage.ts'
import { startTestApp } from '#testing/app.ts'
import { canary, plantable, plantPerson, whereIs } from '#testing/canaries.ts'
import { signInOf } from '#testing/factories.ts'
import { openMailbox } from '#testing/mailbox.ts'
import { eventually } from '#testing/processes.ts'
import { personal } from './columns.ts'

const app = await startTestApp()
const { as, clock, config, db, given, guest, passwords, privacy, someone, tokens } = app
const storage = createStorage(config)
const ME = '/api/v1/users/me'
const DAY_SECONDS = 86_400

const download = async (headers: Record<string, string>) => {
  const reply = await app.server.inject({ url: `${ME}/export`, headers })
  const files = reply.statusCode === 200 ? unzipSync(new Uint8Array(reply.rawPayload)) : {}
  const text = Buffer.from(files['my-data.json'] ?? []).toString()
  return { reply, files, text }
}
const nobodyElse = async () =>
  Number((await sql<{ n: number }>`select count(*) as n from users where role = 'admin' and is_active`.execute(db)).rows[0]?.n)

const mine = await plantPerson(app, 'mine')
const theirs = await plantPerson(app, 'theirs')
await storage.put(mine.avatar_key, Buffer.from('a picture'), 'image/webp')
const planted = await plantable(db)

test('Q-29: there is a canary in every personal column of words, and it is found where it was put', async () => {
  const found = await whereIs(db, 'mine-')
  // What stands here is to be planted in testing/canaries.ts.
  expect(planted.filter((column) => !found.includes(column))).toEqual([])
  expect(planted.length).toBeGreaterThan(30)
})

test('Q-29: the export holds every canary of mine, no key to any door, and nobody else’s', async () => {
  const { reply, files, text } = await download(mine.headers)
  expect(reply.headers).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': 'attachment; filename="marquee-my-data.zip"',
    'cache-control': 'no-store',
  })
  const data = JSON.parse(text)
  const isSecret = (name: string) => {
    const [table = '', column = ''] = name.split('.')
    return personal[table]?.columns[column]?.isSecret ?? false
  }
  expect(planted.filter((name) => text.includes(canary('mine', name)))).toEqual(planted.filter((name) => !isSecret(name)))
  expect(text).not.toContain('theirs-')
  expect(Buffer.from(files['avatar.webp'] ?? []).toString()).toBe('a picture')
  expect(data.user_profiles).toMatchObject([{ gender: 'other', date_of_birth: '1987-03-04' }])
  expect(data.orders).toMatchObject([{ id: mine.order, user_id: mine.id }])
  expect(data.tickets.map(({ id }: { id: number }) => id).toSorted()).toEqual(mine.tickets.toSorted())
  expect([data.payments.length, data.refunds.length, data.order_items.length]).toEqual([1, 1, 2])
  expect((await app.anonymous.get(`${ME}/export`)).status).toBe(401)
})

test('an export goes on over many rows, each once', async () => {
  const many = await someone()
  await sql`insert into known_places (user_id, place) select ${many.id}, 'net:' || n from generate_series(1, 1234) n`.execute(db)
  const { text } = await download(many.headers)
  expect(new Set(JSON.parse(text).known_places.map(({ place }: { place: string }) => place)).size).toBe(1234)
})

test('whoever looks through somebody’s eyes takes nothing away and deletes nothing', async () => {
  const [admin, person] = [await someone('admin'), await someone()]
  const token = await tokens.sign({ id: person.id, role: 'customer', sign_in: signInOf(admin.id), impersonated_by: admin.id })
  const headers = { authorization: `Bearer ${token}` }
  expect((await download(headers)).reply.json()).toMatchObject({ status: 403, code: 'auth.read_only' })
  expect(await app.anonymous.delete(ME, {}, headers)).toMatchObject({ status: 403, body: { code: 'auth.read_only' } })
})

test('who deletes the account is asked for the password, or for a fresh sign-in where there is none', async () => {
  const [person, stranger] = [await someone(), await someone()]
  const hashed_password = await passwords.hash('Correct-horse-7')
  await db.updateTable('users').set({ hashed_password }).where('id', '=', person.id).execute()
  expect(await person.delete(ME, {})).toMatchObject({ status: 422, body: { errors: [{ pointer: '/password' }] } })
  expect(await person.delete(ME, { password: 'Wrong-horse-7' })).toMatchObject({
    status: 422,
    body: { code: 'auth.wrong_password' },
  })
  expect((await person.delete(ME, { password: 'Correct-horse-7', id: stranger.id })).status).toBe(422)
  expect(await person.get(ME)).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
  expect((await person.delete(ME, { password: 'Correct-horse-7' })).status).toBe(204)
  expect((await person.get(ME)).status).toBe(401)
  clock.advance(601)
  expect(await stranger.delete(ME, {})).toMatchObject({ status: 403, body: { code: 'auth.sign_in_again' } })
  clock.reset()
  expect((await stranger.delete(ME, {})).status).toBe(204)
})

test('R-149: an account without history goes as a whole, and leaves no row', async () => {
  const person = await someone()
  expect((await person.delete(ME, {})).status).toBe(204)
  expect(await db.selectFrom('users').select('id').where('id', '=', person.id).execute()).toEqual([])
})

test('nobody is erased over an open payment, nor unasked over tickets for a session to come', async () => {
  const ahead = await mine.delete(ME, {})
  expect(ahead).toMatchObject({ status: 409, body: { code: 'privacy.tickets_ahead' } })
  expect(ahead.body.tickets).toMatchObject([{ ticket_id: mine.tickets[0], booking_reference: expect.any(String) }])
  await sql`update payments set status = 'pending' where order_id = ${mine.order}`.execute(db)
  expect(await mine.delete(ME, { confirm: true })).toMatchObject({ status: 409, body: { code: 'privacy.payment_running' } })
  await sql`update payments set status = 'partially_refunded' where order_id = ${mine.order}`.execute(db)
})

test('Q-29: after an erasure no canary is left anywhere but where a reason says so, and everything still adds up', async () => {
  const before = await checkInvariants(db)
  expect((await mine.delete(ME, { confirm: true })).status).toBe(204)
  expect((await mine.get(ME)).status).toBe(401)
  const kept = Object.entries(personal).flatMap(([table, { columns }]) =>
    Object.keys(columns).flatMap((column) => (columns[column]?.fate === 'keep' ? [`${table}.${column}`] : [])),
  )
  const found = await whereIs(db, 'mine-')
  expect(found.filter((column) => !kept.includes(column))).toEqual(['pgboss.job.data'])
  const { rows: jobs } = await sql<{ name: string; data: object }>`
    select name, data from pgboss.job where data::text like '%mine-%' order by name`.execute(db)
  expect(jobs).toMatchObject([
    { name: 'mail.account', data: { kind: 'erased', data: { to: 'mine-users.email@x.test' } } },
    { name: 'media.remove', data: { key: mine.avatar_key } },
  ])
  const row = await db.selectFrom('users').selectAll().where('id', '=', mine.id).executeTakeFirstOrThrow()
  expect(row).toMatchObject({ is_active: false, first_name: '', phone: null, role: 'customer', marketing_consent: false })
  expect(row.email).toMatch(/^erased-[\w-]{36}@erased\.invalid$/)
  const tickets = await db.selectFrom('tickets').select('status').where('user_id', '=', mine.id).orderBy('id').execute()
  expect(tickets.map(({ status }) => status)).toEqual(['paid', 'cancelled'])
  const logged = db.selectFrom('audit_log').select('actor').where('action', '=', 'users.erased').where('object_id', '=', String(mine.id)) // prettier-ignore
  expect(await logged.execute()).toEqual([{ actor: `u:${mine.id}` }])
  expect((await app.anonymous.get(`/api/v1/movies/${mine.show.movie_id}`)).body.ratings_count ?? 0).toBe(0)
  expect((await checkInvariants(db)).violated).toEqual(before.violated)
  expect(before.violated).toEqual([])
  const others = await whereIs(db, 'theirs-')
  expect(planted.filter((column) => !others.includes(column))).toEqual([])
})

test('addresses of buyers are forgotten half a year after their session, and not before', async () => {
  const visitor = await guest()
  const show = await given.session({ seats: 2, starts_in_minutes: 60 })
  const held = await visitor.post('/api/v1/tickets', { session_id: show.id, seat_ids: show.seat_ids.slice(0, 1) })
  const order_id = held.body.order.id as number
  await visitor.post(`/api/v1/orders/${order_id}/pay`, { card_token: 'tok_ok', email: 'guest@x.test' })
  const recipient = 'guest@x.test'
  await db
    .insertInto('mail_log')
    .values({ order_id, kind: 'a_test', recipient, message_id: `<a_test.${order_id}@x>`, sent_at: sql`app.now()` })
    .execute()
  const addresses = async () => {
    await privacy.forgetContacts()
    return whereIs(db, 'guest@x.test')
  }
  clock.advance(180 * DAY_SECONDS)
  expect(await addresses()).toEqual(expect.arrayContaining(['mail_log.recipient', 'orders.email']))
  clock.advance(DAY_SECONDS)
  expect(await addresses()).toEqual([])
  clock.reset()
})

test('the picture goes, and the last mail says what has happened', async () => {
  await app.work()
  const [letter] = await openMailbox(app.directory).expect('mine-users.email@x.test', 'erased')
  expect(letter?.text).toContain('Your account and what it told about you are gone')
  await eventually(
    () => storage.read(mine.avatar_key).then((bytes) => bytes === undefined),
    (isGone) => isGone,
  )
})

test('admins delete accounts of others: with orders they stay as a number, never the last admin’s', async () => {
  const admin = await as('admin')
  expect((await (await someone('manager')).delete(`/api/v1/admin/users/${theirs.id}`)).status).toBe(403)
  expect(await admin.delete(`/api/v1/admin/users/${admin.id}`)).toMatchObject({
    status: 409,
    body: { code: 'staff.not_yourself' },
  })
  expect(await admin.delete(`/api/v1/admin/users/${theirs.id}`)).toMatchObject({
    status: 409,
    body: { code: 'privacy.tickets_ahead' },
  })
  expect((await admin.delete(`/api/v1/admin/users/${theirs.id}`, { confirm: true })).status).toBe(204)
  expect((await admin.delete(`/api/v1/admin/users/${theirs.id}`, { confirm: true })).status).toBe(404)
  expect((await theirs.get(ME)).status).toBe(401)
  await sql`update users set is_active = false where role = 'admin' and id <> ${admin.id}`.execute(db)
  expect(await nobodyElse()).toBe(1)
  expect(await admin.delete(ME, {})).toMatchObject({ status: 409, body: { code: 'users.last_admin' } })
  const second = await someone('admin')
  const gone = await Promise.all([admin.delete(ME, {}), second.delete(ME, {})])
  expect(gone.map(({ status }) => status).toSorted()).toEqual([204, 409])
  expect(await nobodyElse()).toBe(1)
})

test('an admin whose role is taken away meanwhile deletes nobody', async () => {
  const [former, victim] = [await someone('admin'), await given.user()]
  const [holder, watcher] = [await app.pool.connect(), await app.pool.connect()]
  try {
    await holder.query('begin')
    await holder.query(`update users set role = 'customer' where id = $1`, [former.id])
    const late = former.delete(`/api/v1/admin/users/${victim.id}`)
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ilike '%for no key update%'`
    await expect.poll(async () => (await watcher.query(waiting)).rowCount, { timeout: 2_000 }).toBe(1)
    await holder.query('commit')
    expect(await late).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } })
  } finally {
    holder.release()
    watcher.release()
  }
  expect(await db.selectFrom('users').select('id').where('id', '=', victim.id).execute()).toHaveLength(1)
})
