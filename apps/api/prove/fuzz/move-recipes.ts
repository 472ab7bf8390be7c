import type { Recipe } from './recipes.ts'
import type { World } from './world.ts'

const API = '/api/v1'
const CARD = { card_token: 'tok_ok', email: 'buyer@fuzz.test' }

/** Sessions with holders that are moved, swapped or cancelled. */
export const moveRecipes = (world: World): Record<string, () => Promise<Recipe>> => {
  const { random, person, app } = world
  const { given } = app
  const sold = async () => {
    const hall = await given.hall({ seats_per_row: 6 })
    const { id } = await given.session({ hall_id: hall.id })
    const seat_id = random.pick(hall.seat_ids)
    await person('customer').post(`${API}/tickets/purchase`, { event_id: id, seat_id, ...CARD })
    return { id, cinema_id: hall.cinema_id }
  }
  const otherHall = async (cinema_id: number) => (await given.hall({ cinema_id, seats_per_row: random.pick([4, 6, 9]) })).id
  const toOther = async (more: object = {}): Promise<Recipe> => {
    const { id, cinema_id } = await sold()
    return { as: 'manager', params: { id }, body: { hall_id: await otherHall(cinema_id), ...more } }
  }
  const cancelled = async (): Promise<Recipe> => {
    const { id } = await sold()
    await person('manager').post(`${API}/sessions/${id}/cancel`, { reason: 'a broken projector' })
    return { as: 'manager', params: { id } }
  }
  const ofSession = async (): Promise<Recipe> => ({ as: 'manager', params: { id: (await sold()).id } })

  const unsold = async (): Promise<Recipe> => ({ as: 'admin', params: { id: (await given.session({ seats: 2 })).id } })

  const soon = () => new Date(Date.now() + (30 + random.below(200)) * 3_600_000).toISOString()
  /** A part of what may be changed that goes together. */
  const change = async (): Promise<Recipe> => ({
    ...(await unsold()),
    body: {
      ...(random.chance(0.5) && { start_time: soon(), ...(random.chance(0.5) && { notice: 'A new print has come.' }) }),
      ...(random.chance(0.5) && { base_price: 150 + random.below(100), vip_price: 300 + random.below(100) }),
      ...(random.chance(0.3) && { early_bird_discount: random.below(100), language: 'uk', subtitles: random.pick(['en', null]) }),
      ...(random.chance(0.3) && { format_3d: random.chance(0.5), accessibility: { audio_description: true } }),
      is_active: random.chance(0.8),
    },
  })

  return {
    [`DELETE ${API}/sessions/{id}`]: unsold,
    [`PUT ${API}/sessions/{id}`]: change,
    [`PATCH ${API}/sessions/{id}`]: change,
    [`DELETE ${API}/events/{id}`]: unsold,
    [`GET ${API}/sessions/{id}/cancel-preview`]: ofSession,
    [`GET ${API}/sessions/{id}/changes`]: ofSession,
    [`POST ${API}/sessions/{id}/move-preview`]: async () => ({ ...(await ofSession()), body: { start_time: soon() } }),
    [`GET ${API}/sessions/{id}/cancellation/orders`]: async () => ({
      ...(await cancelled()),
      query: { size: 1 + random.below(50), ...(random.chance(0.3) && { refund_status: 'failed' }) },
    }),
    [`POST ${API}/sessions/{id}/cancellation/retry`]: cancelled,
    [`POST ${API}/sessions/{id}/hall-swap-preview`]: () => toOther(),
    [`POST ${API}/sessions/{id}/hall-swap`]: () => toOther({ unplaced: random.pick(['refund', 'refuse']), expected_version: 1 }),
  }
}
