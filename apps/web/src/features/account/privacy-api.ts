import { ahead } from '#lib/ahead.ts'
import { session, type Shape } from '#lib/api.ts'

export type Consenting = Shape<'UserResponse'> & { marketing_consent?: boolean }

export const saveConsent = async (marketing_consent: boolean) => {
  const user = await ahead<Consenting>('PATCH', '/api/v1/users/me', { body: { marketing_consent } })
  session.open({ access_token: session.token() ?? null, user })
}

/** Everything that is kept about me, as a file. */
export const exportMyData = () => ahead<Blob>('GET', '/api/v1/users/me/export', { parseAs: 'blob' })

export const deleteAccount = (password: string) => ahead<undefined>('DELETE', '/api/v1/users/me', { body: { password } })
