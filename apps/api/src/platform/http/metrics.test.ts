import { expect, test } from 'vitest'

import { createRollUp } from '#modules/statistics/roll-up.ts'
import { startTestApp } from '#testing/app.ts'

const { anonymous, as, given, db, server } = await startTestApp()

test('R-069, R-229, R-303: the operator sees requests by route and status, the pool and the process', async () => {
  await anonymous.get('/api/v1/movies/424242')
  await anonymous.get('/api/v1/movies/424243')
  await anonymous.get('/no/such/place')
  const { status, body, headers } = await anonymous.get('/metrics')
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    expect.stringMatching(/^text\/plain/),
    'no-store',
  ])
  expect(body).toContain('http_request_duration_seconds_count{method="GET",route="/api/v1/movies/:id",status_code="404"} 2')
  expect(body).toMatch(/http_request_duration_seconds_count\{method="GET",route="[^"]*",status_code="404"\} 1/)
  expect(body).not.toContain('424242')
  expect(body).not.toContain('/no/such/place')
  for (const name of [
    'marquee_db_connections{state="idle"}',
    'marquee_catalogue_cache_lookups{result="miss"}',
    'process_cpu_seconds_total',
  ])
    expect(body).toContain(name)
})

const scrape = async () => (await anonymous.get('/metrics')).body as string
const valueOf = (metrics: string, name: string) =>
  Number(
    metrics
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1],
  )

test('R-303: an answer of the catalogue that is read counts as a miss, and each time it is kept as a hit', async () => {
  const lookups = async () => {
    const metrics = await scrape()
    return ['miss', 'hit'].map((result) => valueOf(metrics, `marquee_catalogue_cache_lookups{result="${result}"}`))
  }
  const grown = async (urls: string[], ask: (url: string) => Promise<unknown>) => {
    const [misses = 0, hits = 0] = await lookups()
    const answered = []
    for (const url of urls) answered.push(await ask(url))
    const [missesAfter = 0, hitsAfter = 0] = await lookups()
    return { answered, misses: missesAfter - misses, hits: hitsAfter - hits }
  }
  const [one, other] = ['/api/v1/genres?size=3', '/api/v1/genres?size=4']
  const ask = async (url: string) => (await anonymous.get(url)).headers['x-cache'] ?? 'read'
  expect(await grown([one, one, other, one], ask)).toEqual({ answered: ['read', 'hit', 'read', 'hit'], misses: 2, hits: 2 })
  expect(await grown([one, other], ask)).toEqual({ answered: ['hit', 'hit'], misses: 0, hits: 2 })

  // On the wire what is kept is answered before the framework sees the request.
  const address = await server.listen({ host: '127.0.0.1', port: 0 })
  const fetched = async (url: string) => (await fetch(`${address}${url}`)).headers.get('x-cache')
  expect(await grown([one, other, one], fetched)).toEqual({ answered: ['hit', 'hit', 'hit'], misses: 0, hits: 3 })
})

test('R-229: bookings are a metric: tickets by state and what they brought', async () => {
  const customer = await as('customer')
  const session = await given.session({ seats: 6 })
  const hold = async (seats: number[]) => {
    const seat_ids = seats.map((seat) => session.seat_ids[seat])
    return (await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids })).body.order
  }
  const paid = await hold([0, 1])
  await hold([3])
  expect(await customer.post(`/api/v1/orders/${paid.id}/pay`, { card_token: 'tok_ok' })).toMatchObject({ status: 201 })
  await expect
    .poll(
      async () => {
        await createRollUp(db, 0)()
        return valueOf(await scrape(), 'marquee_tickets{status="paid"}')
      },
      { timeout: 10_000 },
    )
    .toBe(2)
  const metrics = await scrape()
  expect(valueOf(metrics, 'marquee_tickets{status="reserved"}')).toBe(1)
  expect(valueOf(metrics, 'marquee_tickets_revenue{currency="UAH"}')).toBe(paid.total)
})

test('R-229: failures are counted by their code', async () => {
  await anonymous.get('/api/v1/cinemas/424242')
  await anonymous.get('/api/v1/cinemas/424243')
  expect(valueOf(await scrape(), 'marquee_problems_total{code="cinemas.not_found"}')).toBe(2)
})
