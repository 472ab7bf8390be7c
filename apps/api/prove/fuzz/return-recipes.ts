import type { Recipe } from './recipes.ts'
import type { World } from './world.ts'

const API = '/api/v1'
const buyers = ['customer', 'guest', 'manager'] as const

/** A refund that the provider has refused, of an order of this person. */
const refused = async ({ app, person, paid }: World, as: string) => {
  const { order_id } = await paid(as)
  const { body } = await person(as).post(`${API}/orders/${order_id}/cancel`)
  const id = body.refunds[0].id as number
  await app.db.updateTable('refunds').set({ status: 'failed', failure_code: 'refused' }).where('id', '=', id).execute()
  const alarm = { payment_id: body.refunds[0].payment_id as number, kind: 'refund_refused', detail: '{}' }
  await app.db.insertInto('payment_alarms').values(alarm).execute()
  return id
}

const termsRecipes = (world: World): Record<string, () => Promise<Recipe>> => {
  const { random, app } = world
  const cinema = async (body?: object): Promise<Recipe> => ({
    as: 'admin',
    params: { id: (await app.given.cinema()).id },
    ...(body && { body }),
  })
  const charge = () =>
    random.pick([
      { charge_per_ticket: random.below(10_000) / 100, charge_percent: 0 },
      { charge_per_ticket: 0, charge_percent: random.below(101) },
    ])
  return {
    [`GET ${API}/cinemas/{id}/cancellation-policy`]: () => cinema(),
    [`PUT ${API}/cinemas/{id}/cancellation-policy`]: () =>
      cinema({ cutoff_minutes: random.below(600), returns_fees: random.chance(0.5), ...charge() }),
    [`GET ${API}/cinemas/{id}/seller`]: () => cinema(),
    [`PUT ${API}/cinemas/{id}/seller`]: () =>
      cinema({ legal_name: `ТОВ «${world.unique()}»`, tax_number: random.pick([null, '12345678']), legal_address: null }),
  }
}

/** A paid ticket with another seat of its session. */
const exchanged = async (world: World): Promise<Recipe> => {
  const as = world.random.pick(buyers)
  const { order_id: id, session_id, seat_ids, ticket_id } = await world.paid(as)
  return { as, params: { id }, body: { session_id, tickets: [{ ticket_id, seat_id: seat_ids.at(-1) }] } }
}

export const returnRecipes = (world: World): Record<string, () => Promise<Recipe>> => {
  const { random, paid } = world
  return {
    ...termsRecipes(world),
    [`POST ${API}/orders/{id}/cancellation-quote`]: async () => {
      const as = random.pick(buyers)
      const { order_id: id, ticket_id } = await paid(as)
      return { as, params: { id }, body: random.pick([{}, { ticket_ids: [ticket_id] }]) }
    },
    [`POST ${API}/orders/{id}/exchange-quote`]: () => exchanged(world),
    [`POST ${API}/orders/{id}/exchanges`]: () => exchanged(world),
    [`GET ${API}/orders/{id}/receipts`]: async () => {
      const as = random.pick(buyers)
      const { order_id: id } = await paid(as)
      await world.app.receipts.issueDue()
      return { as, params: { id } }
    },
    [`GET ${API}/receipts/{id}/pdf`]: async () => {
      const as = random.pick(buyers)
      const { order_id } = await paid(as)
      await world.app.receipts.issueDue()
      const { body } = await world.person(as).get(`${API}/orders/${order_id}/receipts`)
      return { as, params: { id: body.items[0].id as number } }
    },
    [`GET ${API}/admin/receipts`]: async () => ({
      as: random.pick(['manager', 'admin']),
      query: { size: 1 + random.below(50), kind: random.pick(['receipt', 'credit_note']) },
    }),
    [`GET ${API}/admin/receipts/export`]: async () => ({
      as: random.pick(['manager', 'admin']),
      query: random.pick([{}, { kind: random.pick(['receipt', 'credit_note']) }]),
    }),
    [`GET ${API}/admin/refunds`]: async () => ({
      as: random.pick(['manager', 'admin']),
      query: { size: 1 + random.below(50), status: random.pick(['pending', 'success', 'failed']) },
    }),
    [`POST ${API}/refunds/{id}/retry`]: async () => ({
      as: random.pick(['manager', 'admin']),
      params: { id: await refused(world, random.pick(buyers)) },
    }),
  }
}
