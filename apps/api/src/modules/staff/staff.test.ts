import { afterAll, expect, test } from 'vitest'

import { createApp } from '#app'
import { openServer } from '#platform/db/pool.ts'
import { permissions } from '#platform/http/access.ts'
import { createLog } from '#platform/log.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const app = await startTestApp()
const { anonymous, as, db, given, someone } = app
const admin = await as('admin')
const USERS = '/api/v1/admin/users'
const ME = '/api/v1/users/me'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const register = async () => {
  const account = { email: `s${Math.random()}@example.org`, password: 'Marquee-1' }
  const { body } = await anonymous.post('/api/v1/auth/register', account)
  return {
    ...account,
    id: body.user.id as number,
    headers: bearer(body.access_token),
    refresh_token: body.refresh_token as string,
  }
}
const logged = (object_id: number) =>
  db
    .selectFrom('audit_log')
    .selectAll()
    .where('object_kind', 'in', ['users', 'staff_assignments'])
    .where('object_id', '=', String(object_id))
    .orderBy('id')
    .execute()

test('R-007: an admin makes a cashier of two cinemas, who signs in and works there', async () => {
  const [one, two, three] = [await given.cinema(), await given.cinema(), await given.cinema()]
  const wish = {
    email: 'Cash@example.org',
    password: 'Marquee-1',
    full_name: 'Тарас Бойко',
    role: 'cashier',
    cinema_ids: [one.id, two.id],
  }
  const { status, body } = await admin.post(USERS, wish)
  expect(status).toBe(201)
  expect(body).toMatchObject({ email: 'cash@example.org', role: 'cashier', is_verified: true, cinema_ids: [one.id, two.id] })
  const { body: signedIn } = await anonymous.post('/api/v1/auth/login', { email: wish.email, password: wish.password })
  const mine = await anonymous.get('/api/v1/users/me/access', undefined, bearer(signedIn.access_token))
  expect(mine.body).toEqual({
    role: 'cashier',
    permissions: ['docs.read', 'tickets.check_in', 'tickets.manage'],
    cinema_ids: [one.id, two.id],
    impersonated_by: null,
  })
  expect(await admin.put(`${USERS}/${body.id}/cinemas`, { cinema_ids: [three.id] })).toMatchObject({
    status: 200,
    body: { cinema_ids: [three.id] },
  })
  expect((await admin.get(`${USERS}?cinema_id=${three.id}&role=cashier`)).body.items.map(({ id }: { id: number }) => id)).toEqual(
    [body.id],
  )
  expect((await logged(body.id)).map(({ action, actor, before, after }) => [action, actor, before, after])).toMatchObject([
    ['users.changed', `u:${admin.id}`, { is_verified: false }, { is_verified: true }],
    ['users.changed', `u:${admin.id}`, { role: 'customer' }, { role: 'cashier' }],
    ['staff_assignments.created', `u:${admin.id}`, null, { cinema_id: one.id }],
    ['staff_assignments.created', `u:${admin.id}`, null, { cinema_id: two.id }],
    ['staff_assignments.deleted', `u:${admin.id}`, { cinema_id: one.id }, null],
    ['staff_assignments.deleted', `u:${admin.id}`, { cinema_id: two.id }, null],
    ['staff_assignments.created', `u:${admin.id}`, null, { cinema_id: three.id }],
  ])
})

test('cinemas are for those who work at chosen ones, and must exist', async () => {
  const [customer, moderator, cashier] = [
    await given.user(),
    await given.user({ role: 'moderator' }),
    await given.user({ role: 'cashier' }),
  ]
  for (const { id } of [customer, moderator])
    expect(await admin.put(`${USERS}/${id}/cinemas`, { cinema_ids: [] })).toMatchObject({
      status: 409,
      body: { code: 'staff.not_of_cinemas' },
    })
  expect(await admin.put(`${USERS}/${cashier.id}/cinemas`, { cinema_ids: [9_999_999] })).toMatchObject({
    status: 422,
    body: { code: 'staff.no_such_cinema' },
  })
  expect(await admin.put(`${USERS}/9999999/cinemas`, { cinema_ids: [] })).toMatchObject({ status: 404 })
  const { body } = await admin.put(`${USERS}/${cashier.id}/group`, { role: 'admin' })
  expect(body.cinema_ids).toBeNull()
  expect((await admin.put(`${USERS}/${cashier.id}/group`, { group: 'user' })).body).toMatchObject({
    role: 'customer',
    cinema_ids: [],
  })
  for (const wish of [{}, { role: 'king' }, { role: 'admin', group: 'admin' }])
    expect((await admin.put(`${USERS}/${cashier.id}/group`, wish)).status).toBe(422)
})

test('an admin takes a role away: the very next request is refused in both processes, and who did it is written down', async () => {
  const database = openServer({ url: app.database.url, size: 5 })
  const other = await createApp({ config: app.config, database, keys: app.keys, log: createLog(app.config) })
  await other.open()
  afterAll(async () => {
    await other.close()
    await database.close()
  })
  const manager = await someone('manager')
  const everywhere = async () => [
    (await manager.get('/api/v1/reports')).status,
    (await other.server.inject({ url: '/api/v1/reports', headers: manager.headers })).statusCode,
  ]
  expect(await everywhere()).toEqual([200, 200])
  const answer = await admin.put(`${USERS}/${manager.id}/group`, { group: 'user' }, { 'x-request-id': 'request-of-the-test' })
  expect(answer).toMatchObject({ status: 200, body: { role: 'customer' } })
  expect(await everywhere()).toEqual([403, 403])
  expect(await logged(manager.id)).toContainEqual(
    expect.objectContaining({
      action: 'users.changed',
      actor: `u:${admin.id}`,
      role: 'admin',
      before: { role: 'manager' },
      after: { role: 'customer' },
      operation: 'PUT /api/v1/admin/users/:id/group',
      request_id: 'request-of-the-test',
      ip: '127.0.0.1',
    }),
  )
})

test('R-081: a blocked person is out at once, on every device, until the account is unblocked', async () => {
  const person = await register()
  const me = () => anonymous.get(ME, undefined, person.headers)
  expect((await me()).status).toBe(200)
  expect(await admin.post(`${USERS}/${person.id}/block`)).toMatchObject({ status: 200, body: { is_active: false } })
  expect((await me()).status).toBe(401)
  expect((await anonymous.post('/api/v1/auth/refresh', { refresh_token: person.refresh_token })).status).toBe(401)
  const login = () =>
    anonymous.post(
      '/api/v1/auth/login',
      { email: person.email, password: person.password },
      { 'x-request-id': 'blocked-sign-in' },
    )
  expect(await login()).toMatchObject({ status: 403, body: { code: 'auth.blocked' } })
  expect((await logged(person.id)).at(-1)).toMatchObject({
    action: 'auth.blocked',
    actor: 'anonymous',
    request_id: 'blocked-sign-in',
  })
  expect(await admin.post(`${USERS}/${person.id}/unblock`)).toMatchObject({ status: 200, body: { is_active: true } })
  expect((await login()).status).toBe(200)
})

test('R-071, R-081: an admin activates an account by hand', async () => {
  const { id } = await given.user()
  expect(await admin.post(`${USERS}/${id}/activate`)).toMatchObject({
    status: 200,
    body: { is_active: true, is_verified: true, activated_at: expect.any(String) },
  })
  expect(
    (await admin.get(`${USERS}?is_verified=true&is_active=true&size=100`)).body.items.map((user: { id: number }) => user.id),
  ).toContain(id)
})

test('R-203: an admin sees where somebody is signed in, and signs them out everywhere', async () => {
  const person = await register()
  await anonymous.post(
    '/api/v1/auth/login',
    { email: person.email, password: person.password },
    { 'user-agent': 'Firefox on a phone' },
  )
  const { body } = await admin.get(`${USERS}/${person.id}/sign-ins`)
  expect(body.items).toHaveLength(2)
  expect(body.items[0]).toMatchObject({ user_agent: 'Firefox on a phone', ip: '127.0.0.1' })
  expect((await admin.delete(`${USERS}/${person.id}/sign-ins`)).status).toBe(204)
  expect((await anonymous.get(ME, undefined, person.headers)).status).toBe(401)
  expect((await admin.get(`${USERS}/${person.id}/sign-ins`)).body.items).toEqual([])
  expect((await logged(person.id)).at(-1)).toMatchObject({
    action: 'auth.sign_ins_ended',
    actor: `u:${admin.id}`,
    after: { ended: 2 },
  })
})

test('an admin looks through somebody’s eyes, changes nothing, and it is written down', async () => {
  const customer = await someone()
  const eyes = await admin.post(`${USERS}/${customer.id}/impersonate`, { reason: 'cannot see a ticket' })
  expect(eyes).toMatchObject({ status: 201, body: { expires_in: 600, user: { id: customer.id } } })
  const headers = bearer(eyes.body.access_token)
  expect((await anonymous.get(ME, undefined, headers)).body.id).toBe(customer.id)
  expect((await anonymous.get('/api/v1/users/me/access', undefined, headers)).body).toMatchObject({
    role: 'customer',
    impersonated_by: admin.id,
  })
  const tries: [method: 'post' | 'put' | 'patch' | 'delete', path: string, body?: object][] = [
    ['patch', ME, { full_name: 'Somebody Else' }],
    ['post', '/api/v1/tickets', { session_id: 1, seat_ids: [1] }],
    ['post', '/api/v1/auth/logout'],
    ['post', `${USERS}/${customer.id}/block`],
    ['delete', '/api/v1/reviews/1'],
  ]
  for (const [method, path, body] of tries)
    expect([path, await anonymous[method](path, body, headers)]).toMatchObject([
      path,
      { status: 403, body: { code: 'auth.read_only' } },
    ])
  expect((await logged(customer.id)).at(-1)).toMatchObject({
    action: 'users.impersonated',
    actor: `u:${admin.id}`,
    after: { reason: 'cannot see a ticket' },
  })
})

test('eyes close with the admin’s own sign-in, role or account', async () => {
  const endings: ((id: number) => Promise<unknown>)[] = [
    (id) => admin.delete(`${USERS}/${id}/sign-ins`),
    (id) => admin.put(`${USERS}/${id}/group`, { role: 'manager' }),
    (id) => admin.post(`${USERS}/${id}/block`),
  ]
  const customer = await someone()
  for (const end of endings) {
    const other = await someone('admin')
    const { body } = await other.post(`${USERS}/${customer.id}/impersonate`)
    expect((await anonymous.get(ME, undefined, bearer(body.access_token))).status).toBe(200)
    await end(other.id)
    expect((await anonymous.get(ME, undefined, bearer(body.access_token))).status).toBe(401)
  }
  const blocked = await someone()
  await admin.post(`${USERS}/${blocked.id}/block`)
  expect(await admin.post(`${USERS}/${blocked.id}/impersonate`)).toMatchObject({
    status: 409,
    body: { code: 'staff.not_active' },
  })
  expect(await admin.post(`${USERS}/${(await someone('admin')).id}/impersonate`)).toMatchObject({
    status: 409,
    body: { code: 'staff.is_admin' },
  })
})

test('nobody does this to themselves, and of two admins who demote each other one stays', async () => {
  for (const deed of ['block', 'unblock', 'activate', 'impersonate'])
    expect(await admin.post(`${USERS}/${admin.id}/${deed}`)).toMatchObject({ status: 409, body: { code: 'staff.not_yourself' } })
  expect(await admin.put(`${USERS}/${admin.id}/group`, { role: 'customer' })).toMatchObject({ status: 409 })

  await db.updateTable('users').set({ role: 'customer' }).where('role', '=', 'admin').where('id', '<>', admin.id).execute()
  for (let round = 0; round < 10; round += 1) {
    const rival = await someone('admin')
    const demote = (by: Client, id: number) => by.put(`${USERS}/${id}/group`, { role: 'customer' })
    const replies = await Promise.all([demote(admin, rival.id), demote(rival, admin.id)])
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 403])
    await db.updateTable('users').set({ role: 'admin' }).where('id', '=', admin.id).execute()
    await db.updateTable('users').set({ role: 'customer' }).where('id', '=', rival.id).execute()
  }
})

test('R-009: what roles may do is shown to admins, and none of this to anybody else', async () => {
  const { body } = await admin.get('/api/v1/admin/roles')
  const ofAdmin = body.items.find(({ role }: { role: string }) => role === 'admin')
  expect(ofAdmin).toEqual({ role: 'admin', is_everywhere: true, permissions: Object.keys(permissions).toSorted() })
  const { id } = await given.user()
  const refused = async (person: Client, status: number) => {
    for (const path of [USERS, `${USERS}/${id}`, `${USERS}/${id}/sign-ins`, '/api/v1/admin/roles'])
      expect((await person.get(path)).status).toBe(status)
    for (const deed of ['activate', 'block', 'unblock', 'impersonate'])
      expect((await person.post(`${USERS}/${id}/${deed}`)).status).toBe(status)
    expect((await person.put(`${USERS}/${id}/group`, { role: 'admin' })).status).toBe(status)
    expect((await person.put(`${USERS}/${id}/cinemas`, { cinema_ids: [] })).status).toBe(status)
    expect((await person.delete(`${USERS}/${id}/sign-ins`)).status).toBe(status)
    expect((await person.post(USERS, { email: 'a@example.org', password: 'Marquee-1', role: 'admin' })).status).toBe(status)
  }
  await refused(anonymous, 401)
  for (const role of ['customer', 'cashier', 'moderator', 'manager'] as const) await refused(await as(role), 403)
  expect(await db.selectFrom('users').select(['role', 'is_active']).where('id', '=', id).executeTakeFirst()).toEqual({
    role: 'customer',
    is_active: true,
  })
})

test('no secret is among the fields of an account, and a weak password is refused', async () => {
  const { body } = await admin.get(`${USERS}/${admin.id}`)
  for (const secret of ['hashed_password', 'failed_login_count', 'locked_until']) expect(body).not.toHaveProperty(secret)
  expect(await admin.post(USERS, { email: 'weak@example.org', password: 'alllowercase', role: 'cashier' })).toMatchObject({
    status: 422,
    body: { code: 'auth.weak_password' },
  })
})

test('an admin takes lost second factors away: who lost them is signed out, told, and let in by the password alone', async () => {
  const { id, email, password, headers } = await register()
  await db.insertInto('passkeys').values({ user_id: id, credential_id: 'lost', public_key: 'none', name: 'Lost' }).execute()
  await db.insertInto('user_totp').values({ user_id: id, sealed_secret: 'lost', confirmed_at: new Date() }).execute()
  await db.insertInto('recovery_codes').values({ user_id: id, code_hash: 'lost' }).execute()
  const login = () => anonymous.post('/api/v1/auth/login', { email, password })
  expect(await login()).toMatchObject({ status: 401, body: { code: 'auth.totp_required' } })
  for (const refused of [await as('manager'), await as('customer')])
    expect(await refused.delete(`${USERS}/${id}/factors`)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } })
  expect(await admin.delete(`${USERS}/${admin.id}/factors`)).toMatchObject({ status: 409, body: { code: 'staff.not_yourself' } })
  expect((await admin.delete(`${USERS}/9999999/factors`)).status).toBe(404)

  expect((await admin.delete(`${USERS}/${id}/factors`)).status).toBe(204)
  expect((await anonymous.get(ME, undefined, headers)).status).toBe(401)
  expect((await login()).status).toBe(200)
  // With nothing left to take away nobody is told of anything.
  expect((await admin.delete(`${USERS}/${id}/factors`)).status).toBe(204)
  expect((await login()).status).toBe(200)
  for (const table of ['passkeys', 'user_totp', 'recovery_codes'] as const)
    expect(await db.selectFrom(table).select('user_id').where('user_id', '=', id).execute()).toEqual([])
  const entries = (await logged(id)).filter(({ action }) => action === 'auth.factors_removed')
  expect(entries).toMatchObject([{ actor: `u:${admin.id}`, role: 'admin' }])
  const { rows } = await app.pool.query(
    `select data ->> 'kind' as kind from pgboss.job where name = 'mail.account' and (data ->> 'user_id')::int = $1 and data ->> 'kind' like 'factor%'`,
    [id],
  )
  expect(rows).toEqual([{ kind: 'factors_removed' }])
})
