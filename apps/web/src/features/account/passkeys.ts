import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { queryOptions, type QueryClient } from '@tanstack/react-query'

import { ahead } from '#lib/ahead.ts'
import type { Shape } from '#lib/api.ts'
import { enter } from './session.ts'

export type Passkey = { id: number; name: string; is_backed_up: boolean; last_used_at: string | null; created_at: string }
type Creation = Parameters<typeof startRegistration>[0]['optionsJSON']
type Request = Parameters<typeof startAuthentication>[0]['optionsJSON']

export const passkeysQuery = queryOptions({
  queryKey: ['me', 'passkeys'],
  staleTime: 0,
  queryFn: async () => (await ahead<{ items: Passkey[] }>('GET', '/api/v1/users/me/passkeys')).items,
})

export const addPasskey = async (name: string) => {
  const optionsJSON = await ahead<Creation>('POST', '/api/v1/users/me/passkeys/options')
  const made = await startRegistration({ optionsJSON })
  return ahead<Passkey>('POST', '/api/v1/users/me/passkeys', { body: { ...made, name } })
}

export const removePasskey = (id: number) =>
  ahead<undefined>('DELETE', '/api/v1/users/me/passkeys/{id}', { params: { path: { id } } })

export const signInByPasskey = async (client: QueryClient) => {
  const optionsJSON = await ahead<Request>('POST', '/api/v1/auth/passkeys/options')
  const body = await startAuthentication({ optionsJSON })
  await enter(client, await ahead<Shape<'Token'>>('POST', '/api/v1/auth/passkeys', { body }))
}
