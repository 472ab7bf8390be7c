import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, describe, expect, test } from 'vitest'

import { createDb } from '#platform/db/kysely.ts'
import { migrate } from '#platform/db/migrate.ts'
import { openEmbedded } from '#platform/db/pool.ts'
import { createFactories } from '#testing/factories.ts'
import { type Caller, createCaller, eventually, type Running, runProcess, startServer } from '#testing/processes.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { createIdentities } from './world.ts'

const KILLS = 6
const PEOPLE = 150
const BUYERS_AT_ONCE = 12
const FEWEST_BOOKINGS = 12
const LONGEST_DELAY_MS = 40

const { directory, certs, identify, forget } = createIdentities()
afterAll(forget)
const data = join(directory, 'data')
const env = { DATA_DIR: data, CERTS_DIR: certs, SWEEP_SECONDS: '1', MOCK_WEBHOOK_SECRETS: 'of the mock provider inside' }
const lock = join(data, 'marquee.lock')
const counters = createCounters()

/** A house with one great hall and many people, made before anybody serves it. */
const build = async () => {
  const { pool, close } = await openEmbedded(data)
  await migrate(pool)
  const given = createFactories({ db: createDb(pool) })
  const { id: session_id, seat_ids } = await given.session({ rows: 40, seats_per_row: 35 })
  const people: number[] = []
  for (let count = 0; count < PEOPLE; count += 1) people.push((await given.user()).id)
  await close()
  return { session_id, seat_ids, identities: await Promise.all(people.map((id) => identify(id))) }
}

const { session_id, seat_ids, identities } = await build()
type Told = { order_id: number; ticket_id: number; seat_id: number; paid: boolean }
/** What was answered with 201, and what came of paying it; nothing else was promised to anybody. */
const promised = new Map<number, Told>()
const free = [...seat_ids]
let turn = 0

const nextPerson = (server: Running): Caller => createCaller(server.url, identities[(turn += 1) % PEOPLE])

const book = async (server: Running) => {
  const seat_id = free.pop() ?? 0
  const person = nextPerson(server)
  const { status, body } = await person.post(
    '/api/v1/tickets',
    { session_id, seat_ids: [seat_id] },
    { 'idempotency-key': `seat-${seat_id}` },
  )
  expect(status).toBe(201)
  const told = { order_id: body.order.id, ticket_id: body.id, seat_id, paid: false }
  promised.set(seat_id, told)
  if (turn % 3 === 0) return
  const paid = await person.patch(`/api/v1/tickets/${told.ticket_id}/pay`, { card_token: 'tok_ok' })
  expect(paid.status).toBe(200)
  told.paid = paid.body.status === 'paid'
}

/** People book until the connection breaks under them. */
const storm = (server: Running) => {
  const buyer = async () => {
    for (;;) await book(server)
  }
  return Array.from({ length: BUYERS_AT_ONCE }, () =>
    buyer().catch((error: Error) => {
      if (error.name !== 'TypeError') throw error
      counters.add('requests broken off')
    }),
  )
}

/** Every promise against one look at the hall. */
const findBroken = async (server: Running) => {
  const { status, body } = await createCaller(server.url).get(`/api/v1/sessions/${session_id}/available-seats`)
  expect(status).toBe(200)
  const state = new Map<number, string>(body.seats.map((seat: { id: number; status: string }) => [seat.id, seat.status]))
  return [...promised.values()].filter(
    ({ seat_id, paid }) => state.get(seat_id) !== 'sold' && (paid || state.get(seat_id) !== 'held'),
  )
}

describe(`Q-04: ${KILLS} times kill -9 on the embedded database in a storm of bookings`, () => {
  test('loses no booking that was answered, and the next process takes the directory over', async () => {
    const broken: Told[] = []
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const server = await startServer(env)
      broken.push(...(await findBroken(server)))
      const before = promised.size
      const buyers = storm(server)
      if (kill === 1) await expectRefusal(server)
      await eventually(
        () => promised.size - before,
        (booked) => booked >= FEWEST_BOOKINGS,
        30_000,
      )
      await sleep((LONGEST_DELAY_MS * kill) / KILLS)
      await server.kill()
      await Promise.all(buyers)
      expect(existsSync(lock)).toBe(true)
      counters.add('kills')
    }
    const server = await startServer(env)
    broken.push(...(await findBroken(server)))
    expect((await server.stop()).code).toBe(0)
    expect(existsSync(lock)).toBe(false)
    expect(broken).toEqual([])
  }, 300_000)

  const expectRefusal = async ({ pid }: Running) => {
    const { code, output } = await runProcess('src/main.ts', { ...env, PORT: '0' })
    expect([code, output]).toEqual([
      1,
      `DATA_DIR ${data} is in use by process ${pid}. Stop it, or point DATA_DIR elsewhere, or use DATABASE_URL to run several processes.\n`,
    ])
    counters.add('second process refused')
  }

  test('and tells of each order, ticket and payment what was answered; the invariants hold', async () => {
    const { pool, close } = await openEmbedded(data)
    const { rows } = await pool.query<Told & { status: string }>(
      `select t.id as ticket_id, t.order_id, t.seat_id, t.status, t.status = 'paid' as paid from tickets t where t.session_id = $1`,
      [session_id],
    )
    const stored = new Map(rows.map((row) => [row.ticket_id, row]))
    const different = [...promised.values()].filter((told) => {
      const row = stored.get(told.ticket_id)
      return (
        row?.order_id !== told.order_id ||
        row.seat_id !== told.seat_id ||
        (told.paid ? row.status !== 'paid' : !['reserved', 'paid'].includes(row.status))
      )
    })
    expect(different).toEqual([])
    expect(new Set(rows.map(({ seat_id }) => seat_id)).size).toBe(rows.length)
    await expectInvariants(createDb(pool))
    await close()
    counters.add('bookings answered', promised.size)
    counters.add('of them paid', [...promised.values()].filter(({ paid }) => paid).length)
    counters.add('written but not answered', rows.length - promised.size)
    console.log(`Q-04: ${describeCounts(counters.all())}`)
    expect(counters.get('kills')).toBe(KILLS)
    expect(counters.get('requests broken off')).toBe(KILLS * BUYERS_AT_ONCE)
    expect(counters.get('of them paid')).toBeGreaterThan(KILLS)
  })
})
