import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'
import { eventually, startServer } from '#testing/processes.ts'

const { as, someone, given, db, checkout, database, directory, config } = await startTestApp({ poolSize: 20 })
const manager = await as('manager')

/** A server has to start for it. */
const PATIENCE_MS = 40_000

type Place = { id: number; seat_ids: number[] }
const path = (id: number, rest = '') => `/api/v1/sessions/${id}${rest}`
const purchase = (person: Client, session: Place, seat: number) =>
  person.post('/api/v1/tickets/purchase', { event_id: session.id, seat_id: session.seat_ids[seat], card_token: 'tok_ok' })

/** A session whose seats are sold one by one, each in an order of its own with a price of its own. */
const soldOut = async (seats: number) => {
  const session = await given.session({ seats })
  for (let seat = 0; seat < seats; seat += 1) {
    await db
      .updateTable('sessions')
      .set({ base_price_minor: 10_000 + seat, version: sql`version + 1` })
      .where('id', '=', session.id)
      .execute()
    expect(await purchase(await someone(), session, seat)).toMatchObject({ status: 201 })
  }
  return session
}
const ticketsLeft = async (id: number) => (await manager.get(path(id, '/cancellation'))).body.tickets.left as number
const giveBackAll = async () => {
  const rows = await db.selectFrom('refunds').select('id').where('status', '=', 'pending').execute()
  for (const { id } of rows) await checkout.refund({ refund_id: id })
}
/** What the bank has captured and given back for each order that had a ticket of the session. */
const atTheBank = async (id: number) => {
  const { rows } = await sql<{ captured: number; returned: number; refunds: number; mails: number }>`
    select sum(p.amount_minor)::bigint as captured,
      (select coalesce(sum(j.amount_minor), 0)::bigint from mock_provider.journal j where j.intent_id = any(array_agg(p.provider_reference)) and j.kind = 'refund') as returned,
      (select count(*) from mock_provider.journal j where j.intent_id = any(array_agg(p.provider_reference)) and j.kind = 'refund') as refunds,
      (select count(*) from pgboss.job where name = 'mail.order' and data ->> 'kind' = 'session_cancelled' and (data ->> 'order_id')::bigint = p.order_id) as mails
    from payments p
    where p.status not in ('pending', 'failed', 'canceled')
      and p.order_id in (select order_id from tickets where session_id = ${id})
    group by p.order_id`.execute(db)
  return rows
}
const holds = async () => expect((await checkInvariants(db)).violated).toEqual([])

test('R-116: two workers at once give each ticket back once, to the last cent', async () => {
  const session = await soldOut(40)
  await manager.post(path(session.id, '/cancel'))
  const done = await Promise.all(Array.from({ length: 2 }, () => checkout.cancelledSessions.run(session.id)))
  expect(done.reduce((sum, { tickets }) => sum + tickets, 0)).toBe(40)
  const met = done.reduce((sum, { orders }) => sum + orders, 0) - 40
  expect(met, 'orders that both looked at').toBeGreaterThan(0)
  await giveBackAll()
  const orders = await atTheBank(session.id)
  expect(orders).toHaveLength(40)
  for (const { captured, returned, refunds, mails } of orders)
    expect({ returned, refunds, mails }).toEqual({ returned: captured, refunds: 1, mails: 1 })
  await holds()
})

test('R-116: a process that is killed half-way has given back what it had begun, and the next one does the rest', async () => {
  const seats = 30
  const session = await soldOut(seats)
  await manager.post(path(session.id, '/cancel'))
  const orders = await db
    .selectFrom('tickets')
    .select('order_id')
    .where('session_id', '=', session.id)
    .orderBy('order_id')
    .execute()
  const barrier = orders[12]?.order_id ?? 0
  const env = {
    DATABASE_URL: database.url,
    DATA_DIR: directory,
    CERTS_DIR: config.CERTS_DIR,
    DEMO_DATA: 'false',
    LOG_LEVEL: 'fatal',
  }
  const worker = await db.transaction().execute(async (tx) => {
    // The worker waits at this order; there it is killed. A slow machine takes longer to start it than a connection may idle.
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
    await tx.selectFrom('orders').select('id').where('id', '=', barrier).forUpdate().execute()
    const server = await startServer(env)
    await eventually(
      () => ticketsLeft(session.id),
      (left) => left === seats - 12,
      PATIENCE_MS,
    )
    await server.kill()
    return server
  })
  expect((await worker.ended).signal).toBe('SIGKILL')
  expect(await ticketsLeft(session.id)).toBe(seats - 12)
  await holds()

  expect(await checkout.cancelledSessions.resume()).toBe(1)
  await giveBackAll()
  expect(await manager.get(path(session.id, '/cancellation'))).toMatchObject({
    body: { tickets: { total: seats, done: seats, left: 0 }, refunds: { pending: 0, success: seats, failed: 0 }, finished: true },
  })
  for (const { captured, returned, refunds, mails } of await atTheBank(session.id))
    expect({ returned, refunds, mails }).toEqual({ returned: captured, refunds: 1, mails: 1 })
  expect(await checkout.cancelledSessions.resume()).toBe(0)
  await holds()
}, 90_000)

test('R-116: whoever books while the session is being cancelled is refused or gets all their money back', async () => {
  const [rounds, buyers] = [25, 4]
  const people = await Promise.all(Array.from({ length: buyers }, () => someone()))
  let [sold, refused, returned] = [0, 0, 0]
  for (let round = 0; round < rounds; round += 1) {
    const session = await given.session({ seats: buyers })
    const pause = new Promise((resolve) => setTimeout(resolve, (round % 10) * 3))
    const [cancelled, ...replies] = await Promise.all([
      pause.then(() => manager.post(path(session.id, '/cancel'))),
      ...people.map((person, seat) => purchase(person, session, seat)),
    ])
    expect(cancelled?.status).toBe(200)
    sold += replies.filter(({ status }) => status === 201).length
    refused += replies.filter(({ status }) => status !== 201).length
    await Promise.all([checkout.cancelledSessions.run(session.id), checkout.cancelledSessions.run(session.id)])
    await giveBackAll()
    for (const order of await atTheBank(session.id)) {
      expect(order).toMatchObject({ captured: 20_000, returned: 20_000, refunds: 1 })
      returned += 1
    }
    const live = await db.selectFrom('seat_claims').select('state').where('session_id', '=', session.id).execute()
    expect(live).toEqual([])
  }
  expect(sold).toBeGreaterThan(0)
  expect(refused).toBeGreaterThan(0)
  expect(returned).toBeGreaterThanOrEqual(sold)
  expect(sold + refused).toBe(rounds * buyers)
  await holds()
})

test('R-116: holders who give their tickets back while the session is being emptied are paid back once', async () => {
  const [rounds, seats] = [5, 8]
  const by = { holder: 0, job: 0 }
  for (let round = 0; round < rounds; round += 1) {
    const session = await given.session({ seats })
    const holders = await Promise.all(Array.from({ length: seats }, () => someone()))
    const bought = await Promise.all(holders.map((person, seat) => purchase(person, session, seat)))
    await manager.post(path(session.id, '/cancel'))
    // The job goes from the first holder to the last, the holders the other way round.
    const [, ...replies] = await Promise.all([
      checkout.cancelledSessions.run(session.id),
      ...bought.toReversed().map(({ body }, index) => holders[seats - 1 - index]?.post(`/api/v1/tickets/${body.id}/cancel`)),
    ])
    expect(replies.map((reply) => reply?.status)).toEqual(Array.from({ length: seats }, () => 200))
    await giveBackAll()
    for (const order of await atTheBank(session.id)) {
      expect(order).toMatchObject({ captured: 20_000, returned: 20_000, refunds: 1 })
      by[order.mails === 0 ? 'holder' : 'job'] += 1
    }
    expect(await ticketsLeft(session.id)).toBe(0)
  }
  expect(by.holder + by.job).toBe(rounds * seats)
  expect(by.holder).toBeGreaterThan(0)
  expect(by.job).toBeGreaterThan(0)
  await holds()
})
