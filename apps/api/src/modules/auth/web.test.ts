import { expect, test } from 'vitest'

import { type Reply, startTestApp } from '#testing/app.ts'

const PUBLIC = 'https://tickets.example.org'
const LISTED = 'https://partner.example.org'
const config = { CORS_ORIGINS: [LISTED] }
const plain = await startTestApp({ config })
const { anonymous, clock } = plain
const secure = await startTestApp({ config: { PUBLIC_URL: PUBLIC } })

const AUTH = '/api/v1/auth'
const WEB = { 'x-marquee-client': 'web' }

/** All but the cookie by which a browser is known again. */
const setCookies = ({ headers }: Reply) =>
  ([headers['set-cookie'] ?? []].flat() as string[]).filter((cookie) => !/^(__Host-)?marquee_device=/.test(cookie))
/** What the browser sends back: the cookie's name and value. */
const jar = (reply: Reply) => ({
  cookie: setCookies(reply)
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; '),
})

let serial = 0
const account = () => {
  serial += 1
  return { email: `web-${serial}@example.org`, password: 'Marquee-1', full_name: 'Olena Petrenko' }
}
const signUp = (headers: Record<string, string> = WEB) => anonymous.post(`${AUTH}/register`, account(), headers)
const refresh = (headers: Record<string, string>) => anonymous.post(`${AUTH}/refresh`, undefined, { ...WEB, ...headers })

test('a browser gets its refresh token in a cookie that no script can read, and never in the body', async () => {
  const person = account()
  const registered = await anonymous.post(`${AUTH}/register`, person, WEB)
  expect(registered).toMatchObject({ status: 201, body: { refresh_token: null, access_token: expect.any(String) } })
  expect(setCookies(registered)).toEqual([
    expect.stringMatching(/^marquee_refresh=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/),
  ])
  const signedIn = await anonymous.post(`${AUTH}/login`, { email: person.email, password: person.password }, WEB)
  expect(signedIn).toMatchObject({ status: 200, body: { refresh_token: null } })
  expect(setCookies(signedIn)).toHaveLength(1)
  const elsewhere = await anonymous.post(`${AUTH}/login`, { email: person.email, password: person.password })
  expect(elsewhere.body.refresh_token).toMatch(/^[\w-]{43}$/)
  expect(setCookies(elsewhere)).toEqual([])
})

test('over HTTPS the cookie belongs to this host alone', async () => {
  const registered = await secure.anonymous.post(`${AUTH}/register`, account(), { ...WEB, origin: PUBLIC })
  expect(setCookies(registered)[0]).toMatch(
    /^__Host-marquee_refresh=[\w-]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  )
  const refreshed = await secure.anonymous.post(`${AUTH}/refresh`, undefined, { ...WEB, ...jar(registered) })
  expect(refreshed.status).toBe(200)
})

test('Q-24: the cookie rotates; two tabs agree on one successor, and a late replay signs the browser out', async () => {
  const first = jar(await signUp())
  const tabs = await Promise.all(Array.from({ length: 6 }, () => refresh(first)))
  expect(new Set(tabs.map((tab) => jar(tab).cookie)).size).toBe(1)
  for (const tab of tabs) expect(tab).toMatchObject({ status: 200, body: { refresh_token: null } })
  const second = jar(tabs[0] as Reply)
  expect(second).not.toEqual(first)
  clock.advance(11)
  const replayed = await refresh(first)
  expect(replayed).toMatchObject({ status: 401, body: { code: 'auth.refresh_token_reused' } })
  expect(setCookies(replayed)[0]).toMatch(/^marquee_refresh=; .*Expires=Thu, 01 Jan 1970/)
  expect(await refresh(second)).toMatchObject({ status: 401, body: { code: 'auth.invalid_refresh_token' } })
  clock.reset()
})

test('without a cookie a browser is told to sign in, and another client to send the token', async () => {
  expect(await refresh({})).toMatchObject({ status: 401, body: { code: 'auth.invalid_refresh_token' } })
  expect(await anonymous.post(`${AUTH}/refresh`)).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/refresh_token' }] },
  })
  expect(await anonymous.post(`${AUTH}/refresh`, {})).toMatchObject({ status: 422 })
})

test('a foreign page cannot refresh, sign out or sign in with a browser’s cookies', async () => {
  const cookie = jar(await signUp())
  for (const path of [`${AUTH}/refresh`, `${AUTH}/logout`]) {
    expect(await anonymous.post(path, undefined, cookie)).toMatchObject({ status: 403, body: { code: 'auth.csrf' } })
    for (const foreign of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'https://localhost:81.evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ])
      expect(await anonymous.post(path, undefined, { ...WEB, ...cookie, ...foreign })).toMatchObject({
        status: 403,
        body: { code: 'auth.csrf' },
      })
  }
  expect(await signUp({ ...WEB, origin: 'https://evil.example' })).toMatchObject({ status: 403, body: { code: 'auth.csrf' } })
  expect((await refresh(cookie)).status).toBe(200)
})

test('our own pages and those of listed origins may refresh', async () => {
  for (const origin of [plain.config.PUBLIC_URL, 'http://localhost:5173', LISTED]) {
    const reply = await refresh({ ...jar(await signUp()), origin, 'sec-fetch-site': 'same-site', host: 'localhost:5173' })
    expect([origin, reply.status]).toEqual([origin, 200])
  }
  expect((await refresh({ ...jar(await signUp()), 'sec-fetch-site': 'same-origin' })).status).toBe(200)
})

test('signing out ends the browser’s sign-in and clears the cookie, with or without an access token', async () => {
  for (const withToken of [true, false]) {
    const signedIn = await signUp()
    const cookie = jar(signedIn)
    const bearer = withToken ? { authorization: `Bearer ${signedIn.body.access_token}` } : {}
    const out = await anonymous.post(`${AUTH}/logout`, undefined, { ...WEB, ...cookie, ...bearer })
    expect(out.status).toBe(204)
    expect(setCookies(out)[0]).toContain('marquee_refresh=;')
    expect(await refresh(cookie)).toMatchObject({ status: 401 })
  }
  expect(await anonymous.post(`${AUTH}/logout`, undefined, WEB)).toMatchObject({ status: 401, body: { code: 'auth.required' } })
})

test('only listed origins are told that they may send credentials', async () => {
  const ask = (origin: string) => anonymous.get('/api/v1/genres', undefined, { origin })
  expect((await ask(LISTED)).headers).toMatchObject({
    'access-control-allow-origin': LISTED,
    'access-control-allow-credentials': 'true',
    vary: expect.stringMatching(/origin/i),
  })
  const { headers } = await ask('https://evil.example')
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  expect(headers['vary']).toMatch(/origin/i)
  const preflight = await plain.server.inject({
    method: 'OPTIONS',
    url: `${AUTH}/refresh`,
    headers: { origin: LISTED, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-marquee-client' },
  })
  expect(preflight).toMatchObject({ statusCode: 204, headers: { 'access-control-allow-headers': 'x-marquee-client' } })
})
