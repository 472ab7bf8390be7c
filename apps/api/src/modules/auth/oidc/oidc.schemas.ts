import { type Static, Type } from 'typebox'

import { Id, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

const name = Type.String({ pattern: '^[a-z0-9-]{1,40}$' })
export const OidcParams = Type.Object({ provider: name }, strict)

export const OidcProviderList = shape('OidcProviderList', {
  providers: Type.Array(
    Type.Object({
      name,
      label: Type.String({ description: 'What the button says.' }),
      start_url: Type.String({ description: 'Where the browser goes to sign in there.' }),
    }),
  ),
})
export type OidcProviderList = Static<typeof OidcProviderList>

export const Identity = shape('Identity', {
  id: Id,
  provider: Type.String(),
  label: Type.String({ description: 'What the provider is called here.' }),
  email: Type.String({ description: 'The address there when it was first used here.' }),
  created_at: Timestamp,
  last_used_at: Timestamp,
})
export const IdentityList = shape('IdentityList', { items: Type.Array(ref(Identity)) })
export type IdentityList = Static<typeof IdentityList>

/** A path of this site: whatever a browser could read as another host is refused. */
export const OidcStart = Type.Object(
  { return_to: Type.String({ pattern: '^/(?![/\\\\])[^\\\\\\s\\p{Cc}]*$', maxLength: 500, default: '/account' }) },
  strict,
)

/** Providers send along what they like; only what the standard names is looked at, and only by the library. */
export const OidcCallback = Type.Object(
  {
    code: Type.Optional(Type.String({ maxLength: 4_000 })),
    state: Type.Optional(Type.String({ maxLength: 500 })),
    error: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: true },
)
