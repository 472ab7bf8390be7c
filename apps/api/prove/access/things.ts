import { randomUUID } from 'node:crypto'

import type { TestApp } from '#testing/app.ts'
import { benefitThings } from './benefit-things.ts'
import { createMoneyThings } from './money-things.ts'
import { createMoveThings } from './move-things.ts'
import { createPriceThings } from './price-things.ts'
import { API, type Make, nameOf, type Owner, type Recipe, type Request } from './recipe.ts'
import { createReturnThings } from './return-things.ts'

const CARD = { card_token: 'tok_ok', email: 'buyer@marquee.test' }
const REVIEW = { rating: 7, title: 'Quiet', content: 'A long walk home.' }
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
let serial = 0
const unique = () => (serial += 1)
const today = new Date().toISOString().slice(0, 10)

/** Something of everything that operations speak of. */
export const createThings = async (app: TestApp) => {
  const { given, db } = app
  const admin = await app.as('admin')

  const session = async (cinema_id: number) => {
    const hall = await given.hall({ cinema_id, seats_per_row: 4 })
    const { id, seat_ids, movie_id } = await given.session({ hall_id: hall.id, starts_in_minutes: 600 })
    return { id, seat_ids, movie_id, hall_id: hall.id }
  }
  const held = async (owner: Owner, cinema_id: number) => {
    const { id, seat_ids } = await session(cinema_id)
    const { body } = await owner.post(`${API}/tickets`, { session_id: id, seat_ids: [seat_ids[0]] })
    const { id: order_id, reference, total: amount } = body.order
    return {
      id: body.id as number,
      session_id: id,
      seat_ids,
      order_id,
      reference,
      amount,
      secrets: [reference, body.booking_reference],
    }
  }
  const paid = async (owner: Owner, cinema_id: number) => {
    const { id, seat_ids } = await session(cinema_id)
    const wish = { event_id: id, seat_id: seat_ids[0], ...CARD }
    const { body } = await owner.post(`${API}/tickets/purchase`, wish)
    const { id: order_id, reference } = body.order
    const secrets = [reference, body.booking_reference, body.qr_code]
    return {
      id: body.id as number,
      session_id: id,
      order_id,
      reference,
      booking_reference: body.booking_reference as string,
      secrets,
    }
  }
  const review = async (owner: Owner) => {
    const { id: movie_id } = await given.movie()
    const { body } = await owner.post(`${API}/reviews`, { movie_id, ...REVIEW })
    await admin.patch(`${API}/reviews/${body.id}/moderate`, { is_approved: true })
    return { id: body.id as number }
  }
  const report = async (cinema_id: number) => {
    const { body } = await admin.post(`${API}/reports`, { kind: 'sales_by_day', from: today, to: today, cinema_id })
    await app.reports.make({ report_id: body.id })
    return { id: body.id as number }
  }

  const ticket = (state: typeof held | typeof paid, body?: (of: Awaited<ReturnType<typeof held>>) => object): Recipe => ({
    make: async (owner, cinemaId) => {
      const made = await state(owner, cinemaId)
      return { params: { id: made.id }, secrets: made.secrets, ...(body && { body: body(made as never) }) }
    },
  })
  const order = (state: typeof held | typeof paid, body?: object): Recipe => ({
    make: async (owner, cinemaId) => {
      const { order_id: id, reference, secrets } = await state(owner, cinemaId)
      return { params: { id, reference }, secrets, ...(body && { body }) }
    },
  })
  const at = (make: (cinemaId: number) => Promise<Request>): Recipe => ({ make: (_owner, cinemaId) => make(cinemaId) })
  const ofSession = (body?: object): Recipe =>
    at(async (cinemaId) => ({ params: { id: (await session(cinemaId)).id }, ...(body && { body }) }))
  const ofHall = (body?: object): Recipe =>
    at(async (cinema_id) => ({ params: { id: (await given.hall({ cinema_id })).id }, ...(body && { body }) }))
  const written = (body?: object): Recipe => ({ make: async (owner) => ({ params: await review(owner), ...(body && { body }) }) })

  const someTicket: Make = async (owner, cinemaId) => {
    const { id, order_id, secrets } = await held(owner, cinemaId)
    return { params: { id, order_id }, secrets }
  }

  const bought: Record<string, Recipe> = {
    [`GET ${API}/tickets/{id}`]: ticket(held),
    [`PATCH ${API}/tickets/{id}`]: ticket(held, () => ({ ticket_type: 'child' })),
    [`PUT ${API}/tickets/{id}`]: ticket(held, ({ seat_ids }) => ({ seat_id: seat_ids[3] })),
    [`DELETE ${API}/tickets/{id}`]: ticket(held),
    [`POST ${API}/tickets/{id}/cancel`]: ticket(paid, () => ({ reason: 'other plans' })),
    [`PATCH ${API}/tickets/{id}/pay`]: ticket(held, () => CARD),
    [`GET ${API}/tickets/{id}/pdf`]: ticket(paid),
    [`GET ${API}/tickets/{id}/calendar`]: ticket(paid),
    [`GET ${API}/orders/{id}`]: order(held),
    [`GET ${API}/orders/by-reference/{reference}`]: order(held),
    [`POST ${API}/orders/{id}/pay`]: order(held, { ...CARD, payment_method: 'card' }),
    [`POST ${API}/orders/{id}/extend`]: order(held),
    [`POST ${API}/orders/{id}/cancel`]: order(paid, { reason: 'other plans' }),
    [`GET ${API}/orders/{id}/pdf`]: order(paid),
    [`GET ${API}/orders/{id}/calendar`]: order(paid),
    [`POST ${API}/payments/initiate`]: ticket(held, ({ order_id, amount }) => ({ order_id, amount, method: 'card', ...CARD })),
    [`POST ${API}/payments/checkout-session`]: ticket(held, ({ order_id }) => ({ order_id })),
    [`GET ${API}/tickets`]: {
      make: async (owner, cinemaId) => {
        const { id, session_id, secrets } = await held(owner, cinemaId)
        return { params: { id }, query: `?session_id=${session_id}`, secrets }
      },
      isReached: nameOf('id'),
    },
    [`GET ${API}/tickets/my`]: { make: someTicket, isReached: nameOf('id') },
    [`GET ${API}/orders`]: { make: someTicket, isReached: nameOf('order_id') },
  }
  const house: Record<string, Recipe> = {
    [`PUT ${API}/cinemas/{id}`]: at(async (id) => ({ params: { id }, body: { address: `${unique()} Street` } })),
    [`PATCH ${API}/cinemas/{id}`]: at(async (id) => ({ params: { id }, body: { address: `${unique()} Street` } })),
    [`DELETE ${API}/cinemas/{id}`]: at(async () => ({ params: { id: (await given.cinema()).id } })),
    [`POST ${API}/cinemas/{id}/halls`]: at(async (id) => {
      const { hall_number } = await db
        .selectFrom('halls')
        .select((eb) => eb.fn.max('hall_number').as('hall_number'))
        .executeTakeFirstOrThrow()
      return { params: { id }, body: { name: 'One more', hall_number: hall_number + 1, rows: 1, seats_per_row: 2 } }
    }),
    [`PUT ${API}/halls/{id}`]: ofHall({ name: 'Blue' }),
    [`PATCH ${API}/halls/{id}`]: ofHall({ name: 'Red' }),
    [`DELETE ${API}/halls/{id}`]: ofHall(),
    [`POST ${API}/sessions`]: at(async (cinema_id) => {
      const [{ id: hall_id }, { id: movie_id }] = await Promise.all([given.hall({ cinema_id }), given.movie()])
      return { body: { hall_id, movie_id, start_time: inHours(50), base_price: 100 } }
    }),
    [`PUT ${API}/sessions/{id}`]: ofSession({ base_price: 90 }),
    [`PATCH ${API}/sessions/{id}`]: ofSession({ base_price: 91 }),
    [`DELETE ${API}/sessions/{id}`]: ofSession(),
    [`POST ${API}/sessions/{id}/cancel`]: ofSession({ reason: 'no light' }),
    [`GET ${API}/sessions/{id}/cancellation`]: at(async (cinemaId) => {
      const { id } = await session(cinemaId)
      await admin.post(`${API}/sessions/${id}/cancel`, {})
      return { params: { id } }
    }),
    [`GET ${API}/sessions/{id}/check-ins`]: ofSession(),
    [`POST ${API}/events`]: at(async (cinema_id) => {
      // New events take place under the sky, where there is one.
      const { id } = await given.hall({ cinema_id })
      await db.updateTable('halls').set({ screen_type: 'standard' }).where('screen_type', '=', 'open_air').execute()
      await db.updateTable('halls').set({ screen_type: 'open_air' }).where('id', '=', id).execute()
      return { body: { title: `Concert ${id}`, start_time: inHours(60), duration_minutes: 60, price: 100 } }
    }),
    [`PATCH ${API}/events/{id}`]: ofSession({ price: 120 }),
    [`DELETE ${API}/events/{id}`]: ofSession(),
    [`GET ${API}/tickets/statistics`]: at(async (cinemaId) => ({ query: `?cinema_id=${cinemaId}` })),
    [`POST ${API}/reports`]: at(async (cinema_id) => ({ body: { kind: 'sales_by_day', from: today, to: today, cinema_id } })),
    [`GET ${API}/reports`]: {
      make: async (_owner, cinemaId) => ({ params: await report(cinemaId) }),
      isReached: nameOf('id'),
    },
    [`GET ${API}/reports/{id}`]: at(async (cinemaId) => ({ params: await report(cinemaId) })),
    [`GET ${API}/reports/{id}/download`]: at(async (cinemaId) => ({ params: await report(cinemaId) })),
    [`POST ${API}/tickets/check-in`]: {
      make: async (owner, cinemaId) => {
        const { booking_reference, id, secrets } = await paid(owner, cinemaId)
        return { params: { id }, body: { booking_reference, device: 'Door 1', force: true, reason: 'proof' }, secrets }
      },
      isReached: ({ body }, { params }) => body.ticket?.id === params?.['id'],
    },
    [`POST ${API}/tickets/{id}/check-in/undo`]: {
      make: async (owner, cinemaId) => {
        const { id, secrets } = await paid(owner, cinemaId)
        await admin.put(`${API}/tickets/${id}`, { status: 'used' })
        return { params: { id }, body: { reason: 'wrong person' }, secrets }
      },
    },
  }

  const words: Record<string, Recipe> = {
    [`PUT ${API}/reviews/{id}`]: written({ ...REVIEW, rating: 3 }),
    [`PATCH ${API}/reviews/{id}`]: written({ rating: 4 }),
    [`DELETE ${API}/reviews/{id}`]: written(),
  }

  const profile = (body?: object): Recipe => ({
    make: async ({ id }) => {
      await db.deleteFrom('user_profiles').where('user_id', '=', id).execute()
      return { params: { id }, ...(body && { body }) }
    },
  })
  const accounts: Record<string, Recipe> = {
    [`GET ${API}/users/{id}/profile`]: profile(),
    [`POST ${API}/users/{id}/profile`]: profile({ bio: 'I like long films.' }),
    [`PUT ${API}/users/{id}/profile`]: profile({ bio: 'I like short films.' }),
    [`PATCH ${API}/users/{id}/profile`]: profile({ bio: 'I like films.' }),
  }

  /** Nobody's last way to sign in is taken away. */
  const keepAnotherWay = (id: number) =>
    db.updateTable('users').set({ hashed_password: '$argon2id$of nothing' }).where('id', '=', id).execute()
  const mine: Record<string, Recipe> = {
    [`DELETE ${API}/auth/sign-ins/{id}`]: {
      make: async ({ id: user_id }) => {
        const [family_id, token_hash] = [randomUUID(), `a device of ${user_id}, ${unique()}`]
        await db
          .insertInto('refresh_tokens')
          .values({ family_id, token_hash, user_id, expires_at: inHours(1) })
          .execute()
        return { params: { id: family_id } }
      },
    },
    [`DELETE ${API}/users/me/identities/{id}`]: {
      make: async ({ id: user_id }) => {
        await keepAnotherWay(user_id)
        const identity = { user_id, provider: 'library', subject: `reader ${unique()}`, email: 'reader@example.org' }
        return { params: await db.insertInto('user_identities').values(identity).returning('id').executeTakeFirstOrThrow() }
      },
    },
    [`DELETE ${API}/users/me/passkeys/{id}`]: {
      make: async ({ id: user_id }) => {
        await keepAnotherWay(user_id)
        const passkey = { user_id, credential_id: `key-${unique()}`, public_key: 'none', name: 'Blue key' }
        return { params: await db.insertInto('passkeys').values(passkey).returning('id').executeTakeFirstOrThrow() }
      },
    },
  }

  return {
    ...bought,
    ...createMoneyThings({ app, paid }),
    ...house,
    ...createMoveThings(app, admin, paid),
    ...createPriceThings(app, admin),
    ...(await benefitThings(app, held)),
    ...words,
    ...accounts,
    ...mine,
    ...createReturnThings(app, paid),
  }
}
