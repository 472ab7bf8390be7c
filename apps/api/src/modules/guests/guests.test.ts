import { expect, test } from 'vitest'

import { type Client, type Reply, startTestApp } from '#testing/app.ts'

const app = await startTestApp()
const { anonymous, clock, db, given, guest, guests, someone } = app
const limited = await startTestApp({ config: { RATE_LIMITS: true, GUEST_RATE_PER_MINUTE: 3, TRUSTED_PROXIES: ['127.0.0.1'] } })

const GUESTS = '/api/v1/guests'
const TICKETS = '/api/v1/tickets'
const WEB = { 'x-marquee-client': 'web' }
const DAY_SECONDS = 86_400

const setCookies = ({ headers }: Reply) => [headers['set-cookie'] ?? []].flat() as string[]
const jar = (reply: Reply) => ({ cookie: setCookies(reply)[0]?.split(';')[0] ?? '' })
const visit = async () => jar(await anonymous.post(GUESTS, undefined, WEB))

const hold = async (buyer: Pick<Client, 'post'>, headers: Record<string, string> = {}, count = 1) => {
  const session = await given.session({ seats: count + 1 })
  const body = { session_id: session.id, seat_ids: session.seat_ids.slice(0, count) }
  const reply = await buyer.post(TICKETS, body, headers)
  return { ...reply, order_id: reply.body.order?.id as number, ticket_id: reply.body.id as number, session }
}
const exists = async (id: string) => (await db.selectFrom('guests').select('id').where('id', '=', id).execute()).length === 1

test('R-111: a visitor becomes a guest and holds seats by the header, without an account', async () => {
  const made = await anonymous.post(GUESTS)
  expect(made).toMatchObject({ status: 201, body: { guest_id: expect.any(String), token: expect.stringMatching(/^[\w-]{43}$/) } })
  expect(setCookies(made)).toEqual([])
  const { token_hash } = await db
    .selectFrom('guests')
    .select('token_hash')
    .where('id', '=', made.body.guest_id)
    .executeTakeFirstOrThrow()
  expect(token_hash).not.toContain(made.body.token)
  const header = { 'x-guest-token': made.body.token }
  const held = await hold(anonymous, header)
  expect(held).toMatchObject({ status: 201, body: { user_id: null, order: { email: null } } })
  expect(await anonymous.get(`/api/v1/orders/${held.order_id}`, undefined, header)).toMatchObject({ status: 200 })
})

test('a browser is a guest by a cookie, stays the same guest, and sees only its own', async () => {
  const first = await anonymous.post(GUESTS, { locale: 'en' }, WEB)
  expect(first).toMatchObject({ status: 201, body: { token: null } })
  expect(setCookies(first)).toEqual([
    expect.stringMatching(/^marquee_guest=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/),
  ])
  const again = await anonymous.post(GUESTS, { locale: 'ru' }, { ...WEB, ...jar(first) })
  expect(again).toMatchObject({ status: 200, body: { guest_id: first.body.guest_id, token: null } })
  expect(jar(again)).toEqual(jar(first))
  const stale = await anonymous.post(GUESTS, undefined, { ...WEB, cookie: 'marquee_guest=stale' })
  expect(stale.status).toBe(201)

  const mine = await hold(anonymous, { ...WEB, ...jar(first) })
  expect(mine.status).toBe(201)
  const { locale } = await db.selectFrom('orders').select('locale').where('id', '=', mine.order_id).executeTakeFirstOrThrow()
  expect(locale).toBe('ru')
  for (const path of [`${TICKETS}/my`, TICKETS, '/api/v1/orders']) {
    const list = (cookie: object) => anonymous.get(path, undefined, { ...cookie })
    expect((await list(jar(first))).body.items).toHaveLength(1)
    expect((await list(await visit())).body.items).toEqual([])
  }
  for (const path of [`/api/v1/orders/${mine.order_id}`, `${TICKETS}/${mine.ticket_id}`]) {
    expect((await anonymous.get(path, undefined, jar(first))).status).toBe(200)
    expect((await anonymous.get(path, undefined, await visit())).status).toBe(404)
    expect((await (await guest()).get(path)).status).toBe(404)
  }
})

test('Q-20: what only a cookie proves must come from our own pages; reading is free', async () => {
  const cookie = await visit()
  const { order_id } = await hold(anonymous, { ...WEB, ...cookie })
  const extend = (headers: Record<string, string>) =>
    anonymous.post(`/api/v1/orders/${order_id}/extend`, undefined, { ...cookie, ...headers })
  for (const forged of [{}, { ...WEB, origin: 'https://evil.example' }, { ...WEB, 'sec-fetch-site': 'cross-site' }])
    expect(await extend(forged as Record<string, string>)).toMatchObject({ status: 403, body: { code: 'auth.csrf' } })
  expect(
    (await anonymous.get(`/api/v1/orders/${order_id}`, undefined, { ...cookie, origin: 'https://evil.example' })).status,
  ).toBe(200)
  expect((await extend(WEB)).status).toBe(200)
  expect(await anonymous.post(GUESTS, undefined, { ...WEB, origin: 'https://evil.example' })).toMatchObject({ status: 403 })
})

test('a signed-in person is themselves, whatever guest their browser has been; a header goes before a cookie', async () => {
  const [person, cookie, other] = [await someone(), await visit(), await guest()]
  expect((await hold(person, cookie)).body.user_id).toBe(person.id)
  const { order_id } = await hold(other, cookie)
  expect((await other.get(`/api/v1/orders/${order_id}`)).status).toBe(200)
})

test('without any proof a buyer is told how to become a guest', async () => {
  const reply = await anonymous.post(TICKETS, { session_id: 1, seat_ids: [1] })
  expect(reply).toMatchObject({
    status: 401,
    body: { code: 'auth.required', detail: expect.stringContaining('POST /api/v1/guests') },
  })
  expect((await anonymous.get(`${TICKETS}/my`, undefined, { cookie: 'marquee_guest=nonsense' })).status).toBe(401)
})

test('Q-05: a guest holds ten seats of a session at most, however many requests come at once', async () => {
  const [visitor, session] = [await guest(), await given.session({ seats: 24 })]
  const groups = Array.from({ length: 6 }, (_, at) => session.seat_ids.slice(at * 4, at * 4 + 4))
  const replies = await Promise.all(groups.map((seat_ids) => visitor.post(TICKETS, { session_id: session.id, seat_ids })))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 201, 422, 422, 422, 422])
  const held = await db.selectFrom('seat_claims').select('seat_id').where('session_id', '=', session.id).execute()
  expect(held).toHaveLength(8)
})

test('R-205: an address becomes only so many guests in a minute, whatever it says it is', async () => {
  const from = (ip: string) => ({ 'x-forwarded-for': ip })
  const replies = await Promise.all(Array.from({ length: 5 }, () => limited.anonymous.post(GUESTS, undefined, from('192.0.2.7'))))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 429, 429])
  expect((await limited.anonymous.post(GUESTS, undefined, from('192.0.2.8'))).status).toBe(201)
})

test('guests who do not come back are forgotten, those who own an order never', async () => {
  const [idle, buyer, regular] = [await guest(), await guest(), await visit()]
  const { body } = await anonymous.post(GUESTS, undefined, { ...WEB, ...regular })
  await hold(buyer)
  clock.advance(20 * DAY_SECONDS)
  await anonymous.post(GUESTS, undefined, { ...WEB, ...regular })
  clock.advance(12 * DAY_SECONDS)
  await guests.forgetIdle()
  expect(await Promise.all([idle.guest_id, buyer.guest_id, body.guest_id].map(exists))).toEqual([false, true, true])
  clock.advance(31 * DAY_SECONDS)
  await guests.forgetIdle()
  expect(await Promise.all([buyer.guest_id, body.guest_id].map(exists))).toEqual([true, false])
  clock.reset()
})

test.each([{ locale: 'pl' }, { name: 'x' }, 'text', []])('%j does not make a guest', async (body) => {
  const reply = await anonymous.post(GUESTS, JSON.stringify(body), { 'content-type': 'application/json' })
  expect(reply.status).toBe(422)
})
