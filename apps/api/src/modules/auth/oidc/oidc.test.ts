import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Secret, TOTP } from 'otpauth'
import { afterAll, afterEach, expect, test } from 'vitest'

import { type Reply, startTestApp } from '#testing/app.ts'
import { startOidcProvider } from '#testing/oidc-provider.ts'
import { readOidcProviders } from './oidc-providers.ts'

const OIDC = '/api/v1/auth/oidc'
const provider = await startOidcProvider(`http://127.0.0.1:8000${OIDC}/local/callback`)
const folder = mkdtempSync(join(tmpdir(), 'marquee-oidc-'))
const file = join(folder, 'providers.json')
const local = { name: 'local', label: 'The town’s library', issuer: provider.issuer, ...provider.client }
const gone = { ...local, name: 'gone', issuer: 'http://127.0.0.1:9' }
writeFileSync(file, JSON.stringify([local, gone]))
const { anonymous, db, clock, pool } = await startTestApp({ config: { OIDC_PROVIDERS_FILE: file } })
afterEach(clock.reset)
afterAll(async () => {
  await provider.close()
  rmSync(folder, { recursive: true })
})

const cookiesOf = ({ headers }: Reply): string[] => [headers['set-cookie'] ?? []].flat() as string[]
const jar = (reply: Reply) => ({
  cookie: cookiesOf(reply)
    .map((line) => line.split(';')[0])
    .join('; '),
})
/** Where the browser is led, as the page for signing in reads it. */
const outcome = (reply: Reply) => {
  const { pathname, searchParams } = new URL(String(reply.headers['location']), 'http://127.0.0.1:8000')
  return { pathname, ...Object.fromEntries(searchParams) }
}
const begin = (query = '', name = 'local') => anonymous.get(`${OIDC}/${name}/start${query}`)
const back = async (start: Reply) =>
  (await provider.visit(String(start.headers['location']))).href.replace('http://127.0.0.1:8000', '')
const come = (path: string, start: Reply) => anonymous.get(path, undefined, jar(start))
/** The whole way: to the provider, back, and what the page for signing in does then. */
const signIn = async (query?: string) => {
  const start = await begin(query)
  const reply = await come(await back(start), start)
  const refreshed = await anonymous.post('/api/v1/auth/refresh', undefined, { ...jar(reply), 'x-marquee-client': 'web' })
  return { reply, refreshed, outcome: outcome(reply) }
}
const bearer = ({ body }: Reply) => ({ authorization: `Bearer ${body.access_token}` })
const FAILED = { pathname: '/account/sign-in', oidc: 'failed' }

/** What somebody is told by mail of ways to sign in. */
const toldOf = async (id: number) => {
  const { rows } = await pool.query(
    `select data ->> 'kind' as kind from pgboss.job where name = 'mail.account' and data ->> 'kind' like 'factor%' and (data ->> 'user_id')::int = $1`,
    [id],
  )
  return rows.map(({ kind }) => kind)
}

let serial = 0
const newcomer = (more: object = {}) => {
  serial += 1
  const person = {
    email: `reader-${serial}@example.org`,
    email_verified: true,
    given_name: 'Леся',
    family_name: 'Косач',
    locale: 'uk-UA',
    ...more,
  }
  provider.seat(`reader-${serial}`, person)
  return person
}

test('R-203: a visitor signs in with an account elsewhere, gets one here, and comes back to where they were', async () => {
  expect((await anonymous.get(OIDC)).body).toEqual({
    providers: [
      { name: 'local', label: 'The town’s library', start_url: `${OIDC}/local/start` },
      { name: 'gone', label: 'The town’s library', start_url: `${OIDC}/gone/start` },
    ],
  })
  const { email } = newcomer()
  const first = await signIn('?return_to=/showing/5%3Fseats=2')
  expect(first.outcome).toEqual({ pathname: '/account/sign-in', oidc: 'done', next: '/showing/5?seats=2' })
  expect(first.refreshed).toMatchObject({
    status: 200,
    body: { user: { email, full_name: 'Леся Косач', role: 'customer', is_verified: true, locale: 'uk' }, refresh_token: null },
  })
  const again = await signIn()
  expect(again.refreshed.body.user.id).toBe(first.refreshed.body.user.id)
  const signIns = await anonymous.get('/api/v1/auth/sign-ins', undefined, bearer(again.refreshed))
  expect(signIns.body.items[0]).toMatchObject({ method: 'oidc', is_strong: false, is_current: true })
  // Nobody signs in to this account with a password: there is none.
  for (const password of ['!', ' ', 'Marquee-1'])
    expect((await anonymous.post('/api/v1/auth/login', { email, password })).status).toBe(401)
})

test('the request to the provider proves itself with PKCE, state and nonce, all new each time, and names our address only', async () => {
  const [one, two] = [await begin(), await begin()].map((reply) => new URL(String(reply.headers['location'])))
  expect(one?.origin).toBe(provider.issuer)
  expect(Object.fromEntries(one?.searchParams ?? [])).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: `http://127.0.0.1:8000${OIDC}/local/callback`,
    scope: 'openid email profile',
  })
  for (const name of ['state', 'nonce', 'code_challenge']) {
    expect(one?.searchParams.get(name)?.length).toBeGreaterThanOrEqual(43)
    expect(one?.searchParams.get(name)).not.toBe(two?.searchParams.get(name))
  }
  const [cookie = ''] = cookiesOf(await begin())
  expect(cookie).toMatch(/^marquee_oidc=.*HttpOnly; SameSite=Lax$/)
  expect(decodeURIComponent(cookie)).not.toContain(one?.searchParams.get('state') ?? '')
})

test('an account is found by its e-mail only when both sides have proved it', async () => {
  const { email } = newcomer()
  const registered = await anonymous.post('/api/v1/auth/register', { email, password: 'Marquee-1' })
  expect((await signIn()).outcome).toEqual({ ...FAILED, code: 'auth.account_unproved', next: '/account' })
  await db.updateTable('users').set({ is_verified: true }).where('email', '=', email).execute()
  const linked = await signIn()
  expect(linked.refreshed.body.user.id).toBe(registered.body.user.id)
  // Its owner hears of the new way in, and so does the audit log.
  expect(await toldOf(registered.body.user.id)).toEqual(['factor_added'])
  expect(
    await db.selectFrom('audit_log').select(['action', 'after']).where('action', '=', 'auth.factor_added').execute(),
  ).toEqual([{ action: 'auth.factor_added', after: { factor: 'oidc', provider: 'local' } }])
  // Once linked it is the provider's subject that counts, whatever becomes of the address.
  provider.seat(`reader-${serial}`, { email: 'elsewhere@example.org', email_verified: false })
  expect((await signIn()).refreshed.body.user.id).toBe(registered.body.user.id)
  for (const claims of [{ email_verified: false }, { email_verified: undefined }, { email: undefined }]) {
    newcomer(claims)
    expect((await signIn()).outcome).toMatchObject({ ...FAILED, code: 'auth.oidc_email_needed' })
  }
})

test('a blocked person is not let in by the side door, and another subject with the same address is the same person', async () => {
  const { email } = newcomer()
  const { refreshed } = await signIn()
  provider.seat('a second card of the same reader', { email, email_verified: true })
  expect((await signIn()).refreshed.body.user.id).toBe(refreshed.body.user.id)
  await db.updateTable('users').set({ is_active: false }).where('email', '=', email).execute()
  const blocked = await signIn()
  expect(blocked.outcome).toMatchObject({ ...FAILED, code: 'auth.blocked' })
  expect(blocked.refreshed.status).toBe(401)
})

test('who uses an authenticator app shows its code after the provider too', async () => {
  newcomer()
  const { refreshed } = await signIn()
  const me = bearer(refreshed)
  const { body } = await anonymous.post('/api/v1/users/me/totp', undefined, me)
  const app = new TOTP({ secret: Secret.fromBase32(body.secret) })
  const code = () => app.generate({ timestamp: clock.now().getTime() })
  expect((await anonymous.post('/api/v1/users/me/totp/confirm', { totp_code: code() }, me)).status).toBe(200)
  clock.advance(30)
  const half = await signIn()
  expect(half.outcome).toEqual({ pathname: '/account/sign-in', oidc: 'code', next: '/account' })
  expect(half.refreshed.status).toBe(401)
  const finish = (totp_code: string, headers = {}) =>
    anonymous.post(`${OIDC}/finish`, { totp_code }, { ...jar(half.reply), ...headers })
  const web = { 'x-marquee-client': 'web' }
  expect(await finish(code())).toMatchObject({ status: 403, body: { code: 'auth.csrf' } })
  expect(await finish('000000', web)).toMatchObject({ status: 401, body: { code: 'auth.wrong_code' } })
  expect(await anonymous.post(`${OIDC}/finish`, { totp_code: code() }, web)).toMatchObject({
    status: 401,
    body: { code: 'auth.oidc_failed' },
  })
  const whole = await finish(code(), web)
  expect(whole).toMatchObject({ status: 200, body: { refresh_token: null } })
  expect(cookiesOf(whole)).toEqual(expect.arrayContaining([expect.stringMatching(/^marquee_refresh=\S+;/)]))
  clock.advance(630)
  expect(await finish(code(), web)).toMatchObject({ status: 401, body: { code: 'auth.oidc_failed' } })
})

test('an answer counts in the browser that began, once, in time and unchanged', async () => {
  newcomer()
  const [mine, theirs] = [await begin(), await begin()]
  const path = await back(mine)
  const refused = async (to: string, start?: Reply) => {
    const reply = await anonymous.get(to, undefined, start ? jar(start) : {})
    expect([reply.status, cookiesOf(reply).some((cookie) => cookie.startsWith('marquee_refresh'))]).toEqual([303, false])
    return outcome(reply)
  }
  const failed = { ...FAILED, code: 'auth.oidc_failed' }
  expect(await refused(path)).toEqual(failed)
  expect(await refused(path, theirs)).toMatchObject(failed)
  expect(await refused(path.replace(/state=[^&]+/, 'state=other'), mine)).toMatchObject(failed)
  expect(await refused(path.replace(/code=[^&]+/, 'code=other'), mine)).toMatchObject(failed)
  expect(await refused(`${OIDC}/local/callback`, mine)).toMatchObject(failed)
  expect(await refused(path.replace('/local/', '/gone/'), mine)).toEqual(failed)
  clock.advance(601)
  expect(await refused(path, mine)).toEqual(failed)
  clock.reset()
  expect(outcome(await come(path, mine))).toMatchObject({ oidc: 'done' })
  expect(await refused(path, mine)).toMatchObject(failed)
})

test('who says no there is told so here, and a provider that is away is a 503', async () => {
  provider.seat('')
  const start = await begin()
  expect(outcome(await come(await back(start), start))).toMatchObject({ ...FAILED, code: 'auth.oidc_denied' })
  expect(await begin('', 'gone')).toMatchObject({ status: 503, body: { code: 'auth.provider_unavailable' } })
  expect(await begin('', 'unknown')).toMatchObject({ status: 404, body: { code: 'auth.no_such_provider' } })
})

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'javascript:alert(1)',
  '/a b',
  '/%0d%0aset-cookie:x',
  '',
])('nobody is led to "%s" after signing in', async (return_to) => {
  const reply = await begin(`?return_to=${encodeURIComponent(decodeURIComponent(return_to))}`)
  expect(reply.status).toBe(422)
})

test('a file of providers that is wrong stops the start with a sentence', () => {
  const refusal = (content: unknown, NODE_ENV: 'test' | 'production' = 'test') => {
    writeFileSync(join(folder, 'wrong.json'), typeof content === 'string' ? content : JSON.stringify(content))
    return () => readOidcProviders({ OIDC_PROVIDERS_FILE: join(folder, 'wrong.json'), NODE_ENV })
  }
  const sentence = (pattern: RegExp): unknown =>
    expect.objectContaining({ name: 'ConfigError', message: expect.stringMatching(pattern) as string })
  expect(refusal('[{')).toThrow(sentence(/cannot be read as JSON/))
  expect(refusal([{ ...local, isuer: 'x' }])).toThrow(sentence(/is wrong at/))
  expect(refusal([{ ...local, scope: 'email' }])).toThrow(sentence(/is wrong at \/0\/scope/))
  expect(refusal([{ ...local, issuer: 'http://provider.example' }])).toThrow(sentence(/must be an https address/))
  expect(refusal([local], 'production')).toThrow(sentence(/must be an https address/))
  expect(readOidcProviders({ OIDC_PROVIDERS_FILE: undefined as never, NODE_ENV: 'production' })).toEqual([])
})
