import { createHash } from 'node:crypto'

import { jwtVerify, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'

import type { Clock } from '#platform/clock.ts'
import { AppError } from '#platform/errors.ts'
import type { Role } from '#platform/http/access.ts'
import type { Secrets } from '#platform/secrets.ts'
import type { TokenKeys } from '#platform/token-keys.ts'

const ISSUER = 'marquee'
const AUDIENCE = 'marquee-api'
const TYPE = 'at+jwt'
const VERIFIED_TOKENS = 50_000
const MAX_TOKEN_LENGTH = 1_000
const HEADER = ['alg', 'kid', 'typ'].join()
const USER_ID = /^[1-9][0-9]{0,15}$/
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const ROLES = new Set<unknown>(['customer', 'cashier', 'moderator', 'manager', 'admin'] satisfies Role[])

export const invalidToken = () =>
  new AppError(401, 'auth.invalid_token', 'The access token is not valid, or has expired. Refresh it or sign in again.')

/** Whom a token speaks of; what they may do is asked of the database. `impersonated_by` is whose sign-in it belongs to then. */
export type TokenClaims = { id: number; sign_in: string; impersonated_by: number | null }
type Verified = { claims: TokenClaims; expires_ms: number }
type Signed = { id: number; role: Role; sign_in: string; impersonated_by?: number }

/** Base64url leaves room to write the same bytes in other ways, and decoders read them all. One token has one spelling. */
const isCanonical = (token: string) =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)

const readActing = (act: unknown): number | null | undefined => {
  if (act === undefined) return null
  const { sub } = (act ?? {}) as { sub?: unknown }
  return typeof sub === 'string' && USER_ID.test(sub) ? Number(sub) : undefined
}

const readClaims = ({ sub = '', role, sid, act }: JWTPayload): TokenClaims | undefined => {
  const impersonated_by = readActing(act)
  if (!USER_ID.test(sub) || !ROLES.has(role) || typeof sid !== 'string' || !UUID.test(sid) || impersonated_by === undefined)
    return undefined
  return { id: Number(sub), sign_in: sid, impersonated_by }
}

type Parts = { keys: TokenKeys; clock: Clock; lifetimeSeconds: number }

/** Access tokens: signed with the newest key, checked once by the key they name and remembered whole until they expire. */
export const createTokens = ({ keys, clock, lifetimeSeconds }: Parts) => {
  const verified = new LRUCache<string, Verified>({ max: VERIFIED_TOKENS })

  /** The key decides the algorithm; a header that says another, or brings keys of its own, is refused. */
  const keyFor = ({ alg, kid, ...rest }: JWTHeaderParameters) => {
    const key = keys.find(String(kid))
    if (!key || key.alg !== alg || rest.typ !== TYPE) throw invalidToken()
    if (
      Object.keys({ alg, kid, ...rest })
        .toSorted()
        .join() !== HEADER
    )
      throw invalidToken()
    return key.verifyWith
  }

  const verify = async (token: string): Promise<Verified> => {
    if (token.length > MAX_TOKEN_LENGTH || !isCanonical(token)) throw invalidToken()
    try {
      const { payload } = await jwtVerify(token, keyFor, {
        algorithms: ['EdDSA', 'RS256', 'HS256'],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        currentDate: clock.now(),
        requiredClaims: ['sub', 'exp', 'iat', 'role', 'sid'],
      })
      const claims = readClaims(payload)
      if (!claims) throw invalidToken()
      return { claims, expires_ms: (payload.exp ?? 0) * 1000 }
    } catch {
      throw invalidToken()
    }
  }

  return {
    lifetimeSeconds,
    sign: ({ id, role, sign_in, impersonated_by }: Signed, seconds = lifetimeSeconds) => {
      const issued = Math.floor(clock.now().getTime() / 1000)
      const { alg, kid, signWith } = keys.signer()
      const acting = impersonated_by === undefined ? {} : { act: { sub: String(impersonated_by) } }
      return new SignJWT({ role, sid: sign_in, ...acting })
        .setProtectedHeader({ alg, typ: TYPE, kid })
        .setSubject(String(id))
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issued)
        .setExpirationTime(issued + seconds)
        .sign(signWith)
    },
    claimsOf: async (token: string): Promise<TokenClaims> => {
      const known = verified.get(token)
      if (known) {
        if (known.expires_ms <= clock.now().getTime()) throw invalidToken()
        return known.claims
      }
      const fresh = await verify(token)
      verified.set(token, fresh)
      return fresh.claims
    },
  }
}
export type Tokens = ReturnType<typeof createTokens>

export const hashToken = (token: string) => createHash('sha256').update(token).digest('base64url')

/**
 * The one successor a refresh token can have. It is derived, not drawn, so that two tabs which refresh at the same
 * moment get the same answer although only hashes are stored.
 */
export const createSuccession = (secrets: Secrets) => {
  const hash = secrets.hasher('refresh-succession')
  return (token: string) => hash(token)[0]
}
