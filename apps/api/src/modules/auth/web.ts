import type { FastifyReply, FastifyRequest } from 'fastify'

import { type Device, deviceOf } from '#modules/auth/sign-ins/device.ts'
import { secretToken } from '#platform/codes.ts'
import { AppError, invalid } from '#platform/errors.ts'
import { type Cookie, type Cookies, isWeb } from '#platform/http/cookies.ts'
import { invalidRefreshToken } from './errors.ts'
import type { Token } from './schemas.ts'

type Deps = { cookies: Pick<Cookies, 'requireOurs'>; refreshCookie: Cookie; deviceCookie: Cookie }
export type WebSignIn = ReturnType<typeof createWebSignIn>

/** Keeps a browser's refresh token where no script can read it. */
export const createWebSignIn = ({ cookies, refreshCookie, deviceCookie }: Deps) => {
  /** The answer as this client gets it. */
  const answer = (request: FastifyRequest, reply: FastifyReply, token: Token): Token => {
    if (!isWeb(request) || token.refresh_token === null) return token
    refreshCookie.set(reply, token.refresh_token)
    return { ...token, refresh_token: null }
  }

  /** The token in the browser's cookie, when our own page sent it. */
  const kept = (request: FastifyRequest): string | undefined => {
    const token = refreshCookie.read(request)
    if (token !== undefined) cookies.requireOurs(request)
    return token
  }

  return {
    /** The device that signs in; a browser keeps a cookie by which its accounts know it again. */
    deviceOf: (request: FastifyRequest, reply: FastifyReply): Device => {
      if (!isWeb(request)) return deviceOf(request)
      const key = deviceCookie.read(request) ?? secretToken()
      deviceCookie.set(reply, key)
      return { ...deviceOf(request), key }
    },
    answer,
    kept,
    /** A foreign page must not sign a browser in either. */
    requireOurs: (request: FastifyRequest) => {
      if (isWeb(request)) cookies.requireOurs(request)
    },
    forget: (request: FastifyRequest, reply: FastifyReply) => {
      if (isWeb(request)) refreshCookie.clear(reply)
    },
    /** Refreshes with the token of the body or the cookie; a browser drops a cookie that is of no use any more. */
    refresh: async (
      request: FastifyRequest,
      reply: FastifyReply,
      given: string | undefined,
      refresh: (token: string) => Promise<Token>,
    ): Promise<Token> => {
      const token = given ?? kept(request)
      if (token === undefined && !isWeb(request))
        throw invalid('/refresh_token', 'This field is missing.', 'request.missing_field')
      try {
        if (token === undefined) throw invalidRefreshToken()
        return answer(request, reply, await refresh(token))
      } catch (error) {
        if (isWeb(request) && error instanceof AppError && error.status === 401) refreshCookie.clear(reply)
        throw error
      }
    },
  }
}
