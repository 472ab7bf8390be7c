import type { Recipe } from './recipes.ts'
import type { World } from './world.ts'

const API = '/api/v1'
const VALID_FROM = '2030-01-01'
const METHODS = ['PUT', 'PATCH']

/** Types of tickets, price cards and rules of cinemas that nothing else depends on. */
export const priceRecipes = (world: World): Record<string, () => Promise<Recipe>> => {
  const { random, unique, app, person } = world
  const inLanguages = (text: string) => ({ uk: text, ru: text, en: text })
  const typeBody = () => ({
    code: `type_${unique()}`,
    names: inLanguages('Ветеран'),
    who_may_buy: inLanguages('Ветеран, з посвідченням'),
    percent_off: random.below(10_001) / 100,
    ...(random.chance(0.5) && { seat_types: ['vip'], needs_proof: true }),
  })
  const cardBody = async () => ({
    cinema_id: (await app.given.cinema()).id,
    name: `Card ${unique()}`,
    valid_from: VALID_FROM,
    prices: { standard: random.below(50_000) / 100, premium: 260, vip: 320 },
    ...random.pick([{}, { weekdays: [1, 5], from_time: '18:00' }, { formats: ['3d'], to_time: '02:00' }]),
    ticket_types: random.pick([[], [{ ticket_type: 'child', percent_off: 25 }], [{ ticket_type: 'senior', is_sold: false }]]),
  })
  const made = async (path: string, body: object) => {
    const { body: answer } = await person('admin').post(`${API}/${path}`, body)
    return { id: answer.id as number }
  }
  const type = () => made('ticket-types', typeBody())
  const card = async () => made('price-cards', await cardBody())
  const changed = (path: string, make: () => Promise<{ id: number }>, body: () => object) =>
    METHODS.map((method) => [`${method} ${API}/${path}`, async () => ({ as: 'admin', params: await make(), body: body() })])
  const fees = () => ({ per_ticket: random.below(1000) / 100, per_order: 0 })
  const session = async () => {
    const { id, seat_ids } = await app.given.session({ seats: 3 })
    return { session_id: id, seat_ids: seat_ids.slice(0, 2) }
  }
  const cinema = async () => ({ id: (await app.given.cinema()).id })
  return {
    [`POST ${API}/ticket-types`]: async () => ({ as: 'manager', body: typeBody() }),
    [`GET ${API}/ticket-types/{id}`]: async () => ({ params: await type() }),
    [`DELETE ${API}/ticket-types/{id}`]: async () => ({ as: 'manager', params: await type() }),
    [`POST ${API}/price-cards`]: async () => ({ as: 'admin', body: await cardBody() }),
    [`GET ${API}/price-cards/{id}`]: async () => ({ as: 'admin', params: await card() }),
    [`DELETE ${API}/price-cards/{id}`]: async () => ({ as: 'admin', params: await card() }),
    [`GET ${API}/price-cards/preview`]: async () => {
      const { cinema_id } = await cardBody()
      return { as: 'admin', query: { cinema_id, date: '2030-01-18', time: '20:00', format: random.pick(['2d', '3d', 'imax']) } }
    },
    [`GET ${API}/cinemas/{id}/price-rules`]: async () => ({ params: await cinema() }),
    ...Object.fromEntries([
      ...changed('ticket-types/{id}', type, () => ({ position: random.below(1000), percent_off: random.below(101) })),
      ...changed('price-cards/{id}', card, () => ({ name: unique(), prices: { standard: 1, premium: 2, vip: random.below(9) } })),
      ...changed('cinemas/{id}/price-rules', cinema, () => ({
        fees: { web: fees(), counter: fees() },
        tax: { mode: random.pick(['none', 'included', 'added']), name: 'ПДВ', percent: random.below(101) },
        rounding: { mode: random.pick(['half_up', 'half_even', 'up', 'down']), step: random.pick([0.01, 0.5, 1]) },
      })),
    ]),
    [`POST ${API}/quotes`]: async () => {
      const wish = await session()
      const types = random.pick([{}, { ticket_type: 'child' }, { ticket_types: ['adult', 'student'] }])
      return { as: random.pick(['anonymous', 'customer', 'guest']), body: { ...wish, ...types } }
    },
    [`PATCH ${API}/tickets/{id}`]: async () => {
      const { ticket_id } = await world.hold('customer')
      return { as: 'customer', params: { id: ticket_id }, body: { ticket_type: random.pick(['child', 'student', 'senior']) } }
    },
  }
}
