import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { migrate } from '#platform/db/migrate.ts'
import { openTestDatabase } from '#testing/database.ts'
import { openTestEmbedded } from '#testing/embedded.ts'
import { eventually } from '#testing/processes.ts'
import type { DatabaseHandle } from '../db/pool.ts'
import { createCatalogueCache } from './catalogue-cache.ts'
import { requireMatch } from './etag.ts'

const directory = mkdtempSync(join(tmpdir(), 'marquee-cache-'))
afterAll(() => rmSync(directory, { recursive: true }))

const databases: [string, () => Promise<DatabaseHandle>][] = [
  ['PostgreSQL', () => openTestDatabase()],
  ['the embedded database', () => openTestEmbedded(directory)],
]

const LONG = 'a long description '.repeat(200)

/** One process: a server whose genres come from the database, and how often they were asked for there. */
const openProcess = async (database: DatabaseHandle) => {
  const cache = createCatalogueCache()
  const server = fastify()
  let reads = 0
  let pause: Promise<unknown> = Promise.resolve()
  cache.register(server)
  const read = async () => {
    reads += 1
    const { rows } = await database.pool.query('select slug, name from genres order by slug')
    await pause
    return { items: rows, text: LONG }
  }
  server.get('/genres', { config: { catalogue: 'read' } }, read)
  server.get('/open-now', { config: { catalogue: 'read' } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return read()
  })
  server.route({
    method: 'PUT',
    url: '/genres',
    config: { catalogue: 'write' },
    handler: async (request) => {
      requireMatch(request.headers['if-match'], await read())
      await database.pool.query(`update genres set name = $1 where slug = 'noir'`, [(request.body as { name: string }).name])
      return read()
    },
  })
  await cache.open(database)
  const get = (headers: Record<string, string> = {}, url = '/genres') => server.inject({ url, headers })
  return {
    cache,
    server,
    get,
    put: (name: string, headers: Record<string, string> = {}) =>
      server.inject({ method: 'PUT', url: '/genres', headers, payload: { name } }),
    nameNow: async () => (await get()).json().items.find(({ slug }: { slug: string }) => slug === 'noir')?.name,
    reads: () => reads,
    slowDown: (until: Promise<unknown>) => {
      pause = until
    },
    close: async () => {
      await server.close()
      await cache.close()
    },
  }
}
type Process = Awaited<ReturnType<typeof openProcess>>

describe.each(databases)('R-225: the catalogue on %s', (name, open) => {
  let database: DatabaseHandle
  let one: Process
  let two: Process
  beforeAll(async () => {
    database = await open()
    await migrate(database.pool)
    await database.pool.query(`insert into genres (slug, name) values ('noir', 'Noir')`)
    one = await openProcess(database)
    two = await openProcess(database)
  })
  afterAll(async () => {
    await one.close()
    await two.close()
    await database.close()
  })

  test('is read once, and a client that has it is told so without the database', async () => {
    const first = await one.get()
    const before = one.reads()
    const second = await one.get()
    expect([second.body, second.headers['x-cache'], one.reads()]).toEqual([first.body, 'hit', before])
    expect(first.headers).toMatchObject({
      etag: expect.stringMatching(/^"[\w-]{27}"$/),
      'cache-control': 'public, max-age=0, must-revalidate',
      vary: 'accept-encoding',
    })
    const etag = String(first.headers['etag'])
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const reply = await one.get({ 'if-none-match': known })
      expect([reply.statusCode, reply.body, reply.headers['etag'], one.reads()]).toEqual([304, '', etag, before])
    }
    expect((await one.get({ 'if-none-match': '"other"' })).statusCode).toBe(200)
  })

  test('travels compressed to whoever can read that, each form with a tag of its own', async () => {
    const plain = await one.get()
    const br = await one.get({ 'accept-encoding': 'gzip, br' })
    const gzip = await one.get({ 'accept-encoding': 'gzip' })
    expect([br, gzip].map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'gzip'])
    expect(brotliDecompressSync(br.rawPayload).toString()).toBe(plain.body)
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain.body)
    expect(new Set([plain, br, gzip].map(({ headers }) => headers['etag'])).size).toBe(3)
    const again = await one.get({ 'accept-encoding': 'br', 'if-none-match': String(br.headers['etag']) })
    expect([again.statusCode, again.headers['etag']]).toEqual([304, br.headers['etag']])
    expect((await one.get({ 'accept-encoding': 'identity' })).headers['content-encoding']).toBeUndefined()
  })

  test('those who shared a reading share its packed forms, and a later one of the same words is kept anew', async () => {
    const ask = (url: string) => one.get({ 'accept-encoding': 'br' }, url)
    const [first, second] = await Promise.all([ask('/genres?a'), ask('/genres?b')])
    const [a, b] = ['/genres?a', '/genres?b'].map(one.cache.find)
    expect([first.body, a?.forms.has('br'), a === b]).toEqual([second.body, true, true])
    await database.pool.query(`update genres set name = name where slug = 'noir'`)
    await eventually(
      async () => one.cache.find('/genres?a'),
      (entry) => entry === undefined,
    )
    expect((await ask('/genres?a')).body).toBe(first.body)
    expect(one.cache.find('/genres?a')).not.toBe(a)
    expect(one.cache.find('/genres?b')).toBeUndefined()
  })

  test('is new at once where it was changed, and in every other process as soon as the change is told', async () => {
    await Promise.all([one.get(), two.get()])
    expect((await one.put('Film noir')).statusCode).toBe(200)
    expect(await one.nameNow()).toBe('Film noir')
    await eventually(two.nameNow, (seen) => seen === 'Film noir')
    await database.pool.query(`update genres set name = 'Written by hand' where slug = 'noir'`)
    await eventually(one.nameNow, (seen) => seen === 'Written by hand')
    await eventually(two.nameNow, (seen) => seen === 'Written by hand')
  })

  test('an answer that was overtaken by a change while it was being read is not kept', async () => {
    let goOn = () => undefined as void
    one.slowDown(new Promise<void>((resolve) => (goOn = resolve)))
    await database.pool.query(`update genres set name = 'Before' where slug = 'noir'`)
    const reads = one.reads()
    const late = one.get({}, '/genres?late')
    await eventually(
      async () => one.reads(),
      (count) => count > reads,
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    await database.pool.query(`update genres set name = 'After' where slug = 'noir'`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    one.slowDown(Promise.resolve())
    goOn()
    expect((await late).body).toContain('Before')
    expect((await one.get({}, '/genres?late')).body).toContain('After')
  })

  test('what depends on the hour is not kept', async () => {
    const before = one.reads()
    await one.get({}, '/open-now')
    const reply = await one.get({}, '/open-now')
    expect([one.reads(), reply.headers['x-cache']]).toEqual([before + 2, undefined])
  })

  test('a change made to an older state is refused', async () => {
    const { headers } = await one.get({ 'accept-encoding': 'br' })
    const seen = { 'if-match': String(headers['etag']) }
    expect((await one.put('First', seen)).statusCode).toBe(200)
    const late = await one.put('Second', seen)
    expect([late.statusCode, late.json().code ?? late.json().message]).toEqual([412, expect.any(String)])
    expect(await one.nameNow()).toBe('First')
    expect((await one.put('Third', { 'if-match': '*' })).statusCode).toBe(200)
  })

  test.runIf(name === 'PostgreSQL')(
    'while changes cannot be heard nothing is kept, and hearing comes back by itself',
    async () => {
      const state = async () => (await one.get()).headers['x-cache']
      await eventually(state, (seen) => seen === 'hit')
      await database.pool.query(`
        select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'marquee-listen' and datname = current_database()`)
      await eventually(
        async () => [await state(), await state()],
        ([first, second]) => first === undefined && second === undefined,
      )
      expect(await eventually(state, (seen) => seen === 'hit')).toBe('hit')
    },
  )
})
