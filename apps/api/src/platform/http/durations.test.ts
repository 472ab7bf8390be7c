import { expect, test } from 'vitest'

import { createDurations } from './durations.ts'

test('each bucket counts what took no longer, and the last one everything', () => {
  const { observe, show } = createDurations()
  for (const ms of [1, 2, 3, 20_000]) observe({ method: 'GET', route: '/halls/:id', status: 200, ms })
  observe({ method: 'GET', route: '/halls/:id', status: 404, ms: 700 })
  observe({ method: 'HEAD', route: '/say/"so"', status: 200, ms: 700 })
  const lines = show().split('\n')
  const of = (rest: string) => lines.find((line) => line.startsWith(`http_request_duration_seconds_${rest}`))
  const halls = 'method="GET",route="/halls/:id",status_code="200"'
  expect(['0.002', '0.005', '10', '+Inf'].map((le) => of(`bucket{le="${le}",${halls}}`)?.split(' ').at(-1))).toEqual([
    '2',
    '3',
    '3',
    '4',
  ])
  expect([of(`count{${halls}}`), of(`sum{${halls}}`)]).toEqual([
    `http_request_duration_seconds_count{${halls}} 4`,
    `http_request_duration_seconds_sum{${halls}} 20.006`,
  ])
  expect(lines.filter((line) => line.includes('_count{'))).toHaveLength(3)
  expect(lines).toContain(String.raw`http_request_duration_seconds_count{method="HEAD",route="/say/\"so\"",status_code="200"} 1`)
  expect([lines[1], lines.at(-1)]).toEqual(['# TYPE http_request_duration_seconds histogram', ''])
})
