import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'

import { exportJWK, SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'

import { rotateTokenKeys } from '#platform/token-keys.ts'
import { startTestApp } from '#testing/app.ts'
import { signInOf } from '#testing/factories.ts'

const { anonymous, db, given, keys, tokens, clock, directory, signTicket } = await startTestApp({
  config: { ACCESS_TOKEN_SECONDS: 900 },
})
afterEach(clock.reset)

const { id } = await given.user({ role: 'admin' })
const SIGN_IN = signInOf(id)
const ME = '/api/v1/users/me'
const ask = (token: string, path = ME) => anonymous.get(path, undefined, { authorization: `Bearer ${token}` })

const { kid, signWith, verifyWith } = keys.tokens.signer()
const now = () => Math.floor(Date.now() / 1000)
const HEADER = { alg: 'EdDSA', typ: 'at+jwt', kid }
const claims = () => ({
  sub: String(id),
  role: 'admin',
  sid: SIGN_IN,
  iss: 'marquee',
  aud: 'marquee-api',
  iat: now(),
  exp: now() + 900,
})
type Changes = Record<string, unknown>

/** A token as we sign it, with what a class changes; undefined leaves a member out. */
const sign = (header: Changes = {}, payload: Changes = {}, key: KeyObject | Uint8Array = signWith) =>
  new SignJWT({ ...claims(), ...payload })
    .setProtectedHeader(JSON.parse(JSON.stringify({ ...HEADER, ...header })) as never)
    .sign(key)

const encode = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const stranger = generateKeyPairSync('ed25519')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const publicPem = verifyWith.export({ type: 'spki', format: 'pem' }).toString()
const publicRaw = Buffer.from((verifyWith.export({ format: 'jwk' }) as { x: string }).x, 'base64url')
const good = await sign()
const [head = '', body = '', signature = ''] = good.split('.')

/** Signed with our public key as if it were a shared secret. */
const confused = (secret: string | Buffer) => {
  const text = `${encode({ ...HEADER, alg: 'HS256' })}.${body}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
/** The last character of a signature has bits that nobody reads. */
const otherSpelling = () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${head}.${body}.${signature.slice(0, -1)}${alphabet[alphabet.indexOf(signature.at(-1) ?? '') + 1]}`
}

type Make = () => string | Promise<string>
const classes: Record<string, Make> = {
  'no text at all': () => '',
  'one word': () => 'x',
  'two parts': () => `${head}.${body}`,
  'four parts': () => `${good}.${signature}`,
  'five parts, as of an encrypted token': () => `${head}.${body}.${signature}.${body}.${signature}`,
  'empty parts': () => '..',
  'no header': () => `.${body}.${signature}`,
  'no claims': () => `${head}..${signature}`,
  'no signature': () => `${head}.${body}.`,
  'a signature of zeros': () => `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`,
  'a signature cut short': () => `${head}.${body}.${signature.slice(0, 40)}`,
  'a signature with something behind it': () => `${good}AAAA`,
  'the signature of another token': async () => `${head}.${body}.${(await sign({}, { sub: '999999' })).split('.')[2]}`,
  'another person in the claims': () => `${head}.${encode({ ...claims(), sub: '999999' })}.${signature}`,
  'a higher role in the claims': () => `${head}.${encode({ ...claims(), role: 'admin', exp: now() + 9e6 })}.${signature}`,
  'alg none': () => new UnsecuredJWT(claims()).encode(),
  'alg none with our kid': () => `${encode({ ...HEADER, alg: 'none' })}.${body}.`,
  'alg nOnE': () => `${encode({ ...HEADER, alg: 'nOnE' })}.${body}.${signature}`,
  'alg left out': () => `${encode({ typ: 'at+jwt', kid })}.${body}.${signature}`,
  'alg that is a list': () => `${encode({ ...HEADER, alg: ['EdDSA'] })}.${body}.${signature}`,
  'alg Ed25519 over our own signature': () => `${encode({ ...HEADER, alg: 'Ed25519' })}.${body}.${signature}`,
  'HS256 keyed with our public PEM': () => confused(publicPem),
  'HS256 keyed with our raw public key': () => confused(publicRaw),
  'HS256 keyed with nothing': () => confused(''),
  'RS256 by a key of one’s own under our kid': () => sign({ alg: 'RS256' }, {}, rsa.privateKey),
  'EdDSA by a key of one’s own under our kid': () => sign({}, {}, stranger.privateKey),
  'a kid that nobody has': () => sign({ kid: 'nobody' }),
  'no kid': () => sign({ kid: undefined }),
  'a kid that is a path': () => sign({ kid: '../../../../dev/null' }),
  'a kid that is SQL': () => sign({ kid: `' or 1=1 --` }),
  'a kid that is a prototype’s': () => sign({ kid: '__proto__' }),
  'a kid that is a number': () => `${encode({ ...HEADER, kid: 1 })}.${body}.${signature}`,
  'the kid of the key of tickets': () => sign({ kid: keys.tickets.kid }, {}, keys.tickets.privateKey),
  'the key of tickets under our kid': () => sign({}, {}, keys.tickets.privateKey),
  'a key of its own in jwk': async () => sign({ jwk: await exportJWK(stranger.publicKey) }, {}, stranger.privateKey),
  'our own key in jwk': async () => sign({ jwk: await exportJWK(verifyWith) }),
  jku: () => sign({ jku: 'https://evil.example/jwks.json' }),
  x5u: () => sign({ x5u: 'https://evil.example/cert.pem' }),
  x5c: () => sign({ x5c: ['MIIB'] }),
  'an unknown critical header': () => `${encode({ ...HEADER, crit: ['exp'], exp: 1 })}.${body}.${signature}`,
  'b64 false': () => `${encode({ ...HEADER, b64: false, crit: ['b64'] })}.${body}.${signature}`,
  'an unprotected surprise in the header': () => sign({ cty: 'JWT' }),
  'typ JWT': () => sign({ typ: 'JWT' }),
  'typ of an ID token': () => sign({ typ: 'id+jwt' }),
  'typ with another spelling': () => sign({ typ: 'application/at+jwt' }),
  'no typ': () => sign({ typ: undefined }),
  'another audience': () => sign({}, { aud: 'another-api' }),
  'no audience': () => sign({}, { aud: undefined }),
  'another issuer': () => sign({}, { iss: 'https://evil.example' }),
  'no issuer': () => sign({}, { iss: undefined }),
  'expired a second ago': () => sign({}, { exp: now() - 1 }),
  'expired in 1970': () => sign({}, { exp: 0 }),
  'no expiry': () => sign({}, { exp: undefined }),
  'an expiry that is a text': () => sign({}, { exp: '9999999999' }),
  'not valid before tomorrow': () => sign({}, { nbf: now() + 86_400 }),
  'no time of issue': () => sign({}, { iat: undefined }),
  'no subject': () => sign({}, { sub: undefined }),
  'a subject that is no number': () => sign({}, { sub: 'admin' }),
  'a subject that is SQL': () => sign({}, { sub: '1 or 1=1' }),
  'a negative subject': () => sign({}, { sub: '-1' }),
  'a subject with a fraction': () => sign({}, { sub: `${id}.0` }),
  'a subject in other digits': () => sign({}, { sub: `0x${id.toString(16)}` }),
  'a subject beyond all numbers': () => sign({}, { sub: '99999999999999999999' }),
  'no role': () => sign({}, { role: undefined }),
  'a role that does not exist': () => sign({}, { role: 'root' }),
  'a role that is a list': () => sign({}, { role: ['admin'] }),
  'no sign-in': () => sign({}, { sid: undefined }),
  'a sign-in that is no uuid': () => sign({}, { sid: `' or '1'='1` }),
  'a sign-in that nobody has': () => sign({}, { sid: signInOf(999_999) }),
  'the sign-in of somebody else': async () => sign({}, { sid: signInOf((await given.user()).id) }),
  'a person who does not exist': () => sign({}, { sub: '999999' }),
  'an impersonator who is no text': () => sign({}, { act: { sub: id } }),
  'an impersonator who is nobody': () => sign({}, { act: null }),
  'an impersonator who may not': async () => sign({}, { act: { sub: String((await given.user()).id) } }),
  'a sign-in that has ended': async () => {
    const other = await given.user({ role: 'admin' })
    const token = await tokens.sign({ id: other.id, role: 'admin', sign_in: signInOf(other.id) })
    expect((await ask(token)).status).toBe(200)
    await db.updateTable('refresh_tokens').set({ revoked_at: new Date() }).where('user_id', '=', other.id).execute()
    return token
  },
  'a person who was blocked': async () => {
    const other = await given.user({ role: 'admin' })
    await db.updateTable('users').set({ is_active: false }).where('id', '=', other.id).execute()
    return tokens.sign({ id: other.id, role: 'admin', sign_in: signInOf(other.id) })
  },
  'claims that are a list': () => `${head}.${encode([])}.${signature}`,
  'claims that are no JSON': () => `${head}.${encode('{"sub":')}.${signature}`,
  'a header that is no JSON': () => `${encode('{alg:EdDSA}')}.${body}.${signature}`,
  'a header that is null': () => `${encode('null')}.${body}.${signature}`,
  padding: () => `${head}=.${body}.${signature}==`,
  'a signature spelled otherwise': otherSpelling,
  'the other base64 alphabet': () =>
    `${head}.${body}.${Buffer.from(signature, 'base64url').toString('base64').replace(/=+$/, '')}+/`,
  'a space inside': () => `${head}. ${body}.${signature}`,
  'a token in quotes': () => `"${good}"`,
  'two tokens': () => `${good},${good}`,
  'Cyrillic letters': () => `${encode('{}')}.${Buffer.from('підпис').toString('latin1')}.${signature}`,
  'a very long text': () => 'A'.repeat(8_000),
  'a valid token that is too long': () => sign({}, { note: 'x'.repeat(2_000) }),
  'the code of a ticket': () =>
    signTicket({ ticket_id: 1, session_id: 1, seat_id: 1, valid_from: new Date(0), valid_until: new Date(9e12) }),
}

describe('Q-23: malformed tokens', () => {
  test('the token that all classes start from is a good one, and there are more than forty classes', async () => {
    expect(await ask(good)).toMatchObject({ status: 200, body: { id } })
    expect(await ask(await tokens.sign({ id, role: 'admin', sign_in: SIGN_IN }))).toMatchObject({ status: 200 })
    expect(Object.keys(classes).length).toBeGreaterThan(40)
  })

  test.each(Object.entries(classes))('%s is refused, calmly', async (_class, make) => {
    const token = await make()
    for (const path of [ME, '/api/v1/users', '/users/me']) {
      const { status, body: problem } = await ask(token, path)
      expect([status, problem.code]).toEqual([401, 'auth.invalid_token'])
      expect(JSON.stringify(problem)).not.toMatch(/jose|JWT|JWS|signature|stack|\.ts/)
    }
  })

  test.each(['Basic', 'bearer', 'BEARER', 'Token', ''])('the scheme "%s" is read as the standard says', async (scheme) => {
    const { status } = await anonymous.get(ME, undefined, { authorization: `${scheme} ${good}`.trim() })
    expect(status).toBe(scheme.toLowerCase() === 'bearer' ? 200 : 401)
  })

  test('a token that was good is refused once it has expired, also when it has been remembered', async () => {
    const token = await tokens.sign({ id, role: 'admin', sign_in: SIGN_IN })
    expect((await ask(token)).status).toBe(200)
    clock.advance(901)
    expect(await ask(token)).toMatchObject({ status: 401, body: { code: 'auth.invalid_token' } })
  })
})

test('R-202: a rotation needs no restart: old tokens count until they expire, and the key set names both keys', async () => {
  const old = await tokens.sign({ id, role: 'customer', sign_in: SIGN_IN })
  const { retired, signer } = rotateTokenKeys({ folder: `${directory}/certs`, algorithm: 'EdDSA', overlapSeconds: 900 })
  const fresh = await tokens.sign({ id, role: 'customer', sign_in: SIGN_IN })
  const kidIn = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
  expect([kidIn(old), kidIn(fresh)]).toEqual([retired, signer])
  expect([(await ask(old)).status, (await ask(fresh)).status]).toEqual([200, 200])
  const published = await anonymous.get('/.well-known/jwks.json')
  expect(published).toMatchObject({ status: 200, headers: { 'cache-control': 'public, max-age=300' } })
  expect(published.body.keys.map((key: { kid: string }) => key.kid).toSorted()).toEqual([retired, signer].toSorted())
  for (const key of published.body.keys) expect(Object.keys(key)).not.toContain('d')
  rotateTokenKeys({ folder: `${directory}/certs`, algorithm: 'EdDSA', overlapSeconds: 0 })
  // Not remembered from before: another expiry makes it another token.
  const late = await sign({}, { exp: now() + 800 })
  expect((await ask(late)).status).toBe(401)
})
