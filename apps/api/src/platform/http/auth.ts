import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'

import { AppError } from '../errors.ts'
import { type Access, type Actor, type Buyer, may, type Permission, permissions, type SignedIn } from './access.ts'
import { strict } from './schemas.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    actor: Actor
  }
}

type Identify = {
  /** Throws when the token is not ours, has expired or was revoked. */
  userByToken: (token: string) => Promise<SignedIn>
  guestByToken: (token: string) => Promise<Actor | undefined>
}

/** A route that takes no query parameters refuses them, like all that is unknown. */
const NoQuery = Type.Object({}, strict)

const ANONYMOUS: Actor = { kind: 'anonymous' }

const signInNeeded = () =>
  new AppError(401, 'auth.required', 'Sign in with POST /api/v1/auth/login and send the token as "Authorization: Bearer …".')
const forbidden = () => new AppError(403, 'auth.forbidden', 'Your role does not allow this.')
const badScheme = () => new AppError(401, 'auth.invalid_token', 'The Authorization header must read "Bearer <token>".')

const readActor = async (request: FastifyRequest, { userByToken, guestByToken }: Identify): Promise<Actor> => {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    if (authorization.slice(0, 7).toLowerCase() !== 'bearer ') throw badScheme()
    return userByToken(authorization.slice(7).trim())
  }
  const guest = request.headers['x-guest-token']
  return typeof guest === 'string' ? ((await guestByToken(guest)) ?? ANONYMOUS) : ANONYMOUS
}

const enforce = (actor: Actor, access: Access) => {
  if (access === 'anyone') return
  if (access === 'buyer') {
    if (actor.kind === 'anonymous') throw signInNeeded()
    return
  }
  if (actor.kind !== 'user') throw signInNeeded()
  if (access !== 'user' && !may(actor, access as Permission)) throw forbidden()
}

/** Refuses to register an API route that does not say who may call it, or what it answers. */
export const declareAccess = (app: FastifyInstance, identify: Identify) => {
  app.decorateRequest('actor', null as never)
  app.addHook('onRoute', (route) => {
    const access = route.config?.access
    if (!access) throw new Error(`${String(route.method)} ${route.url} does not declare its access.`)
    if (route.schema) route.schema.querystring ??= NoQuery
    if (!route.schema?.response) throw new Error(`${String(route.method)} ${route.url} has no response schema.`)
    if (access in permissions || ['anyone', 'buyer', 'user', 'public', 'provider'].includes(access)) return
    throw new Error(`${route.url} has an unknown access ${access}.`)
  })
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access ?? 'public'
    request.actor = ANONYMOUS
    if (access === 'public' || access === 'provider') return
    request.actor = await readActor(request, identify)
    enforce(request.actor, access)
  })
}

/** For routes whose access is `buyer` or stronger: the hook has refused everybody else. */
export const buyerOf = (request: FastifyRequest): Buyer => {
  if (request.actor.kind === 'anonymous') throw signInNeeded()
  return request.actor
}

/** For routes whose access is `user` or a permission. */
export const userOf = (request: FastifyRequest): SignedIn => {
  if (request.actor.kind !== 'user') throw signInNeeded()
  return request.actor
}
