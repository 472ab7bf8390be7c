import type { Client, TestApp } from '#testing/app.ts'
import type { Recipe, Request } from './recipe.ts'

const API = '/api/v1'
const inLanguages = { uk: 'Ветеран', ru: 'Ветеран', en: 'Veteran' }
const HOURS = { valid_from: '2030-01-01', prices: { standard: 100, premium: 150, vip: 200 } }
let serial = 0
const unique = () => (serial += 1)

/** What prices speak of. Each card has a format and an hour of its own, so that none meets another of its cinema. */
export const createPriceThings = (app: TestApp, admin: Client): Record<string, Recipe> => {
  const at = (make: (cinemaId: number) => Promise<Request>): Recipe => ({ make: (_owner, cinemaId) => make(cinemaId) })
  const cardOf = (cinema_id: number) => {
    const day = new Date(Date.UTC(2030, 0, unique())).toISOString().slice(0, 10)
    return { ...HOURS, cinema_id, name: `Card ${serial}`, valid_from: day, valid_to: day }
  }
  const card = async (cinemaId: number) => {
    const { body } = await admin.post(`${API}/price-cards`, cardOf(cinemaId))
    return { params: { id: body.id as number } }
  }
  const typeOf = () => ({ code: `veteran_${unique()}`, names: inLanguages, who_may_buy: inLanguages })
  const type = async () => {
    const { body } = await admin.post(`${API}/ticket-types`, typeOf())
    return { params: { id: body.id as number } }
  }
  const both = (path: string, recipe: Recipe) => ({ [`PUT ${path}`]: recipe, [`PATCH ${path}`]: recipe })
  const rules = (per_order: number) => ({ fees: { web: { per_ticket: 1, per_order }, counter: { per_ticket: 0, per_order: 0 } } })
  return {
    [`POST ${API}/ticket-types`]: at(async () => ({ body: typeOf() })),
    [`DELETE ${API}/ticket-types/{id}`]: at(type),
    ...both(
      `${API}/ticket-types/{id}`,
      at(async () => ({ ...(await type()), body: { position: unique() } })),
    ),
    [`POST ${API}/price-cards`]: at(async (cinemaId) => ({ body: cardOf(cinemaId) })),
    [`GET ${API}/price-cards`]: {
      make: (_owner, cinemaId) => card(cinemaId),
      isReached: ({ body }, { params }) => (body.items as { id: number }[]).some(({ id }) => id === params?.['id']),
    },
    [`GET ${API}/price-cards/{id}`]: at(card),
    [`GET ${API}/price-cards/preview`]: at(async (id) => ({ query: `?cinema_id=${id}&date=2030-01-18&time=20:00` })),
    [`DELETE ${API}/price-cards/{id}`]: at(card),
    ...both(
      `${API}/price-cards/{id}`,
      at(async (id) => ({ ...(await card(id)), body: { name: `Card ${unique()}` } })),
    ),
    ...both(
      `${API}/cinemas/{id}/price-rules`,
      at(async (id) => ({ params: { id }, body: rules(unique()) })),
    ),
    [`POST ${API}/quotes`]: at(async (cinema_id) => {
      const hall = await app.given.hall({ cinema_id })
      const { id, seat_ids } = await app.given.session({ hall_id: hall.id })
      return { body: { session_id: id, seat_ids: seat_ids.slice(0, 1) } }
    }),
  }
}
