import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, describe, expect, test } from 'vitest'

import { type Answer, type Caller, eventually } from '#testing/processes.ts'
import { compareBooks } from '../lib/books.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { openWorld } from './world.ts'

const KEYS = 50
const REPEATS = 10
const PEOPLE = 25
const LATE_REPEATS = 2
const KEYS_AT_ONCE = 5

/** Refunds wait in their queue, so that an answer about them stays what it was. */
const world = await openWorld({ env: { JOBS: 'false', DATABASE_POOL_SIZE: '10' } })
const { db, pool, given, servers, someone, bank } = world
afterAll(world.close)
const counters = createCounters()

const people = await Promise.all(Array.from({ length: PEOPLE }, someone))
type Person = (typeof people)[number]
type Seat = { session_id: number; seat_id: number }

/** Seats of which nobody holds more than a few in one session. */
const openSeats = async (): Promise<Seat[]> => {
  const { id, seat_ids } = await given.session({ rows: 10, seats_per_row: KEYS / 10 })
  return seat_ids.map((seat_id) => ({ session_id: id, seat_id }))
}
const hold = async (person: Person, { session_id, seat_id }: Seat) => {
  const { status, body } = await person(servers[0]).post('/api/v1/tickets', { session_id, seat_ids: [seat_id] })
  expect(status).toBe(201)
  return body as { id: number; order: { id: number } }
}
const payFor = async (person: Person, seat: Seat) => {
  const ticket = await hold(person, seat)
  expect(await person(servers[0]).patch(`/api/v1/tickets/${ticket.id}/pay`, { card_token: 'tok_ok' })).toMatchObject({
    status: 200,
  })
  return ticket
}

/** What stays the same however late it is asked: only the clock on the wall and the number of the request may differ. */
const lasting = ({ status, body }: Answer) => ({ status, body: { ...body, server_time: undefined, request_id: undefined } })

type Order = (caller: Caller, key: string, variant?: object) => Promise<Answer>
const withKey = (key: string) => ({ 'idempotency-key': key })

/** A client that is told to come back later does. */
const insist = async (send: () => Promise<Answer>): Promise<Answer> => {
  const answer = await send()
  if (answer.status !== 503) return answer
  counters.add('told to come back later')
  await sleep(Number(answer.headers.get('retry-after')) * 1_000)
  return insist(send)
}

/** Sends an order many times at once to all processes, later again, and once with another body. */
const repeat = async (person: Person, order: Order, key: string, index: number) => {
  const callers = servers.map(person)
  const send = (turn: number) => insist(() => order(callers[turn % callers.length] as Caller, key))
  const parallel = await Promise.all(Array.from({ length: REPEATS }, (_, turn) => send(turn)))
  const late = await Promise.all(Array.from({ length: LATE_REPEATS }, (_, turn) => send(turn)))
  const other = await order(callers[index % callers.length] as Caller, key, { other: true })
  const answers = [...parallel, ...late].map(lasting)
  counters.add('repeats sent', answers.length - 1)
  counters.add(
    'answered with the same',
    answers.filter((answer) => JSON.stringify(answer) === JSON.stringify(answers[0])).length - 1,
  )
  return { key, answers, other }
}

const storm = async (name: string, orders: { person: Person; order: Order }[]) => {
  const results: Awaited<ReturnType<typeof repeat>>[] = []
  for (let from = 0; from < orders.length; from += KEYS_AT_ONCE) {
    const now = orders.slice(from, from + KEYS_AT_ONCE)
    results.push(
      ...(await Promise.all(now.map(({ person, order }, index) => repeat(person, order, `${name}-${from + index}`, index)))),
    )
  }
  return results
}

type Stormed = Awaited<ReturnType<typeof storm>>
const expectSame = (results: Stormed, status: number) => {
  const wrong = results.filter(({ answers }) =>
    answers.some((answer) => answer.status !== status || JSON.stringify(answer) !== JSON.stringify(answers[0])),
  )
  const shown = wrong.slice(0, 2).map(({ key, answers }) => ({
    key,
    answers: [...new Set(answers.map((answer) => JSON.stringify(answer).slice(0, 3_000)))].slice(0, 3),
  }))
  expect({ keys: wrong.length, shown }).toEqual({ keys: 0, shown: [] })
  const codes = results.map(({ other }) => `${other.status} ${other.body.code}`)
  expect(new Set(codes)).toEqual(new Set(['422 idempotency.key_reused']))
}
const countRows = async (text: string, values: unknown[] = []) =>
  Number((await pool.query<{ count: number }>(text, values)).rows[0]?.count)

describe(`Q-08: ${KEYS} keys of each kind, each sent ${REPEATS} times at once to two processes and ${LATE_REPEATS} times later`, () => {
  test('reserving: one order for each key', async () => {
    const seats = await openSeats()
    const orders = seats.map(({ session_id, seat_id }, index) => ({
      person: people[index % PEOPLE] as Person,
      order: (caller: Caller, key: string, variant?: object) =>
        caller.post(
          '/api/v1/tickets',
          { session_id, seat_ids: [variant ? (seats[0]?.seat_id ?? 0) + ((index + 1) % KEYS) : seat_id] },
          withKey(key),
        ),
    }))
    expectSame(await storm('reserve', orders), 201)
    const session_id = seats[0]?.session_id
    expect(await countRows('select count(*) from tickets where session_id = $1', [session_id])).toBe(KEYS)
    expect(await countRows('select count(distinct order_id) from tickets where session_id = $1', [session_id])).toBe(KEYS)
  })

  test('paying: one payment and one charge for each key', async () => {
    const seats = await openSeats()
    const held = await Promise.all(seats.map((seat, index) => hold(people[index % PEOPLE] as Person, seat)))
    const orders = held.map(({ id }, index) => ({
      person: people[index % PEOPLE] as Person,
      order: (caller: Caller, key: string, variant?: object) =>
        caller.patch(`/api/v1/tickets/${id}/pay`, { card_token: variant ? 'tok_slow' : 'tok_ok' }, withKey(key)),
    }))
    expectSame(await storm('pay', orders), 200)
    expect(await countRows('select count(*) from payments where order_id = any($1)', [held.map(({ order }) => order.id)])).toBe(
      KEYS,
    )
  })

  test('buying at once: one seat, one payment and one charge for each key', async () => {
    const seats = await openSeats()
    const orders = seats.map(({ session_id, seat_id }, index) => ({
      person: people[index % PEOPLE] as Person,
      order: (caller: Caller, key: string, variant?: object) =>
        caller.post(
          '/api/v1/tickets/purchase',
          { event_id: session_id, seat_id, card_token: variant ? 'tok_slow' : 'tok_ok' },
          withKey(key),
        ),
    }))
    expectSame(await storm('purchase', orders), 201)
    const made = `from payments where order_id in (select order_id from tickets where session_id = $1)`
    expect(await countRows(`select count(*) ${made}`, [seats[0]?.session_id])).toBe(KEYS)
    expect(await countRows('select count(*) from tickets where session_id = $1', [seats[0]?.session_id])).toBe(KEYS)
  })

  test('buying with a card that is declined: one refusal for each key, and nothing charged', async () => {
    const seats = (await openSeats()).slice(0, 10)
    const before = (await bank.journal()).length
    const orders = seats.map(({ session_id, seat_id }, index) => ({
      person: people[index % PEOPLE] as Person,
      order: (caller: Caller, key: string, variant?: object) =>
        caller.post(
          '/api/v1/tickets/purchase',
          { event_id: session_id, seat_id, card_token: variant ? 'tok_ok' : 'tok_card_declined' },
          withKey(key),
        ),
    }))
    const results = await storm('declined', orders)
    expectSame(results, 402)
    expect((await bank.journal()).length).toBe(before)
  })

  test('cancelling: one cancellation and one refund for each key', async () => {
    const seats = await openSeats()
    const paid = await Promise.all(seats.map((seat, index) => payFor(people[index % PEOPLE] as Person, seat)))
    const orders = paid.map(({ id }, index) => ({
      person: people[index % PEOPLE] as Person,
      order: (caller: Caller, key: string, variant?: object) =>
        caller.post(`/api/v1/tickets/${id}/cancel`, { reason: variant ? 'another reason' : 'rain' }, withKey(key)),
    }))
    expectSame(await storm('cancel', orders), 200)
    const refunds = `from refunds r join payments p on p.id = r.payment_id where p.order_id = any($1)`
    expect(await countRows(`select count(*) ${refunds}`, [paid.map(({ order }) => order.id)])).toBe(KEYS)
  })

  test('the provider tells the same, the invariants hold, and the repeats were real', async () => {
    const worker = await world.launch({ JOBS: 'true' })
    servers.push(worker)
    await eventually(
      () => countRows(`select count(*) from refunds where status = 'pending'`),
      (pending) => pending === 0,
      60_000,
    )
    const { ours, theirs } = await compareBooks(pool, bank.journal)
    expect(theirs).toEqual(ours)
    expect(theirs.length).toBeGreaterThanOrEqual(4 * KEYS)
    await expectInvariants(db)
    console.log(
      `Q-08: ${describeCounts({ keys: 4 * KEYS + 10, ...counters.all() })}, charged and given back ${theirs.length} times`,
    )
    expect(counters.get('repeats sent')).toBeGreaterThanOrEqual(4 * KEYS * (REPEATS + LATE_REPEATS - 1))
    expect(counters.get('answered with the same')).toBe(counters.get('repeats sent'))
  })
})
