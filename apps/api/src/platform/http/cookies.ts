import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'

import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { createOriginCheck, type Origins } from './origins.ts'

const HEADER = 'x-marquee-client'
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

export const ClientHeaders = Type.Object({
  [HEADER]: Type.Optional(
    Type.String({ maxLength: 50, description: 'With `web`, tokens travel in cookies that no script can read.' }),
  ),
})

const forgedPerhaps = () =>
  new AppError(
    403,
    'auth.csrf',
    'A change that is proved by a cookie needs the header "X-Marquee-Client: web" and must come from our own pages.',
  )

/** No page of another origin can send this header without asking first. */
export const isWeb = (request: FastifyRequest): boolean => request.headers[HEADER] === 'web'

type Kind = { name: string; sameSite: 'lax' | 'strict'; lifetimeSeconds: number }

/** Cookies for browsers, and the proof that our own pages sent them. */
const createCookies = (origins: Origins) => {
  const secure = new URL(origins.PUBLIC_URL).protocol === 'https:'
  const isOurOrigin = createOriginCheck(origins)

  const isOurs = (request: FastifyRequest): boolean => {
    const { origin, 'sec-fetch-site': site } = request.headers
    if (origin !== undefined) return isOurOrigin(origin, request)
    return site === undefined || site === 'same-origin' || site === 'none'
  }

  const create = ({ name, sameSite, lifetimeSeconds }: Kind) => {
    // Browsers take a name with this prefix only from the host itself, over HTTPS: no sibling can plant one.
    const fullName = secure ? `__Host-${name}` : name
    const options: CookieSerializeOptions = { httpOnly: true, secure, sameSite, path: '/' }
    return {
      read: (request: FastifyRequest): string | undefined => request.cookies[fullName] || undefined,
      set: (reply: FastifyReply, value: string) => void reply.setCookie(fullName, value, { ...options, maxAge: lifetimeSeconds }),
      clear: (reply: FastifyReply) => void reply.clearCookie(fullName, options),
    }
  }

  return {
    create,
    /** Refuses a change that a foreign page may have sent with our cookies. */
    requireOurs: (request: FastifyRequest): void => {
      if (SAFE.has(request.method)) return
      if (!isWeb(request) || !isOurs(request)) throw forgedPerhaps()
    },
  }
}
export type Cookies = ReturnType<typeof createCookies>
export type Cookie = ReturnType<Cookies['create']>

const GUEST_SECONDS = 30 * 24 * 3600
/** The longest that browsers keep anything. */
const DEVICE_SECONDS = 400 * 24 * 3600

/** What browsers keep for us, and how we know that they do. */
export const createWebCookies = (config: Pick<Config, 'PUBLIC_URL' | 'CORS_ORIGINS' | 'REFRESH_TOKEN_SECONDS'>) => {
  const cookies = createCookies(config)
  return {
    cookies,
    guestCookie: cookies.create({ name: 'marquee_guest', sameSite: 'lax', lifetimeSeconds: GUEST_SECONDS }),
    /** Proves nothing but that an account was used in this browser before. */
    deviceCookie: cookies.create({ name: 'marquee_device', sameSite: 'strict', lifetimeSeconds: DEVICE_SECONDS }),
    refreshCookie: cookies.create({
      name: 'marquee_refresh',
      sameSite: 'strict',
      lifetimeSeconds: config.REFRESH_TOKEN_SECONDS,
    }),
  }
}
export type WebCookies = ReturnType<typeof createWebCookies>
