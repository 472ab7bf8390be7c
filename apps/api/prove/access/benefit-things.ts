import { sql } from 'kysely'

import type { TestApp } from '#testing/app.ts'
import { API, type Recipe } from './recipe.ts'

const names = { uk: 'Знижка', ru: 'Скидка', en: 'Discount' }
const wish = { names, kind: 'percent', percent: 10 }
let serial = 0

type Held = (owner: Parameters<Recipe['make']>[0], cinemaId: number) => Promise<{ order_id: number; secrets: unknown[] }>

/** Promotions of a cinema, and what makes an order cheaper. None applies by itself. */
export const benefitThings = async ({ as, db }: TestApp, held: Held): Promise<Record<string, Recipe>> => {
  const admin = await as('admin')
  const promotion = async (cinema_id: number) => {
    const code = `THING-${(serial += 1)}`
    const { body } = await admin.post(`${API}/promotions`, { ...wish, cinema_ids: [cinema_id], codes: [code] })
    return { id: body.id as number, code }
  }
  const of = (body?: object): Recipe => ({
    make: async (_owner, cinemaId) => ({ params: { id: (await promotion(cinemaId)).id }, ...(body && { body }) }),
  })
  const isListed: Recipe['isReached'] = (reply, { params }) =>
    (reply.body.items as { id: number }[]).some(({ id }) => id === params?.['id'])
  const points = (body?: object): Recipe => ({
    make: async (owner, cinemaId) => {
      const { order_id: id, secrets } = await held(owner, cinemaId)
      await sql`
        with account as (insert into loyalty_accounts (user_id, points) values (${owner.id}, 1000) on conflict do nothing returning user_id)
        insert into loyalty_entries (user_id, kind, points, expires_at) select user_id, 'returned', 1000, app.now() + interval '1 year' from account`.execute(
        db,
      )
      return { params: { id }, secrets, ...(body && { body }) }
    },
  })
  return {
    [`GET ${API}/promotions`]: {
      make: async (_owner, cinemaId) => ({ params: await promotion(cinemaId), query: '?size=100' }),
      isReached: isListed,
    },
    [`POST ${API}/promotions`]: {
      make: async (_owner, id) => ({ body: { ...wish, cinema_ids: [id], codes: [`MADE-${(serial += 1)}`] } }),
    },
    [`GET ${API}/promotions/{id}`]: of(),
    [`PUT ${API}/promotions/{id}`]: of({ priority: 7 }),
    [`PATCH ${API}/promotions/{id}`]: of({ is_active: false }),
    [`DELETE ${API}/promotions/{id}`]: of(),
    [`GET ${API}/promotions/{id}/dry-run`]: of(),
    [`PUT ${API}/orders/{id}/promo-code`]: {
      make: async (owner, cinemaId) => {
        const [{ order_id: id, secrets }, { code }] = [await held(owner, cinemaId), await promotion(cinemaId)]
        return { params: { id }, body: { code }, secrets }
      },
    },
    [`DELETE ${API}/orders/{id}/promo-code`]: {
      make: async (owner, cinemaId) => {
        const { order_id: id, secrets } = await held(owner, cinemaId)
        return { params: { id }, secrets }
      },
    },
    [`PUT ${API}/orders/{id}/points`]: points({ points: 1 }),
    [`DELETE ${API}/orders/{id}/points`]: points(),
  }
}
