import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, clock, db } = await startTestApp({ config: { ACCESS_TOKEN_SECONDS: 900 } })

const register = (fields: object = {}) =>
  anonymous.post('/api/v1/auth/register', {
    email: `u${Math.random()}@example.org`,
    password: 'Marquee-1',
    full_name: 'Olena Petrenko',
    ...fields,
  })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test('R-010, R-012, R-030, R-032: a visitor registers with an e-mail and a password and is signed in', async () => {
  const { status, body } = await register({ email: 'Olena@Example.org' })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    token_type: 'bearer',
    user: { email: 'olena@example.org', full_name: 'Olena Petrenko', first_name: 'Olena', role: 'customer', is_admin: false },
  })
  expect(JSON.stringify(body)).not.toContain('hashed_password')
  expect(body.user.last_login_at).not.toBeNull()
  const me = await anonymous.get('/api/v1/auth/me', undefined, bearer(body.access_token))
  expect(me).toMatchObject({ status: 200, body: { email: 'olena@example.org', tickets_count: 0, total_spent: 0 } })
})

test('R-010: an e-mail can be registered once, whatever its case', async () => {
  await register({ email: 'twice@example.org' })
  expect(await register({ email: 'TWICE@example.org' })).toMatchObject({ status: 409, body: { code: 'auth.email_taken' } })
})

test('R-030: weak passwords, addresses that are none and unknown fields are refused with the field', async () => {
  expect(await register({ password: 'alllowercase' })).toMatchObject({ status: 422, body: { code: 'auth.weak_password' } })
  expect(await register({ email: 'nobody' })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/email' }] } })
  expect(await register({ role: 'admin' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/role', code: 'request.unknown_field' }] },
  })
})

test('R-011, R-031: a person signs in by e-mail or username, with JSON or a form', async () => {
  const { body } = await register({ email: 'forms@example.org', username: 'forms' })
  expect(body.user.username).toBe('forms')
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  expect(await anonymous.post('/api/v1/auth/login', { email: 'forms@example.org', password: 'Marquee-1' })).toMatchObject({
    status: 200,
  })
  expect(await anonymous.post('/auth/login', 'username=forms&password=Marquee-1', form)).toMatchObject({
    status: 200,
    body: { user: { username: 'forms' } },
  })
  expect(await anonymous.post('/auth/login', { email: 'forms@example.org', password: 'wrong' })).toMatchObject({
    status: 401,
    body: { code: 'auth.wrong_credentials' },
  })
  expect(await anonymous.post('/auth/login', { email: 'nobody@example.org', password: 'wrong' })).toMatchObject({
    status: 401,
    body: { code: 'auth.wrong_credentials' },
  })
})

test('parallel refreshes of one token agree on one successor, and a late replay signs the device out', async () => {
  const { body } = await register()
  const refresh = (refresh_token: string) => anonymous.post('/api/v1/auth/refresh', { refresh_token })
  const replies = await Promise.all(Array.from({ length: 8 }, () => refresh(body.refresh_token)))
  const successors = new Set(replies.map((reply) => reply.body.refresh_token))
  expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: 8 }, () => 200))
  expect(successors.size).toBe(1)
  const [successor] = [...successors]
  clock.advance(11)
  expect(await refresh(body.refresh_token)).toMatchObject({ status: 401, body: { code: 'auth.refresh_token_reused' } })
  expect(await refresh(successor)).toMatchObject({ status: 401, body: { code: 'auth.invalid_refresh_token' } })
  clock.reset()
})

test('a sign-in ends after a longest time, however often it is refreshed', async () => {
  const day = 24 * 3600
  const { body } = await register({ email: 'forever@example.org' })
  const refresh = (refresh_token: string) => anonymous.post('/api/v1/auth/refresh', { refresh_token })
  let token = body.refresh_token
  for (let weeks = 1; weeks <= 8; weeks += 1) {
    clock.advance(21 * day)
    const next = await refresh(token)
    expect(next.status).toBe(200)
    token = next.body.refresh_token
  }
  // 168 days have passed; this token would be good for 30 more, its sign-in is for 12.
  clock.advance(12 * day - 60)
  token = (await refresh(token)).body.refresh_token
  clock.advance(61)
  expect(await refresh(token)).toMatchObject({ status: 401, body: { code: 'auth.invalid_refresh_token' } })
  clock.reset()
})

test('signing out makes the refresh token useless', async () => {
  const { body } = await register()
  expect(await anonymous.post('/api/v1/auth/logout', undefined, bearer(body.access_token))).toMatchObject({ status: 204 })
  expect(await anonymous.post('/api/v1/auth/refresh', { refresh_token: body.refresh_token })).toMatchObject({ status: 401 })
})

test('R-201: access tokens expire, and forged ones are not accepted', async () => {
  const { body } = await register()
  clock.advance(901)
  expect(await anonymous.get('/users/me', undefined, bearer(body.access_token))).toMatchObject({ status: 401 })
  clock.reset()
  const [header, payload] = body.access_token.split('.')
  for (const forged of [`${header}.${payload}.`, `${header}.${payload}.AAAA`, 'x', `${btoa('{"alg":"none"}')}.${payload}.`])
    expect(await anonymous.get('/users/me', undefined, bearer(forged))).toMatchObject({
      status: 401,
      body: { code: 'auth.invalid_token' },
    })
  expect(await anonymous.get('/users/me')).toMatchObject({ status: 401, body: { code: 'auth.required' } })
})

test('R-013: a person changes own fields, never the role', async () => {
  const me = await as('customer')
  expect(await me.patch('/api/v1/users/me', { full_name: 'Ivan Franko', city: 'Lviv' })).toMatchObject({
    status: 200,
    body: { first_name: 'Ivan', last_name: 'Franko', city: 'Lviv' },
  })
  expect(await me.patch('/api/v1/users/me', { role: 'admin' })).toMatchObject({ status: 422 })
  expect(await me.patch('/api/v1/users/me', { is_active: false })).toMatchObject({ status: 422 })
  const { role } = await db.selectFrom('users').select('role').where('id', '=', me.id).executeTakeFirstOrThrow()
  expect(role).toBe('customer')
})
