import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { queryOptions, type QueryClient } from '@tanstack/react-query'

import { api, type Shape, unwrap } from '#lib/api.ts'
import { enter } from './session.ts'

export type Passkey = Shape<'Passkey'>
// The server's words come from the same library's other half; the contract only spells them with wider types.
type Creation = Parameters<typeof startRegistration>[0]['optionsJSON']
type Request = Parameters<typeof startAuthentication>[0]['optionsJSON']

export const passkeysQuery = queryOptions({
  queryKey: ['me', 'passkeys'],
  staleTime: 0,
  queryFn: async () => (await unwrap(api.GET('/api/v1/users/me/passkeys'))).items,
})

export const addPasskey = async (name: string) => {
  const optionsJSON = (await unwrap(api.POST('/api/v1/users/me/passkeys/options'))) as Creation
  const made = await startRegistration({ optionsJSON })
  return unwrap(api.POST('/api/v1/users/me/passkeys', { body: { ...made, name } as Shape<'PasskeyCreate'> }))
}

export const removePasskey = (id: number) => unwrap(api.DELETE('/api/v1/users/me/passkeys/{id}', { params: { path: { id } } }))

export const signInByPasskey = async (client: QueryClient) => {
  const optionsJSON = (await unwrap(api.POST('/api/v1/auth/passkeys/options'))) as Request
  const body = (await startAuthentication({ optionsJSON })) as Shape<'PasskeySignIn'>
  await enter(client, await unwrap(api.POST('/api/v1/auth/passkeys', { body })))
}
