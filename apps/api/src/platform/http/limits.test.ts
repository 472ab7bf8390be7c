import { setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { signInOf } from '#testing/factories.ts'

const GENRES = '/api/v1/genres'
const config = { RATE_LIMITS: true, RATE_PER_SECOND: 10, RATE_BURST: 20, AUTH_RATE_PER_MINUTE: 5, TRUSTED_PROXIES: ['127.0.0.1'] }
const { anonymous, as, given, guest, someone, tokens } = await startTestApp({ config })
let address = 0
/** Somebody at an address of their own, as our proxy names it. */
const from = (ip?: string) => {
  address += 1
  return { 'x-forwarded-for': ip ?? `192.0.2.${address}` }
}
const times = <T>(count: number, ask: () => Promise<T>) => Promise.all(Array.from({ length: count }, ask))
const refused = (replies: { status: number }[]) => replies.filter(({ status }) => status === 429).length

describe('R-205 rate limits', () => {
  test('one address may ask twenty times at once and is told when to come back', async () => {
    const headers = from()
    const replies = await times(30, () => anonymous.get(GENRES, undefined, headers))
    expect(refused(replies)).toBe(10)
    expect(replies[0]).toMatchObject({
      status: 200,
      headers: { 'ratelimit-limit': '20', 'ratelimit-remaining': '19', 'ratelimit-policy': '20;w=2' },
    })
    const last = replies.find(({ status }) => status === 429)
    expect(last).toMatchObject({
      headers: { 'ratelimit-remaining': '0' },
      body: { code: 'request.too_many', status: 429, title: 'Too many requests', retry_after: expect.any(Number) },
    })
    expect(last?.headers['content-type']).toContain('application/problem+json')
    expect(Number(last?.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(await anonymous.get(GENRES, undefined, from())).toMatchObject({ status: 200 })
    await sleep(2_100)
    expect(refused(await times(20, () => anonymous.get(GENRES, undefined, headers)))).toBe(0)
  })

  test('signed-in people at one address are counted each for themselves, wherever they are', async () => {
    const [one, two] = [await someone(), await someone()]
    const office = from()
    const path = '/api/v1/tickets/my'
    expect(refused(await times(20, () => one.get(path, undefined, office)))).toBe(0)
    expect(refused(await times(20, () => two.get(path, undefined, office)))).toBe(0)
    expect(refused(await times(5, () => one.get(path, undefined, from())))).toBe(5)
  })

  test('guests, wrong tokens and IPv6 neighbours count by their address', async () => {
    const [headers, visitors] = [from(), await times(3, guest)]
    const replies = await Promise.all(
      visitors.map((visitor) => times(8, () => visitor.get('/api/v1/tickets/my', undefined, headers))),
    )
    expect(refused(replies.flat())).toBe(4)
    const guess = from()
    const guesses = await times(25, () =>
      anonymous.get('/api/v1/tickets/my', undefined, { ...guess, authorization: 'Bearer nonsense' }),
    )
    expect([guesses.filter(({ status }) => status === 401).length, refused(guesses)]).toEqual([20, 5])
    const neighbours = Array.from({ length: 25 }, (_, at) => anonymous.get(GENRES, undefined, from(`2001:db8:1:1::${at + 1}`)))
    expect(refused(await Promise.all(neighbours))).toBe(5)
  })

  test('signing in is limited more strictly, under both of its addresses together', async () => {
    const headers = from()
    const login = (path: string) => anonymous.post(path, { email: 'nobody@marquee.test', password: 'Wrong-password-1' }, headers)
    const replies = await times(4, () => login('/api/v1/auth/login'))
    replies.push(...(await times(4, () => login('/auth/login'))))
    expect(refused(replies)).toBe(3)
    expect(Number(replies.at(-1)?.headers['retry-after'])).toBeGreaterThan(30)
    expect(await anonymous.get(GENRES, undefined, headers)).toMatchObject({ status: 200 })
  })

  test('probes, documents and the provider are never refused', async () => {
    const headers = from()
    for (const path of ['/health', '/health/live', '/openapi.json'])
      expect([path, refused(await times(30, () => anonymous.get(path, undefined, headers)))]).toEqual([path, 0])
    expect(refused(await times(30, () => anonymous.post('/api/v1/payments/webhooks/mock', {}, headers)))).toBe(0)
  })

  test('an address that no trusted proxy has named counts for nothing', async () => {
    const { anonymous: outside } = await startTestApp({ config: { ...config, TRUSTED_PROXIES: [] } })
    expect(refused(await times(25, () => outside.get(GENRES, undefined, from())))).toBe(5)
  })

  test('without limits nobody is counted', async () => {
    const { anonymous: free } = await startTestApp()
    const replies = await times(60, () => free.get(GENRES))
    expect(refused(replies)).toBe(0)
    expect(replies[0]?.headers['ratelimit-limit']).toBeUndefined()
  })
})

test('a limit is met before anything else is looked at', async () => {
  const [headers, manager] = [from(), await as('manager')]
  const user = await given.user()
  const token = await tokens.sign({ id: user.id, role: 'customer', sign_in: signInOf(user.id) })
  const replies = await times(22, () =>
    anonymous.get('/api/v1/tickets/x', undefined, { ...headers, authorization: `Bearer ${token}` }),
  )
  expect([replies.filter(({ status }) => status === 422).length, refused(replies)]).toEqual([20, 2])
  expect(await manager.get('/api/v1/tickets/my', undefined, headers)).toMatchObject({ status: 200 })
})
