import type { Reply, TestApp } from '#testing/app.ts'
import { API, type Make, nameOf, type Owner, type Recipe, type Request } from './recipe.ts'

type Paid = (owner: Owner, cinemaId: number) => Promise<{ order_id: number; reference: string; secrets: unknown[] }>

/** Payments, refunds and alarms of what somebody has bought. */
export const createMoneyThings = ({ app, paid }: { app: TestApp; paid: Paid }): Record<string, Recipe> => {
  const { db } = app
  const somePayment: Make = async (owner, cinemaId) => {
    const { order_id, secrets } = await paid(owner, cinemaId)
    const { id } = await db.selectFrom('payments').select('id').where('order_id', '=', order_id).executeTakeFirstOrThrow()
    return { params: { id }, secrets }
  }
  const someOrder: Make = async (owner, cinemaId) => {
    const { order_id: id, secrets } = await paid(owner, cinemaId)
    return { params: { id }, secrets }
  }
  const someRefund: Make = async (owner, cinemaId) => {
    const { order_id, reference, secrets } = await paid(owner, cinemaId)
    await (await app.as('admin')).post(`${API}/orders/${order_id}/cancel`, {})
    const { rows } = await app.pool.query<{ id: number }>(
      'select r.id from refunds r join payments p on p.id = r.payment_id where p.order_id = $1',
      [order_id],
    )
    return { params: { id: rows[0]?.id, reference }, secrets }
  }
  const someAlarm: Make = async (owner, cinemaId) => {
    const { params } = await somePayment(owner, cinemaId)
    const alarm = { payment_id: Number(params?.['id']), kind: `dispute`, detail: '{}' }
    const made = await db.insertInto('payment_alarms').values(alarm).returning('id').executeTakeFirstOrThrow()
    return { params: made, body: { reason: 'The evidence was sent.' } }
  }

  return {
    [`GET ${API}/payments`]: { make: somePayment, isReached: nameOf('id') },
    [`GET ${API}/payments/{id}`]: { make: somePayment },
    [`GET ${API}/admin/orders`]: { make: someOrder, isReached: nameOf('id') },
    [`GET ${API}/admin/payments`]: { make: somePayment, isReached: nameOf('id') },
    ...Object.fromEntries(
      ['orders', 'payments', 'refunds'].map((what) => [
        `GET ${API}/admin/${what}/export`,
        {
          make: someRefund,
          isReached: ({ body }: Reply, { params }: Request) => String(body).includes(String(params?.['reference'])),
        },
      ]),
    ),
    [`GET ${API}/admin/payment-alarms`]: { make: someAlarm, isReached: nameOf('id') },
    [`POST ${API}/admin/payment-alarms/{id}/resolve`]: { make: someAlarm },
  }
}
