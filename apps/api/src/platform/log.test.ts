import { expect, test } from 'vitest'

import { createLog, createRequestLog } from './log.ts'

const answered = { method: 'GET', route: '/api/v1/movies/:id', status: 200, ms: 1.26 }

const linesOf = (
  LOG_LEVEL: 'info' | 'warn',
  write: (log: ReturnType<typeof createLog>, request: ReturnType<typeof createRequestLog>) => void,
) => {
  const lines: string[] = []
  const output = { write: (line: string) => void lines.push(line) }
  write(createLog({ LOG_LEVEL }, output), createRequestLog({ LOG_LEVEL }, output))
  return lines
}
const timeless = (line = '') => line.replace(/"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, 'at some time')

test('the line of a request is what pino would write of it', () => {
  for (const route of [answered.route, '/{lang}/"odd"\\route', 'here'])
    for (const status of [200, 503]) {
      const [usual, own] = linesOf('info', (log, request) => {
        log.info({ reqId: 'door-7-0001', ...answered, route, status, ms: 1.3 }, 'request')
        request('door-7-0001', { ...answered, route, status })
      })
      expect(timeless(own)).toBe(timeless(usual))
      expect(timeless(own)).toContain('at some time')
    }
})

test('an operator who wants warnings only hears of no request', () => {
  expect(linesOf('warn', (_log, request) => request('door-7-0001', answered))).toEqual([])
})
