import type { FastifyInstance } from 'fastify'

import { passkeySignInRouter, passkeysRouter } from '#modules/auth/factors/passkeys.router.ts'
import { passkeyShapes } from '#modules/auth/factors/passkeys.schemas.ts'
import type { Passkeys } from '#modules/auth/factors/passkeys.ts'
import { totpRouter } from '#modules/auth/factors/totp.router.ts'
import { totpShapes } from '#modules/auth/factors/totp.schemas.ts'
import type { Totp } from '#modules/auth/factors/totp.ts'
import { jwksRouter } from '#modules/auth/jwks.router.ts'
import { identitiesRouter } from '#modules/auth/oidc/identities.router.ts'
import type { Identities } from '#modules/auth/oidc/identities.ts'
import { oidcRouter } from '#modules/auth/oidc/oidc.router.ts'
import { Identity, IdentityList, OidcProviderList } from '#modules/auth/oidc/oidc.schemas.ts'
import type { Oidc } from '#modules/auth/oidc/oidc.ts'
import { signInsRouter } from '#modules/auth/sign-ins/sign-ins.router.ts'
import { SignIn, SignInList } from '#modules/auth/sign-ins/sign-ins.schemas.ts'
import type { SignIns } from '#modules/auth/sign-ins/sign-ins.ts'
import type { WebSignIn } from '#modules/auth/web.ts'
import type { WebCookies } from '#platform/http/cookies.ts'
import type { TokenKeys } from '#platform/token-keys.ts'

export type WaysIn = {
  signIns: SignIns
  totp: Totp
  oidc: Oidc
  identities: Identities
  passkeys: Passkeys
  tokenKeys: TokenKeys
}

export const wayInShapes: object[] = [
  SignIn,
  SignInList,
  ...totpShapes,
  OidcProviderList,
  Identity,
  IdentityList,
  ...passkeyShapes,
]

/** Where the ways to sign in stand that need no password of this house, or more than one. */
export const registerWaysIn = async (api: FastifyInstance, ways: WaysIn, web: WebSignIn, cookies: WebCookies): Promise<void> => {
  const { signIns, totp, oidc, identities, passkeys } = ways
  await api.register(signInsRouter, { prefix: '/auth', signIns, web })
  await api.register(oidcRouter, { ...cookies, prefix: '/auth/oidc', oidc, web })
  await api.register(passkeySignInRouter, { prefix: '/auth/passkeys', passkeys, web })
  await api.register(identitiesRouter, { prefix: '/users/me/identities', identities })
  await api.register(passkeysRouter, { prefix: '/users/me/passkeys', passkeys })
  await api.register(totpRouter, { prefix: '/users/me/totp', totp })
}

/** Where everybody looks for keys: outside of every prefix. */
export const registerKeys = async (app: FastifyInstance, { tokenKeys }: WaysIn): Promise<void> => {
  await app.register(jwksRouter, { keys: tokenKeys })
}
