import type { QueryClient } from '@tanstack/react-query'

import { api, isApiError, unwrap, type Shape } from '#lib/api.ts'
import { enter } from './session.ts'

export type Proof = { totp_code?: string; recovery_code?: string }

const SIX_DIGITS = /^\d{6}$/

/** An app's code is six digits; anything else is one of the recovery codes. */
export const proofOf = (text: string): Proof => {
  const code = text.replaceAll(/\s/g, '')
  return SIX_DIGITS.test(code) ? { totp_code: code } : { recovery_code: code }
}

export const signIn = async (client: QueryClient, email: string, password: string, proof: Proof = {}) =>
  enter(client, await unwrap(api.POST('/api/v1/auth/login', { body: { email, password, ...proof } })))

/** Whether the new account is open at once; else a mail with a link is on its way. */
export const signUp = async (client: QueryClient, body: Shape<'UserCreate'>): Promise<boolean> => {
  const token = await unwrap(api.POST('/api/v1/auth/register', { body }))
  if (token.access_token === null) return false
  await enter(client, token)
  return true
}

/** What the person at the door has to do next. */
export type Refusal =
  | 'wrong'
  | 'passkey_refused'
  | 'activate'
  | 'closed'
  | 'blocked'
  | 'code'
  | 'wrong_code'
  | 'throttled'
  | 'busy'
  | 'offline'
  | 'failed'

const REFUSALS: Record<string, Refusal> = {
  'auth.wrong_credentials': 'wrong',
  'auth.activation_required': 'activate',
  'auth.deactivated': 'closed',
  'auth.blocked': 'blocked',
  'auth.totp_required': 'code',
  'auth.wrong_code': 'wrong_code',
  'auth.throttled': 'throttled',
  'auth.busy': 'busy',
  'auth.passkey_refused': 'passkey_refused',
}

/** Seconds to wait come along when the server names them. */
export const refusalOf = (error: unknown): { refusal: Refusal; seconds: number } => {
  if (!isApiError(error)) return { refusal: 'failed', seconds: 0 }
  const seconds = Math.ceil(error.retry_after ?? 0)
  const known = REFUSALS[error.code]
  if (known) return { refusal: known, seconds }
  if (error.status === 429) return { refusal: 'throttled', seconds }
  if (error.status === 401 || error.status === 422) return { refusal: 'wrong', seconds }
  return { refusal: error.status === 0 ? 'offline' : 'failed', seconds }
}
