import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { checkInvariants } from './service.ts'

const { as, anonymous, someone, clock, db, given } = await startTestApp()

test('R-122 a hall that was rebuilt after a full house breaks nothing, and the old session has no seat less than none', async () => {
  const { id, hall_id, seat_ids } = await given.session({ seats: 4, starts_in_minutes: 60 })
  const buyer = await someone()
  const { body } = await buyer.post('/api/v1/tickets', { session_id: id, seat_ids })
  await buyer.patch(`/api/v1/tickets/${body.id}/pay`, { payment_method: 'card', card_token: 'tok_ok' })
  clock.advance(20_000)
  await given.session({ hall_id })
  const manager = await as('manager')
  expect(await manager.patch(`/api/v1/halls/${hall_id}`, { rows: 1, seats_per_row: 2, vip_rows: [1] })).toMatchObject({
    status: 200,
    body: { total_seats: 2 },
  })
  expect(await anonymous.get(`/api/v1/sessions/${id}`)).toMatchObject({ body: { sold_tickets: 4, available_seats: 0 } })
  expect(await buyer.get(`/api/v1/tickets/${body.id}`)).toMatchObject({ body: { status: 'paid', seat_type: 'standard' } })
  const { findings } = await checkInvariants(db)
  expect(findings.filter(({ verdict }) => verdict === 'violated')).toEqual([])
  clock.reset()
})
