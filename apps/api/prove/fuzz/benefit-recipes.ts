import type { Recipe } from './recipes.ts'
import type { World } from './world.ts'

const API = '/api/v1'
const names = { uk: 'Знижка', ru: 'Скидка', en: 'Discount' }

/** Promotions only for those who know their code: nothing else of this world gets cheaper by them. */
export const benefitRecipes = (world: World): Record<string, () => Promise<Recipe>> => {
  const { random, hold, person } = world
  const wish = () => ({
    names,
    codes: [`F-${world.unique()}`.replaceAll(/[^A-Za-z0-9-]/g, '')],
    ...random.pick([
      { kind: 'percent', percent: 1 + random.below(99) },
      { kind: 'fixed', amount: 1 + random.below(50) },
      { kind: 'cheapest', percent: 100, free_tickets: 1, of_tickets: 2 + random.below(3) },
    ]),
    ...random.pick([{}, { limit_total: 1 + random.below(9) }, { budget: 500 }, { weekdays: [1, 2, 3, 4, 5, 6, 7] }]),
  })
  const made = async (more = {}) => {
    const { body } = await person('admin').post(`${API}/promotions`, { ...wish(), ...more })
    return { id: body.id as number, code: body.codes?.[0] as string }
  }
  const promotion = async (body?: object): Promise<Recipe> => ({
    as: 'admin',
    params: { id: (await made()).id },
    ...(body && { body }),
  })
  const coded = async () => {
    const as = random.pick(['customer', 'guest', 'manager'])
    const [{ order_id: id }, { code }] = [
      await hold(as),
      await made({ kind: 'percent', percent: 10, free_tickets: null, of_tickets: null, amount: null }),
    ]
    return { as, params: { id }, body: { code } }
  }
  const withPoints = async () => {
    await world.paid('customer')
    return { as: 'customer', params: { id: (await hold('customer')).order_id } }
  }
  return {
    [`POST ${API}/promotions`]: async () => ({ as: 'admin', body: wish() }),
    [`GET ${API}/promotions/{id}`]: () => promotion(),
    [`PUT ${API}/promotions/{id}`]: () => promotion({ priority: 1 + random.below(1000) }),
    [`PATCH ${API}/promotions/{id}`]: () => promotion({ is_active: random.chance(0.5) }),
    [`DELETE ${API}/promotions/{id}`]: () => promotion(),
    [`GET ${API}/promotions/{id}/dry-run`]: async () => ({ ...(await promotion()), query: { days: 1 + random.below(31) } }),
    [`PUT ${API}/orders/{id}/promo-code`]: coded,
    [`DELETE ${API}/orders/{id}/promo-code`]: async () => {
      const { as, params } = await coded()
      return { as, params }
    },
    [`PUT ${API}/orders/{id}/points`]: async () => ({ ...(await withPoints()), body: { points: 1 } }),
    [`DELETE ${API}/orders/{id}/points`]: withPoints,
  }
}
