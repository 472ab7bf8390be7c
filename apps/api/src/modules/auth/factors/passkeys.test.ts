import { afterEach, describe, expect, test } from 'vitest'

import { type Reply, startTestApp } from '#testing/app.ts'
import { createAuthenticator } from '#testing/authenticator.ts'
import { relyingPartyOf } from './relying-party.ts'

const PUBLIC = 'https://tickets.example.org'
const PLACE = { origin: PUBLIC, rpId: 'tickets.example.org' }
const { anonymous, db, clock, pool } = await startTestApp({ config: { PUBLIC_URL: PUBLIC, STAFF_REQUIRE_TOTP: true } })
afterEach(clock.reset)

const AUTH = '/api/v1/auth'
const MINE = '/api/v1/users/me/passkeys'
const PASSWORD = 'Marquee-1'
const bearer = ({ body }: Reply) => ({ authorization: `Bearer ${body.access_token}` })
const UNFIT = { status: 422, body: { code: 'auth.passkey_unfit' } }
const REFUSED = { status: 401, body: { code: 'auth.passkey_refused' } }

let serial = 0
const person = async () => {
  serial += 1
  const email = `passkey-${serial}@example.org`
  const first = await anonymous.post(`${AUTH}/register`, { email, password: PASSWORD, full_name: 'Olena Petrenko' })
  return { id: Number(first.body.user.id), email, first }
}
const creationOptions = async (signedIn: Reply) => (await anonymous.post(`${MINE}/options`, undefined, bearer(signedIn))).body
const requestOptions = async () => (await anonymous.post(`${AUTH}/passkeys/options`)).body
const keep = (signedIn: Reply, answer: object) => anonymous.post(MINE, answer, bearer(signedIn))
const signIn = (answer: object, headers = {}) => anonymous.post(`${AUTH}/passkeys`, answer, headers)

/** Somebody with a passkey on a key of their own. */
const owner = async () => {
  const someone = await person()
  const key = createAuthenticator(PLACE)
  const kept = await keep(someone.first, { name: 'Blue key', ...key.create(await creationOptions(someone.first)) })
  return { ...someone, key, kept }
}

test('R-203: a person keeps a passkey and signs in by it, without a name or a password', async () => {
  const { id, email, first, key, kept } = await owner()
  expect(kept).toMatchObject({ status: 201, body: { name: 'Blue key', is_backed_up: false, last_used_at: null } })
  const options = await creationOptions(first)
  expect(options).toMatchObject({
    rp: { id: 'tickets.example.org', name: 'Marquee' },
    user: { name: email, displayName: 'Olena Petrenko' },
    excludeCredentials: [{ transports: ['usb', 'nfc'] }],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  expect(options.challenge.length).toBeGreaterThanOrEqual(43)
  const asked = await requestOptions()
  expect(asked).toMatchObject({ rpId: 'tickets.example.org', userVerification: 'required' })
  // Who has a passkey here is not told to those who ask.
  expect(asked.allowCredentials ?? []).toEqual([])
  const signedIn = await signIn(key.get(asked))
  expect(signedIn).toMatchObject({ status: 200, body: { user: { id }, refresh_token: expect.any(String) } })
  const { body } = await anonymous.get(`${AUTH}/sign-ins`, undefined, bearer(signedIn))
  expect(body.items[0]).toMatchObject({ method: 'passkey', is_strong: true, is_current: true })
  const [listed] = (await anonymous.get(MINE, undefined, bearer(signedIn))).body.items
  expect(listed).toMatchObject({ name: 'Blue key', last_used_at: expect.any(String) })
  expect(Object.keys(listed).toSorted()).toEqual(['created_at', 'id', 'is_backed_up', 'last_used_at', 'name'])
  const web = await signIn(key.get(await requestOptions()), { 'x-marquee-client': 'web', origin: PUBLIC })
  expect(web).toMatchObject({ status: 200, body: { refresh_token: null } })
  expect(String(web.headers['set-cookie'])).toContain('__Host-marquee_refresh=')
})

test('an answer counts once, in time, and only for the one who was asked', async () => {
  const { key, first } = await owner()
  const answer = key.get(await requestOptions())
  const raced = await Promise.all([signIn(answer), signIn(answer), signIn(answer)])
  expect(raced.map(({ status }) => status).toSorted()).toEqual([200, 401, 401])
  expect(await signIn(answer)).toMatchObject(REFUSED)
  const late = await requestOptions()
  clock.advance(301)
  expect(await signIn(key.get(late))).toMatchObject(REFUSED)
  clock.reset()
  // A challenge for keeping a key signs nobody in, nor does somebody else keep a key by it.
  expect(await signIn(key.get(await creationOptions(first)))).toMatchObject(REFUSED)
  const other = await person()
  const stolen = createAuthenticator(PLACE).create(await creationOptions(first))
  expect(await keep(other.first, stolen)).toMatchObject(UNFIT)
})

describe('forged answers sign nobody in', () => {
  const twists = {
    'a page of another site': { origin: 'https://tickets.example.org.evil.example' },
    'our site without TLS': { origin: 'http://tickets.example.org' },
    'a key for another site': { rpId: 'evil.example' },
    'no finger and no PIN': { isVerified: false },
    'a challenge of one’s own': { challenge: 'AAAA' },
    'the answer to another question': { type: 'webauthn.create' },
    'a copy of the key, whose counter stands behind': { counter: 1 },
  }
  test.each(Object.entries(twists))('%s', async (_name, twist) => {
    const { key } = await owner()
    expect((await signIn(key.get(await requestOptions()))).status).toBe(200)
    expect(await signIn(key.get(await requestOptions(), twist))).toMatchObject(REFUSED)
    expect((await signIn(key.get(await requestOptions()))).status).toBe(200)
  })

  test('another signature, another key under a known id, an unknown key', async () => {
    const { key } = await owner()
    const good = key.get(await requestOptions())
    const { signature } = key.get(await requestOptions()).response
    expect(await signIn({ ...good, response: { ...good.response, signature } })).toMatchObject(REFUSED)
    const stranger = createAuthenticator(PLACE)
    const { id, rawId } = good
    expect(await signIn({ ...stranger.get(await requestOptions()), id, rawId })).toMatchObject(REFUSED)
    expect(await signIn(stranger.get(await requestOptions()))).toMatchObject(REFUSED)
  })

  test('nor does a key get kept that answers wrongly', async () => {
    const { first } = await person()
    for (const twist of [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { isVerified: false },
      { type: 'webauthn.get' },
    ])
      expect(await keep(first, createAuthenticator(PLACE).create(await creationOptions(first), twist))).toMatchObject(UNFIT)
    const key = createAuthenticator(PLACE)
    expect((await keep(first, key.create(await creationOptions(first)))).status).toBe(201)
    const thief = await person()
    expect(await keep(thief.first, key.create(await creationOptions(thief.first)))).toMatchObject(UNFIT)
  })

  test('input that is no answer at all is refused with its fields', async () => {
    const { key } = await owner()
    const good = key.get(await requestOptions())
    for (const bad of [
      {},
      { ...good, id: '' },
      { ...good, id: 'a+b' },
      { ...good, surprise: 1 },
      { ...good, response: { ...good.response, signature: '' } },
    ])
      expect((await signIn(bad)).status).toBe(422)
    for (const clientDataJSON of [
      'AAAA',
      Buffer.from('null').toString('base64url'),
      Buffer.from('{"challenge":1}').toString('base64url'),
    ])
      expect(await signIn({ ...good, response: { ...good.response, clientDataJSON } })).toMatchObject(REFUSED)
  })
})

test('passkeys are kept and removed shortly after signing in only, by their owner only', async () => {
  const { id, first, kept, email, key } = await owner()
  const stranger = await person()
  expect((await anonymous.delete(`${MINE}/${kept.body.id}`, undefined, bearer(stranger.first))).status).toBe(404)
  clock.advance(601)
  for (const reply of [
    await anonymous.post(`${MINE}/options`, undefined, bearer(first)),
    await anonymous.delete(`${MINE}/${kept.body.id}`, undefined, bearer(first)),
  ])
    expect(reply).toMatchObject({ status: 403, body: { code: 'auth.sign_in_again' } })
  const again = await anonymous.post(`${AUTH}/login`, { email, password: PASSWORD })
  expect((await anonymous.delete(`${MINE}/${kept.body.id}`, undefined, bearer(again))).status).toBe(204)
  expect(await signIn(key.get(await requestOptions()))).toMatchObject(REFUSED)
  const { rows } = await pool.query(
    `select data ->> 'kind' as kind from pgboss.job where name = 'mail.account' and data ->> 'kind' like 'factor%' and (data ->> 'user_id')::int = $1 order by 1`,
    [id],
  )
  expect(rows).toEqual([{ kind: 'factor_added' }, { kind: 'factor_removed' }])
  for (const [method, path] of [
    ['get', ''],
    ['post', '/options'],
    ['post', ''],
    ['delete', '/1'],
  ] as const)
    expect((await anonymous[method](`${MINE}${path}`)).status).toBe(401)
})

test('a blocked person’s passkey opens nothing', async () => {
  const { id, key } = await owner()
  await db.updateTable('users').set({ is_active: false }).where('id', '=', id).execute()
  expect(await signIn(key.get(await requestOptions()))).toMatchObject({ status: 403, body: { code: 'auth.blocked' } })
})

test('where staff need a second factor, a passkey is one, and the last one stays', async () => {
  const { id, email, first } = await person()
  await db.updateTable('users').set({ role: 'cashier' }).where('id', '=', id).execute()
  const weak = await anonymous.post(`${AUTH}/login`, { email, password: PASSWORD })
  const tickets = (device: Reply) => anonymous.get('/api/v1/tickets', undefined, bearer(device))
  expect(await tickets(weak)).toMatchObject({ status: 403, body: { code: 'auth.enrolment_required' } })
  const key = createAuthenticator(PLACE)
  const kept = await keep(weak, key.create(await creationOptions(weak)))
  expect(kept).toMatchObject({ status: 201, body: { name: 'Passkey' } })
  expect((await tickets(await signIn(key.get(await requestOptions())))).status).toBe(200)
  const strong = await anonymous.post(`${AUTH}/refresh`, { refresh_token: weak.body.refresh_token })
  expect((await tickets(strong)).status).toBe(200)
  expect(await anonymous.delete(`${MINE}/${kept.body.id}`, undefined, bearer(strong))).toMatchObject({
    status: 409,
    body: { code: 'auth.factor_needed' },
  })
  // A password alone is as weak as before.
  expect((await tickets(await anonymous.post(`${AUTH}/login`, { email, password: PASSWORD }))).status).toBe(403)
  expect(first.status).toBe(201)
})

test.each([
  ['https://tickets.example.org', ['tickets.example.org', 'https://tickets.example.org']],
  ['https://tickets.example.org:8443/', ['tickets.example.org', 'https://tickets.example.org:8443']],
  ['http://127.0.0.1:8000', ['localhost', 'http://127.0.0.1:8000', 'http://localhost:8000', 'http://localhost:5173']],
  ['http://[::1]:8000', ['localhost', 'http://[::1]:8000', 'http://localhost:8000', 'http://localhost:5173']],
])('passkeys of %s belong to a name', (PUBLIC_URL, [id, ...origins]) => {
  expect(relyingPartyOf({ PUBLIC_URL, PORT: 8000 })).toMatchObject({ id, origins })
})
