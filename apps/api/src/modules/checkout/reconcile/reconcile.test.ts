import { expect, test, vi } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { startTestApp } from '#testing/app.ts'

const { anonymous, as, checkout, clock, db, given, payments, pool, someone } = await startTestApp({
  config: { ACCESS_TOKEN_SECONDS: 30 * 86_400 },
})
const admin = await as('admin')
const ALARMS = '/api/v1/admin/payment-alarms'
const provider = payments.provider()

const buy = async (card_token = 'tok_ok') => {
  const session = await given.session({ seats: 1 })
  const customer = await someone()
  const { body } = await customer.post('/api/v1/tickets/purchase', {
    event_id: session.id,
    seat_id: session.seat_ids[0],
    card_token,
  })
  const order_id = body.order?.id ?? body.order_id
  const payment = await db.selectFrom('payments').selectAll().where('order_id', '=', order_id).executeTakeFirstOrThrow()
  return { customer, order_id: order_id as number, payment, ticket_id: body.id as number }
}
const compare = () => {
  clock.advance(3_600)
  return checkout.reconcile.run({ now: true })
}
const openAlarms = async () =>
  (await admin.get(ALARMS)).body.items as { id: number; kind: string; payment_id: number | null; detail: { problem?: string } }[]
const settleAll = async () => {
  for (const { id } of await openAlarms()) await admin.post(`${ALARMS}/${id}/resolve`, { reason: 'a test' })
}
const mails = async () =>
  Number(
    (await pool.query(`select count(*) from pgboss.job where name = 'mail.account' and data ->> 'kind' = 'books_differ'`)).rows[0]
      .count,
  )

test('books that tell the same raise nothing, and each movement is known to have been found', async () => {
  const [kept, back] = [await buy(), await buy()]
  await back.customer.post(`/api/v1/orders/${back.order_id}/cancel`)
  for (const { id } of await db.selectFrom('refunds').select('id').execute()) await checkout.refund({ refund_id: id })
  expect(await compare()).toMatchObject({ provider: 'mock', movements: 3, differences: 0 })
  expect(await openAlarms()).toEqual([])
  for (const { payment } of [kept, back])
    expect(await db.selectFrom('payments').select('reconciled_at').where('id', '=', payment.id).executeTakeFirst()).toMatchObject(
      { reconciled_at: expect.any(Date) },
    )
  expect((await checkInvariants(db)).violated).toEqual([])
})

test('what an exchange moved from order to order was nothing to the provider; what goes back in the end, the first card gets', async () => {
  const { customer, order_id, ticket_id } = await buy()
  const { session_id } = (await customer.get(`/api/v1/tickets/${ticket_id}`)).body
  const { hall_id } = await db.selectFrom('sessions').select('hall_id').where('id', '=', session_id).executeTakeFirstOrThrow()
  const { cinema_id } = await db.selectFrom('halls').select('cinema_id').where('id', '=', hall_id).executeTakeFirstOrThrow()
  const other = await given.session({ hall_id: (await given.hall({ cinema_id })).id })
  const wish = { session_id: other.id, tickets: [{ ticket_id, seat_id: other.seat_ids[0] }] }
  const { status, body } = await customer.post(`/api/v1/orders/${order_id}/exchanges`, wish)
  expect([status, body.done]).toEqual([201, true])
  expect(await compare()).toMatchObject({ differences: 0 })
  await customer.post(`/api/v1/orders/${body.order.id}/cancel`)
  for (const { id } of await db.selectFrom('refunds').select('id').where('status', '=', 'pending').execute())
    await checkout.refund({ refund_id: id })
  expect(await compare()).toMatchObject({ differences: 0 })
  expect(await openAlarms()).toEqual([])
})

test('it is done once a day, however often it is looked for', async () => {
  await compare()
  expect(await checkout.reconcile.run()).toBeNull()
  clock.advance(86_400)
  expect(await checkout.reconcile.run()).toMatchObject({ differences: 0 })
})

test('every kind of difference calls a person once, and tells the admins by mail', async () => {
  const [wrong, unknown, missing, odd] = [await buy(), await buy(), await buy(), await buy()]
  await odd.customer.post(`/api/v1/orders/${odd.order_id}/cancel`)
  const refund = await db.selectFrom('refunds').select('id').where('payment_id', '=', odd.payment.id).executeTakeFirstOrThrow()
  await checkout.refund({ refund_id: refund.id })
  await pool.query('update payments set amount_minor = amount_minor - 1 where id = $1', [wrong.payment.id])
  await pool.query('delete from receipt_dues where payment_id = $1 or refund_id = $2', [unknown.payment.id, refund.id])
  await pool.query('delete from payment_items where payment_id = any($1)', [[unknown.payment.id]])
  await pool.query('delete from receipt_dues where payment_id = $1', [unknown.payment.id])
  await pool.query('delete from payments where id = $1', [unknown.payment.id])
  await pool.query(`update payments set provider_reference = 'pi_nowhere' where id = $1`, [missing.payment.id])
  await pool.query('delete from refund_items where refund_id = $1', [refund.id])
  await pool.query('delete from receipt_dues where refund_id = $1', [refund.id])
  await pool.query('delete from refunds where id = $1', [refund.id])
  const before = await mails()
  const find = vi.spyOn(provider, 'find').mockImplementation(async () => null)
  expect(await compare()).toMatchObject({ differences: 5 })
  find.mockRestore()
  const found = (await openAlarms()).map(({ payment_id, detail }) => [detail.problem, payment_id])
  expect(found).toEqual(
    expect.arrayContaining([
      ['amount_differs', wrong.payment.id],
      ['unknown_charge', null],
      ['missing', missing.payment.id],
      ['unknown_refund', odd.payment.id],
    ]),
  )
  expect(await mails()).toBeGreaterThan(before)
  expect(await compare()).toMatchObject({ differences: 0 })
  await settleAll()
  expect(await compare()).toMatchObject({ differences: 0 })
  expect(await openAlarms()).toEqual([])
})

test('money that came in after we gave the payment up is told, and goes its way', async () => {
  const late = await buy()
  await pool.query(`update payments set status = 'failed', captured_at = null where id = $1`, [late.payment.id])
  expect(await compare()).toMatchObject({ differences: 1 })
  expect((await openAlarms())[0]).toMatchObject({ payment_id: late.payment.id, detail: { problem: 'given_up' } })
  const { rows } = await pool.query('select reason from refunds where payment_id = $1', [late.payment.id])
  expect(rows).toEqual([{ reason: 'paid_twice' }])
  await settleAll()
})

test('a process that dies in its midst leaves the rest to the next, which goes on where it was', async () => {
  for (let count = 0; count < 4; count += 1) await buy()
  const list = provider.list?.bind(provider)
  const asked: (string | null)[] = []
  let dies = true
  vi.spyOn(provider, 'list').mockImplementation(async ({ cursor, ...within }) => {
    asked.push(cursor)
    const at = Number(cursor ?? 0)
    if (at === 2 && dies) throw new Error('killed')
    const all = (await list?.({ ...within, cursor: null }))?.movements ?? []
    return { movements: all.slice(at, at + 1), next: at + 1 < all.length ? String(at + 1) : null }
  })
  await expect(compare()).rejects.toThrow('killed')
  expect(asked).toEqual([null, '1', '2'])
  dies = false
  asked.length = 0
  const both = await Promise.all([checkout.reconcile.run(), checkout.reconcile.run()])
  expect(both.some((one) => one?.differences === 0)).toBe(true)
  expect(asked[0]).toBe('2')
  expect(asked).not.toContain('1')
  vi.restoreAllMocks()
  const { rows } = await pool.query('select count(*)::int as open from reconciliations where finished_at is null')
  expect(rows).toEqual([{ open: 0 }])
})

test('alarms are for managers of the cinema and for admins, who say what they found; the log knows it', async () => {
  const disputed = await buy()
  const { rows } = await pool.query(
    'select h.cinema_id from tickets t join sessions s on s.id = t.session_id join halls h on h.id = s.hall_id where t.id = $1',
    [disputed.ticket_id],
  )
  await payments.raiseAlarm(db, disputed.payment.id, 'dispute', { status: 'needs_response' })
  const [mine, other] = [await someone('manager', [rows[0].cinema_id]), await someone('manager', [(await given.cinema()).id])]
  const [alarm] = (await mine.get(`${ALARMS}?kind=dispute`)).body.items
  expect(alarm).toMatchObject({
    kind: 'dispute',
    payment_id: disputed.payment.id,
    order_id: disputed.order_id,
    detail: { status: 'needs_response' },
    resolved_at: null,
  })
  expect((await other.get(ALARMS)).body.items).toEqual([])
  const resolve = { reason: 'We sent the evidence.' }
  expect((await other.post(`${ALARMS}/${alarm.id}/resolve`, resolve)).status).toBe(404)
  for (const role of ['customer', 'cashier', 'moderator'] as const) {
    expect((await (await as(role)).get(ALARMS)).status).toBe(403)
    expect((await (await as(role)).post(`${ALARMS}/${alarm.id}/resolve`, resolve)).status).toBe(403)
  }
  expect((await anonymous.get(ALARMS)).status).toBe(401)
  expect((await mine.post(`${ALARMS}/${alarm.id}/resolve`, { reason: ' ' })).status).toBe(422)
  expect(await mine.post(`${ALARMS}/${alarm.id}/resolve`, resolve)).toMatchObject({
    status: 200,
    body: { resolved_by: mine.id, resolution: resolve.reason },
  })
  expect(await admin.post(`${ALARMS}/${alarm.id}/resolve`, { reason: 'again' })).toMatchObject({
    status: 200,
    body: { resolution: resolve.reason },
  })
  expect(idOf(await mine.get(`${ALARMS}?status=resolved`))).toContain(alarm.id)
  const { body } = await admin.get(`/api/v1/admin/audit?action=payments.alarm_resolved&object_id=${alarm.id}`)
  expect(body.items).toMatchObject([{ actor: `u:${mine.id}`, after: { kind: 'dispute', reason: resolve.reason } }])
})

test('how the books stand is a metric', async () => {
  const text = String((await anonymous.get('/metrics')).body)
  expect(text).toMatch(/^marquee_payment_alarms_open \d+$/m)
  expect(text).toMatch(/^marquee_books_compared_seconds_ago \d/m)
})

const idOf = (reply: { body: { items: { id: number }[] } }) => reply.body.items.map(({ id }) => id)
