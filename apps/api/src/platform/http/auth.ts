import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'

import { type Caller, runAs } from '../caller.ts'
import { AppError } from '../errors.ts'
import {
  type Access,
  type Actor,
  actorKey,
  boundToCinemas,
  type Buyer,
  type Holder,
  may,
  type Permission,
  permissions,
  type Reach,
  type SignedIn,
} from './access.ts'
import type { Cookie, Cookies } from './cookies.ts'
import { isLimited, type Limit } from './limits.ts'
import { problems, strict } from './schemas.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** What people do who must set up a second factor first. */
    whileEnrolling?: boolean
    /** Where it does not follow from the access. */
    reach?: Reach
    /** What is done here is for the audit log, whoever asks. */
    isAudited?: boolean
  }
  interface FastifyRequest {
    actor: Actor
  }
}

type Identify = {
  /** Throws when the token is not ours, has expired or was revoked. */
  userByToken: (token: string) => Promise<SignedIn>
  guestByToken: (token: string) => Promise<Actor | undefined>
  /** The order that this key opens. */
  orderByKey: (key: string) => number | undefined
  guestCookie: Cookie
  cookies: Pick<Cookies, 'requireOurs'>
}

/** A route that takes no query parameters refuses them, like all that is unknown. */
const NoQuery = Type.Object({}, strict)

const ANONYMOUS: Actor = { kind: 'anonymous' }

export const signInNeeded = () =>
  new AppError(401, 'auth.required', 'Sign in with POST /api/v1/auth/login and send the token as "Authorization: Bearer …".')
const buyerNeeded = () =>
  new AppError(
    401,
    'auth.required',
    'Sign in with POST /api/v1/auth/login and send the token as "Authorization: Bearer …", or make a guest with POST /api/v1/guests and send its token as X-Guest-Token.',
  )
const factorFirst = () =>
  new AppError(
    403,
    'auth.enrolment_required',
    'Your role needs a second factor. Set up an authenticator app with POST /api/v1/users/me/totp, or a passkey; from then on everything is as usual.',
  )
const forbidden = () => new AppError(403, 'auth.forbidden', 'Your role does not allow this.')
const readOnly = () => new AppError(403, 'auth.read_only', 'You are looking through somebody else’s eyes, and may only look.')
const badScheme = () => new AppError(401, 'auth.invalid_token', 'The Authorization header must read "Bearer <token>".')

/** Ids begin at 1: a wrong key opens nothing, and is answered like an order that does not exist. */
const NO_ORDER = 0

const readGuest = async (request: FastifyRequest, { guestByToken, guestCookie, cookies }: Identify): Promise<Actor> => {
  const token = request.headers['x-guest-token']
  if (typeof token === 'string') return (await guestByToken(token)) ?? ANONYMOUS
  const kept = guestCookie.read(request)
  const guest = kept && (await guestByToken(kept))
  if (!guest) return ANONYMOUS
  cookies.requireOurs(request)
  return guest
}

const readActor = async (request: FastifyRequest, access: Access, identify: Identify): Promise<Actor> => {
  const { authorization, 'x-order-key': key } = request.headers
  if (access === 'holder' && typeof key === 'string') return { kind: 'order_key', order_id: identify.orderByKey(key) ?? NO_ORDER }
  if (authorization !== undefined) {
    if (authorization.slice(0, 7).toLowerCase() !== 'bearer ') throw badScheme()
    return identify.userByToken(authorization.slice(7).trim())
  }
  return readGuest(request, identify)
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

const enforce = (actor: Actor, access: Access, method: string) => {
  if (actor.kind === 'user' && actor.impersonated_by !== null && !READS.has(method)) throw readOnly()
  if (access === 'anyone') return
  if (access === 'buyer' || access === 'holder') {
    if (actor.kind === 'anonymous') throw buyerNeeded()
    return
  }
  if (actor.kind !== 'user') throw signInNeeded()
  if (access !== 'user' && !may(actor, access as Permission)) throw forbidden()
}

/** Whether this person must set up a second factor before anything else. */
export const isEnrolling = (actor: Actor): boolean => actor.kind === 'user' && actor.enrols === true

/** Staff, and whoever tries to get in or changes how. Nobody else's requests carry a name. */
const callerOf = (request: FastifyRequest): Caller | undefined => {
  const { actor, id, ip, method, routeOptions } = request
  const isStaff = actor.kind === 'user' && actor.role !== 'customer'
  if (!isStaff && !routeOptions.config.isAudited) return undefined
  const operation = `${method} ${routeOptions.url ?? ''}`
  const who = actor.kind === 'user' ? { actor: actorKey(actor), role: actor.role } : { actor: 'anonymous', role: null }
  return { ...who, operation, request_id: id, ip }
}

/** Whoever is let in may be refused still: for what they are, for looking only, or until they have a second factor. */
const refusalsOf = (access: Access, isRead: boolean, whileEnrolling: boolean): number[] => {
  if (access === 'public' || access === 'provider') return [422]
  return isRead && whileEnrolling ? [401, 422] : [401, 403, 422]
}

const isPermission = (access: Access): access is Permission => access in permissions

/** What anybody may see has no owner; a thing that is asked for by its id must be said to be somebody's, or nobody's. */
const reachOf = (access: Access, url: string, declared: Reach | undefined): Reach => {
  if (declared) return declared
  if (isPermission(access)) return boundToCinemas.has(access) ? 'cinema' : 'any'
  if (access === 'public' || access === 'provider') return 'any'
  if (url.includes('/:')) throw new Error(`${url} does not declare its reach.`)
  return 'own'
}

/** Refuses to register an API route that does not say who may call it, or what it answers. */
export const declareAccess = (app: FastifyInstance, identify: Identify, limit: Limit = () => undefined) => {
  app.decorateRequest('actor', null as never)
  app.addHook('onRoute', (route) => {
    const access = route.config?.access
    if (!access) throw new Error(`${String(route.method)} ${route.url} does not declare its access.`)
    route.config = { ...route.config, reach: reachOf(access, route.url, route.config?.reach) }
    if (!route.schema?.response) throw new Error(`${String(route.method)} ${route.url} has no response schema.`)
    route.schema.querystring ??= NoQuery
    // Every route refuses what it does not know, and those it does not know; none has to say so itself.
    const refusals = [
      ...refusalsOf(access, route.method === 'GET', route.config.whileEnrolling === true),
      ...(isLimited(route.url, access) ? [429] : []),
    ]
    route.schema.response = Object.assign(problems(...refusals), route.schema.response)
    if (access in permissions || ['anyone', 'buyer', 'holder', 'user', 'public', 'provider'].includes(access)) return
    throw new Error(`${route.url} has an unknown access ${access}.`)
  })
  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access ?? 'public'
    request.actor = ANONYMOUS
    if (access === 'public' || access === 'provider') {
      limit(request, reply)
      return
    }
    try {
      request.actor = await readActor(request, access, identify)
    } finally {
      // Whoever guesses tokens is counted by address.
      limit(request, reply)
    }
    enforce(request.actor, access, request.method)
    if (isEnrolling(request.actor) && !request.routeOptions.config.whileEnrolling) throw factorFirst()
    // What somebody is told for being who they are stays in no cache; a route that knows better says so itself.
    if (access !== 'anyone') reply.header('cache-control', 'no-store')
  })
  app.addHook('preHandler', (request, _reply, done) => {
    const caller = callerOf(request)
    if (caller) runAs(caller, done)
    else done()
  })
}

/** For routes whose access is `buyer` or stronger: the hook has refused everybody else. */
export const buyerOf = (request: FastifyRequest): Buyer => {
  const { actor } = request
  if (actor.kind === 'anonymous' || actor.kind === 'order_key') throw buyerNeeded()
  return actor
}

/** For routes whose access is `holder` or stronger. */
export const holderOf = (request: FastifyRequest): Holder => {
  if (request.actor.kind === 'anonymous') throw buyerNeeded()
  return request.actor
}

/** For routes whose access is `user` or a permission. */
export const userOf = (request: FastifyRequest): SignedIn => {
  if (request.actor.kind !== 'user') throw signInNeeded()
  return request.actor
}
