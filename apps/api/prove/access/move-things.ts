import type { Client, TestApp } from '#testing/app.ts'
import { API, type Recipe } from './recipe.ts'

/** Sessions that are about to be moved, swapped or cancelled, and one that was. */
export const createMoveThings = ({ given }: TestApp, admin: Client): Record<string, Recipe> => {
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
  const otherHall = async (cinema_id: number) => ({ hall_id: (await given.hall({ cinema_id, seats_per_row: 4 })).id })

  return {
    [`GET ${API}/sessions/{id}/cancel-preview`]: ofSession(),
    [`POST ${API}/sessions/{id}/move-preview`]: ofSession(otherHall),
    [`GET ${API}/sessions/{id}/changes`]: ofSession(),
    [`GET ${API}/sessions/{id}/cancellation/orders`]: cancelled,
    [`POST ${API}/sessions/{id}/cancellation/retry`]: cancelled,
    [`POST ${API}/sessions/{id}/hall-swap-preview`]: ofSession(otherHall),
    [`POST ${API}/sessions/{id}/hall-swap`]: ofSession(async (cinemaId) => ({
      ...(await otherHall(cinemaId)),
      unplaced: 'refund',
      expected_version: 1,
    })),
  }
}
