import { Secret, TOTP } from 'otpauth'
import { afterEach, expect, test } from 'vitest'

import { type Reply, startTestApp } from '#testing/app.ts'

const { anonymous, db, clock, pool } = await startTestApp()
const strict = await startTestApp({ config: { STAFF_REQUIRE_TOTP: true } })
afterEach(() => [clock.reset(), strict.clock.reset()])

type House = typeof strict
const AUTH = '/api/v1/auth'
const TOTP_PATH = '/api/v1/users/me/totp'
const PASSWORD = 'Marquee-1'
const bearer = ({ body }: Reply) => ({ authorization: `Bearer ${body.access_token}` })

let serial = 0
const person = async (house: Pick<House, 'anonymous'> = { anonymous }) => {
  serial += 1
  const email = `totp-${serial}@example.org`
  const first = await house.anonymous.post(`${AUTH}/register`, { email, password: PASSWORD })
  const signIn = (proof: object = {}) => house.anonymous.post(`${AUTH}/login`, { email, password: PASSWORD, ...proof })
  return { id: Number(first.body.user.id), email, first, signIn }
}

/** The authenticator app on somebody's phone. */
const phone = (secret: string, time: { now: () => Date }) => {
  const app = new TOTP({ secret: Secret.fromBase32(secret) })
  return (seconds = 0) => app.generate({ timestamp: time.now().getTime() + seconds * 1000 })
}

const enrol = async (signedIn: Reply, house: Pick<House, 'anonymous' | 'clock'> = { anonymous, clock }) => {
  const started = await house.anonymous.post(TOTP_PATH, undefined, bearer(signedIn))
  const code = phone(started.body.secret, house.clock)
  const confirmed = await house.anonymous.post(`${TOTP_PATH}/confirm`, { totp_code: code() }, bearer(signedIn))
  return { started, confirmed, code, recovery_codes: confirmed.body.recovery_codes as string[] }
}
/** What their owner is told by mail of ways to sign in. */
const told = async (id: number) => {
  const { rows } = await pool.query(
    `select data ->> 'kind' as kind from pgboss.job where name = 'mail.account' and (data ->> 'user_id')::int = $1 order by created_on`,
    [id],
  )
  return rows.map(({ kind }) => kind).filter((kind) => kind.startsWith('factor_'))
}
const refused = (code: string, status = 401) => ({ status, body: { code } })

test('R-203: from the first right code of the app on, a password alone signs nobody in', async () => {
  const { id, email, first, signIn } = await person()
  const status = () => anonymous.get(TOTP_PATH, undefined, bearer(first))
  expect((await status()).body).toEqual({ is_enabled: false, confirmed_at: null, recovery_codes_left: 0 })
  expect(await anonymous.post(`${TOTP_PATH}/confirm`, { totp_code: '123456' }, bearer(first))).toMatchObject(
    refused('auth.totp_not_started', 409),
  )
  const started = await anonymous.post(TOTP_PATH, undefined, bearer(first))
  expect(started).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^[A-Z2-7]{32}$/) } })
  expect(started.body.otpauth_url).toContain(`otpauth://totp/Marquee:${encodeURIComponent(email)}?`)
  expect((await signIn()).status).toBe(200)
  const { confirmed, code, recovery_codes } = await enrol(first)
  expect(confirmed.status).toBe(200)
  expect(new Set(recovery_codes).size).toBe(10)
  expect((await status()).body).toMatchObject({ is_enabled: true, recovery_codes_left: 10 })
  expect(await signIn()).toMatchObject(refused('auth.totp_required'))
  clock.advance(30)
  const signedIn = await signIn({ totp_code: code() })
  expect(signedIn.status).toBe(200)
  const { body } = await anonymous.get(`${AUTH}/sign-ins`, undefined, bearer(signedIn))
  expect(body.items[0]).toMatchObject({ is_current: true, is_strong: true })
  const stored = await db.selectFrom('user_totp').selectAll().where('user_id', '=', id).executeTakeFirstOrThrow()
  const codes = await db.selectFrom('recovery_codes').selectAll().where('user_id', '=', id).execute()
  const kept = JSON.stringify([stored, codes])
  for (const secret of [started.body.secret, ...recovery_codes, ...recovery_codes.map((one) => one.replace('-', ''))])
    expect(kept).not.toContain(secret)
})

test('whether a second factor is asked for is told only to who knows the password', async () => {
  const { email, first } = await person()
  await enrol(first)
  for (const more of [{}, { totp_code: '000000' }])
    expect(await anonymous.post(`${AUTH}/login`, { email, password: 'Wrong-1', ...more })).toMatchObject(
      refused('auth.wrong_credentials'),
    )
})

test('a code counts once, also for two who show it at the same moment, and codes of a clock that is half a minute off count', async () => {
  const { first, signIn } = await person()
  const { code } = await enrol(first)
  expect(await signIn({ totp_code: code() })).toMatchObject(refused('auth.wrong_code'))
  clock.advance(90)
  const both = await Promise.all([signIn({ totp_code: code() }), signIn({ totp_code: code() })])
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401])
  expect((await signIn({ totp_code: code(30) })).status).toBe(200)
  expect(await signIn({ totp_code: code(-30) })).toMatchObject(refused('auth.wrong_code'))
  clock.advance(300)
  expect((await signIn({ totp_code: code(-30) })).status).toBe(200)
  for (const far of [-90, 90]) expect(await signIn({ totp_code: code(far) })).toMatchObject(refused('auth.wrong_code'))
})

test('each recovery code signs in once, however it is typed, and stands for a lost phone', async () => {
  const { first, signIn } = await person()
  const { recovery_codes } = await enrol(first)
  const [one = '', two = ''] = recovery_codes
  const raced = await Promise.all(Array.from({ length: 4 }, () => signIn({ recovery_code: one })))
  expect(raced.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401])
  const typed = await signIn({ recovery_code: ` ${two.toLowerCase().replace('-', ' ')} ` })
  expect(typed.status).toBe(200)
  expect((await anonymous.get(TOTP_PATH, undefined, bearer(first))).body.recovery_codes_left).toBe(8)
  const fresh = await anonymous.post(`${TOTP_PATH}/recovery-codes`, { recovery_code: recovery_codes[2] }, bearer(typed))
  expect(fresh.body.recovery_codes).toHaveLength(10)
  expect(await signIn({ recovery_code: recovery_codes[3] })).toMatchObject(refused('auth.wrong_code'))
  expect((await signIn({ recovery_code: fresh.body.recovery_codes[0] })).status).toBe(200)
})

test('who guesses codes is stopped after five, many at once or one by one, and told for how long', async () => {
  const { first, signIn } = await person()
  const { code } = await enrol(first)
  clock.advance(60)
  const wrong = String((Number(code()) + 1) % 1e6).padStart(6, '0')
  const guesses = await Promise.all(Array.from({ length: 12 }, () => signIn({ totp_code: wrong })))
  expect(guesses.filter(({ body }) => body.code === 'auth.wrong_code')).toHaveLength(5)
  const stopped = await signIn({ totp_code: code() })
  expect(stopped).toMatchObject({ ...refused('auth.throttled', 429), headers: { 'retry-after': expect.stringMatching(/^\d+$/) } })
  expect(stopped.body.retry_after).toBeGreaterThan(890)
  clock.advance(901)
  expect((await signIn({ totp_code: code() })).status).toBe(200)
})

test('a right code forgives the wrong ones before it', async () => {
  const { first, signIn } = await person()
  const { code } = await enrol(first)
  for (let round = 1; round <= 3; round += 1) {
    clock.advance(60)
    for (let guess = 1; guess <= 3; guess += 1) expect((await signIn({ totp_code: code(3_600) })).status).toBe(401)
    expect((await signIn({ totp_code: code() })).status).toBe(200)
  }
})

test('an app is set up shortly after signing in only, replaced by none before it is removed, and removed by its code alone', async () => {
  const { id, first, signIn } = await person()
  clock.advance(601)
  expect(await anonymous.post(TOTP_PATH, undefined, bearer(first))).toMatchObject(refused('auth.sign_in_again', 403))
  const again = await signIn()
  const { code } = await enrol(again)
  expect(await anonymous.post(TOTP_PATH, undefined, bearer(again))).toMatchObject(refused('auth.totp_enabled', 409))
  expect(await anonymous.delete(TOTP_PATH, {}, bearer(again))).toMatchObject(refused('auth.factor_refused', 422))
  expect(await anonymous.delete(TOTP_PATH, { totp_code: code(600) }, bearer(again))).toMatchObject(
    refused('auth.factor_refused', 422),
  )
  clock.advance(30)
  expect((await anonymous.delete(TOTP_PATH, { totp_code: code() }, bearer(again))).status).toBe(204)
  expect((await signIn()).status).toBe(200)
  expect(await anonymous.delete(TOTP_PATH, { totp_code: code() }, bearer(again))).toMatchObject(
    refused('auth.totp_not_enabled', 409),
  )
  expect(await told(id)).toEqual(['factor_added', 'factor_removed'])
  const written = await db
    .selectFrom('audit_log')
    .select(['action', 'actor', 'after'])
    .where('action', 'like', 'auth.factor%')
    .where('object_id', '=', String(id))
    .orderBy('id')
    .execute()
  expect(written).toEqual(
    ['auth.factor_added', 'auth.factor_removed'].map((action) => ({ action, actor: `u:${id}`, after: { factor: 'totp' } })),
  )
})

test('bad input and strangers are refused', async () => {
  const { first } = await person()
  for (const totp_code of ['12345', '1234567', 'abcdef', '１２３４５６', 123_456])
    expect((await anonymous.post(`${TOTP_PATH}/confirm`, { totp_code }, bearer(first))).status).toBe(422)
  for (const [method, path] of [
    ['get', ''],
    ['post', ''],
    ['post', '/confirm'],
    ['post', '/recovery-codes'],
    ['delete', ''],
  ] as const)
    expect((await anonymous[method](`${TOTP_PATH}${path}`)).status).toBe(401)
})

test('where staff need a second factor, a manager without one may only set it up', async () => {
  const { id, signIn } = await person(strict)
  await strict.db.updateTable('users').set({ role: 'manager' }).where('id', '=', id).execute()
  const weak = await signIn()
  const ask = (path: string, device: Reply) => strict.anonymous.get(path, undefined, bearer(device))
  for (const path of ['/api/v1/tickets', '/api/v1/tickets/statistics', '/api/v1/reports/1'])
    expect([path, (await ask(path, weak)).body.code]).toEqual([path, 'auth.enrolment_required'])
  for (const path of ['/api/v1/users/me', '/api/v1/auth/me', `${AUTH}/sign-ins`, TOTP_PATH])
    expect((await ask(path, weak)).status).toBe(200)
  const { confirmed, code } = await enrol(weak, strict)
  expect(confirmed.status).toBe(200)
  // At once, with the token at hand, and after it was renewed.
  expect((await ask('/api/v1/tickets/statistics', weak)).status).toBe(200)
  const strong = await strict.anonymous.post(`${AUTH}/refresh`, { refresh_token: weak.body.refresh_token })
  expect((await ask('/api/v1/tickets/statistics', strong)).status).toBe(200)
  strict.clock.advance(30)
  const next = await signIn({ totp_code: code() })
  expect((await ask('/api/v1/tickets/statistics', next)).status).toBe(200)
  strict.clock.advance(30)
  expect(await strict.anonymous.delete(TOTP_PATH, { totp_code: code() }, bearer(next))).toMatchObject(
    refused('auth.factor_needed', 409),
  )
  // A new password begins a new sign-in, and what was shown beside the old one still counts.
  const words = { old_password: PASSWORD, new_password: 'Another-8-word' }
  const changed = await strict.anonymous.post('/api/v1/accounts/password/change', words, bearer(next))
  expect(changed.status).toBe(200)
  expect((await ask('/api/v1/tickets', changed)).status).toBe(200)
  const customer = await person(strict)
  const device = await customer.signIn()
  expect((await ask('/api/v1/tickets', device)).status).toBe(200)
  // Whoever becomes staff meanwhile is asked for a second factor at the very next request.
  await strict.db.updateTable('users').set({ role: 'cashier' }).where('id', '=', customer.id).execute()
  await expect.poll(async () => (await ask('/api/v1/tickets', device)).body.code).toBe('auth.enrolment_required')
})
