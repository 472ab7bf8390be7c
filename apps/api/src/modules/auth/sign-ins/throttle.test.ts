import { expect, test } from 'vitest'

import { createApp } from '#app'
import { createLog } from '#platform/log.ts'
import { startTestApp } from '#testing/app.ts'

const config = { AUTH_THROTTLE: true, AUTH_TRIES_PER_ACCOUNT: 10, AUTH_TRIES_PER_ADDRESS: 40 }
const app = await startTestApp({ config, poolSize: 20 })
const { clock, db, pool, server } = app

const LOGIN = '/api/v1/auth/login'
const PASSWORD = 'Marquee-1'
type From = { from?: string; headers?: Record<string, string>; at?: typeof server }
let serial = 0
/** An address that nobody has used yet. */
const somewhere = () => {
  serial += 1
  return `10.1.${serial >> 8}.${serial & 255}`
}
const post = async (url: string, payload: object, { from = somewhere(), headers = {}, at = server }: From = {}) => {
  const reply = await at.inject({ method: 'POST', url, payload, headers, remoteAddress: from })
  return { status: reply.statusCode, body: reply.body ? reply.json() : undefined, headers: reply.headers }
}
const login = (email: string, password: string, from: From = {}) => post(LOGIN, { email, password }, from)
const member = async (from: From = {}) => {
  serial += 1
  const email = `member-${serial}@example.org`
  const registered = await post('/api/v1/auth/register', { email, password: PASSWORD }, from)
  expect(registered.status).toBe(201)
  return { email, id: registered.body.user.id as number, cookies: registered.headers['set-cookie'] as string[] | undefined }
}
/** Wrong passwords, each from another address, so that only the account is counted. */
const guess = (email: string, times: number) => Promise.all(Array.from({ length: times }, () => login(email, 'wrong')))
const statuses = (replies: { status: number }[]) => replies.map(({ status }) => status).toSorted((a, b) => a - b)
const times = (count: number, status: number) => Array.from({ length: count }, () => status)

test('Q-25: of thirty who guess at once ten are heard, then even the right password waits, and nobody else’s does', async () => {
  const { email } = await member()
  expect(statuses(await guess(email, 30))).toEqual([...times(10, 401), ...times(20, 429)])
  const refused = await login(email, PASSWORD)
  expect(refused).toMatchObject({ status: 429, body: { code: 'auth.throttled', retry_after: expect.any(Number) } })
  expect(Number(refused.headers['retry-after'])).toBe(refused.body.retry_after)
  expect(refused.body.retry_after).toBeGreaterThan(800)
  expect(refused.body.retry_after).toBeLessThanOrEqual(900)
  expect((await login((await member()).email, PASSWORD)).status).toBe(200)
  clock.advance(901)
  expect((await login(email, PASSWORD)).status).toBe(200)
  clock.reset()
})

test('Q-25: a login that nobody has is counted and refused like one that somebody has', async () => {
  const { email } = await member()
  const [known, unknown] = [await guess(email, 12), await guess('nobody-at-all@example.org', 12)]
  expect(statuses(unknown)).toEqual(statuses(known))
  const told = (replies: typeof known) => [...new Set(replies.map(({ body }) => `${body.code} ${body.detail}`))].toSorted()
  expect(told(unknown)).toEqual(told(known))
})

test('Q-25: the e-mail and the name of an account are counted as one', async () => {
  const { email, id } = await member()
  const { username } = await db.selectFrom('users').select('username').where('id', '=', id).executeTakeFirstOrThrow()
  expect(statuses([...(await guess(email, 6)), ...(await guess(username, 6))])).toEqual([...times(10, 401), ...times(2, 429)])
})

test('Q-25: two processes count together', async () => {
  const other = await createApp({ config: app.config, database: app.database, keys: app.keys, log: createLog(app.config), clock })
  try {
    const { email } = await member()
    expect(statuses(await guess(email, 9))).toEqual(times(9, 401))
    const replies = await Promise.all(times(4, 0).map(() => login(email, 'wrong', { at: other.server })))
    expect(statuses(replies)).toEqual([401, 429, 429, 429])
  } finally {
    await other.server.close()
  }
})

test('Q-25: strangers cannot lock a known device out, and it may not guess for ever either', async () => {
  const home = somewhere()
  const { email } = await member({ from: home })
  const web = { 'x-marquee-client': 'web' }
  const phone = await member({ headers: web })
  const cookie = (phone.cookies ?? []).map((one) => one.split(';')[0]).join('; ')
  await guess(email, 11)
  await guess(phone.email, 11)
  expect((await login(email, PASSWORD)).status).toBe(429)
  // At home, and with the browser's cookie wherever it is.
  expect((await login(email, PASSWORD, { from: home })).status).toBe(200)
  expect((await login(phone.email, PASSWORD, { headers: { ...web, cookie } })).status).toBe(200)
  expect((await login(phone.email, PASSWORD, { headers: web })).status).toBe(429)
  // A neighbour who comes as a new browser each time is one neighbour.
  const neighbour = await Promise.all(times(12, 0).map(() => login(email, 'wrong', { from: home, headers: web })))
  expect(statuses(neighbour)).toEqual([...times(10, 401), ...times(2, 429)])
})

test('Q-25: one address may try only so many accounts, and an IPv6 network is one address', async () => {
  const tries = await Promise.all(
    times(45, 0).map((_, index) => login(`victim-${index}@example.org`, 'wrong', { from: `2001:db8:7:7::${index + 1}` })),
  )
  expect(statuses(tries)).toEqual([...times(40, 401), ...times(5, 429)])
  expect((await login('victim@example.org', 'wrong', { from: '2001:db8:7:8::1' })).status).toBe(401)
  // Who signs in rightly takes nothing from the others behind the same address.
  const office = somewhere()
  const { email } = await member({ from: office })
  for (let signIn = 0; signIn < 12; signIn += 1) expect((await login(email, PASSWORD, { from: office })).status).toBe(200)
  const { rows } = await pool.query(`select tries from auth_tries where key like 'from:' || $1 || '%'`, [office])
  expect(rows.map(({ tries: left }) => left)).toEqual([0, 0])
})

test('Q-25: links are asked for only so often, the same for every address', async () => {
  const { email } = await member()
  for (const path of ['activate/resend', 'password/reset-request'])
    for (const wish of [email, 'no-member@example.org']) {
      const replies = await Promise.all(times(7, 0).map(() => post(`/api/v1/accounts/${path}`, { email: wish })))
      expect([path, wish, statuses(replies)]).toEqual([
        path,
        wish,
        path === 'activate/resend' ? times(7, 200) : [...times(3, 200), ...times(4, 429)],
      ])
    }
})

test('Q-25: whoever holds a token guesses the password no better, and a taken address is not asked for without end', async () => {
  const from = somewhere()
  const { email } = await member({ from })
  const { body } = await login(email, PASSWORD, { from })
  const headers = { authorization: `Bearer ${body.access_token}` }
  const change = (old_password: string) =>
    post('/api/v1/accounts/password/change', { old_password, new_password: 'Marquee-2-new' }, { headers })
  const guesses = await Promise.all(times(12, 0).map((_, index) => change(`wrong-${index}`)))
  expect(statuses(guesses)).toEqual([...times(10, 422), ...times(2, 429)])
  const taken = await Promise.all(times(12, 0).map(() => post('/api/v1/accounts/register', { email, password: PASSWORD })))
  expect(statuses(taken)).toEqual([...times(10, 409), ...times(2, 429)])
})

test('Q-25: an unknown login is refused in the same time as a wrong password', async () => {
  const people = await Promise.all(times(8, 0).map(() => member()))
  const timed = async (email: string) => {
    const started = performance.now()
    expect((await login(email, 'wrong')).status).toBe(401)
    return performance.now() - started
  }
  const [known, unknown]: [number[], number[]] = [[], []]
  for (let round = 0; round < 3; round += 1)
    for (const [index, { email }] of people.entries()) {
      known.push(await timed(email))
      unknown.push(await timed(`stranger-${index}@example.org`))
    }
  // The quickest of many says what the work takes; what else the machine does only adds.
  const quickest = (all: number[]) => all.toSorted((a, b) => a - b).slice(0, 8)
  const [a, b] = [known, unknown].map((all) => quickest(all).reduce((sum, one) => sum + one, 0)) as [number, number]
  expect(Math.max(a, b) / Math.min(a, b)).toBeLessThan(1.5)
})

test('R-073: a sign-in on a new device is told, one on a known device is not', async () => {
  const home = somewhere()
  const { email, id } = await member({ from: home })
  const told = async () =>
    (await pool.query(`select data from pgboss.job where name = 'mail.account' and data->>'user_id' = $1`, [String(id)])).rows
  await login(email, PASSWORD, { from: home })
  expect(await told()).toEqual([])
  const abroad = somewhere()
  const headers = { 'user-agent': 'Projector/1.0 <b>' }
  await login(email, PASSWORD, { from: abroad, headers })
  await login(email, PASSWORD, { from: abroad, headers })
  expect(await told()).toEqual([
    { data: { kind: 'new_device', user_id: id, data: { device: 'Projector/1.0 <b>', ip: abroad, at: expect.any(String) } } },
  ])
  const { failed_login_count } = await db
    .selectFrom('users')
    .select('failed_login_count')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect(failed_login_count).toBe(0)
})

test('R-170: hashing is bounded: past the queue people are asked to come back, and nobody is forgotten', async () => {
  const replies = await Promise.all(times(130, 0).map((_, index) => login(`crowd-${index}@example.org`, 'wrong')))
  expect(new Set(statuses(replies))).toEqual(new Set([401, 503]))
  const busy = replies.filter(({ status }) => status === 503)
  for (const { body, headers } of busy) {
    expect(body.code).toBe('auth.busy')
    expect(headers['retry-after']).toBe('2')
  }
  expect(busy.length).toBeLessThanOrEqual(28)
  expect((await login('after-the-crowd@example.org', 'wrong')).status).toBe(401)
})
