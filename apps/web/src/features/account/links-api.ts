import { api, unwrap } from '#lib/api.ts'

export const resendActivation = (email: string) => unwrap(api.POST('/api/v1/accounts/activate/resend', { body: { email } }))

export const activateAccount = (token: string) => unwrap(api.POST('/api/v1/accounts/activate', { body: { token } }))

export const askForReset = (email: string) => unwrap(api.POST('/api/v1/accounts/password/reset-request', { body: { email } }))

export const resetPassword = (token: string, password: string) =>
  unwrap(api.POST('/api/v1/accounts/password/reset', { body: { token, password } }))
