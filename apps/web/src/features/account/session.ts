import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'

import { adoptGuest } from '#features/orders/api.ts'
import { api, isApiError, session, unwrap, type Shape } from '#lib/api.ts'

const SIGNED_IN = 'marquee_signed_in'

let ready: Promise<unknown> | undefined

const renew = async () => {
  try {
    if (!(await session.renew())) localStorage.removeItem(SIGNED_IN)
  } catch {
    // No answer: the next page asks again.
    ready = undefined
  }
}

/** Whoever was signed in on this browser is so again, before a page asks for what is theirs. Nobody else costs a request. */
export const readySession = (): Promise<unknown> => {
  if (session.user() !== undefined || localStorage.getItem(SIGNED_IN) === null) return Promise.resolve()
  ready ??= renew()
  return ready
}

export const useUser = () => useSyncExternalStore(session.subscribe, session.user)

/** Opens the session and brings along what the guest of this browser holds and has bought. */
const enter = async (client: QueryClient, token: Shape<'Token'>) => {
  session.open(token)
  localStorage.setItem(SIGNED_IN, '1')
  try {
    await adoptGuest()
  } catch (error) {
    // The sign-in stands; what belongs to another account stays there.
    if (!isApiError(error)) throw error
  }
  await client.invalidateQueries({ queryKey: ['orders'] })
  await client.invalidateQueries({ queryKey: ['tickets'] })
}

export const signIn = async (client: QueryClient, email: string, password: string) =>
  enter(client, await unwrap(api.POST('/api/v1/auth/login', { body: { email, password } })))

export const signUp = async (client: QueryClient, body: Shape<'UserCreate'>) =>
  enter(client, await unwrap(api.POST('/api/v1/auth/register', { body })))

export const signOut = async (client: QueryClient) => {
  try {
    await unwrap(api.POST('/api/v1/auth/logout'))
  } finally {
    localStorage.removeItem(SIGNED_IN)
    session.close()
    client.removeQueries({ queryKey: ['orders'] })
    client.removeQueries({ queryKey: ['tickets'] })
  }
}
