import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous } = await startTestApp()

test('R-069: the operator sees requests by route and status, the pool and the process', async () => {
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
