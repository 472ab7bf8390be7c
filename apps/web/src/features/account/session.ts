import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'

import { adoptGuest } from '#features/orders/api.ts'
import { api, isApiError, session, unwrap, type Shape } from '#lib/api.ts'

const SIGNED_IN = 'marquee_signed_in'
const STAFF = 'staff'

let ready: Promise<unknown> | undefined

const isStaff = (user: Shape<'UserResponse'>) => user.role !== 'customer'

/** This browser will know at its next visit that somebody is signed in, and whether to offer the staff area. */
const rememberSignIn = (user?: Shape<'UserResponse'>) => localStorage.setItem(SIGNED_IN, user && isStaff(user) ? STAFF : '1')

const renew = async () => {
  try {
    if (await session.renew()) rememberSignIn(session.user())
    else localStorage.removeItem(SIGNED_IN)
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

export const useUser = () => useSyncExternalStore(session.subscribe, session.user, () => undefined)

const seemsStaff = () => {
  const user = session.user()
  return user ? isStaff(user) : localStorage.getItem(SIGNED_IN) === STAFF
}

/** Known before anybody is asked: from the last visit of this browser. */
export const useSeemsStaff = () => useSyncExternalStore(session.subscribe, seemsStaff, () => false)

export const useIsBorrowed = () => useSyncExternalStore(session.subscribe, session.isBorrowed, () => false)

/** Brings along what the guest of this browser holds and has bought. */
export const adopt = async (client: QueryClient) => {
  rememberSignIn(session.user())
  try {
    await adoptGuest()
  } catch (error) {
    // The sign-in stands; what belongs to another account stays there.
    if (!isApiError(error)) throw error
  }
  await client.invalidateQueries({ queryKey: ['orders'] })
  await client.invalidateQueries({ queryKey: ['tickets'] })
}

/** What one person may see, the next on this page may not. */
export const forgetPersonal = (client: QueryClient) => {
  for (const name of ['orders', 'tickets', 'me', 'staff']) client.removeQueries({ queryKey: [name] })
}

/** Nobody is signed in here any more, and what was theirs is gone from this page. */
export const forgetSession = (client: QueryClient) => {
  localStorage.removeItem(SIGNED_IN)
  session.close()
  forgetPersonal(client)
}

export const enter = (client: QueryClient, token: Shape<'Token'>) => {
  session.open(token)
  return adopt(client)
}

export const signOut = async (client: QueryClient) => {
  try {
    await unwrap(api.POST('/api/v1/auth/logout'))
  } finally {
    forgetSession(client)
  }
}
