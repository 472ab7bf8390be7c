import { afterEach, expect, test, vi } from 'vitest'

import type { ApiError } from '#lib/api.ts'
import { closeAttempt, startAttempt } from './pay-attempt.ts'
import { outcomeOf, secretToConfirm } from './pay-outcome.ts'

const refusal = (status: number, code: string, data: Record<string, unknown> = {}, pointer?: string) =>
  ({ status, code, data, errors: pointer === undefined ? [] : [{ pointer, detail: '', code: '' }] }) as unknown as ApiError

const memory = () => {
  const kept = new Map<string, string>()
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  }
}
afterEach(() => vi.unstubAllGlobals())

test('a lost answer is never a failure: the payment is being checked', () => {
  expect(outcomeOf(refusal(0, 'network.unreachable'))).toEqual({ kind: 'checking', offline: true })
  expect(outcomeOf(refusal(502, 'server.unavailable'))).toEqual({ kind: 'checking', offline: false })
  expect(outcomeOf(refusal(409, 'orders.payment_in_progress'))).toEqual({ kind: 'checking', offline: false })
})

test('a declined card says why and what to do', () => {
  expect(outcomeOf(refusal(402, 'payments.expired_card', { recommendation: 'use_another_card' }))).toEqual({
    kind: 'declined',
    reason: 'expired_card',
    recommendation: 'use_another_card',
  })
})

test('a new price is shown before it is paid', () => {
  expect(outcomeOf(refusal(409, 'orders.price_changed', { amount_due: 460 }))).toEqual({ kind: 'price', amount: 460 })
})

test('what happened meanwhile is told as what it is', () => {
  expect(outcomeOf(refusal(409, 'orders.hold_expired'))).toEqual({ kind: 'expired' })
  expect(outcomeOf(refusal(409, 'sessions.cancelled'))).toEqual({ kind: 'session', started: false })
  expect(outcomeOf(refusal(401, 'auth.required'))).toEqual({ kind: 'signed_out' })
  expect(outcomeOf(refusal(409, 'orders.already_paid'))).toEqual({ kind: 'paid' })
})

test('a mistake in the e-mail stands beside the e-mail', () => {
  expect(outcomeOf(refusal(422, 'orders.email_required', {}, '/email'))).toEqual({ kind: 'email', wrong: false })
  expect(outcomeOf(refusal(422, 'request.invalid', {}, '/email'))).toEqual({ kind: 'email', wrong: true })
})

test('a payment that waits for its card may be shown one, also after a bank’s page was left; a provider’s own page is no form of ours', () => {
  const payment = (next_action: string, client_secret: string | null, status = 'pending') =>
    ({ payments: [{ status, next_action, client_secret }] }) as unknown as Parameters<typeof secretToConfirm>[0]
  expect(secretToConfirm(payment('confirm', 'pi_secret'))).toBe('pi_secret')
  expect(secretToConfirm(payment('redirect', 'pi_secret'))).toBe('pi_secret')
  expect(secretToConfirm(payment('redirect', null))).toBeUndefined()
  expect(secretToConfirm(payment('wait', 'pi_secret'))).toBeUndefined()
  expect(secretToConfirm(payment('none', 'pi_secret', 'success'))).toBeUndefined()
})

test('asking again after a lost answer is the same payment; after an answer it is another', () => {
  vi.stubGlobal('sessionStorage', memory())
  const first = startAttempt(5, 'tok_ok', 360)
  expect(startAttempt(5, 'tok_ok', 360).key).toBe(first.key)
  expect(startAttempt(6, 'tok_ok', 360).key).not.toBe(first.key)
  closeAttempt(5)
  expect(startAttempt(5, 'tok_ok', 360).key).not.toBe(first.key)
})
