import fastifyFormbody from '@fastify/formbody'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'

import { UserCreate, UserList, UserQuery, UserResponse } from '#modules/users/schemas.ts'
import type { UsersService } from '#modules/users/service.ts'
import { signInNeeded, userOf } from '#platform/http/auth.ts'
import { ClientHeaders as headers } from '#platform/http/cookies.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { Login, Refresh, Token } from './schemas.ts'
import type { AuthService } from './service.ts'
import type { WebSignIn } from './web.ts'

const MAX_USER_AGENT = 300

export const deviceOf = (request: FastifyRequest) => ({
  user_agent: request.headers['user-agent']?.slice(0, MAX_USER_AGENT) ?? null,
  ip: request.ip,
})

type Deps = { auth: AuthService; users: UsersService; web: WebSignIn }

export const authRouter: FastifyPluginAsyncTypebox<Deps> = async (app, { auth, users, web }) => {
  await app.register(fastifyFormbody)

  app.post('/register', {
    config: { access: 'public' },
    schema: {
      tags: ['auth'],
      headers,
      summary: 'Register',
      body: ref(UserCreate),
      response: { 201: ref(Token), ...problems(400, 403, 409, 422, 503) },
    },
    handler: async (request, reply) => {
      web.requireOurs(request)
      const token = await auth.register(request.body, deviceOf(request))
      return reply.code(201).send(web.answer(request, reply, token))
    },
  })

  app.post('/login', {
    config: { access: 'public' },
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
      return web.answer(request, reply, await auth.login(request.body, deviceOf(request)))
    },
  })

  app.post('/refresh', {
    config: { access: 'public' },
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

  app.get('/me', {
    config: { access: 'user', whileEnrolling: true },
    schema: { tags: ['auth'], summary: 'Who am I?', response: { 200: ref(UserResponse), ...problems(401) } },
    handler: (request) => users.get(userOf(request).id),
  })

  app.get('/users', {
    config: { access: 'users.read' },
    schema: {
      tags: ['auth'],
      summary: 'Users, newest first',
      querystring: UserQuery,
      response: { 200: ref(UserList), ...problems(401, 403, 422) },
    },
    handler: (request) => users.list(request.query),
  })
}
