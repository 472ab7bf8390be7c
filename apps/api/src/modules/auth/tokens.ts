import { createHmac, createHash } from 'node:crypto'

import { jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'

import type { Clock } from '#platform/clock.ts'
import { AppError } from '#platform/errors.ts'
import type { Role } from '#platform/http/access.ts'
import type { SigningKey } from '#platform/keys.ts'

const ISSUER = 'marquee'
const AUDIENCE = 'marquee-api'
const TYPE = 'at+jwt'
const VERIFIED_TOKENS = 50_000
const MAX_TOKEN_LENGTH = 1_000
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

export const invalidToken = () =>
  new AppError(401, 'auth.invalid_token', 'The access token is not valid, or has expired. Refresh it or sign in again.')

/** Whom a token speaks of; what they may do is asked of the database. `impersonated_by` is whose sign-in it belongs to then. */
export type TokenClaims = { id: number; sign_in: string; impersonated_by: number | null }
type Verified = { claims: TokenClaims; expires_ms: number }
type Signed = { id: number; role: Role; sign_in: string; impersonated_by?: number }

const readActing = (act?: { sub?: unknown }): number | null => (act === undefined ? null : Number(act.sub))

/** Access tokens: signed with Ed25519, checked once and remembered whole until they expire. */
export const createTokens = ({ key, clock, lifetimeSeconds }: { key: SigningKey; clock: Clock; lifetimeSeconds: number }) => {
  const verified = new LRUCache<string, Verified>({ max: VERIFIED_TOKENS })

  const verify = async (token: string): Promise<Verified> => {
    if (token.length > MAX_TOKEN_LENGTH) throw invalidToken()
    try {
      const { payload } = await jwtVerify(token, key.publicKey, {
        algorithms: ['EdDSA'],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        currentDate: clock.now(),
        requiredClaims: ['sub', 'exp', 'role', 'sid'],
      })
      const sign_in = String(payload['sid'])
      const claims = {
        id: Number(payload.sub),
        sign_in,
        impersonated_by: readActing(payload['act'] as { sub?: unknown } | undefined),
      }
      if (!UUID.test(sign_in) || ![claims.id, claims.impersonated_by ?? 1].every(Number.isSafeInteger)) throw invalidToken()
      return { claims, expires_ms: (payload.exp ?? 0) * 1000 }
    } catch {
      throw invalidToken()
    }
  }

  return {
    lifetimeSeconds,
    sign: ({ id, role, sign_in, impersonated_by }: Signed, seconds = lifetimeSeconds) => {
      const issued = Math.floor(clock.now().getTime() / 1000)
      const acting = impersonated_by === undefined ? {} : { act: { sub: String(impersonated_by) } }
      return new SignJWT({ role, sid: sign_in, ...acting })
        .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: key.kid })
        .setSubject(String(id))
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issued)
        .setExpirationTime(issued + seconds)
        .sign(key.privateKey)
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
export const createSuccession = (key: SigningKey) => {
  const secret = createHash('sha256')
    .update('refresh-succession')
    .update(key.privateKey.export({ type: 'pkcs8', format: 'der' }))
    .digest()
  return (token: string) => createHmac('sha256', secret).update(token).digest('base64url')
}
