import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { type Attempt, findOutcome, forgetOldKeys, once, type Outcome, putOutcome } from './idempotency.ts'

const { db, clock, given, someone, as } = await startTestApp({ poolSize: 20 })
afterEach(() => clock.reset())

let attempts = 0
const attempt = (wish: Partial<Attempt> = {}): Attempt => {
  attempts += 1
  return { actor: 'u:1', key: `key-${attempts}`, method: 'POST', path: '/tickets', body_hash: 'body', ...wish }
}
const outcome: Outcome = { status: 201, kind: 'order', id: 7 }
const reused = { status: 422, code: 'idempotency.key_reused' }
const signal = () => {
  let give = (): void => undefined
  const when = new Promise<void>((resolve) => (give = resolve))
  return { give, given: when }
}
const keysOf = async ({ actor, key }: Attempt) =>
  db.selectFrom('idempotency_keys').selectAll().where('actor', '=', actor).where('key', '=', key).execute()

test('I6: of many repeats at once one has the effect, and all get its outcome', async () => {
  const mine = attempt()
  const effect = vi.fn<() => Promise<Outcome>>(async () => outcome)
  const answers = await Promise.all(Array.from({ length: 15 }, () => once(db, mine, effect)))
  expect(answers).toEqual(answers.map(() => outcome))
  expect(effect).toHaveBeenCalledTimes(1)
  expect(await once(db, mine, effect)).toEqual(outcome)
  expect(effect).toHaveBeenCalledTimes(1)
})

test('without a key every request has its effect', async () => {
  const effect = vi.fn<() => Promise<Outcome>>(async () => outcome)
  await Promise.all([once(db, undefined, effect), once(db, undefined, effect)])
  expect(effect).toHaveBeenCalledTimes(2)
})

test.each([{ method: 'PATCH' }, { path: '/tickets/1/pay' }, { body_hash: 'another' }])(
  'a key is refused for another request: %o',
  async (other) => {
    const mine = attempt()
    await once(db, mine, async () => outcome)
    const effect = vi.fn<() => Promise<Outcome>>(async () => outcome)
    await expect(once(db, { ...mine, ...other }, effect)).rejects.toMatchObject(reused)
    await expect(findOutcome(db, { ...mine, ...other })).rejects.toMatchObject(reused)
    expect(effect).not.toHaveBeenCalled()
  },
)

test('a rival that asks something else under a key in flight is refused when the first has ended', async () => {
  const mine = attempt()
  const [begun, goOn] = [signal(), signal()]
  const first = once(db, mine, async () => (begun.give(), await goOn.given, outcome))
  await begun.given
  const rival = once(db, { ...mine, body_hash: 'another' }, async () => outcome).catch((error: unknown) => error)
  goOn.give()
  await first
  expect(await rival).toMatchObject(reused)
})

test('the same key of another person is another key', async () => {
  const mine = attempt()
  await once(db, mine, async () => outcome)
  expect(await once(db, { ...mine, actor: 'u:2' }, async () => ({ ...outcome, id: 8 }))).toMatchObject({ id: 8 })
  expect(await once(db, { ...mine, actor: 'g:1' }, async () => ({ ...outcome, id: 9 }))).toMatchObject({ id: 9 })
  expect(await findOutcome(db, mine)).toEqual(outcome)
})

test('an effect that fails leaves no key behind, so that the request may be sent again', async () => {
  const mine = attempt()
  await expect(once(db, mine, () => Promise.reject(new Error('seats taken')))).rejects.toThrow('seats taken')
  expect(await keysOf(mine)).toEqual([])
  expect(await once(db, mine, async () => outcome)).toEqual(outcome)
})

test('when the first request fails, a rival that waited for it has the effect', async () => {
  const mine = attempt()
  const [begun, goOn] = [signal(), signal()]
  const first = once(db, mine, async () => (begun.give(), await goOn.given, Promise.reject(new Error('crashed'))))
  await begun.given
  const rival = once(db, mine, async () => outcome)
  goOn.give()
  await expect(first).rejects.toThrow('crashed')
  expect(await rival).toEqual(outcome)
})

test('an effect that is undone with its transaction takes its key with it', async () => {
  const mine = attempt()
  const effect = once(db, mine, async (tx) => (await sql`select 1 / 0`.execute(tx), outcome))
  await expect(effect).rejects.toMatchObject({ code: '22012' })
  expect(await keysOf(mine)).toEqual([])
})

test('a request in two steps answers with what it made last', async () => {
  const mine = attempt()
  await once(db, mine, async () => outcome)
  await db.transaction().execute((tx) => putOutcome(tx, mine, { status: 201, kind: 'payment', id: 12 }))
  expect(await findOutcome(db, mine)).toEqual({ status: 201, kind: 'payment', id: 12 })
})

test('a key is forgotten after a day, and not before', async () => {
  const [old, young] = [attempt(), attempt()]
  const now = Date.now()
  clock.set(new Date(now - 25 * 3_600_000))
  await once(db, old, async () => outcome)
  clock.set(new Date(now - 23 * 3_600_000))
  await once(db, young, async () => outcome)
  clock.reset()
  await forgetOldKeys(db)
  expect([await keysOf(old), (await keysOf(young)).length]).toEqual([[], 1])
})

test('a path with and without its version is one operation; another person’s key, body or path is not', async () => {
  const customer = await as('customer')
  const session = await given.session({ seats: 4 })
  const body = { session_id: session.id, seat_ids: session.seat_ids.slice(0, 1) }
  const key = { 'idempotency-key': 'one-hold' }
  const first = await customer.post('/api/v1/tickets', body, key)
  expect(first.status).toBe(201)
  expect(await customer.post('/tickets', body, key)).toMatchObject({ status: 201, body: { id: first.body.id } })
  expect(await customer.post('/api/v1/tickets', { ...body, seat_ids: session.seat_ids.slice(1, 2) }, key)).toMatchObject({
    status: 422,
    body: { code: reused.code },
  })
  expect(await customer.patch(`/api/v1/tickets/${first.body.id}/pay`, { card_token: 'tok_ok' }, key)).toMatchObject({
    status: 422,
    body: { code: reused.code },
  })
  expect(await (await someone()).post('/api/v1/tickets', body, key)).toMatchObject({
    status: 409,
    body: { code: 'tickets.seats_taken' },
  })
})

test('a refused request does not use its key up', async () => {
  const customer = await as('customer')
  const session = await given.session({ seats: 2 })
  const key = { 'idempotency-key': 'try-again' }
  const body = { session_id: session.id, seat_ids: session.seat_ids.slice(0, 1) }
  expect(await customer.post('/api/v1/tickets', { ...body, expected_total: 1 }, key)).toMatchObject({ status: 409 })
  expect(await customer.post('/api/v1/tickets', body, key)).toMatchObject({ status: 201 })
})
