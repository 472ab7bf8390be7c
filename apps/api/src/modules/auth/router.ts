import fastifyFormbody from '@fastify/formbody'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { deviceOf } from '#modules/auth/sign-ins/device.ts'
import { UserCreate } from '#modules/users/schemas.ts'
import { signInNeeded } from '#platform/http/auth.ts'
import { ClientHeaders as headers } from '#platform/http/cookies.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { Login, Refresh, Token } from './schemas.ts'
import type { AuthService } from './service.ts'
import type { WebSignIn } from './web.ts'

type Deps = { auth: AuthService; web: WebSignIn }

export const authRouter: FastifyPluginAsyncTypebox<Deps> = async (app, { auth, web }) => {
  await app.register(fastifyFormbody)

  app.post('/register', {
    config: { access: 'public' },
    schema: {
      tags: ['auth'],
      headers,
      summary: 'Register',
      description: 'Where accounts need activation the tokens are null until the link in the mail was opened.',
      body: ref(UserCreate),
      response: { 201: ref(Token), ...problems(400, 403, 409, 422, 503) },
    },
    handler: async (request, reply) => {
      web.requireOurs(request)
      const token = await auth.register(request.body, web.deviceOf(request, reply))
      return reply.code(201).send(web.answer(request, reply, token))
    },
  })

  app.post('/login', {
    config: { access: 'public', isAudited: true },
    schema: {
      tags: ['auth'],
      headers,
      summary: 'Sign in with e-mail or username',
      description: 'Who uses an authenticator app sends its code along; without it the answer is 401 `auth.totp_required`.',
      consumes: ['application/json', 'application/x-www-form-urlencoded'],
      body: ref(Login),
      response: { 200: ref(Token), ...problems(400, 401, 403, 422, 429, 503) },
    },
    handler: async (request, reply) => {
      web.requireOurs(request)
      return web.answer(request, reply, await auth.login(request.body, web.deviceOf(request, reply)))
    },
  })

  app.post('/refresh', {
    config: { access: 'public', isAudited: true },
    schema: {
      tags: ['auth'],
      headers,
      summary: 'Exchange a refresh token for its successor',
      description: 'The token comes in the body or, with `X-Marquee-Client: web`, in the cookie.',
      body: Refresh,
      response: { 200: ref(Token), ...problems(400, 401, 403, 422) },
    },
    handler: (request, reply) =>
      web.refresh(request, reply, request.body?.refresh_token, (token) => auth.refresh(token, deviceOf(request))),
  })

  app.post('/logout', {
    config: { access: 'anyone', whileEnrolling: true },
    schema: {
      tags: ['auth'],
      headers,
      summary: 'Sign this device out',
      description: 'Proved by the access token or, with `X-Marquee-Client: web`, by the cookie, which is cleared.',
      response: { 204: Type.Null(), ...problems(401, 403) },
    },
    handler: async (request, reply) => {
      const { actor } = request
      const token = web.kept(request)
      if (actor.kind !== 'user' && token === undefined) throw signInNeeded()
      if (actor.kind === 'user') await auth.logout(actor)
      if (token !== undefined) await auth.logoutByToken(token)
      web.forget(request, reply)
      return reply.code(204).send(null)
    },
  })
}
