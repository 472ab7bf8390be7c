import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, checkout, db, given, guest, someone } = await startTestApp()
const API = '/api/v1'
const [admin, moderator] = [await as('admin'), await as('moderator')]

const buy = async (buyer: Awaited<ReturnType<typeof someone>>, cinema_id?: number, email = 'anna@example.org') => {
  const at = cinema_id ?? (await given.cinema()).id
  const { id: session_id, seat_ids } = await given.session({ hall_id: (await given.hall({ cinema_id: at })).id })
  const { body } = await buyer.post(`${API}/tickets/purchase`, {
    event_id: session_id,
    seat_id: seat_ids[0],
    card_token: 'tok_ok',
    email,
  })
  return { cinema_id: at, ticket_id: body.id as number, order_id: body.order.id as number, payment_id: body.payment.id as number }
}
const idsOf = (reply: { body: { items: { id: number }[] } }) => reply.body.items.map(({ id }) => id)

test('R-098: buyers see their own payments, newest first, and no others', async () => {
  const [anna, other, visitor] = [await someone(), await someone(), await guest()]
  const first = await buy(anna)
  const second = await buy(anna)
  await buy(other)
  expect(idsOf(await anna.get(`${API}/payments`))).toEqual([second.payment_id, first.payment_id])
  expect(idsOf(await anna.get(`${API}/payments?status=successful&size=1`))).toEqual([second.payment_id])
  expect(idsOf(await anna.get(`${API}/payments?status=failed`))).toEqual([])
  expect((await visitor.get(`${API}/payments`)).body.items).toEqual([])
  expect(await anna.get(`${API}/payments/${first.payment_id}`)).toMatchObject({
    status: 200,
    body: { id: first.payment_id, status: 'success', amount: 200, created_at: expect.any(String), order: { id: first.order_id } },
  })
  expect((await other.get(`${API}/payments/${first.payment_id}`)).status).toBe(404)
  expect((await anna.get(`${API}/payments/999999`)).status).toBe(404)
  expect((await anonymous.get(`${API}/payments`)).status).toBe(401)
})

test('R-096, R-099: staff find orders and payments by buyer, time, status and cinema', async () => {
  const anna = await someone()
  const [kept, given_back] = [await buy(anna), await buy(anna)]
  await anna.post(`${API}/orders/${given_back.order_id}/cancel`)
  const at = (path: string, query: string) => moderator.get(`${API}/admin/${path}?user_id=${anna.id}${query}`)
  expect(idsOf(await at('orders', ''))).toEqual([given_back.order_id, kept.order_id])
  expect(idsOf(await at('orders', '&status=paid'))).toEqual([kept.order_id])
  expect(idsOf(await at('orders', `&cinema_id=${given_back.cinema_id}`))).toEqual([given_back.order_id])
  expect(idsOf(await at('payments', '&status=successful&method=card&provider=mock'))).toEqual([
    given_back.payment_id,
    kept.payment_id,
  ])
  expect(idsOf(await at('payments', '&status=refunded'))).toEqual([])
  const inAnHour = encodeURIComponent(new Date(Date.now() + 3_600_000).toISOString())
  for (const path of ['orders', 'payments']) {
    expect(idsOf(await at(path, `&from=${inAnHour}`))).toEqual([])
    expect(idsOf(await at(path, `&to=${inAnHour}`)).length).toBeGreaterThan(0)
  }
  const { body } = await admin.get(`${API}/orders/${kept.order_id}`)
  expect(idsOf(await moderator.get(`${API}/admin/payments?reference=${body.reference}`))).toEqual([kept.payment_id])
  expect((await at('orders', '&status=sold')).status).toBe(422)
})

test('a manager sees the sales of their own cinemas only', async () => {
  const [mine, theirs] = [await buy(await someone()), await buy(await someone())]
  const manager = await someone('manager', [mine.cinema_id])
  expect(idsOf(await manager.get(`${API}/admin/orders`))).toEqual([mine.order_id])
  expect(idsOf(await manager.get(`${API}/admin/payments`))).toEqual([mine.payment_id])
  expect((await manager.get(`${API}/admin/orders?cinema_id=${theirs.cinema_id}`)).status).toBe(403)
  const file = await manager.get(`${API}/admin/orders/export`)
  expect(String(file.body).trim().split('\r\n')).toHaveLength(2)
})

test.each(['orders', 'payments', 'refunds'])('cashiers, customers and strangers see no list of %s', async (what) => {
  for (const path of [...(what === 'refunds' ? [] : [`${API}/admin/${what}`]), `${API}/admin/${what}/export`]) {
    for (const role of ['customer', 'cashier'] as const) expect((await (await as(role)).get(path)).status).toBe(403)
    expect((await anonymous.get(path)).status).toBe(401)
  }
})

test('files are the lists, whole; a formula in a cell is text; who takes one away is written down', async () => {
  const anna = await someone()
  const { order_id } = await buy(anna)
  await anna.post(`${API}/orders/${order_id}/cancel`, { reason: '=HYPERLINK("http://evil")' })
  for (const { id } of await db.selectFrom('refunds').select('id').where('status', '=', 'pending').execute())
    await checkout.refund({ refund_id: id })
  const refunds = await admin.get(`${API}/admin/refunds/export?user_id=${anna.id}`)
  expect(refunds.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': expect.stringMatching(/^attachment; filename="refunds_/),
  })
  expect(refunds.body).toContain(`"'=HYPERLINK(""http://evil"")"`)
  expect(refunds.body).toMatch(/^\uFEFFid,payment_id,order_id,/)
  const orders = await admin.get(`${API}/admin/orders/export?user_id=${anna.id}`)
  expect(String(orders.body).split('\r\n')[1]).toContain(`${order_id},`)
  const payments = await admin.get(`${API}/admin/payments/export?user_id=${anna.id}&status=refunded`)
  expect(String(payments.body).trim().split('\r\n')).toHaveLength(2)
  const { body } = await admin.get(`${API}/admin/audit?action=sales.exported&actor=u:${admin.id}`)
  expect(body.items.map((entry: { object_kind: string }) => entry.object_kind)).toEqual(['payments', 'orders', 'refunds'])
})
