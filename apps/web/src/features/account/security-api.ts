import { queryOptions } from '@tanstack/react-query'

import { ahead } from '#lib/ahead.ts'
import { api, session, unwrap, type Shape } from '#lib/api.ts'
import type { Proof } from './sign-in.ts'

export type SignIn = {
  id: string
  device: string | null
  device_kind: 'desktop' | 'mobile' | 'tablet' | 'tv' | 'unknown'
  ip: string | null
  method: 'password' | 'oidc' | 'passkey'
  is_strong: boolean
  is_current: boolean
  started_at: string
  last_seen_at: string
  expires_at: string
}
type TotpStatus = { is_enabled: boolean; confirmed_at: string | null; recovery_codes_left: number }
export type TotpStart = { secret: string; otpauth_url: string }

export const signInsQuery = queryOptions({
  queryKey: ['me', 'sign-ins'],
  staleTime: 0,
  queryFn: async () => (await ahead<{ items: SignIn[] }>('GET', '/api/v1/auth/sign-ins')).items,
})

export const endSignIn = (id: string) => ahead<undefined>('DELETE', '/api/v1/auth/sign-ins/{id}', { params: { path: { id } } })

export const logoutEverywhere = () => ahead<undefined>('POST', '/api/v1/auth/logout-everywhere')

export const totpQuery = queryOptions({
  queryKey: ['me', 'totp'],
  staleTime: 0,
  queryFn: () => ahead<TotpStatus>('GET', '/api/v1/users/me/totp'),
})

export const startTotp = () => ahead<TotpStart>('POST', '/api/v1/users/me/totp')

export const confirmTotp = async (totp_code: string) =>
  (await ahead<{ recovery_codes: string[] }>('POST', '/api/v1/users/me/totp/confirm', { body: { totp_code } })).recovery_codes

export const newRecoveryCodes = async (proof: Proof) =>
  (await ahead<{ recovery_codes: string[] }>('POST', '/api/v1/users/me/totp/recovery-codes', { body: proof })).recovery_codes

export const removeTotp = (proof: Proof) => ahead<undefined>('DELETE', '/api/v1/users/me/totp', { body: proof })

/** Every other device is signed out; this one goes on with new tokens. */
export const changePassword = async (body: Shape<'PasswordChange'>) =>
  session.open(await unwrap(api.POST('/api/v1/accounts/password/change', { body })))

export const changeEmail = (body: { email: string; password: string }) => unwrap(api.POST('/api/v1/users/me/email', { body }))

export const confirmEmail = (token: string) => unwrap(api.POST('/api/v1/accounts/email/confirm', { body: { token } }))
