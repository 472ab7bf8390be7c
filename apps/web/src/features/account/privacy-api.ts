import { api, session, type Shape, unwrap } from '#lib/api.ts'

export const saveConsent = async (marketing_consent: boolean) => {
  const user = await unwrap(api.PATCH('/api/v1/users/me', { body: { marketing_consent } }))
  session.open({ access_token: session.token() ?? null, user })
}

/** Everything that is kept about me, as a file. */
export const exportMyData = () => unwrap(api.GET('/api/v1/users/me/export', { parseAs: 'blob' }))

/** Until its owner opens it again; without a password for accounts that never had one. */
export const closeAccount = (password: string) =>
  unwrap(api.POST('/api/v1/users/me/deactivate', { body: { ...(password !== '' && { password }) } }))

/** Without a password for accounts that never had one; `confirm` goes on although there are tickets to come. */
export const deleteAccount = (body: Shape<'AccountErasure'>) => unwrap(api.DELETE('/api/v1/users/me', { body }))
