import { join } from 'node:path'

import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { createCaller, startServer } from '#testing/processes.ts'

const { as, given, database, directory } = await startTestApp()

const IN_FLIGHT_MS = 500

test('R-237: a server that is stopped answers what it has begun, and ends well', async () => {
  const customer = await as('customer')
  const server = await startServer({
    DATABASE_URL: database.url,
    DATA_DIR: join(directory, 'data'),
    CERTS_DIR: join(directory, 'certs'),
  })
  const caller = createCaller(server.url, customer.headers)
  const session = await given.session({ seats: 2 })
  const { body: held } = await caller.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[0]] })
  // The bank takes three seconds to answer for this card.
  const paying = caller.patch(`/api/v1/tickets/${held.id}/pay`, { card_token: 'tok_slow' })
  await new Promise((resolve) => setTimeout(resolve, IN_FLIGHT_MS))
  const stopping = server.stop()
  expect(await paying).toMatchObject({ status: 200, body: { status: 'paid', qr_code: expect.any(String) } })
  expect(await stopping).toMatchObject({ code: 0, signal: null })
  await expect(fetch(`${server.url}/health/live`)).rejects.toThrow('fetch failed')
}, 60_000)
