import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { signWebhook } from '#modules/payments/providers/mock/signature.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, given, db, clock, keys, anonymous, checkout } = await startTestApp()
const customer = await as('customer')

const hold = async (person: Client = customer, seats = 1) => {
  const session = await given.session({ seats: Math.max(seats, 2) })
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, seats) })
  return { session, ticket: body.id as number, order: body.order, seat_ids: session.seat_ids.slice(0, seats) }
}
const payTicket = (id: number, card_token: string, person: Client = customer, headers = {}) =>
  person.patch(`/api/v1/tickets/${id}/pay`, { payment_method: 'card', card_token }, headers)
const claims = (session_id: number) =>
  db.selectFrom('seat_claims').select(['seat_id', 'state', 'order_id']).where('session_id', '=', session_id).execute()
const untilTheBankDecides = () => sleep(1_100)

test('R-057: paying turns a hold into tickets with QR codes, and a receipt is queued in the same transaction', async () => {
  const { ticket, session, order } = await hold(customer, 2)
  const paid = await payTicket(ticket, 'tok_ok')
  expect(paid).toMatchObject({
    status: 200,
    body: {
      status: 'paid',
      is_paid: true,
      payment_method: 'card',
      expires_at: null,
      payment: { status: 'success', amount: 400 },
    },
  })
  expect(paid.body.order).toMatchObject({
    id: order.id,
    status: 'paid',
    amount_due: 0,
    payments: [{ status: 'success', next_action: 'none' }],
  })
  expect(paid.body.qr_code).toMatch(/^MQ1\./)
  expect((await claims(session.id)).map(({ state }) => state)).toEqual(['sold', 'sold'])
})

test('R-025: the amount must be what the order costs', async () => {
  const { order } = await hold()
  expect(
    await customer.post('/api/v1/payments/initiate', { order_id: order.id, amount: 199.99, card_token: 'tok_ok' }),
  ).toMatchObject({ status: 409, body: { code: 'orders.price_changed', amount_due: 200 } })
  expect(await customer.post('/api/v1/payments/initiate', { order_id: order.id, amount: 200.001 })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/amount' }] },
  })
  expect(await customer.post('/api/v1/payments/initiate', { order_id: order.id, amount: '200' })).toMatchObject({ status: 422 })
  expect(await customer.post('/api/v1/payments/initiate', { amount: 200 })).toMatchObject({
    status: 422,
    body: { code: 'payments.name_order_or_ticket' },
  })
  expect(
    await customer.post('/api/v1/payments/initiate', { order_id: order.id, amount: 200, card_token: 'tok_ok' }),
  ).toMatchObject({ status: 201, body: { status: 'success', order: { status: 'paid' } } })
})

test('R-057, R-115, R-145: a declined card keeps the hold, names a way on, and another card succeeds', async () => {
  const { ticket, order } = await hold()
  const declined = await payTicket(ticket, 'tok_insufficient_funds')
  expect(declined).toMatchObject({
    status: 402,
    body: { code: 'payments.insufficient_funds', recommendation: 'try_another_method', amount_due: 200, order_id: order.id },
  })
  expect(await customer.get(`/api/v1/tickets/${ticket}`)).toMatchObject({ body: { status: 'reserved' } })
  expect(await payTicket(ticket, 'tok_expired_card')).toMatchObject({ status: 402, body: { code: 'payments.expired_card' } })
  expect(await payTicket(ticket, 'tok_nonsense')).toMatchObject({ status: 402 })
  const paid = await payTicket(ticket, 'tok_ok')
  expect(paid.body.order.payments.map(({ status }: { status: string }) => status)).toEqual([
    'failed',
    'failed',
    'failed',
    'success',
  ])
})

test('R-124: paying twice, paying what has run out and paying for strangers is refused', async () => {
  const { ticket } = await hold()
  await payTicket(ticket, 'tok_ok')
  expect(await payTicket(ticket, 'tok_ok')).toMatchObject({ status: 409, body: { code: 'orders.already_paid' } })
  const late = await hold()
  clock.advance(601)
  expect(await payTicket(late.ticket, 'tok_ok')).toMatchObject({ status: 409, body: { code: 'orders.hold_expired' } })
  clock.reset()
  expect(await payTicket(late.ticket, 'tok_ok', await someone())).toMatchObject({
    status: 404,
    body: { code: 'tickets.not_found' },
  })
})

test('R-124: a buyer who taps pay many times at once is charged once', async () => {
  const { ticket, order } = await hold()
  const replies = await Promise.all(Array.from({ length: 6 }, () => payTicket(ticket, 'tok_ok')))
  expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
  expect(replies.every(({ status, body }) => status === 200 || body.code === 'orders.already_paid')).toBe(true)
  const journal = await db
    .selectFrom('mock_provider.journal as j')
    .innerJoin('mock_provider.intents as i', 'i.id', 'j.intent_id')
    .innerJoin('payments as p', 'p.id', 'i.payment_id')
    .select('j.id')
    .where('p.order_id', '=', order.id)
    .execute()
  expect(journal).toHaveLength(1)
})

test('a repeated key answers what it answered, also when it was a refusal', async () => {
  const { ticket } = await hold()
  const key = { 'idempotency-key': 'pay-once' }
  const first = await payTicket(ticket, 'tok_card_declined', customer, key)
  expect(first).toMatchObject({ status: 402 })
  expect(await payTicket(ticket, 'tok_card_declined', customer, key)).toMatchObject({
    status: 402,
    body: { payment_id: first.body.payment_id },
  })
  expect(await payTicket(ticket, 'tok_ok', customer, key)).toMatchObject({
    status: 422,
    body: { code: 'idempotency.key_reused' },
  })
})

test('R-021: a free seat is reserved and paid in one step, a hold of mine is paid', async () => {
  const session = await given.session({ seats: 3 })
  const [a, b, c] = session.seat_ids
  const buy = (seat_id: number | undefined, card_token = 'tok_ok', headers = {}) =>
    customer.post('/tickets/purchase', { event_id: session.id, seat_id, payment_method: 'card', card_token }, headers)
  expect(await buy(a)).toMatchObject({ status: 201, body: { status: 'paid', seat_id: a, payment: { status: 'success' } } })
  await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: [b] })
  expect(await buy(b)).toMatchObject({ status: 201, body: { status: 'paid', seat_id: b } })
  expect(await buy(a)).toMatchObject({ status: 409, body: { code: 'tickets.seats_taken' } })
  const key = { 'idempotency-key': 'buy-c' }
  const declined = await buy(c, 'tok_card_declined', key)
  expect(declined).toMatchObject({ status: 402 })
  expect(await buy(c, 'tok_card_declined', key)).toMatchObject({ status: 402, body: { payment_id: declined.body.payment_id } })
})

test('while a bank is thinking the order stays as it is, and its answer settles it', async () => {
  const { ticket, order, session } = await hold(customer, 2)
  expect(await payTicket(ticket, 'tok_async')).toMatchObject({
    status: 200,
    body: { status: 'reserved', payment: { status: 'pending', next_action: 'wait' } },
  })
  expect(
    await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(1), order_id: order.id }),
  ).toMatchObject({ status: 409, body: { code: 'orders.payment_in_progress' } })
  expect(await customer.post(`/api/v1/orders/${order.id}/extend`)).toMatchObject({
    status: 409,
    body: { code: 'orders.payment_in_progress' },
  })
  await untilTheBankDecides()
  clock.advance(6)
  await checkout.sweep.complete()
  expect(await customer.get(`/api/v1/orders/${order.id}`)).toMatchObject({
    body: { status: 'paid', payments: [{ status: 'success' }] },
  })
  clock.reset()
})

test('a payment without a card waits for its confirmation and is one payment', async () => {
  const { order, ticket } = await hold()
  const opened = await customer.post('/payments/initiate', { ticket_id: ticket, amount: 200, method: 'card' })
  expect(opened).toMatchObject({ status: 201, body: { status: 'pending', next_action: 'confirm', order: { id: order.id } } })
  expect(opened.body.client_secret).toBeTruthy()
  const confirmed = await payTicket(ticket, 'tok_ok')
  expect(confirmed).toMatchObject({
    status: 200,
    body: { payment: { id: opened.body.id, status: 'success', client_secret: null } },
  })
})

test('an answer that was lost on the way is found again, and the buyer is charged once', async () => {
  const { ticket, order } = await hold()
  expect(await payTicket(ticket, 'tok_lost')).toMatchObject({
    status: 200,
    body: { status: 'reserved', payment: { status: 'pending', next_action: 'wait' } },
  })
  clock.advance(6)
  await checkout.sweep.complete()
  expect(await customer.get(`/api/v1/orders/${order.id}`)).toMatchObject({ body: { status: 'paid' } })
  clock.reset()
})

test('a wrong amount settles nothing, raises an alarm and is given back', async () => {
  const { ticket, order } = await hold()
  await payTicket(ticket, 'tok_wrong_amount')
  const alarms = await db
    .selectFrom('payment_alarms as a')
    .innerJoin('payments as p', 'p.id', 'a.payment_id')
    .select('a.kind')
    .where('p.order_id', '=', order.id)
    .execute()
  expect(alarms).toEqual([{ kind: 'wrong_amount' }])
  expect(await customer.get(`/api/v1/tickets/${ticket}`)).toMatchObject({ body: { status: 'reserved', is_paid: false } })
  const refunds = await db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select(['r.id', 'r.amount_minor'])
    .where('p.order_id', '=', order.id)
    .execute()
  expect(refunds).toMatchObject([{ amount_minor: 19_999 }])
  await checkout.refund({ refund_id: refunds[0]?.id ?? 0 })
  expect(await customer.get(`/api/v1/orders/${order.id}`)).toMatchObject({
    body: { payments: [{ status: 'refunded', refunded: 199.99 }] },
  })
})

test('late money: seats that are still ours are sold, free ones are taken again, lost ones are paid back', async () => {
  const [ours, free, lost] = [await hold(), await hold(), await hold()]
  for (const { ticket } of [ours, free, lost]) await payTicket(ticket, 'tok_async')
  await untilTheBankDecides()
  clock.advance(1_900)
  const other = await someone()
  const taken = await other.post('/api/v1/tickets', { session_id: free.session.id, seat_ids: free.seat_ids })
  await other.post(`/api/v1/tickets/${taken.body.id}/cancel`)
  expect(await other.post('/api/v1/tickets', { session_id: lost.session.id, seat_ids: lost.seat_ids })).toMatchObject({
    status: 201,
  })
  await checkout.sweep.complete()
  for (const { order, ticket } of [ours, free]) {
    expect(await customer.get(`/api/v1/orders/${order.id}`)).toMatchObject({
      body: { status: 'paid', payments: [{ status: 'success', refunded: 0 }] },
    })
    expect(await customer.get(`/api/v1/tickets/${ticket}`)).toMatchObject({ body: { status: 'paid' } })
  }
  expect(await customer.get(`/api/v1/orders/${lost.order.id}`)).toMatchObject({
    body: { status: 'expired', payments: [{ status: 'success', amount: 200, refunded: 200 }] },
  })
  expect(await claims(lost.session.id)).toMatchObject([{ state: 'held' }])
  clock.reset()
})

test('R-139: at the deadline an unconfirmed payment is taken back at the bank before the seats are freed', async () => {
  const { order, ticket, session } = await hold()
  await customer.post('/api/v1/payments/initiate', { order_id: order.id, amount: 200 })
  clock.advance(1_900)
  await checkout.sweep.expire()
  expect(await claims(session.id)).toHaveLength(1)
  await checkout.sweep.reap()
  await checkout.sweep.expire()
  expect(await customer.get(`/api/v1/orders/${order.id}`)).toMatchObject({
    body: { status: 'expired', payments: [{ status: 'canceled' }] },
  })
  expect(await customer.get(`/api/v1/tickets/${ticket}`)).toMatchObject({ body: { status: 'expired' } })
  expect(await claims(session.id)).toEqual([])
  clock.reset()
})

const sendWebhook = (body: object, { secret = keys.webhookSecrets[0] ?? '', at = new Date() } = {}) => {
  const raw = JSON.stringify(body)
  return anonymous.post('/api/v1/payments/webhook', raw, {
    'content-type': 'application/json',
    'marquee-signature': signWebhook(secret, raw, at),
  })
}
const eventFor = (payment_id: number, reference: string, id = `evt_${Math.random().toString(36).slice(2)}`) => ({
  id,
  type: 'payment.succeeded',
  created: Math.floor(Date.now() / 1000),
  data: { reference, payment_id, amount_minor: 20_000, currency: 'UAH', status: 'succeeded' },
})

test('R-026: a signed webhook settles once, however often it comes; forged and unknown ones change nothing', async () => {
  const { ticket, order } = await hold()
  const { body } = await payTicket(ticket, 'tok_async')
  const { provider_reference } = await db
    .selectFrom('payments')
    .select('provider_reference')
    .where('id', '=', body.payment.id)
    .executeTakeFirstOrThrow()
  const event = eventFor(body.payment.id, provider_reference ?? '')
  expect(await sendWebhook(event)).toMatchObject({ status: 200 }) // early: the bank has not decided, so nothing is settled
  expect(await customer.get(`/api/v1/orders/${order.id}`)).toMatchObject({ body: { status: 'pending' } })
  await untilTheBankDecides()
  expect(await sendWebhook(event, { secret: 'not the shared secret' })).toMatchObject({
    status: 400,
    body: { code: 'payments.webhook_forged' },
  })
  expect(await sendWebhook(event, { at: new Date(Date.now() - 301_000) })).toMatchObject({
    status: 400,
    body: { code: 'payments.webhook_forged' },
  })
  expect(await sendWebhook(eventFor(987_654_321, 'pi_unknown'))).toMatchObject({
    status: 503,
    body: { code: 'payments.unknown' },
  })
  expect(await customer.get(`/api/v1/orders/${order.id}`)).toMatchObject({ body: { status: 'pending' } })
  const settled = eventFor(body.payment.id, provider_reference ?? '')
  const replies = await Promise.all([
    sendWebhook(settled),
    sendWebhook(settled),
    sendWebhook(eventFor(body.payment.id, provider_reference ?? '')),
    sendWebhook(settled),
  ])
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(await customer.get(`/api/v1/orders/${order.id}`)).toMatchObject({
    body: { status: 'paid', payments: [{ status: 'success', refunded: 0 }] },
  })
  const { rows: mails } =
    await sql`select from pgboss.job where name = 'mail.order' and (data ->> 'order_id')::bigint = ${order.id}`.execute(db)
  expect(mails).toHaveLength(1)
})

test('a free order whose seats went while nobody looked ends without a refund', async () => {
  const session = await given.session({ seats: 1, base_price_minor: 0 })
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
  await db
    .insertInto('payments')
    .values({ order_id: body.order.id, provider: 'free', method: 'card', amount_minor: 0, currency: 'UAH', is_external: true })
    .execute()
  clock.advance(601)
  const other = await someone()
  expect(await other.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })).toMatchObject({
    status: 201,
  })
  await checkout.sweep.reap()
  expect(await customer.get(`/api/v1/orders/${body.order.id}`)).toMatchObject({
    body: { status: 'expired', payments: [{ status: 'success', refunded: 0 }] },
  })
  clock.reset()
})

test('an order that costs nothing is paid without a provider', async () => {
  const session = await given.session({ seats: 2, base_price_minor: 0 })
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
  expect(await customer.post(`/api/v1/orders/${body.order.id}/pay`, {})).toMatchObject({
    status: 201,
    body: { provider: 'free', amount: 0, status: 'success', order: { status: 'paid' } },
  })
  expect(await customer.post(`/api/v1/orders/${body.order.id}/cancel`)).toMatchObject({
    status: 200,
    body: { order: { status: 'canceled' }, refunds: [] },
  })
})

test('two taps on “buy” with one key are one order and one payment, whatever numbers others have', async () => {
  const innocent = await hold()
  for (let round = 0; round < 10; round += 1) {
    const session = await given.session({ seats: 1 })
    const [seat_id] = session.seat_ids
    const buy = () =>
      customer.post(
        '/tickets/purchase',
        { event_id: session.id, seat_id, card_token: 'tok_ok' },
        { 'idempotency-key': `tap-${round}` },
      )
    const replies = await Promise.all([buy(), buy(), buy()])
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(replies.map(({ body }) => `${body.id} ${body.payment.id} ${body.session_id}`)).size).toBe(1)
  }
  expect(await customer.get(`/api/v1/orders/${innocent.order.id}`)).toMatchObject({ body: { status: 'pending', payments: [] } })
})

test('R-021: a seat that is not in the hall is told at the field that names it', async () => {
  const { session } = await hold()
  expect(
    await customer.post('/tickets/purchase', { event_id: session.id, seat_id: 999_999, card_token: 'tok_ok' }),
  ).toMatchObject({
    status: 422,
    body: { code: 'tickets.unknown_seat', errors: [{ pointer: '/seat_id' }] },
  })
})

test('buying my own hold remembers its key', async () => {
  const { session, seat_ids } = await hold()
  const buy = () =>
    customer.post(
      '/tickets/purchase',
      { event_id: session.id, seat_id: seat_ids[0], card_token: 'tok_ok' },
      { 'idempotency-key': 'my-own-hold' },
    )
  const first = await buy()
  expect(first.status).toBe(201)
  expect(await buy()).toMatchObject({ status: 201, body: { id: first.body.id, payment: { id: first.body.payment.id } } })
})

test('a declined card cannot be confirmed behind our back', async () => {
  const { ticket, order } = await hold()
  await payTicket(ticket, 'tok_card_declined')
  const intents = await db
    .selectFrom('mock_provider.intents as i')
    .innerJoin('payments as p', 'p.id', 'i.payment_id')
    .select('i.status')
    .where('p.order_id', '=', order.id)
    .execute()
  expect(intents).toEqual([{ status: 'canceled' }])
})

test('anybody may ask who takes the money', async () => {
  expect(await anonymous.get('/api/v1/payments/provider')).toMatchObject({ status: 200, body: { provider: 'mock' } })
  expect((await anonymous.get('/api/v1/payments/provider?currency=UAH')).status).toBe(422)
})
