import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { openTestDatabase } from '#testing/database.ts'
import type { Answered } from '../answered.ts'
import { createCatalogueCache } from './catalogue-cache.ts'
import { createShortcut } from './shortcut.ts'

const app = await startTestApp({
  config: { RATE_LIMITS: true, RATE_BURST: 100, RATE_PER_SECOND: 1, TRUSTED_PROXIES: ['127.0.0.1'] },
})
const url = await app.server.listen({ host: '127.0.0.1', port: 0 })

const ask = (path: string, headers: Record<string, string> = {}, from = '10.0.0.1') =>
  fetch(`${url}${path}`, { headers: { 'x-forwarded-for': from, ...headers } })

const OWN = ['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset']
/** Speaks to pages of other origins, which the framework answers. */
const CORS = /^access-control-/
const lasting = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => !OWN.includes(name) && !CORS.test(name)))

/** A framework that counts what reaches it, behind a shortcut. */
const openBehind = async () => {
  const database = await openTestDatabase()
  const cache = createCatalogueCache()
  const shortcut = createShortcut(cache)
  const framework = fastify()
  cache.register(framework)
  framework.get('/halls', { config: { catalogue: 'read' } }, async () => ({ items: ['Red'] }))
  await framework.ready()
  await cache.open(database)
  const seen = { framework: 0, allowance: 5, notes: [] as Answered[] }
  shortcut.open({
    addressOf: () => '10.0.0.1',
    limitAddress: () => (seen.allowance-- > 0 ? ['ratelimit-remaining', String(seen.allowance)] : undefined),
    note: (_id, answered) => seen.notes.push(answered),
  })
  const server = createServer(
    shortcut.wrap((request, response) => {
      seen.framework += 1
      framework.routing(request, response)
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.close()
    await framework.close()
    await cache.close()
    await database.close()
  })
  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/halls`, { method, headers })
  return { seen, get, shortcut }
}

test('Q-45: what is kept does not reach the framework; whoever signs in, comes from elsewhere or asks too often does', async () => {
  const { seen, get, shortcut } = await openBehind()
  const first = await get()
  expect([await first.json(), seen.framework]).toEqual([{ items: ['Red'] }, 1])
  const second = await get()
  expect([await second.json(), second.headers.get('ratelimit-remaining'), seen.framework]).toEqual([{ items: ['Red'] }, '4', 1])
  const known = await get({ 'if-none-match': String(second.headers.get('etag')) })
  expect([known.status, await known.text(), seen.framework]).toEqual([304, '', 1])
  expect(seen.notes.map(({ route, status }) => [route, status])).toEqual([
    ['/halls', 200],
    ['/halls', 304],
  ])
  for (const headers of [{ authorization: 'Bearer x' }, { origin: 'https://elsewhere.test' }]) await get(headers)
  await get({}, 'HEAD')
  expect(seen.framework).toBe(4)
  seen.allowance = 0
  await get()
  expect(seen.framework).toBe(5)
  seen.allowance = 1
  shortcut.close()
  await get()
  expect([seen.framework, seen.allowance]).toEqual([6, 1])
})

test('an answer by the shortcut has the headers of the framework’s', async () => {
  await ask('/api/v1/genres')
  const short = await ask('/api/v1/genres', { 'accept-encoding': 'gzip' })
  const long = await ask('/api/v1/genres', { 'accept-encoding': 'gzip', range: 'bytes=0-' })
  expect(lasting(short)).toEqual(lasting(long))
  expect(await short.text()).toBe(await long.text())
  expect(short.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  const named = await ask('/api/v1/genres', { 'x-request-id': 'door-7-0001' })
  expect(named.headers.get('x-request-id')).toBe('door-7-0001')
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/genres",status_code="200"\} 4/)
})

test('R-205: kept answers are counted as well, each address for itself', async () => {
  await ask('/api/v1/cinemas', {}, '10.0.0.2')
  const statuses: number[] = []
  for (let asked = 0; asked < 105; asked += 1) statuses.push((await ask('/api/v1/cinemas', {}, '10.0.0.2')).status)
  expect([statuses.indexOf(429) > 90, statuses.at(-1)]).toEqual([true, 429])
  const refused = await ask('/api/v1/cinemas', {}, '10.0.0.2')
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
  expect((await ask('/api/v1/cinemas', {}, '10.0.0.3')).status).toBe(200)
})
