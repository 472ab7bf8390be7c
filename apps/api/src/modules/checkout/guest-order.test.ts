import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { createOrderKeySigner } from '#modules/orders/key.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const app = await startTestApp()
const { anonymous, as, checkout, clock, db, directory, given, guest, keys, someone } = app

const ORDERS = '/api/v1/orders'
const TICKETS = '/api/v1/tickets'
const CARD = { card_token: 'tok_ok', payment_method: 'card' }
const EMAIL = 'olena.guest@example.org'

const hold = async (buyer: Client, seats = 1) => {
  const session = await given.session({ seats: seats + 1 })
  const { body } = await buyer.post(TICKETS, { session_id: session.id, seat_ids: session.seat_ids.slice(0, seats) })
  return {
    id: body.order.id as number,
    reference: body.order.reference as string,
    ticket_id: body.id as number,
    session,
    total: body.order.total as number,
  }
}
const paid = async (buyer: Client, seats = 1) => {
  const order = await hold(buyer, seats)
  const reply = await buyer.post(`${ORDERS}/${order.id}/pay`, { ...CARD, email: EMAIL })
  expect(reply.status).toBe(201)
  return order
}
/** The mails about an order, as they lie in the outbox, with long lines put together again. */
const mailsOf = async ({ id, reference }: { id: number; reference: string }) => {
  await checkout.orderMail({ order_id: id, kind: 'order_paid' })
  const folder = join(directory, 'mail')
  const all = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  return all.filter((mail) => mail.includes(reference)).map((mail) => mail.replaceAll('=\r\n', '').replaceAll('=3D', '='))
}
const keyIn = (mail: string, reference: string) => new RegExp(`/order/${reference}\\?key=([\\w.-]+)`).exec(mail)?.[1] ?? ''
const withKey = (key: string) => ({ 'x-order-key': key })
const keyOf = createOrderKeySigner(keys.tickets)

test('R-110: a guest holds, pays with an e-mail, gets the mail, opens the order by its link and cancels it', async () => {
  const order = await paid(await guest(), 2)
  const [mail = ''] = await mailsOf(order)
  expect(mail).toContain(`To: ${EMAIL}`)
  const key = keyIn(mail, order.reference)
  const open = (path: string) => anonymous.get(path, undefined, withKey(key))
  for (const path of [`${ORDERS}/by-reference/${order.reference.toLowerCase()}`, `${ORDERS}/${order.id}`])
    expect(await open(path)).toMatchObject({ status: 200, body: { id: order.id, status: 'paid', email: EMAIL } })
  expect(await open(`${TICKETS}/${order.ticket_id}`)).toMatchObject({ status: 200, body: { qr_code: expect.any(String) } })

  const one = await anonymous.post(`${TICKETS}/${order.ticket_id}/cancel`, {}, withKey(key))
  expect(one).toMatchObject({
    status: 200,
    body: { status: 'cancelled', order: { status: 'partially_refunded' }, refund: { amount: 200 } },
  })
  const again = { ...withKey(key), 'idempotency-key': 'tap' }
  for (let tap = 0; tap < 2; tap += 1) {
    const rest = await anonymous.post(`${ORDERS}/${order.id}/cancel`, {}, again)
    expect(rest).toMatchObject({ status: 200, body: { order: { status: 'canceled' } } })
    expect(rest.body.refunds).toHaveLength(2)
  }
})

test('the key cancels by the cinema’s rules: not after the cut-off', async () => {
  const order = await paid(await guest())
  clock.advance(24 * 3600 - 1700)
  expect(await anonymous.delete(`${TICKETS}/${order.ticket_id}`, undefined, withKey(keyOf(order.id)))).toMatchObject({
    status: 409,
    body: { code: 'tickets.too_late_to_cancel' },
  })
  clock.reset()
})

test('Q-20: a key opens its own order and nothing else', async () => {
  const [mine, other] = [await paid(await guest()), await paid(await guest())]
  const key = withKey(keyOf(mine.id))
  for (const path of [`${ORDERS}/${other.id}`, `${ORDERS}/by-reference/${other.reference}`])
    expect(await anonymous.get(path, undefined, key)).toMatchObject({ status: 404, body: { code: 'orders.not_found' } })
  for (const path of [`${TICKETS}/${other.ticket_id}`])
    expect(await anonymous.get(path, undefined, key)).toMatchObject({ status: 404, body: { code: 'tickets.not_found' } })
  expect((await anonymous.post(`${ORDERS}/${other.id}/cancel`, {}, key)).status).toBe(404)
  expect((await anonymous.post(`${TICKETS}/${other.ticket_id}/cancel`, {}, key)).status).toBe(404)

  const held = await hold(await guest())
  const own = withKey(keyOf(held.id))
  expect(await anonymous.post(`${ORDERS}/${held.id}/pay`, { ...CARD, email: EMAIL }, own)).toMatchObject({
    status: 403,
    body: { code: 'orders.key_pays_exchanges' },
  })
  for (const [path, body] of [
    [`${ORDERS}/${held.id}/extend`, undefined],
    ['/api/v1/payments/initiate', { order_id: held.id, amount: held.total, email: EMAIL }],
    [TICKETS, { session_id: held.session.id, seat_ids: [held.session.seat_ids[1]], order_id: held.id }],
  ] as const)
    expect(await anonymous.post(path, body, own)).toMatchObject({ status: 401, body: { code: 'auth.required' } })
  for (const path of [ORDERS, TICKETS, `${TICKETS}/my`]) expect((await anonymous.get(path, undefined, own)).status).toBe(401)
})

test('Q-27: wrong, mutated and foreign keys are answered like an order that does not exist', async () => {
  const [order, elsewhere] = [await paid(await guest()), await startTestApp()]
  const key = keyOf(order.id)
  const ticket = await anonymous.get(`${TICKETS}/${order.ticket_id}`, undefined, withKey(key))
  const [version, kid, id, signature = ''] = key.split('.')
  const unknown = await anonymous.get(`${ORDERS}/999999999`, undefined, withKey(key))
  const flipped = Array.from(key, (letter, at) => key.slice(0, at) + (letter === 'A' ? 'B' : 'A') + key.slice(at + 1))
  const others = [
    ...flipped,
    '',
    'x',
    'a'.repeat(5_000),
    ticket.body.qr_code,
    createOrderKeySigner(elsewhere.keys.tickets)(order.id),
    createOrderKeySigner({ ...elsewhere.keys.tickets, kid: keys.tickets.kid })(order.id),
    [version, kid, order.id + 1, signature].join('.'),
    [version, kid, `0${id}`, signature].join('.'),
    [version, kid, id, `${signature}=`].join('.'),
    `${key} x`,
    `${key},${key}`,
  ]
  for (const wrong of others) {
    const { status, body } = await anonymous.get(`${ORDERS}/${order.id}`, undefined, withKey(wrong))
    expect([wrong, status, { ...body, request_id: '' }]).toEqual([wrong, 404, { ...unknown.body, request_id: '' }])
  }
  expect(others.length).toBeGreaterThan(100)
})

test('a wrong key is no better for whoever is signed in, and no key is a hint to sign in', async () => {
  const [person, order] = [await someone(), await paid(await guest())]
  expect((await person.get(`${ORDERS}/${order.id}`, undefined, withKey('x'))).status).toBe(404)
  expect((await person.get(`${ORDERS}/${order.id}`, undefined, withKey(keyOf(order.id)))).status).toBe(200)
  expect((await anonymous.get(`${ORDERS}/by-reference/${order.reference}`)).status).toBe(401)
})

test.each(['orders', 'ticket', 'initiate', 'purchase'])(
  'R-110: no money moves for a guest before it is known where the tickets go (%s)',
  async (way) => {
    const visitor = await guest()
    const { id, ticket_id, total, session } = await hold(visitor)
    const ask = (fields: object) => {
      if (way === 'orders') return visitor.post(`${ORDERS}/${id}/pay`, { ...CARD, ...fields })
      if (way === 'ticket') return visitor.patch(`${TICKETS}/${ticket_id}/pay`, { ...CARD, ...fields })
      if (way === 'initiate')
        return visitor.post('/api/v1/payments/initiate', { order_id: id, amount: total, card_token: 'tok_ok', ...fields })
      return visitor.post(`${TICKETS}/purchase`, { event_id: session.id, seat_id: session.seat_ids[1], ...CARD, ...fields })
    }
    expect(await ask({})).toMatchObject({
      status: 422,
      body: { code: 'orders.email_required', errors: [{ pointer: '/email' }] },
    })
    for (const email of ['nobody', `${'a'.repeat(250)}@example.org`, ''])
      expect(await ask({ email })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/email' }] } })
    expect(await db.selectFrom('payments').select('id').where('order_id', '=', id).execute()).toEqual([])
    const done = await ask({ email: 'Olena.Guest@Example.org' })
    expect([200, 201]).toContain(done.status)
    expect(done.body.order).toMatchObject({ status: 'paid', email: EMAIL })
  },
)

test('an e-mail once given is kept for the next try, and an account’s own is taken unless another is given', async () => {
  const visitor = await guest()
  const order = await hold(visitor)
  const declined = { card_token: 'tok_card_declined', email: EMAIL }
  expect((await visitor.post(`${ORDERS}/${order.id}/pay`, declined)).status).toBe(402)
  expect((await visitor.post(`${ORDERS}/${order.id}/pay`, CARD)).body.order).toMatchObject({ status: 'paid', email: EMAIL })

  const person = await someone()
  const [first, second] = [await hold(person), await hold(person)]
  expect((await person.post(`${ORDERS}/${first.id}/pay`, CARD)).body.order.email).toBe(person.email)
  expect((await person.post(`${ORDERS}/${second.id}/pay`, { ...CARD, email: EMAIL })).body.order.email).toBe(EMAIL)
})

test('a guest’s mail is in the guest’s language', async () => {
  const { body } = await anonymous.post('/api/v1/guests', { locale: 'en' })
  const visitor = {
    ...anonymous,
    post: (url: string, payload?: unknown) => anonymous.post(url, payload, { 'x-guest-token': body.token }),
  }
  const order = await paid(visitor)
  expect((await mailsOf(order))[0]).toContain('Open the order')
})

test('staff see a guest’s order; another guest and another customer do not know that it exists', async () => {
  const order = await paid(await guest())
  const statuses = async (client: Client) =>
    Promise.all([
      client.get(`${ORDERS}/${order.id}`),
      client.get(`${ORDERS}/by-reference/${order.reference}`),
      client.get(`${TICKETS}/${order.ticket_id}`),
      client.post(`${ORDERS}/${order.id}/cancel`, {}),
      client.post(`${ORDERS}/${order.id}/pay`, { ...CARD, email: EMAIL }),
    ]).then((replies) => replies.map(({ status }) => status))
  expect(await statuses(await guest())).toEqual([404, 404, 404, 404, 404])
  expect(await statuses(await someone())).toEqual([404, 404, 404, 404, 404])
  expect((await (await as('cashier')).get(`${ORDERS}/by-reference/${order.reference}`)).status).toBe(200)
})
