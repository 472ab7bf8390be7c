import { expect, test } from 'vitest'

import { formatAgo } from './format-ago.ts'
import { proofOf, refusalOf } from './sign-in.ts'

const refused = (status: number, code: string, more = {}) =>
  refusalOf(Object.assign(new Error(code), { name: 'ApiError', status, code, ...more }))

test('a refusal at the door says what to do next', () => {
  expect(refused(401, 'auth.wrong_credentials')).toEqual({ refusal: 'wrong', seconds: 0 })
  expect(refused(403, 'auth.activation_required').refusal).toBe('activate')
  expect(refused(401, 'auth.totp_required').refusal).toBe('code')
  expect(refused(429, 'auth.throttled', { retry_after: 64.2 })).toEqual({ refusal: 'throttled', seconds: 65 })
  expect(refused(422, 'request.invalid').refusal).toBe('wrong')
  expect([refused(0, 'network.unreachable').refusal, refused(500, 'server.error').refusal]).toEqual(['offline', 'failed'])
  expect(refusalOf(new TypeError('x')).refusal).toBe('failed')
})

test('six digits are a code of the app, however they are spaced; anything else is a recovery code', () => {
  expect(proofOf(' 123 456 ')).toEqual({ totp_code: '123456' })
  expect(proofOf('ABCDE-23456')).toEqual({ recovery_code: 'ABCDE-23456' })
})

test('moments are told in words while they are near, and as dates when they are not', () => {
  const now = Date.parse('2026-11-28T12:00:00Z')
  const ago = (minutes: number) => formatAgo('en', new Date(now - minutes * 60_000).toISOString(), now)
  expect([ago(-5), ago(5), ago(61), ago(1500)]).toEqual([undefined, '5 minutes ago', '1 hour ago', 'yesterday'])
  expect(ago(60 * 24 * 60)).toMatch(/29 September 2026/)
})
