import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'

import { FactorProof } from '#modules/auth/factors/totp.schemas.ts'
import { Token } from '#modules/auth/schemas.ts'
import { deviceOf } from '#modules/auth/sign-ins/device.ts'
import type { WebSignIn } from '#modules/auth/web.ts'
import { AppError } from '#platform/errors.ts'
import { ClientHeaders as headers, type Cookie, type Cookies } from '#platform/http/cookies.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { OidcCallback, OidcParams, OidcProviderList, OidcStart } from './oidc.schemas.ts'
import { FLOW_SECONDS, type Oidc } from './oidc.ts'

type Deps = { oidc: Oidc; web: WebSignIn; cookies: Cookies; refreshCookie: Cookie }

const SIGN_IN_PAGE = '/account/sign-in'
const tags = ['auth']

/** Tells the page for signing in how it went and where to go then. */
const pageAfter = (outcome: Record<string, string>) => `${SIGN_IN_PAGE}?${new URLSearchParams(outcome).toString()}`
const queryOf = (request: FastifyRequest) => request.url.split('?')[1] ?? ''

export const oidcRouter: FastifyPluginAsyncTypebox<Deps> = async (app, { oidc, web, cookies, refreshCookie }) => {
  // The provider's page leads back here, so the first cookie must come along from another site; the second never has to.
  const flowCookie = cookies.create({ name: 'marquee_oidc', sameSite: 'lax', lifetimeSeconds: FLOW_SECONDS })
  const pendingCookie = cookies.create({ name: 'marquee_pending', sameSite: 'strict', lifetimeSeconds: FLOW_SECONDS })

  app.get('', {
    config: { access: 'public' },
    schema: { tags, summary: 'Who else signs people in here', response: { 200: ref(OidcProviderList) } },
    handler: async () => ({ providers: oidc.providers }),
  })

  app.get('/:provider/start', {
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'Sign in with an account elsewhere',
      description: 'For browsers, which follow the answer to the provider. `return_to` is the path of this site to come back to.',
      params: OidcParams,
      querystring: OidcStart,
      response: { 303: Type.Null(), ...problems(404, 422, 503) },
    },
    handler: async (request, reply) => {
      const { location, flow } = await oidc.start(request.params.provider, request.query.return_to)
      flowCookie.set(reply, flow)
      return reply.header('cache-control', 'no-store').redirect(location, 303)
    },
  })

  app.get('/:provider/callback', {
    config: { access: 'public', isAudited: true },
    schema: {
      tags,
      summary: 'Back from the provider',
      description: `Sets the refresh cookie and leads to \`${SIGN_IN_PAGE}\` with \`oidc\`: \`done\`, then refresh; \`code\`, then POST a code to /auth/oidc/finish; \`failed\`, with the \`code\` of a problem. \`next\` is where the browser wanted to go.`,
      params: OidcParams,
      querystring: OidcCallback,
      response: { 303: Type.Null(), ...problems(404, 422) },
    },
    handler: async (request, reply) => {
      const { provider } = request.params
      const flow = flowCookie.read(request)
      flowCookie.clear(reply)
      reply.header('cache-control', 'no-store')
      try {
        const finished = await oidc.finish(provider, queryOf(request), flow, deviceOf(request))
        if ('pending' in finished) {
          pendingCookie.set(reply, finished.pending)
          return await reply.redirect(pageAfter({ oidc: 'code', next: finished.return_to }), 303)
        }
        refreshCookie.set(reply, finished.token.refresh_token ?? '')
        return await reply.redirect(pageAfter({ oidc: 'done', next: finished.return_to }), 303)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        const next = oidc.returnTo(provider, flow)
        return reply.redirect(pageAfter({ oidc: 'failed', code: error.code, ...(next && { next }) }), 303)
      }
    },
  })

  app.post('/finish', {
    config: { access: 'public' },
    schema: {
      tags,
      headers,
      summary: 'Show the second factor after coming back from a provider',
      body: ref(FactorProof),
      response: { 200: ref(Token), ...problems(401, 403, 422, 429) },
    },
    handler: async (request, reply) => {
      cookies.requireOurs(request)
      const token = await oidc.complete(pendingCookie.read(request), request.body, web.deviceOf(request, reply))
      pendingCookie.clear(reply)
      return web.answer(request, reply, token)
    },
  })
}
