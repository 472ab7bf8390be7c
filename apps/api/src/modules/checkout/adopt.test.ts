import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { createOrderKeySigner } from '#modules/orders/key.ts'
import { createMockLedger } from '#modules/payments/providers/mock/ledger.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const app = await startTestApp({ poolSize: 16 })
const { anonymous, checkout, db, given, guest, keys, pool, someone } = app

const ADOPT = '/api/v1/guests/adopt'
const ORDERS = '/api/v1/orders'
const TICKETS = '/api/v1/tickets'
const WEB = { 'x-marquee-client': 'web' }
const PAY = { card_token: 'tok_ok', email: 'olena.guest@example.org' }
const ROUNDS = 40

const keyOf = createOrderKeySigner(keys.tickets)
const tokenOf = (visitor: Client) => ({ 'x-guest-token': visitor.headers['x-guest-token'] ?? '' })

const hold = async (
  buyer: Pick<Client, 'post'>,
  count = 1,
  wish: { session?: Awaited<ReturnType<typeof given.session>>; from?: number } = {},
) => {
  const session = wish.session ?? (await given.session({ seats: count + 1 }))
  const seat_ids = session.seat_ids.slice(wish.from ?? 0, (wish.from ?? 0) + count)
  const { status, body } = await buyer.post(TICKETS, { session_id: session.id, seat_ids })
  expect(status).toBe(201)
  return {
    id: body.order.id as number,
    reference: body.order.reference as string,
    ticket_id: body.id as number,
    session,
    seat_ids,
  }
}
const ownersOf = async (orderId: number) => {
  const { rows } = await pool.query(
    `select distinct o.user_id as order_user, o.guest_id, t.user_id as ticket_user from orders o join tickets t on t.order_id = o.id where o.id = $1`,
    [orderId],
  )
  return rows
}
const belongsTo = (id: number) => [{ order_user: id, guest_id: null, ticket_user: id }]
const expectInvariants = async () =>
  expect((await checkInvariants(db)).findings.filter(({ verdict }) => verdict === 'violated')).toEqual([])

test('R-111: whoever signs in keeps the seats held as a guest, and pays for them', async () => {
  const [visitor, person] = [await guest(), await someone()]
  const held = await hold(visitor, 2)
  const bought = await hold(visitor)
  await visitor.post(`${ORDERS}/${bought.id}/pay`, PAY)
  const before = await visitor.get(`${ORDERS}/${held.id}`)

  const adopted = await person.post(ADOPT, undefined, tokenOf(visitor))
  expect(adopted).toMatchObject({ status: 200, body: { order_ids: [held.id, bought.id] } })
  for (const id of [held.id, bought.id]) {
    expect(await ownersOf(id)).toEqual(belongsTo(person.id))
    expect((await visitor.get(`${ORDERS}/${id}`)).status).toBe(404)
  }
  const after = await person.get(`${ORDERS}/${held.id}`)
  expect(after.body).toMatchObject({ expires_at: before.body.expires_at, email: person.email, status: 'pending' })
  expect((await person.get(`${ORDERS}/${bought.id}`)).body.email).toBe(PAY.email)
  expect((await person.get(`${TICKETS}/my`)).body.items).toHaveLength(3)
  expect(await person.post(`${ORDERS}/${held.id}/pay`, { card_token: 'tok_ok' })).toMatchObject({
    status: 201,
    body: { order: { status: 'paid', email: person.email } },
  })
  expect((await person.post(ADOPT, undefined, tokenOf(visitor))).body).toEqual({ order_ids: [] })
  await expectInvariants()
})

test('a browser adopts with its cookie, and without one there is nothing to adopt', async () => {
  const [made, person] = [await anonymous.post('/api/v1/guests', undefined, WEB), await someone()]
  const cookie = { ...WEB, cookie: String(made.headers['set-cookie']).split(';')[0] ?? '' }
  const held = await hold({ post: (url, payload) => anonymous.post(url, payload, cookie) })
  expect((await person.post(ADOPT, undefined, WEB)).body).toEqual({ order_ids: [] })
  expect((await person.post(ADOPT, undefined, { ...WEB, cookie: 'marquee_guest=stale' })).body).toEqual({ order_ids: [] })
  expect((await person.post(ADOPT, undefined, cookie)).body).toEqual({ order_ids: [held.id] })
})

test('nobody adopts without a proof', async () => {
  const [visitor, person] = [await guest(), await someone()]
  const held = await hold(visitor)
  expect(await person.post(ADOPT)).toMatchObject({ status: 422, body: { code: 'guests.proof_needed' } })
  expect(await person.post(ADOPT, undefined, { 'x-guest-token': 'x' })).toMatchObject({
    status: 404,
    body: { code: 'guests.not_found' },
  })
  for (const order_key of ['x', `${keyOf(held.id)}A`, keyOf(held.id).replace(`.${held.id}.`, `.${held.id + 1}.`)])
    expect(await person.post(ADOPT, { order_key })).toMatchObject({ status: 404, body: { code: 'orders.not_found' } })
  expect((await visitor.post(ADOPT)).status).toBe(401)
  expect((await anonymous.post(ADOPT, { order_key: keyOf(held.id) })).status).toBe(401)
  expect(await ownersOf(held.id)).toMatchObject([{ order_user: null, ticket_user: null }])
})

test('the key of a link adopts its order alone, again without harm, and never what has an account', async () => {
  const [visitor, person, other] = [await guest(), await someone(), await someone()]
  const [one, two] = [await hold(visitor), await hold(visitor)]
  const body = { order_key: keyOf(one.id) }
  expect((await person.post(ADOPT, body)).body).toEqual({ order_ids: [one.id] })
  expect(await person.post(ADOPT, body)).toMatchObject({ status: 200, body: { order_ids: [] } })
  expect(await other.post(ADOPT, body)).toMatchObject({ status: 409, body: { code: 'guests.order_has_owner' } })
  expect(await ownersOf(one.id)).toEqual(belongsTo(person.id))
  expect((await visitor.get(`${ORDERS}/${two.id}`)).status).toBe(200)
  // What the link opens stays open: the mail is where it was.
  expect((await anonymous.get(`${ORDERS}/${one.id}`, undefined, { 'x-order-key': body.order_key })).status).toBe(200)
})

test('what guests bought with an address goes to whoever has proved that it is theirs, and to nobody else', async () => {
  const [visitor, person] = [await guest(), await someone()]
  const bought = await hold(visitor)
  await visitor.post(`${ORDERS}/${bought.id}/pay`, { ...PAY, email: person.email.toUpperCase() })
  expect(await person.post(ADOPT, { verified_email: true })).toMatchObject({
    status: 403,
    body: { code: 'guests.email_not_verified' },
  })
  await db.updateTable('users').set({ is_verified: true }).where('id', '=', person.id).execute()
  expect((await person.post(ADOPT, { verified_email: true })).body).toEqual({ order_ids: [bought.id] })
  expect(await ownersOf(bought.id)).toEqual(belongsTo(person.id))
})

test('no hold is lost where both together hold more than ten; only further ones are refused', async () => {
  const [visitor, person, session] = [await guest(), await someone(), await given.session({ seats: 20 })]
  await hold(person, 8, { session })
  const held = await hold(visitor, 8, { session, from: 8 })
  expect((await person.post(ADOPT, undefined, tokenOf(visitor))).body).toEqual({ order_ids: [held.id] })
  expect(await db.selectFrom('seat_claims').select('seat_id').where('session_id', '=', session.id).execute()).toHaveLength(16)
  expect(await person.post(TICKETS, { session_id: session.id, seat_ids: [session.seat_ids[17]] })).toMatchObject({
    status: 422,
    body: { code: 'orders.too_many_seats' },
  })
  expect((await person.post(`${ORDERS}/${held.id}/pay`, { card_token: 'tok_ok' })).body.order.status).toBe('paid')
})

test('many adoptions at once move each order to one account, whole', async () => {
  const won: number[] = []
  for (let round = 0; round < ROUNDS / 4; round += 1) {
    const [visitor, one, two] = [await guest(), await someone(), await someone()]
    const orders = [await hold(visitor), await hold(visitor, 2), await hold(visitor)]
    const replies = await Promise.all([one, two, one, two].map((person) => person.post(ADOPT, undefined, tokenOf(visitor))))
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(replies.flatMap(({ body }) => body.order_ids).toSorted()).toEqual(orders.map(({ id }) => id).toSorted())
    const [[owner]] = [await ownersOf(orders[0]?.id ?? 0)]
    for (const { id } of orders) expect(await ownersOf(id)).toEqual(belongsTo(owner.order_user))
    won.push(replies.findIndex(({ body }) => body.order_ids.length > 0))
  }
  expect(won).toHaveLength(ROUNDS / 4)
  await expectInvariants()
})

const HEAD_STARTS_MS = [0, 0, 1, 1, 5, 5, 150, 150]

test('an order is adopted while its money arrives: paid and the account’s, whichever came first', async () => {
  const ledger = createMockLedger({ pool })
  const counters = { 'adopted first': 0, 'settled first': 0 }
  for (let round = 0; round < ROUNDS; round += 1) {
    const [visitor, person] = [await guest(), await someone()]
    const order = await hold(visitor, 2)
    const { body: payment } = await visitor.post(`${ORDERS}/${order.id}/pay`, { email: PAY.email })
    expect(payment.status).toBe('pending')
    const intent = await ledger.find(payment.id)
    await ledger.confirm(intent?.reference ?? '', 'tok_ok')
    const pay = () => visitor.post(`${ORDERS}/${order.id}/pay`, { email: PAY.email })
    const adopt = () => person.post(ADOPT, undefined, tokenOf(visitor))
    // Mostly at the same moment; now and then far enough apart that each comes first at least once.
    const behind = HEAD_STARTS_MS[round % HEAD_STARTS_MS.length] ?? 0
    const [adopted, told] = await Promise.all(
      round % 2 === 0 ? [adopt(), sleep(behind).then(pay)] : [sleep(behind).then(adopt), pay()],
    )
    expect(adopted).toMatchObject({ status: 200, body: { order_ids: [order.id] } })
    // The guest's own tap comes too late when the order is somebody else's already; the sweep then hears of the money.
    expect([201, 404, 409]).toContain(told?.status)
    counters[told?.status === 404 ? 'adopted first' : 'settled first'] += 1
    if (told?.status === 404) await person.post(`${ORDERS}/${order.id}/pay`, {})
    await checkout.sweep.complete()
    const { body } = await person.get(`${ORDERS}/${order.id}`)
    expect(body).toMatchObject({
      status: 'paid',
      tickets: [
        { status: 'paid', user_id: person.id },
        { status: 'paid', user_id: person.id },
      ],
    })
    expect(await ownersOf(order.id)).toEqual(belongsTo(person.id))
  }
  expect(counters['adopted first']).toBeGreaterThan(0)
  expect(counters['settled first']).toBeGreaterThan(0)
  await expectInvariants()
})
