import type { QueryClient } from '@tanstack/react-query'

import { forgetPersonal } from '#features/account/session.ts'
import { session } from '#lib/api.ts'
import { impersonate } from './api.ts'

type Look = { user_id: number; until_ms: number }

let look: Look | undefined

export const currentLook = () => look

/** From here on this page reads as that person. A reload ends it: the token lives nowhere but here. */
export const beginLook = async (client: QueryClient, user_id: number, reason: string) => {
  const { access_token, expires_in, user } = await impersonate(user_id, reason)
  forgetPersonal(client)
  look = { user_id, until_ms: Date.now() + expires_in * 1000 }
  session.borrow({ access_token, user })
}

/** Back to being oneself; false when one's own sign-in has ended meanwhile. */
export const endLook = async (client: QueryClient): Promise<boolean> => {
  const isBack = await session.renew()
  forgetPersonal(client)
  look = undefined
  return isBack
}
