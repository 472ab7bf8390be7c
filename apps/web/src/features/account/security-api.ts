import { queryOptions } from '@tanstack/react-query'

import { api, session, unwrap, type Shape } from '#lib/api.ts'
import type { Proof } from './sign-in.ts'

export type SignIn = Shape<'SignIn'>
export type TotpStart = Shape<'TotpStart'>

export const signInsQuery = queryOptions({
  queryKey: ['me', 'sign-ins'],
  staleTime: 0,
  queryFn: async () => (await unwrap(api.GET('/api/v1/auth/sign-ins'))).items,
})

export const endSignIn = (id: string) => unwrap(api.DELETE('/api/v1/auth/sign-ins/{id}', { params: { path: { id } } }))

export const logoutEverywhere = () => unwrap(api.POST('/api/v1/auth/logout-everywhere'))

export const totpQuery = queryOptions({
  queryKey: ['me', 'totp'],
  staleTime: 0,
  queryFn: () => unwrap(api.GET('/api/v1/users/me/totp')),
})

export type Identity = Shape<'Identity'>

export const identitiesQuery = queryOptions({
  queryKey: ['me', 'identities'],
  staleTime: 0,
  queryFn: async () => (await unwrap(api.GET('/api/v1/users/me/identities'))).items,
})

export const removeIdentity = (id: number) => unwrap(api.DELETE('/api/v1/users/me/identities/{id}', { params: { path: { id } } }))

export const startTotp = () => unwrap(api.POST('/api/v1/users/me/totp'))

export const confirmTotp = async (totp_code: string) =>
  (await unwrap(api.POST('/api/v1/users/me/totp/confirm', { body: { totp_code } }))).recovery_codes

export const newRecoveryCodes = async (proof: Proof) =>
  (await unwrap(api.POST('/api/v1/users/me/totp/recovery-codes', { body: proof }))).recovery_codes

export const removeTotp = (proof: Proof) => unwrap(api.DELETE('/api/v1/users/me/totp', { body: proof }))

/** Every other device is signed out; this one goes on with new tokens. */
export const changePassword = async (body: Shape<'PasswordChange'>) =>
  session.open(await unwrap(api.POST('/api/v1/accounts/password/change', { body })))

export const changeEmail = (body: { email: string; password: string }) => unwrap(api.POST('/api/v1/users/me/email', { body }))

export const confirmEmail = (token: string) => unwrap(api.POST('/api/v1/accounts/email/confirm', { body: { token } }))
