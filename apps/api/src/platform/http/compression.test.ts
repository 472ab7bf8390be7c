import { brotliDecompressSync, gunzipSync } from 'node:zlib'

import { beforeAll, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { as, server, given } = await startTestApp({ config: { CORS_ORIGINS: ['https://web.test'] } })
const LIST = '/api/v1/directors'

beforeAll(async () => {
  const moderator = await as('moderator')
  for (let at = 0; at < 15; at += 1) await moderator.post(LIST, { name: `Director number ${at}` })
})

const get = (url: string, encoding?: string, headers: Record<string, string> = {}) =>
  server.inject({ method: 'GET', url, headers: { ...headers, ...(encoding ? { 'accept-encoding': encoding } : {}) } })

test('a long answer is packed as the asker can read it, and unpacks to the same', async () => {
  const plain = await get(LIST)
  expect(plain.headers).not.toHaveProperty('content-encoding')
  expect(plain.headers['vary']).toContain('accept-encoding')
  for (const [asked, used, unpack] of [
    ['gzip', 'gzip', gunzipSync],
    ['br', 'br', brotliDecompressSync],
    // Kept answers are packed once, so the smaller form is worth its price.
    ['br, deflate, gzip', 'br', brotliDecompressSync],
  ] as const) {
    const packed = await get(LIST, asked)
    expect(packed.headers).toMatchObject({ 'content-encoding': used, 'content-length': String(packed.rawPayload.length) })
    expect(packed.headers['vary']).toContain('accept-encoding')
    expect(unpack(packed.rawPayload).toString()).toBe(plain.body)
    expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2)
  }
  for (const encoding of ['identity', 'deflate', 'gzip;q=0', 'nonsense'])
    expect([encoding, (await get(LIST, encoding)).body]).toEqual([encoding, plain.body])
})

test('what varies by origin and by packing says both', async () => {
  const { headers } = await get(LIST, 'gzip', { origin: 'https://web.test' })
  expect(String(headers['vary']).toLowerCase()).toMatch(/origin.*accept-encoding/)
})

test('what is shared and not kept says that it has other forms, asked for either', async () => {
  for (let at = 0; at < 3; at += 1) await given.session()
  for (const encoding of [undefined, 'gzip']) {
    const { headers, rawPayload } = await get('/api/v1/sessions', encoding)
    expect(headers).not.toHaveProperty('etag')
    expect([encoding, headers['content-encoding']]).toEqual([encoding, encoding])
    expect(rawPayload.length).toBeGreaterThan(encoding ? 0 : 1024)
    expect(headers['vary']).toContain('accept-encoding')
  }
})

test('a short answer is sent as it is', async () => {
  const { headers, payload } = await get(`${LIST}?size=1`, 'gzip')
  expect(payload.length).toBeLessThan(1024)
  expect(headers).not.toHaveProperty('content-encoding')
})

test('answers that may carry secrets are never packed, however long', async () => {
  const username = 'a'.repeat(50)
  const reply = await server.inject({
    method: 'POST',
    url: '/api/v1/auth/register',
    headers: { 'accept-encoding': 'gzip, br' },
    payload: {
      email: 'long@marquee.test',
      username,
      password: 'Long-password-1',
      first_name: 'x'.repeat(100),
      last_name: 'y'.repeat(100),
    },
  })
  expect(reply.statusCode).toBe(201)
  expect(reply.payload.length).toBeGreaterThan(500)
  expect(reply.headers).not.toHaveProperty('content-encoding')
  const long = await server.inject({
    method: 'POST',
    url: LIST,
    headers: { 'accept-encoding': 'gzip' },
    payload: { name: 'z'.repeat(2_000) },
  })
  expect(long.headers).not.toHaveProperty('content-encoding')
})
