import { setTimeout as sleep } from 'node:timers/promises'

import fastify from 'fastify'
import { afterAll, expect, test } from 'vitest'

import { openTestDatabase } from '#testing/database.ts'
import { createTogether, shareReadings } from './together.ts'

const database = await openTestDatabase()
afterAll(() => database.close())
await database.pool.query('create table board (price int not null)')
await database.pool.query('insert into board values (0)')

type Ask = (key: string, read: () => Promise<number>) => Promise<number>

/** One writer who commits one price after the other, and many who ask all the time and know what was committed by then. */
const race = async (ask: Ask) => {
  const seen = { asked: 0, read: 0, outdated: 0 }
  let committed = 0
  const writer = { isOver: false }
  const read = async () => {
    seen.read += 1
    const { rows } = await database.pool.query<{ price: number }>('select price from board')
    // An answer is on its way for a while, and is the older the longer.
    await sleep(2 + Math.random() * 6)
    return rows[0]?.price ?? 0
  }
  const write = async () => {
    for (let price = 1; price <= 150; price += 1) {
      await database.pool.query('update board set price = $1', [price])
      committed = price
      await sleep(1)
    }
    writer.isOver = true
  }
  const keepAsking = async () => {
    while (!writer.isOver) {
      const known = committed
      const price = await ask('board', read)
      seen.asked += 1
      if (price < known) seen.outdated += 1
      await sleep(Math.random() * 8)
    }
  }
  await database.pool.query('update board set price = 0')
  await Promise.all([write(), ...Array.from({ length: 12 }, keepAsking)])
  return seen
}

/** The mistake: joins a reading that is under way, which may have looked before this one asked. */
const joinWhatRuns = (): Ask => {
  const running = new Map<string, Promise<number>>()
  return (key, read) => {
    const joined = running.get(key) ?? read().finally(() => running.delete(key))
    running.set(key, joined)
    return joined
  }
}

test('Q-45: nobody is told what was read before they asked, although most share a reading', async () => {
  const honest = await race(createTogether())
  expect(honest.outdated).toBe(0)
  expect(honest.asked).toBeGreaterThan(100)
  expect(honest.read).toBeLessThan(honest.asked / 2)
})

test('the race would notice who is told something old', async () => {
  expect((await race(joinWhatRuns())).outdated).toBeGreaterThan(0)
})

const openServer = async () => {
  const server = fastify()
  const read: string[] = []
  shareReadings(server)
  server.get<{ Params: { hall: string } }>('/halls/:hall', {
    config: { access: 'public', together: true },
    schema: { querystring: { type: 'object', properties: { size: { type: 'integer', default: 20 } } } },
    handler: async ({ params: { hall }, query }) => {
      read.push(hall)
      await sleep(5)
      if (hall === 'burnt') throw new Error('There is nothing left of it.')
      return { hall, query }
    },
  })
  await server.ready()
  afterAll(() => server.close())
  const ask = async (url: string) => {
    const { statusCode, body } = await server.inject({ url })
    return [statusCode, JSON.parse(body) as object]
  }
  return { read, ask }
}

test('the same question in other words is the same, and another question is another', async () => {
  const { read, ask } = await openServer()
  const answers = await Promise.all(['/halls/red', '/halls/red?size=20', '/halls/red?size=020', '/halls/blue'].map(ask))
  expect(answers).toEqual([
    ...Array.from({ length: 3 }, () => [200, { hall: 'red', query: { size: 20 } }]),
    [200, { hall: 'blue', query: { size: 20 } }],
  ])
  expect(read.toSorted()).toEqual(['blue', 'red'])
})

test('a reading that fails fails for those who waited for it, and for nobody after', async () => {
  const { read, ask } = await openServer()
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask('/halls/burnt')))
  expect([answers.map(([status]) => status), read.length]).toEqual([[500, 500, 500, 500, 500], 1])
  await ask('/halls/burnt')
  expect(read.length).toBe(2)
})

test('what is shared is for everybody, and nothing is said to one who asks', () => {
  const server = fastify()
  shareReadings(server)
  const add = (access: 'public' | 'user', handler: (...parts: [unknown, unknown?]) => Promise<object>) => () =>
    server.get(`/${Math.random()}`, { config: { access, together: true }, handler })
  expect(add('user', async (_request) => ({}))).toThrow('not for everybody')
  expect(add('public', async (_request, _reply) => ({}))).toThrow('not for everybody')
  expect(add('public', async (_request) => ({}))).not.toThrow()
})
