import { type Static, Type } from 'typebox'

import { Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const SignInId = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
export const SignInParams = Type.Object({ id: SignInId }, strict)

export const SignIn = shape('SignIn', {
  id: SignInId,
  device: Nullable(Type.String({ description: 'Browser and system in words, as far as the device says.' })),
  device_kind: Type.Enum(['desktop', 'mobile', 'tablet', 'tv', 'unknown']),
  ip: Nullable(Type.String()),
  method: Type.Enum(['password', 'oidc', 'passkey']),
  is_strong: Type.Boolean({ description: 'Whether a second factor or a passkey was shown.' }),
  is_current: Type.Boolean(),
  started_at: Timestamp,
  last_seen_at: Timestamp,
  expires_at: Timestamp,
})
export type SignIn = Static<typeof SignIn>
export const SignInList = shape('SignInList', { items: Type.Array(ref(SignIn)) })
export type SignInList = Static<typeof SignInList>
