import { expect, test } from 'vitest'

import { createMockLedger } from '#modules/payments/providers/mock/ledger.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, given, db, pool, checkout, payments } = await startTestApp()
const [customer, manager] = [await as('customer'), await as('manager')]
const ledger = createMockLedger({ pool })

const givenBack = async (wish: object = {}) => {
  const session = await given.session({ seats: 4, ...wish })
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, 1) })
  const order = body.order.id as number
  const paid = await customer.post(`/api/v1/orders/${order}/pay`, { card_token: 'tok_ok' })
  const cancelled = await customer.post(`/api/v1/orders/${order}/cancel`)
  return { order, payment: paid.body.id as number, refund: cancelled.body.refunds[0].id as number, ticket: body.id as number }
}
const list = (query = '', person: Client = manager) => person.get(`/api/v1/admin/refunds${query}`)
const retry = (id: number, person: Client = manager) => person.post(`/api/v1/refunds/${id}/retry`)
/** The provider loses the money, or finds it again: what a frozen account does. */
const empty = async (payment: number, refunded_minor: number) => {
  const intent = await ledger.find(payment)
  await pool.query('update mock_provider.intents set refunded_minor = $2 where id = $1', [intent?.reference, refunded_minor])
}

test('a refund that the provider refuses is shown, tried again by staff and then given', async () => {
  const { refund, payment, ticket, order } = await givenBack()
  await empty(payment, 20_000)
  await checkout.refund({ refund_id: refund })
  expect(await list('?status=failed')).toMatchObject({
    body: {
      items: [{ id: refund, order_id: order, status: 'failed', failure_code: 'amount_too_large', attempts: 1, amount: 200 }],
    },
  })
  const alarms = () => db.selectFrom('payment_alarms').select(['kind', 'resolved_at']).where('payment_id', '=', payment).execute()
  expect(await alarms()).toMatchObject([{ kind: 'refund_refused', resolved_at: null }])
  await empty(payment, 0)
  // A job of before asks nobody: a refusal stands until a person says otherwise.
  await checkout.refund({ refund_id: refund })
  expect(await list(`?status=failed`)).toMatchObject({ body: { total: 1 } })
  expect(await retry(refund)).toMatchObject({ status: 200, body: { status: 'pending', failure_code: null, retries: 1 } })
  expect(await retry(refund)).toMatchObject({ status: 409, body: { code: 'refunds.not_failed' } })
  await checkout.refund({ refund_id: refund })
  expect(await customer.get(`/api/v1/tickets/${ticket}`)).toMatchObject({ body: { status: 'refunded' } })
  expect((await alarms()).every(({ resolved_at }) => resolved_at !== null)).toBe(true)
  const entries = await db.selectFrom('audit_log').select('actor').where('action', '=', 'refunds.retried').execute()
  expect(entries).toEqual([{ actor: `u:${manager.id}` }])
})

test('of two refused refunds of a payment one is tried again, and the other still calls a person', async () => {
  const session = await given.session({ seats: 2 })
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
  const { body: payment } = await customer.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })
  await empty(payment.id, 40_000)
  const refunds: number[] = []
  for (const { id } of body.tickets) {
    const cancelled = await customer.post(`/api/v1/tickets/${id}/cancel`, {})
    refunds.push(cancelled.body.refund.id)
    await checkout.refund({ refund_id: cancelled.body.refund.id })
  }
  const open = () =>
    db.selectFrom('payment_alarms').select('kind').where('payment_id', '=', payment.id).where('resolved_at', 'is', null).execute()
  await empty(payment.id, 0)
  for (const [refund, left] of [
    [refunds[0] ?? 0, [{ kind: 'refund_refused' }]],
    [refunds[1] ?? 0, []],
  ] as const) {
    expect(await retry(refund)).toMatchObject({ status: 200 })
    await checkout.refund({ refund_id: refund })
    expect(await open()).toEqual(left)
  }
})

test('a provider that does not answer leaves the refund pending, and the job asks again', async () => {
  const { refund } = await givenBack()
  await pool.query('alter table mock_provider.intents rename to hidden')
  await expect(checkout.refund({ refund_id: refund })).rejects.toThrow('The mock provider failed.')
  await pool.query('alter table mock_provider.hidden rename to intents')
  const of = () =>
    db.selectFrom('refunds').select(['status', 'failure_code', 'attempts']).where('id', '=', refund).executeTakeFirstOrThrow()
  expect(await of()).toEqual({ status: 'pending', failure_code: 'unavailable', attempts: 1 })
  await checkout.refund({ refund_id: refund })
  expect(await of()).toEqual({ status: 'success', failure_code: null, attempts: 2 })
})

test('more than a payment has left is given back by nobody, however many ask at once', async () => {
  const session = await given.session({ seats: 2 })
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
  const { body: payment } = await customer.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })
  const ask = () =>
    db
      .transaction()
      .execute((tx) => payments.refund(tx, payment.id, 15_000, 'goodwill'))
      .then(
        () => 'ok',
        ({ code }: { code: string }) => code,
      )
  const answers = await Promise.all(Array.from({ length: 8 }, ask))
  expect(answers.filter((answer) => answer === 'ok')).toHaveLength(2)
  expect(answers.filter((answer) => answer === 'refunds.too_large')).toHaveLength(6)
})

test('what was refused stays refused when its money has gone another way', async () => {
  const { refund, payment } = await givenBack()
  await db.updateTable('refunds').set({ status: 'failed', failure_code: 'refused' }).where('id', '=', refund).execute()
  await db.transaction().execute((tx) => payments.refund(tx, payment, 5_000, 'in cash, by mistake'))
  expect(await retry(refund)).toMatchObject({ status: 409, body: { code: 'refunds.room_taken' } })
})

test('staff who try again what a later refund has left no room for are told so, and what to do; no cent goes twice', async () => {
  const cashier = await someone('cashier')
  const session = await given.session({ seats: 2 })
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
  const order = `/api/v1/orders/${body.order.id}`
  await cashier.post(`${order}/pay`, { payment_method: 'cash', amount: 200 })
  const { body: card } = await customer.post(`${order}/pay`, { card_token: 'tok_ok' })
  const giveBack = async (ticket: { id: number }) => {
    const { body: cancelled } = await customer.post(`/api/v1/tickets/${ticket.id}/cancel`, {})
    await checkout.refund({ refund_id: cancelled.refund.id })
    return cancelled.refund.id as number
  }
  await empty(card.id, 20_000)
  const refused = await giveBack(body.tickets[0])
  await empty(card.id, 0)
  const given_back = await giveBack(body.tickets[1])
  expect(await retry(refused)).toMatchObject({
    status: 409,
    body: { code: 'refunds.room_taken', detail: expect.stringContaining('another way') },
  })
  const states = await db.selectFrom('refunds').select(['id', 'status']).where('payment_id', '=', card.id).orderBy('id').execute()
  expect(states).toEqual([
    { id: refused, status: 'failed' },
    { id: given_back, status: 'success' },
  ])
  const open = db.selectFrom('payment_alarms').select('kind').where('payment_id', '=', card.id).where('resolved_at', 'is', null)
  expect(await open.execute()).toEqual([{ kind: 'refund_refused' }])
  expect(await ledger.find(card.id)).toMatchObject({ refunded_minor: 20_000 })
})

test('staff see and try again the refunds of their own cinemas, others none', async () => {
  const [here, there] = [await given.cinema(), await given.cinema()]
  const [hall, other] = [await given.hall({ cinema_id: here.id }), await given.hall({ cinema_id: there.id })]
  const [mine, theirs] = [await givenBack({ hall_id: hall.id }), await givenBack({ hall_id: other.id })]
  const local = await someone('manager', [here.id])
  expect((await list('', local)).body.items).toMatchObject([{ id: mine.refund }])
  expect((await list(`?cinema_id=${there.id}`)).body.items).toMatchObject([{ id: theirs.refund }])
  expect(await list(`?cinema_id=${there.id}`, local)).toMatchObject({ status: 403, body: { code: 'auth.other_cinema' } })
  expect(await list('', customer)).toMatchObject({ status: 403 })
  expect(await list('?from=yesterday')).toMatchObject({ status: 422 })
  expect(await list('?to=2020-01-01T00:00:00Z')).toMatchObject({ body: { items: [] } })
  expect(await retry(theirs.refund, local)).toMatchObject({ status: 404, body: { code: 'refunds.not_found' } })
  expect(await retry(mine.refund, customer)).toMatchObject({ status: 403 })
})
