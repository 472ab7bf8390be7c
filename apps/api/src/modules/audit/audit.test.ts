import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { recordEvent } from '#platform/audit.ts'
import { transaction } from '#platform/db/kysely.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { anonymous, as, audit, db, given, pool, someone, clock } = await startTestApp()
const admin = await as('admin')
const AUDIT = '/api/v1/admin/audit'
type Entry = { id: number; action: string; object_id: string; actor: string; before: object | null; after: object | null }

const entries = async (query: string): Promise<Entry[]> => (await admin.get(`${AUDIT}?${query}`)).body.items
const buy = async (buyer: Client, fields: Parameters<typeof given.session>[0] = {}) => {
  const session = await given.session({ seats: 3, ...fields })
  const { body } = await buyer.post('/api/v1/tickets/purchase', {
    event_id: session.id,
    seat_id: session.seat_ids[0],
    card_token: 'tok_ok',
  })
  return { session_id: session.id, hall_id: session.hall_id, ticket_id: body.id as number, order_id: body.order_id as number }
}
const count = async () => Number((await pool.query('select count(*) from audit_log')).rows[0].count)

test('what customers do is in no audit log: they buy, cancel, review and change their names', async () => {
  const before = await count()
  const customer = await someone()
  const { ticket_id } = await buy(customer)
  expect((await customer.post(`/api/v1/tickets/${ticket_id}/cancel`, {})).status).toBe(200)
  const { id: movie_id } = await given.movie()
  expect(
    (await customer.post('/api/v1/reviews', { movie_id, rating: 8, title: 'Good', content: 'A long walk home.' })).status,
  ).toBe(201)
  await customer.patch('/api/v1/users/me', { full_name: 'Ivan Franko' })
  expect(await count()).toBe(before)
})

test('a session that staff price and cancel leaves who, what it was and what it became', async () => {
  const manager = await someone('manager')
  const { session_id } = await buy(await someone())
  await manager.patch(`/api/v1/sessions/${session_id}`, { base_price: 111 })
  await manager.post(`/api/v1/sessions/${session_id}/cancel`, { reason: 'no light' }, { 'x-request-id': 'a-cancellation' })
  const found = await entries(`object_kind=sessions&object_id=${session_id}`)
  expect(found.map(({ action, actor, before, after }) => ({ action, actor, before, after }))).toEqual([
    { action: 'sessions.changed', actor: `u:${manager.id}`, before: { status: 'scheduled' }, after: { status: 'cancelled' } },
    {
      action: 'sessions.changed',
      actor: `u:${manager.id}`,
      before: { base_price_minor: 20_000 },
      after: { base_price_minor: 11_100 },
    },
  ])
  const ofRequest = await entries('request_id=a-cancellation')
  expect(ofRequest.map(({ action }) => action)).toContain('session_cancellations.created')
  expect(ofRequest[0]).toMatchObject({
    actor_name: 'Olena Test',
    role: 'manager',
    operation: 'POST /api/v1/sessions/:id/cancel',
    ip: '127.0.0.1',
  })
})

test('Q-30: money that staff give back is written down with its order and its sum', async () => {
  const cashier = await someone('cashier')
  const { ticket_id, order_id } = await buy(await someone(), { starts_in_minutes: 5 })
  expect((await cashier.post(`/api/v1/tickets/${ticket_id}/cancel`, { reason: 'ill' })).status).toBe(200)
  expect(await entries(`actor=u:${cashier.id}&action=orders.cancelled_by_staff`)).toMatchObject([
    { object_id: String(order_id), after: { reason: 'ill', tickets: [{ id: ticket_id, was: 'paid' }] } },
  ])
  expect(await entries(`actor=u:${cashier.id}&action=refunds.created`)).toMatchObject([{ after: { amount_minor: 20_000 } }])
})

test('whoever opens the door by force, or takes a scan back, answers for it; a plain scan is in the book of the door', async () => {
  const cashier = await someone('cashier')
  const { ticket_id } = await buy(await someone(), { starts_in_minutes: 10 })
  const { booking_reference } = await db
    .selectFrom('tickets')
    .select('booking_reference')
    .where('id', '=', ticket_id)
    .executeTakeFirstOrThrow()
  const scan = (fields: object) => cashier.post('/api/v1/tickets/check-in', { booking_reference, device: 'Door 1', ...fields })
  expect((await scan({})).body.result).toBe('ok')
  expect(await entries(`actor=u:${cashier.id}`)).toEqual([])
  await cashier.post(`/api/v1/tickets/${ticket_id}/check-in/undo`, { reason: 'wrong person' })
  await scan({ force: true, reason: 'lost papers' })
  expect(await entries(`actor=u:${cashier.id}`)).toMatchObject([
    { action: 'tickets.entry_forced', object_id: String(ticket_id), after: { reason: 'lost papers' } },
    { action: 'tickets.entry_undone', object_id: String(ticket_id), after: { reason: 'wrong person' } },
  ])
})

test('what is undone leaves no entry, and what is done past the server is the database’s own', async () => {
  const before = await count()
  const undone = transaction(db, async (tx) => {
    await tx.updateTable('users').set({ role: 'admin' }).where('id', '=', admin.id).execute()
    await recordEvent(tx, { action: 'tests.undone', object_kind: 'tests', object_id: 1 })
    throw new Error('no')
  })
  await expect(undone).rejects.toThrow('no')
  expect(await count()).toBe(before)
  const { id } = await given.user()
  const { rows } = await pool.query(`update users set role = 'manager' where id = $1 returning current_user as account`, [id])
  expect(await entries(`object_kind=users&object_id=${id}`)).toMatchObject([
    { actor: `database:${rows[0].account}`, after: { role: 'manager' } },
  ])
})

test('R-133: of people and of what they wrote the log keeps no words, only that they changed', async () => {
  const [author, moderator] = [await someone(), await someone('moderator')]
  const { id: movie_id } = await given.movie()
  const { body } = await author.post('/api/v1/reviews', {
    movie_id,
    rating: 8,
    title: 'Secret title',
    content: 'A secret walk home.',
  })
  await admin.patch(`/api/v1/reviews/${body.id}`, { content: 'Another secret.' })
  await moderator.delete(`/api/v1/reviews/${body.id}`)
  await db.deleteFrom('users').where('id', '=', author.id).execute()
  const [changed, deleted] = (await entries(`object_kind=reviews&object_id=${body.id}`)).toReversed()
  expect(changed).toMatchObject({ actor: `u:${admin.id}`, before: { content: '…' }, after: { content: '…' } })
  expect(deleted).toMatchObject({ actor: `u:${moderator.id}`, before: { title: '…', rating: 8, user_id: author.id } })
  const [gone] = await entries(`object_kind=users&object_id=${author.id}`)
  expect(gone).toMatchObject({
    action: 'users.deleted',
    before: { id: author.id, role: 'customer', email: '…', hashed_password: '…' },
  })
  const { rows } = await pool.query(`select count(*) as told from audit_log a where a::text ~* 'secret|${author.email}'`)
  expect(rows[0].told).toBe(0)
})

test('a refresh token used twice is a theft that the log remembers', async () => {
  const { body } = await anonymous.post('/api/v1/auth/register', { email: 'stolen@example.org', password: 'Marquee-1' })
  const refresh = (refresh_token: string) => anonymous.post('/api/v1/auth/refresh', { refresh_token })
  await refresh(body.refresh_token)
  clock.advance(11)
  expect((await refresh(body.refresh_token)).body.code).toBe('auth.refresh_token_reused')
  clock.reset()
  expect(await entries('action=auth.refresh_token_reused')).toMatchObject([
    { actor: 'anonymous', object_id: String(body.user.id) },
  ])
})

test('a password that its owner changes is an entry without it', async () => {
  const { body } = await anonymous.post('/api/v1/auth/register', { email: 'change@example.org', password: 'Marquee-1' })
  const change = { old_password: 'Marquee-1', new_password: 'A longer passphrase of mine' }
  const headers = { authorization: `Bearer ${body.access_token}` }
  expect((await anonymous.post('/api/v1/auth/password/change', change, headers)).status).toBeLessThan(300)
  const mine = { actor: `u:${body.user.id}`, operation: 'POST /api/v1/auth/password/change' }
  const [entry] = await entries(`object_kind=users&object_id=${body.user.id}`)
  expect(entry).toMatchObject({ ...mine, action: 'users.changed', after: { hashed_password: '…' } })
})

test('entries are found by who, what, when, and listed page by page', async () => {
  const all = (await admin.get(`${AUDIT}?size=2`)).body
  expect(all.items).toHaveLength(2)
  const next = (await admin.get(`${AUDIT}?size=2&cursor=${all.next_cursor}`)).body
  expect(next.items[0].id).toBeLessThan(all.items[1].id)
  expect(await entries(`from=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([])
  expect((await entries(`to=${new Date(Date.now() + 60_000).toISOString()}&object_kind=users`)).length).toBeGreaterThan(0)
  for (const query of ['from=yesterday', 'who=me', 'actor=', 'cursor=x'])
    expect((await admin.get(`${AUDIT}?${query}`)).status).toBe(422)
})

test('the file has all that fits, runs nothing in a spreadsheet, and its export is an entry itself', async () => {
  await recordEvent(db, { action: 'tests.formula', object_kind: '=HYPERLINK("x")', object_id: null })
  const { status, headers, body } = await admin.get(`${AUDIT}/export?action=tests.formula`)
  expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/csv; charset=utf-8' })
  const [head, row] = body.split('\r\n')
  expect(head).toContain('id,at,actor,actor_name,role,action,object_kind,object_id,before,after')
  expect(row).toContain(`"'=HYPERLINK(""x"")"`)
  expect((await entries('action=audit.exported'))[0]).toMatchObject({
    actor: `u:${admin.id}`,
    after: { action: 'tests.formula' },
  })
})

test('nobody but an admin reads it', async () => {
  for (const path of [AUDIT, `${AUDIT}/export`]) {
    expect((await anonymous.get(path)).status).toBe(401)
    for (const role of ['customer', 'cashier', 'moderator', 'manager'] as const)
      expect((await (await as(role)).get(path)).status).toBe(403)
  }
})

test('I12: entries are only ever added, and those written side by side are sealed in one chain', async () => {
  for (const change of [
    'update audit_log set actor = actor',
    'delete from audit_log',
    'truncate audit_log cascade',
    'update audit_seals set hash = hash',
    'delete from audit_seals',
  ])
    await expect(pool.query(change)).rejects.toThrow('only ever added')
  const write = (object_id: number) => recordEvent(db, { action: 'tests.parallel', object_kind: 'tests', object_id })
  await Promise.all([...Array.from({ length: 40 }, (_, index) => write(index)), audit.seal(), audit.seal(), audit.seal()])
  await audit.seal()
  expect((await entries('action=tests.parallel&size=100')).every((entry) => (entry as { sealed?: boolean }).sealed)).toBe(true)
  const { findings } = await checkInvariants(db)
  expect(findings.find(({ id }) => id === 'I12')).toMatchObject({ verdict: 'holds', count: 0 })
})

const third = '(select audit_id from audit_seals where position = 3)'
const corruptions: [what: string, problem: string, ...statements: string[]][] = [
  ['changes an entry', 'was changed after it had been sealed', `update audit_log set actor = 'u:1' where id = ${third}`],
  [
    'changes an entry and seals it anew',
    'was changed after it had been sealed',
    `update audit_log set actor = 'u:1' where id = ${third}`,
    `update audit_seals s set hash = app.audit_hash((select hash from audit_seals where position = 2), a)
       from audit_log a where a.id = s.audit_id and s.position = 3`,
  ],
  ['drops an entry', 'an entry of the audit log has gone', `delete from audit_log where id = ${third}`],
  [
    'drops an entry with its seal',
    'a seal of the audit log has gone',
    `delete from audit_log where id = ${third}`,
    'delete from audit_seals where position = 3',
  ],
  [
    'slips an entry in',
    'has no seal and waits for none',
    `insert into audit_log (actor, action, object_kind) values ('u:1', 'tests.hidden', 'tests')`,
  ],
]
const UNDONE = Symbol('undone')

test.each(corruptions)('I12: whoever %s is found out, be it the owner of the database', async (_what, problem, ...statements) => {
  await audit.seal()
  let found: string[] = []
  const breaking = db.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx)
    for (const statement of statements) expect((await sql.raw(statement).execute(tx)).numAffectedRows).toBe(1n)
    const { findings } = await checkInvariants(tx)
    found = findings.find(({ id }) => id === 'I12')?.examples.map((example) => example.problem) ?? []
    throw UNDONE
  })
  await expect(breaking).rejects.toBe(UNDONE)
  expect(found.join('; ')).toContain(problem)
})

test('I12: an entry that waits for its seal too long is noticed once the sealer should have run', async () => {
  await recordEvent(db, { action: 'tests.forgotten', object_kind: 'tests', object_id: null })
  const verdict = async (sweeperRan: boolean) =>
    (await checkInvariants(db, { sweeperRan })).findings.find(({ id }) => id === 'I12')?.verdict
  clock.advance(600)
  expect([await verdict(false), await verdict(true)]).toEqual(['holds', 'violated'])
  await audit.seal()
  expect(await verdict(true)).toBe('holds')
  clock.reset()
})
