import { expect, test } from 'vitest'

import { type Reply, startTestApp } from '#testing/app.ts'
import { describeDevice } from './sign-ins.ts'

const { anonymous, db, clock, database, someone, pool } = await startTestApp()

const AUTH = '/api/v1/auth'
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'
const PASSWORD = 'Marquee-1'

let serial = 0
/** A person with one device, and the way to take up another. */
const person = async () => {
  serial += 1
  const email = `sign-in-${serial}@example.org`
  const first = await anonymous.post(`${AUTH}/register`, { email, password: PASSWORD }, { 'user-agent': FIREFOX })
  const signIn = (agent = IPHONE, headers = {}) =>
    anonymous.post(`${AUTH}/login`, { email, password: PASSWORD }, { 'user-agent': agent, ...headers })
  return { id: Number(first.body.user.id), email, first, signIn }
}
const bearer = ({ body }: Reply) => ({ authorization: `Bearer ${body.access_token}` })
const list = async (device: Reply) => (await anonymous.get(`${AUTH}/sign-ins`, undefined, bearer(device))).body.items
const refresh = ({ body }: Reply) => anonymous.post(`${AUTH}/refresh`, { refresh_token: body.refresh_token })

/** Whose access was said to have changed while this was done. */
const heardDuring = async (work: () => Promise<unknown>): Promise<string[]> => {
  const heard: string[] = []
  const stop = await database.listen('access_changed', { hint: (payload) => heard.push(payload), hears: () => undefined })
  await work()
  await pool.query(`select pg_notify('access_changed', 'end')`)
  await expect.poll(() => heard.includes('end')).toBe(true)
  await stop()
  return [...new Set(heard.filter((payload) => payload !== 'end'))]
}

test('R-203: a person sees where they are signed in: device, place and time, this device first', async () => {
  const { first, signIn } = await person()
  clock.advance(60)
  const second = await signIn()
  const items = await list(second)
  expect(items).toMatchObject([
    { device: 'Safari, iOS', device_kind: 'mobile', ip: '127.0.0.1', method: 'password', is_strong: false, is_current: true },
    { device: 'Firefox, Windows', device_kind: 'desktop', is_current: false },
  ])
  expect(Date.parse(items[0].started_at) - Date.parse(items[1].started_at)).toBeGreaterThan(59_000)
  clock.advance(60)
  const refreshed = await refresh(first)
  const [current] = await list(refreshed)
  expect(current).toMatchObject({ id: items[1].id, is_current: true, started_at: items[1].started_at })
  expect(Date.parse(current.last_seen_at)).toBeGreaterThan(Date.parse(items[1].last_seen_at))
  expect(JSON.stringify(items)).not.toContain(first.body.refresh_token)
  clock.reset()
})

test('a lost phone is signed out from the laptop: its refresh token is useless and every process hears of it', async () => {
  const { id, first, signIn } = await person()
  const phone = await signIn()
  const [lost] = await list(phone)
  const heard = await heardDuring(async () => {
    expect((await anonymous.delete(`${AUTH}/sign-ins/${lost.id}`, undefined, bearer(first))).status).toBe(204)
  })
  expect(heard).toEqual([String(id)])
  // Its access token is of no use from the next request on.
  expect(await anonymous.get('/api/v1/users/me', undefined, bearer(phone))).toMatchObject({
    status: 401,
    body: { code: 'auth.invalid_token' },
  })
  expect(await refresh(phone)).toMatchObject({ status: 401, body: { code: 'auth.invalid_refresh_token' } })
  expect(await list(first)).toHaveLength(1)
  expect(await anonymous.delete(`${AUTH}/sign-ins/${lost.id}`, undefined, bearer(first))).toMatchObject({
    status: 404,
    body: { code: 'auth.not_found' },
  })
})

test('R-008: nobody sees or ends the sign-ins of somebody else', async () => {
  const [mine, theirs] = [await person(), await person()]
  const [victim] = await list(theirs.first)
  expect((await list(mine.first)).map(({ id }: { id: string }) => id)).not.toContain(victim.id)
  expect((await anonymous.delete(`${AUTH}/sign-ins/${victim.id}`, undefined, bearer(mine.first))).status).toBe(404)
  expect((await refresh(theirs.first)).status).toBe(200)
  expect((await anonymous.delete(`${AUTH}/sign-ins/1`, undefined, bearer(mine.first))).status).toBe(422)
  for (const [method, path] of [
    ['get', 'sign-ins'],
    ['delete', `sign-ins/${victim.id}`],
    ['post', 'logout-everywhere'],
  ] as const)
    expect((await anonymous[method](`${AUTH}/${path}`)).status).toBe(401)
  expect((await (await someone('admin')).delete(`${AUTH}/sign-ins/${victim.id}`)).status).toBe(404)
})

test('R-203: signing out everywhere ends every device, also this browser and its cookie', async () => {
  const { id, first, signIn } = await person()
  const browser = await signIn(FIREFOX, { 'x-marquee-client': 'web' })
  const phone = await signIn()
  const heard = await heardDuring(async () => {
    const out = await anonymous.post(`${AUTH}/logout-everywhere`, undefined, { ...bearer(browser), 'x-marquee-client': 'web' })
    expect(out).toMatchObject({ status: 204, headers: { 'set-cookie': expect.stringContaining('marquee_refresh=;') } })
  })
  expect(heard).toEqual([String(id)])
  for (const device of [first, phone, browser])
    expect((await anonymous.get('/api/v1/users/me', undefined, bearer(device))).status).toBe(401)
  for (const device of [first, phone]) expect((await refresh(device)).status).toBe(401)
  const open = await db
    .selectFrom('refresh_tokens')
    .select('id')
    .where('user_id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
  expect(open).toEqual([])
})

const mailsTo = async (id: number) =>
  (await pool.query(`select data from pgboss.job where name = 'mail.account' and (data ->> 'user_id')::int = $1`, [id])).rows.map(
    ({ data }) => data,
  )

test('Q-24: a stolen refresh token kills its family, every process hears of it and the person is told once', async () => {
  const { id, first, signIn } = await person()
  const phone = await signIn()
  const successor = await refresh(first)
  expect(await mailsTo(id)).toEqual([])
  clock.advance(11)
  const heard = await heardDuring(async () => {
    const thieves = await Promise.all(
      Array.from({ length: 5 }, () =>
        anonymous.post(`${AUTH}/refresh`, { refresh_token: first.body.refresh_token }, { 'user-agent': 'curl/8.1' }),
      ),
    )
    expect(thieves.map(({ status }) => status)).toEqual(thieves.map(() => 401))
    expect(thieves.filter(({ body }) => body.code === 'auth.refresh_token_reused')).toHaveLength(1)
  })
  expect(heard).toEqual([String(id)])
  expect(await mailsTo(id)).toEqual([
    { kind: 'stolen_token', user_id: id, data: { device: 'curl', ip: '127.0.0.1', at: expect.any(String) } },
  ])
  expect((await refresh(successor)).status).toBe(401)
  expect((await refresh(phone)).status).toBe(200)
  clock.reset()
})

test('Q-24: twenty refreshes at once, over ten connections, make one successor, which begins the next round', async () => {
  const { id, first } = await person()
  let device = first
  for (let round = 1; round <= 3; round += 1) {
    const before: Reply = device
    const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(before)))
    expect(new Set(replies.map(({ body }) => body.refresh_token)).size).toBe(1)
    device = replies[0] as Reply
  }
  const rows = await db.selectFrom('refresh_tokens').selectAll().where('user_id', '=', id).execute()
  expect(rows).toHaveLength(4)
  // Only hashes are stored, of tokens and successors alike.
  for (const token of [first, device].map(({ body }) => String(body.refresh_token)))
    expect(JSON.stringify(rows)).not.toContain(token)
})

test.each([
  [null, { device: null, device_kind: 'unknown' }],
  ['', { device: null, device_kind: 'unknown' }],
  ['curl/8.1', { device: 'curl', device_kind: 'unknown' }],
  ['<script>alert(1)</script>', { device: '<script>alert', device_kind: 'unknown' }],
  [FIREFOX, { device: 'Firefox, Windows', device_kind: 'desktop' }],
])('the device "%s" is described', (user_agent, description) => {
  expect(describeDevice(user_agent)).toEqual(description)
})
