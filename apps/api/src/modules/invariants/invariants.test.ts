import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { createDb } from '#platform/db/kysely.ts'
import { migrate } from '#platform/db/migrate.ts'
import { seedDemo } from '#seeds/demo.ts'
import { type Client, startTestApp } from '#testing/app.ts'
import { checkBroken, wrongIn } from '#testing/broken.ts'
import { openTestEmbedded } from '#testing/embedded.ts'
import { describeReport } from './report.ts'
import { checkInvariants, type Report } from './service.ts'

const { as, checkout, clock, db, given, guest, passwords, signTicket, someone } = await startTestApp()

const everything = { sweeperRan: true, queueDrained: true }
const hall = await given.hall({ seats_per_row: 16 })
const show = await given.session({ hall_id: hall.id })
const next = await given.session({ hall_id: hall.id, starts_in_minutes: 30 * 60 })
const elsewhere = await given.session({ seats: 1 })
const seat = (place: number) => hall.seat_ids[place] ?? 0

const hold = async (person: Client, places: number[], headers = {}) => {
  const { status, body } = await person.post('/api/v1/tickets', { session_id: show.id, seat_ids: places.map(seat) }, headers)
  expect(status).toBe(201)
  return { id: body.order.id as number, tickets: body.tickets.map(({ id }: { id: number }) => id) as number[] }
}
const pay = (person: Client, order: number, card_token?: string, headers = {}) =>
  person.post(`/api/v1/orders/${order}/pay`, card_token ? { card_token } : {}, headers)
const buy = async (person: Client, places: number[], headers = {}) => {
  const order = await hold(person, places)
  expect(await pay(person, order.id, 'tok_ok', headers)).toMatchObject({ status: 201, body: { status: 'success' } })
  return order
}
const refundsOf = (order: number) =>
  db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select('r.id')
    .where('p.order_id', '=', order)
    .execute()

/** Two orders outlive their deadline and lose their seats: one unpaid, one whose money comes too late. */
const buildThePast = async () => {
  const [visitor, slow, swift] = [await guest(), await someone(), await someone()]
  const forgotten = await hold(visitor, [7])
  const late = await hold(slow, [12])
  await pay(slow, late.id, 'tok_async')
  await sleep(1_100)
  clock.advance(1_900)
  const taken = await buy(swift, [7, 12])
  await checkout.sweep.complete()
  return { forgotten, late, taken }
}

const buildThePresent = async () => {
  const [partly, resold, gone, dearest, puzzled, unsure, inside] = await Promise.all(Array.from({ length: 7 }, () => someone()))
  if (!partly || !resold || !gone || !dearest || !puzzled || !unsure || !inside) throw new Error('Nobody came.')
  const half = await buy(partly, [0, 1], { 'idempotency-key': 'half' })
  await partly.post(`/api/v1/tickets/${half.tickets[0]}/cancel`, {}, { 'idempotency-key': 'half back' })
  for (const { id } of await refundsOf(half.id)) await checkout.refund({ refund_id: id })
  const again = await buy(resold, [0])
  const back = await buy(gone, [2, 3])
  await gone.post(`/api/v1/orders/${back.id}/cancel`)
  const held = await hold(dearest, [4, 5], { 'idempotency-key': 'held' })
  await dearest.put(`/api/v1/tickets/${held.tickets[1]}`, { seat_id: seat(6) })
  await dearest.post(`/api/v1/orders/${held.id}/extend`)
  await pay(dearest, held.id, 'tok_card_declined')
  const wrong = await hold(puzzled, [8])
  await pay(puzzled, wrong.id, 'tok_wrong_amount')
  const open = await hold(unsure, [9])
  await pay(unsure, open.id)
  const seen = await buy(inside, [10])
  await (await as('cashier')).put(`/api/v1/tickets/${seen.tickets[0]}`, { status: 'used' })
  await db
    .insertInto('seat_claims')
    .values({ session_id: show.id, seat_id: seat(11), state: 'blocked', reason: 'a broken spring' })
    .execute()
  const part = await hold(await as('cashier'), [15])
  await (await as('cashier')).post(`/api/v1/orders/${part.id}/pay`, { payment_method: 'cash', amount: 50 })
  return { half, again, back, held, wrong, open, seen, part }
}

const sendMails = async () => {
  for (const { id } of await db.selectFrom('orders').select('id').where('paid_at', 'is not', null).execute())
    await checkout.orderMail({ order_id: id, kind: 'order_paid' })
}

clock.set(new Date())
const past = await buildThePast()
const unswept = await checkInvariants(db)
await checkout.sweep.expire()
const { half, again, back, held, open, seen, part } = await buildThePresent()
await sendMails()

const verdict = ({ findings }: Report, id: string) => findings.find((finding) => finding.id === id)?.verdict

test('an overdue order whose seat was taken over by somebody else is no violation', async () => {
  expect(wrongIn(unswept)).toEqual([])
  expect(verdict(unswept, 'I3')).toBe('holds')
})

test('a cinema at work breaks nothing, in any state that an order can have', async () => {
  const report = await checkInvariants(db, everything)
  expect(wrongIn(report)).toEqual([])
  const states = async (table: 'orders' | 'tickets' | 'payments' | 'seat_claims', column: string) =>
    (
      await sql<{ state: string }>`select distinct ${sql.ref(column)} as state from ${sql.table(table)} order by 1`.execute(db)
    ).rows.map(({ state }) => state)
  expect(await states('orders', 'status')).toEqual(['pending', 'paid', 'partially_refunded', 'canceled', 'expired'])
  expect(await states('tickets', 'status')).toEqual(['reserved', 'paid', 'used', 'cancelled', 'expired', 'refunded'])
  expect(await states('seat_claims', 'state')).toEqual(['held', 'sold', 'blocked'])
  expect(await states('payments', 'status')).toEqual(['pending', 'success', 'failed', 'partially_refunded'])
})

test('what cannot be looked at is never said to hold', async () => {
  const report = await checkInvariants(db)
  expect(['I7', 'I8', 'I11', 'I12', 'X1', 'R1', 'D2'].map((id) => verdict(report, id))).toEqual([
    'skipped',
    'holds',
    'holds',
    'holds',
    'skipped',
    'skipped',
    'skipped',
  ])
  expect(report.findings.map(({ id }) => id)).toEqual([
    ...Array.from({ length: 13 }, (_, index) => `I${index + 1}`),
    'P1',
    'X1',
    'R1',
    'D1',
    'D2',
    'D3',
  ])
})

const claim = (place: number, session = show.id) => `session_id = ${session} and seat_id = ${seat(place)}`
const pendingRefund = `(select min(id) from refunds where status = 'pending')`

/** What is broken, and what notices: the first for which it is meant, and all others that must see it too. */
const broken: [string, string[], ...string[]][] = [
  ['a seat is paid for twice', ['I1', 'I3'], `update tickets set status = 'paid' where id = ${half.tickets[0]}`],
  ['a paid ticket has lost its seat', ['I1'], `delete from seat_claims where ${claim(0)}`],
  [
    'a sold seat names the ticket of another seat',
    ['I1'],
    `update seat_claims set ticket_id = ${half.tickets[1]} where ${claim(0)}`,
  ],
  [
    'a seat is held by nobody',
    ['I2'],
    `insert into seat_claims (session_id, seat_id, state, order_id, ticket_id, expires_at) values (${show.id}, ${seat(13)}, 'held', 0, 0, app.now() + interval '1 minute')`,
  ],
  ['a hold outlives its order', ['I2'], `update seat_claims set expires_at = expires_at + interval '1 hour' where ${claim(4)}`],
  ['a blocked seat belongs to an order', ['I2'], `update seat_claims set order_id = ${held.id} where state = 'blocked'`],
  ['a blocked seat has lost its reason', ['I2'], `update seat_claims set reason = null where state = 'blocked'`],
  ['a sold seat belongs to no order', ['I2', 'I1'], `update seat_claims set order_id = 0 where ${claim(0)}`],
  ['a paid order counts as expired', ['I3', 'I2', 'I4'], `update orders set status = 'expired' where id = ${again.id}`],
  ['a canceled order has a live ticket', ['I3'], `update tickets set status = 'reserved' where id = ${back.tickets[0]}`],
  [
    'a paid order pretends to have given something back',
    ['I3'],
    `update orders set status = 'partially_refunded' where id = ${again.id}`,
  ],
  ['a reserved ticket in time has lost its seat', ['I3'], `delete from seat_claims where ${claim(4)}`],
  ['an item is gone and its ticket is not', ['I3', 'I4', 'I5'], `delete from order_items where ticket_id = ${again.tickets[0]}`],
  [
    'a ticket belongs to somebody else than its order',
    ['I3'],
    `update tickets set user_id = null where id = ${again.tickets[0]}`,
  ],
  ['nobody knows how a ticket was paid', ['I3'], `delete from ticket_events where ticket_id = ${again.tickets[0]}`],
  [
    'more was captured than the order costs',
    ['I4', 'P1'],
    `update payments set amount_minor = amount_minor + 1 where order_id = ${again.id}`,
  ],
  [
    'money for lost seats is kept',
    ['I4'],
    `delete from refunds where payment_id = (select id from payments where order_id = ${past.late.id})`,
  ],
  ['an order has all its money and waits', ['I4'], `update payments set amount_minor = 20000 where order_id = ${part.id}`],
  ['a refund was refused and nobody called', ['I4'], `update refunds set status = 'failed' where id = ${pendingRefund}`],
  ['an order was paid in another currency', ['I4', 'P1'], `update payments set currency = 'EUR' where order_id = ${again.id}`],
  [
    'an entry slips into the audit log',
    ['I12'],
    `insert into audit_log (actor, action, object_kind) values ('u:1', 'tests.slipped', 'tests')`,
  ],
  [
    'an order costs more than its items',
    ['I5'],
    `update orders set subtotal_minor = subtotal_minor + 1, total_minor = total_minor + 1 where id = ${again.id}`,
  ],
  [
    'a trace explains another price',
    ['I5'],
    `update order_items set trace = '[{"amount": 1}]' where ticket_id = ${again.tickets[0]}`,
  ],
  [
    'a ticket costs less than its item',
    ['I5'],
    `update tickets set price_minor = 1, final_price_minor = 1 where id = ${again.tickets[0]}`,
  ],
  [
    'more is given back than was captured',
    ['I5', 'I4'],
    `update refunds set amount_minor = amount_minor + 100000 where id = ${pendingRefund}`,
  ],
  [
    'a discount is larger than the price',
    ['I5'],
    `update orders set discount_minor = subtotal_minor + 1, total_minor = -1 where id = ${held.id}`,
  ],
  ['a key names an order that does not exist', ['I6'], `update idempotency_keys set resource_id = 0 where key = 'held'`],
  [
    'a key says that a session was deleted which is there',
    ['I6'],
    `update idempotency_keys set status = 204, resource_kind = 'session', resource_id = ${show.id} where key = 'held'`,
  ],
  ['a key was stored without its effect', ['I6'], `update idempotency_keys set status = null where key = 'half'`],
  [
    'the sweeper has overlooked an order',
    ['I7'],
    `update orders set expires_at = app.now() - interval '31 seconds' where id = ${held.id}`,
    `update seat_claims set expires_at = app.now() - interval '31 seconds' where order_id = ${held.id}`,
  ],
  [
    'nobody was called about an overdue payment',
    ['I7'],
    `update orders set expires_at = app.now() - interval '31 seconds' where id = ${open.id}`,
    `update seat_claims set expires_at = app.now() - interval '31 seconds' where order_id = ${open.id}`,
  ],
  [
    'two sessions share a hall',
    ['I9'],
    `update sessions s set start_time = o.start_time, end_time = o.end_time, occupies = o.occupies from sessions o where o.id = ${show.id} and s.id = ${next.id}`,
  ],
  [
    'a session was moved and its hall was not told',
    ['I9'],
    `update sessions set start_time = start_time + interval '1 minute' where id = ${next.id}`,
  ],
  [
    'somebody was let in twice with one ticket',
    ['I11'],
    `insert into check_ins (ticket_id, direction, device, actor) select ticket_id, direction, 'Door 2', actor from check_ins where ticket_id = ${seen.tickets[0]}`,
  ],
  ['a used ticket has lost its entry', ['I11'], `delete from check_ins where ticket_id = ${seen.tickets[0]}`],
  ['an entry was ended without an exit', ['I11'], `update check_ins set ended_at = now() where ticket_id = ${seen.tickets[0]}`],
  [
    'somebody is in with a ticket that counts as unused',
    ['I11'],
    `update tickets set status = 'paid' where id = ${seen.tickets[0]}`,
  ],
  [
    'an order was confirmed twice',
    ['I10'],
    `insert into mail_log (order_id, kind, recipient, message_id) select order_id, kind, recipient, message_id from mail_log where order_id = ${again.id}`,
  ],
  ['a paid order was never confirmed', ['I10'], `update mail_log set sent_at = null where order_id = ${again.id}`],
  [
    'an order was confirmed that was never paid',
    ['I10'],
    `update mail_log set order_id = ${held.id} where order_id = ${again.id}`,
  ],
  [
    'a claim is on a seat of another hall',
    ['I13'],
    `update seat_claims set seat_id = ${elsewhere.seat_ids[0]} where state = 'blocked'`,
  ],
  ['a sold seat has become another type', ['I13'], `update seats set seat_type = 'vip' where id = ${seat(10)}`],
  ['a sold seat was taken out of its hall', ['I13'], `update seats set is_active = false where id = ${seat(10)}`],
  [
    'the provider has charged another amount',
    ['P1'],
    `update mock_provider.journal set amount_minor = amount_minor - 1 where intent_id = (select provider_reference from payments where order_id = ${seen.id})`,
  ],
  [
    'the provider has given back what we have not',
    ['P1'],
    `update refunds set status = 'failed' where status = 'success'`,
    `insert into payment_alarms (payment_id, kind) select payment_id, 'refund_refused' from refunds where status = 'failed'`,
  ],
  [
    'a movie is rated by a review that there is not',
    ['D1'],
    `insert into movie_scores (movie_id, ratings_count, ratings_sum) values (${show.movie_id}, 1, 5)`,
  ],
  ['a session follows a card that there is not', ['D3'], 'update sessions set price_card_id = 1 where start_time > app.now()'],
]

test.each(broken)('%s: %s', async (_name, expected, ...statements) => {
  const report = await checkBroken(db, statements, everything)
  const named = report.findings.map(({ id }) => id).filter((id) => expected.includes(id))
  expect(wrongIn(report)).toEqual(named.map((id) => ({ id, examples: expect.arrayContaining([expect.anything()]) })))
  const words = describeReport(report)
  expect(words.filter((line) => line.startsWith('✗')).length).toBe(expected.length)
  expect(words.at(-1)).toContain('violated')
})

test('every invariant that is looked at has been broken', async () => {
  const report = await checkInvariants(db, everything)
  const looked = report.findings.filter((finding) => finding.verdict === 'holds').map(({ id }) => id)
  // I8 has worlds of its own, in balances.test.ts.
  expect(new Set(['I8', ...broken.map(([, [id]]) => id)])).toEqual(new Set(looked))
})

test('a provider that keeps its books elsewhere is not compared', async () => {
  const report = await checkBroken(db, ['delete from mock_provider.intents'], everything)
  expect(verdict(report, 'P1')).toBe('skipped')
  expect(describeReport(report).join('\n')).toContain('SKIPPED: the mock provider keeps no books in this database')
})

test('a refused refund with an open alarm is known, and no violation', async () => {
  const report = await checkBroken(
    db,
    [
      `update refunds set status = 'failed' where id = ${pendingRefund}`,
      `insert into payment_alarms (payment_id, kind) select payment_id, 'refund_refused' from refunds where status = 'failed'`,
    ],
    everything,
  )
  expect(wrongIn(report)).toEqual([])
})

test('a check in the middle of a rush sees one moment', async () => {
  const buyers = await Promise.all(Array.from({ length: 3 }, () => someone()))
  const rush = await given.session({ seats: 24 })
  let sold = 0
  const shops = buyers.map(async (person, index) => {
    for (const seat_id of rush.seat_ids.slice(index * 8, index * 8 + 8)) {
      const { status } = await person.post('/api/v1/tickets/purchase', { event_id: rush.id, seat_id, card_token: 'tok_ok' })
      expect(status).toBe(201)
      sold += 1
    }
  })
  const closing = Promise.all(shops).then(() => true)
  const seenWhenSold = new Set<number>()
  do {
    const report = await checkInvariants(db)
    expect(wrongIn(report)).toEqual([])
    seenWhenSold.add(sold)
  } while (!(await Promise.race([closing, Promise.resolve(false)])))
  expect(seenWhenSold.size).toBeGreaterThan(3)
})

test('R-147: the demo passes, in the database inside the process', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'marquee-invariants-'))
  const embedded = await openTestEmbedded(directory)
  try {
    await migrate(embedded.pool)
    const demo = createDb(embedded.pool)
    const { created } = await seedDemo({
      db: demo,
      now: new Date(),
      hashPassword: passwords.hash,
      signTicket,
      cleaningMinutes: 15,
      doorsOpenMinutes: 60,
      currency: 'UAH',
      mockProvider: true,
    })
    expect(created).toBe(true)
    const offered = await demo
      .selectFrom('promotions')
      .select(['kind', 'weekdays', 'cinema_ids', 'movie_ids'])
      .orderBy('priority')
      .execute()
    expect(offered).toMatchObject([
      { kind: 'percent', weekdays: [2], cinema_ids: [expect.any(Number)] },
      { kind: 'percent', weekdays: null, cinema_ids: null },
      { kind: 'cheapest', movie_ids: [expect.any(Number)] },
    ])
    expect(await demo.selectFrom('promo_codes').select('code').execute()).toEqual([{ code: 'WELCOME10' }])
    const report = await checkInvariants(demo, everything)
    expect(wrongIn(report)).toEqual([])
    expect(report.findings.filter((finding) => finding.verdict === 'holds')).toHaveLength(16)
  } finally {
    await embedded.close()
    rmSync(directory, { recursive: true, force: true })
  }
}, 60_000)
