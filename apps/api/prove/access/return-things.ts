import type { Client, TestApp } from '#testing/app.ts'
import { API, type Recipe } from './recipe.ts'

type Owner = Client & { id: number }
type Paid = (owner: Owner, cinemaId: number) => Promise<{ id: number; order_id: number; session_id: number; secrets: unknown[] }>

let serial = 0

/** Money that goes back, and the terms on which it does. */
export const createReturnThings = ({ db, receipts }: TestApp, paid: Paid): Record<string, Recipe> => {
  const terms = (body?: object): Recipe => ({ make: async (_owner, id) => ({ params: { id }, ...(body && { body }) }) })
  const policy = { cutoff_minutes: 30, returns_fees: true, charge_per_ticket: 0 }

  const refund = async (owner: Owner, cinemaId: number) => {
    const { order_id, secrets } = await paid(owner, cinemaId)
    const { body } = await owner.post(`${API}/orders/${order_id}/cancel`)
    const { id, payment_id } = body.refunds[0]
    await db.updateTable('refunds').set({ status: 'failed', failure_code: 'refused' }).where('id', '=', id).execute()
    await db.insertInto('payment_alarms').values({ payment_id, kind: 'refund_refused', detail: '{}' }).execute()
    return { params: { id: id as number }, secrets }
  }

  const receipt = async (owner: Owner, cinemaId: number) => {
    const { order_id, secrets } = await paid(owner, cinemaId)
    await receipts.issueDue()
    const { id } = await db.selectFrom('receipts').select('id').where('order_id', '=', order_id).executeTakeFirstOrThrow()
    return { params: { id }, secrets }
  }

  const exchange: Recipe = {
    make: async (owner, cinemaId) => {
      const { order_id, id: ticket_id, session_id, secrets } = await paid(owner, cinemaId)
      const { seat_ids } = await db
        .selectFrom('sessions as s')
        .innerJoin('seats', 'seats.hall_id', 's.hall_id')
        .select((eb) => eb.fn.agg<number[]>('array_agg', ['seats.id']).as('seat_ids'))
        .where('s.id', '=', session_id)
        .executeTakeFirstOrThrow()
      const seat_id = Math.max(...seat_ids)
      return { params: { id: order_id }, body: { session_id, tickets: [{ ticket_id, seat_id }] }, secrets }
    },
  }

  return {
    [`POST ${API}/orders/{id}/exchange-quote`]: exchange,
    [`POST ${API}/orders/{id}/exchanges`]: exchange,
    [`POST ${API}/orders/{id}/cancellation-quote`]: {
      make: async (owner, cinemaId) => {
        const { order_id: id, secrets } = await paid(owner, cinemaId)
        return { params: { id }, body: {}, secrets }
      },
    },
    [`GET ${API}/orders/{id}/receipts`]: {
      make: async (owner, cinemaId) => {
        const { order_id: id, secrets } = await paid(owner, cinemaId)
        return { params: { id }, secrets }
      },
    },
    [`GET ${API}/receipts/{id}/pdf`]: { make: receipt },
    [`GET ${API}/admin/receipts`]: {
      make: receipt,
      isReached: ({ body }, { params }) => (body.items as { id: number }[]).some(({ id }) => id === params?.['id']),
    },
    [`GET ${API}/admin/receipts/export`]: {
      make: receipt,
      isReached: ({ body }, { params }) => String(body).includes(`\r\n${String(params?.['id'])},`),
    },
    [`GET ${API}/admin/refunds`]: {
      make: refund,
      isReached: ({ body }, { params }) => (body.items as { id: number }[]).some(({ id }) => id === params?.['id']),
    },
    [`POST ${API}/refunds/{id}/retry`]: { make: refund },
    [`PUT ${API}/cinemas/{id}/cancellation-policy`]: {
      make: async (_owner, id) => ({ params: { id }, body: { ...policy, charge_percent: (serial = (serial + 1) % 100) } }),
    },
    [`GET ${API}/cinemas/{id}/seller`]: terms(),
    [`PUT ${API}/cinemas/{id}/seller`]: {
      make: async (_owner, id) => ({
        params: { id },
        body: { legal_name: `Seller ${(serial += 1)}`, tax_number: null, legal_address: null },
      }),
    },
  }
}
