import { accountRecipes } from './account-recipes.ts'
import { adminRecipes } from './admin-recipes.ts'
import { benefitRecipes } from './benefit-recipes.ts'
import { moveRecipes } from './move-recipes.ts'
import { priceRecipes } from './price-recipes.ts'
import { returnRecipes } from './return-recipes.ts'
import type { World } from './world.ts'

type Json = Record<string, unknown>
export type Recipe = {
  as?: string
  params?: Json
  query?: Json
  /** Takes the place of the generated body. */
  body?: unknown
  headers?: Record<string, string>
}

const API = '/api/v1'
const CARD = { card_token: 'tok_ok', email: 'buyer@fuzz.test' }

const buyers = ['customer', 'guest', 'manager'] as const

const ticketRecipes = (world: World): Record<string, () => Promise<Recipe>> => {
  const { random, hold, paid, app } = world
  const buyer = () => random.pick(buyers)
  const own = async (body?: unknown): Promise<Recipe> => {
    const as = buyer()
    return { as, params: { id: (await hold(as)).ticket_id }, ...(body !== undefined && { body }) }
  }
  return {
    [`POST ${API}/tickets`]: async () => {
      const { id, seat_ids } = await app.given.session({ seats: 2 })
      const seats = random.pick([
        { seat_ids },
        { seat_row: '1', seat_number: 1 },
        { seats: [{ seat_row: 1, seat_number: 2 }] },
        { best: { count: 1 + random.below(2) } },
      ])
      return { as: buyer(), body: { session_id: id, ...seats } }
    },
    [`GET ${API}/sessions/{id}/best-seats`]: async () => {
      const { id } = await app.given.session({ seats: 4 })
      return { params: { id }, query: { count: 1 + random.below(4), ...(random.chance(0.5) && { seat_type: 'standard' }) } }
    },
    [`GET ${API}/tickets/{id}`]: () => own(),
    [`PUT ${API}/tickets/{id}`]: async () => {
      const as = buyer()
      const { ticket_id, seat_ids } = await hold(as)
      return { as, params: { id: ticket_id }, body: { seat_id: seat_ids.at(-1) } }
    },
    [`DELETE ${API}/tickets/{id}`]: () => own(),
    [`POST ${API}/tickets/{id}/cancel`]: async () => {
      const as = buyer()
      const { ticket_id } = await (random.chance(0.5) ? paid(as) : hold(as))
      return { as, params: { id: ticket_id }, body: { reason: 'other plans' } }
    },
    [`PATCH ${API}/tickets/{id}/pay`]: () => own(CARD),
    [`POST ${API}/tickets/purchase`]: async () => {
      const { id, seat_ids } = await app.given.session({ seats: 1 })
      return { as: buyer(), body: { event_id: id, seat_id: seat_ids[0], payment_method: 'card', ...CARD } }
    },
  }
}

const orderRecipes = (world: World): Record<string, () => Promise<Recipe>> => {
  const { random, hold, paid } = world
  /** Some come with the key of the link in their mail instead of saying who they are. */
  const opened = async (body?: unknown): Promise<Recipe> => {
    const as = random.pick(buyers)
    const { order_id: id, order_reference: reference } = await hold(as)
    const who = random.chance(0.5) ? { as } : { as: 'anonymous', headers: { 'x-order-key': world.orderKey(id) } }
    return { ...who, params: { id, reference }, ...(body !== undefined && { body }) }
  }
  const order = async (body?: unknown): Promise<Recipe> => {
    const as = random.pick(buyers)
    return { as, params: { id: (await hold(as)).order_id }, ...(body !== undefined && { body }) }
  }
  return {
    [`GET ${API}/orders/{id}`]: () => opened(),
    [`GET ${API}/orders/by-reference/{reference}`]: () => opened(),
    [`POST ${API}/orders/{id}/pay`]: () => order({ ...CARD, payment_method: 'card' }),
    [`POST ${API}/orders/{id}/extend`]: () => order(),
    [`POST ${API}/orders/{id}/cancel`]: () => opened({ reason: 'other plans' }),
    [`POST ${API}/payments/initiate`]: async () => {
      const as = random.pick(buyers)
      const { order_id, ticket_id, amount } = await hold(as)
      return { as, body: { ...random.pick([{ order_id }, { ticket_id }]), amount, method: 'card', ...CARD } }
    },
    [`POST ${API}/payments/checkout-session`]: async () => {
      const as = random.pick(buyers)
      const { order_id, amount } = await hold(as)
      return { as, body: { order_id, expected_total: amount, email: 'buyer@example.com' } }
    },
    [`POST ${API}/payments/webhook`]: async () => {
      const { order_id } = await paid('customer')
      const { rows } = await world.app.pool.query('select id from payments where order_id = $1', [order_id])
      const data = { reference: 'pi_x', payment_id: rows[0].id, amount_minor: 1, currency: 'UAH', status: 'succeeded' }
      const body = JSON.stringify({ id: `evt_${world.unique()}`, type: 'payment.succeeded', created: 1, data })
      return { as: 'anonymous', body, headers: { 'marquee-signature': world.webhook(body) } }
    },
  }
}

const paperRecipes = ({ random, paid }: World): Record<string, () => Promise<Recipe>> => {
  const bought = (kind: 'ticket_id' | 'order_id') => async () => {
    const as = random.pick(buyers)
    return { as, params: { id: (await paid(as))[kind] } }
  }
  return {
    [`GET ${API}/tickets/{id}/pdf`]: bought('ticket_id'),
    [`GET ${API}/tickets/{id}/calendar`]: bought('ticket_id'),
    [`GET ${API}/orders/{id}/pdf`]: bought('order_id'),
    [`GET ${API}/orders/{id}/calendar`]: bought('order_id'),
  }
}

const guestRecipes = (world: World): Record<string, () => Promise<Recipe>> => ({
  [`POST ${API}/guests`]: async () => ({ as: 'anonymous', body: { locale: world.random.pick(['uk', 'ru', 'en']) } }),
  [`POST ${API}/guests/adopt`]: async () => {
    const { order_id } = await world.hold('guest')
    const proofs = [{ body: { order_key: world.orderKey(order_id) } }, { headers: world.person('guest').headers }]
    return { as: 'customer', ...world.random.pick(proofs) }
  },
})

/** Changed by an admin: managers change only the cinemas where they work. */
const renamed = async ({ app, unique, random }: World): Promise<Recipe> => {
  const { id } = await app.given.cinema()
  const more = random.pick([{}, { city: 'Львів' }, { latitude: 49.8, longitude: 24 }, { phone: '+380 32 255 0000' }])
  return { as: 'admin', params: { id }, body: { name: `Cinema ${unique()}`, ...more } }
}

const chainRecipes = (world: World): Record<string, () => Promise<Recipe>> => ({
  ...Object.fromEntries(['PUT', 'PATCH'].map((method) => [`${method} ${API}/cinemas/{id}`, () => renamed(world)])),
  [`POST ${API}/cinemas/{id}/halls`]: async () => {
    const { id } = await world.app.given.cinema()
    const size = { rows: 3, seats_per_row: 4, vip_rows: [3] }
    return { as: 'manager', params: { id }, body: { name: `Hall ${world.unique()}`, hall_number: 1, ...size } }
  },
  [`POST ${API}/sessions`]: async () => {
    const { id } = await world.app.given.hall()
    const movie = await world.app.given.movie({ duration_minutes: 90 })
    const start_time = world.dayFromNow(2 + world.random.below(50) / 10)
    return { as: 'manager', body: { movie_id: movie.id, hall_id: id, start_time, base_price: 150 } }
  },
})

const doorRecipes = (world: World): Record<string, () => Promise<Recipe>> => ({
  [`POST ${API}/tickets/check-in`]: async () => {
    const { qr, reference } = await world.paid('customer')
    const code = world.random.pick([{ qr_code: qr }, { booking_reference: reference }])
    return { as: 'cashier', body: { ...code, device: 'door-1' } }
  },
  [`POST ${API}/tickets/{id}/check-in/undo`]: async () => {
    const { ticket_id } = await world.paid('customer')
    await world.person('cashier').put(`${API}/tickets/${ticket_id}`, { status: 'used' })
    return { as: 'cashier', params: { id: ticket_id }, body: { reason: 'wrong person' } }
  },
  [`GET ${API}/search/suggest`]: async () => ({ as: 'anonymous', query: { q: world.random.pick(['title', 'na', 'дюна']) } }),
})

const reviewRecipes = (world: World): Record<string, () => Promise<Recipe>> => {
  const words = () => ({
    rating: 1 + world.random.below(10),
    title: `Title ${world.unique()}`,
    content: 'A long walk home.',
    is_spoiler: false,
  })
  const written = async () => {
    const { id } = await world.app.given.movie()
    const { body } = await world.person('customer').post(`${API}/reviews`, { movie_id: id, ...words() })
    await world.person('moderator').patch(`${API}/reviews/${body.id}/moderate`, { is_approved: true })
    return { id: body.id as number }
  }
  return {
    [`POST ${API}/reviews`]: async () => ({ as: 'customer', body: { movie_id: (await world.app.given.movie()).id, ...words() } }),
    [`PUT ${API}/reviews/{id}`]: async () => ({ as: 'customer', params: await written(), body: words() }),
    [`PATCH ${API}/reviews/{id}`]: async () => ({ as: 'customer', params: await written(), body: { rating: 5 } }),
    [`DELETE ${API}/reviews/{id}`]: async () => ({ as: 'customer', params: await written() }),
    [`POST ${API}/reviews/{id}/vote`]: async () => ({ as: 'manager', params: await written(), body: { vote_type: 'helpful' } }),
    [`DELETE ${API}/reviews/{id}/vote`]: async () => ({ as: 'manager', params: await written() }),
  }
}

const staffRecipes = (world: World): Record<string, () => Promise<Recipe>> => ({
  [`GET ${API}/cinemas/search`]: async () => ({
    query: { latitude: 50 + world.random.next(), longitude: 30 + world.random.next(), radius: 1 + world.random.below(100) },
  }),
  [`GET ${API}/sessions/{id}/cancellation`]: async () => {
    const { session_id } = await world.hold('customer')
    await world.person('manager').post(`${API}/sessions/${session_id}/cancel`, { reason: 'a broken projector' })
    return { as: 'manager', params: { id: session_id } }
  },
  [`GET ${API}/reports/{id}/download`]: async () => {
    const [from, to] = [world.dayFromNow(-5).slice(0, 10), world.dayFromNow(5).slice(0, 10)]
    const wanted = { kind: 'sales_by_day', from, to, format: world.random.pick(['csv', 'json']) }
    const { body } = await world.person('manager').post(`${API}/reports`, wanted)
    await world.app.reports.make({ report_id: body.id })
    return { as: 'manager', params: { id: body.id } }
  },
})

/** Things nobody uses yet, to be taken away again. */
const removalRecipes = (world: World): Record<string, () => Promise<Recipe>> => {
  const made = (path: string, body: () => object) => async () => {
    const { body: answer } = await world.person('admin').post(`${API}/${path}`, body())
    return { as: 'admin', params: { id: answer.id as number } }
  }
  const name = () => ({ name: `Name ${world.unique()}` })
  const hall = async () => ({ id: (await world.app.given.hall()).id })
  return {
    [`DELETE ${API}/directors/{id}`]: made('directors', name),
    [`DELETE ${API}/stars/{id}`]: made('stars', name),
    [`DELETE ${API}/genres/{id}`]: made('genres', name),
    [`DELETE ${API}/certifications/{id}`]: made('certifications', () => ({ name: world.unique().slice(-10) })),
    [`DELETE ${API}/movies/{id}`]: made('movies', () => ({ title: world.unique(), duration_minutes: 90 })),
    [`DELETE ${API}/cinemas/{id}`]: async () => ({ as: 'admin', params: { id: (await world.app.given.cinema()).id } }),
    [`DELETE ${API}/halls/{id}`]: async () => ({ as: 'admin', params: await hall() }),
    // A change that changes nothing leaves no entry in the audit log, and this one may name no field at all.
    [`PUT ${API}/movies/{id}`]: async () => ({
      params: { id: (await world.app.given.movie()).id },
      body: { description: world.unique(), duration_minutes: 60 + world.random.below(100) },
    }),
    [`PUT ${API}/halls/{id}`]: async () => ({ as: 'manager', params: await hall(), body: { rows: 2, seats_per_row: 3 } }),
    [`PATCH ${API}/halls/{id}`]: async () => ({ as: 'manager', params: await hall(), body: name() }),
  }
}

/** For operations of which a fitting request is not enough: it must also speak of the right things. */
export const createRecipes = (world: World) => ({
  ...ticketRecipes(world),
  ...orderRecipes(world),
  ...paperRecipes(world),
  ...accountRecipes(world),
  ...guestRecipes(world),
  ...chainRecipes(world),
  ...doorRecipes(world),
  ...staffRecipes(world),
  ...reviewRecipes(world),
  ...removalRecipes(world),
  ...adminRecipes(world),
  ...benefitRecipes(world),
  ...moveRecipes(world),
  ...priceRecipes(world),
  ...returnRecipes(world),
})
