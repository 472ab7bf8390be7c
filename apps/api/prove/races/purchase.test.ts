import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { someone, given } = await startTestApp()

test('Q-08 paying a seat that I hold already, repeated under its key, has the same answer', async () => {
  const [session, buyer] = [await given.session({ seats: 1 }), await someone()]
  await buyer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
  const body = { event_id: session.id, seat_id: session.seat_ids[0], payment_method: 'card', card_token: 'tok_ok' }
  const pay = () => buyer.post('/api/v1/tickets/purchase', body, { 'idempotency-key': 'tap-twice' })
  const first = await pay()

  expect(first).toMatchObject({ status: 201, body: { status: 'paid' } })
  expect(await pay()).toMatchObject({ status: 201, body: { id: first.body.id, payment: { id: first.body.payment.id } } })
})
