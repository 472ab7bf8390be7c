import type { Client, TestApp } from '#testing/app.ts'
import { API, type Owner, type Recipe } from './recipe.ts'

type Paid = (owner: Owner, cinemaId: number) => Promise<{ order_id: number; session_id: number }>

/** Sessions that are about to be moved, swapped or cancelled, and one that was. */
export const createMoveThings = ({ given, db, checkout }: TestApp, admin: Client, paid: Paid): Record<string, Recipe> => {
  const session = async (cinema_id: number) => {
    const { id: hall_id } = await given.hall({ cinema_id, seats_per_row: 4 })
    return (await given.session({ hall_id, starts_in_minutes: 600 })).id
  }
  const ofSession = (body?: (cinemaId: number) => Promise<object>): Recipe => ({
    make: async (_owner, cinemaId) => ({
      params: { id: await session(cinemaId) },
      ...(body && { body: await body(cinemaId) }),
    }),
  })
  const cancelled: Recipe = {
    make: async (_owner, cinemaId) => {
      const id = await session(cinemaId)
      await admin.post(`${API}/sessions/${id}/cancel`, {})
      return { params: { id } }
    },
  }
  /** Cancelled, and the provider has refused the money of one order. */
  const refused: Recipe = {
    make: async (owner, cinemaId) => {
      const { order_id, session_id: id } = await paid(owner, cinemaId)
      await admin.post(`${API}/sessions/${id}/cancel`, {})
      await checkout.cancelledSessions.run(id)
      const { id: payment_id } = await db
        .selectFrom('payments')
        .select('id')
        .where('order_id', '=', order_id)
        .executeTakeFirstOrThrow()
      await db
        .updateTable('refunds')
        .set({ status: 'failed', failure_code: 'refused' })
        .where('payment_id', '=', payment_id)
        .execute()
      await db.insertInto('payment_alarms').values({ payment_id, kind: 'refund_refused', detail: '{}' }).execute()
      return { params: { id } }
    },
  }
  const otherHall = async (cinema_id: number) => ({ hall_id: (await given.hall({ cinema_id, seats_per_row: 4 })).id })

  return {
    [`GET ${API}/sessions/{id}/cancel-preview`]: ofSession(),
    [`POST ${API}/sessions/{id}/move-preview`]: ofSession(otherHall),
    [`GET ${API}/sessions/{id}/changes`]: ofSession(),
    [`GET ${API}/sessions/{id}/cancellation/orders`]: cancelled,
    [`POST ${API}/sessions/{id}/cancellation/retry`]: refused,
    [`POST ${API}/sessions/{id}/hall-swap-preview`]: ofSession(otherHall),
    [`POST ${API}/sessions/{id}/hall-swap`]: ofSession(async (cinemaId) => ({
      ...(await otherHall(cinemaId)),
      unplaced: 'refund',
      expected_version: 1,
    })),
  }
}
