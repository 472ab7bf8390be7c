import fastifyFormbody from '@fastify/formbody'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'

import { UserCreate, UserResponse } from '#modules/users/schemas.ts'
import type { UsersService } from '#modules/users/service.ts'
import { userOf } from '#platform/http/auth.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { Login, Refresh, Token } from './schemas.ts'
import type { AuthService } from './service.ts'

const MAX_USER_AGENT = 300

const deviceOf = (request: FastifyRequest) => ({
  user_agent: request.headers['user-agent']?.slice(0, MAX_USER_AGENT) ?? null,
  ip: request.ip,
})

export const authRouter: FastifyPluginAsyncTypebox<{ auth: AuthService; users: UsersService }> = async (app, { auth, users }) => {
  await app.register(fastifyFormbody)

  app.post('/register', {
    config: { access: 'public' },
    schema: {
      tags: ['auth'],
      summary: 'Register',
      body: ref(UserCreate),
      response: { 201: ref(Token), ...problems(400, 409, 422, 503) },
    },
    handler: async (request, reply) => reply.code(201).send(await auth.register(request.body, deviceOf(request))),
  })

  app.post('/login', {
    config: { access: 'public' },
    schema: {
      tags: ['auth'],
      summary: 'Sign in with e-mail or username',
      consumes: ['application/json', 'application/x-www-form-urlencoded'],
      body: ref(Login),
      response: { 200: ref(Token), ...problems(400, 401, 403, 422, 503) },
    },
    handler: (request) => auth.login(request.body, deviceOf(request)),
  })

  app.post('/refresh', {
    config: { access: 'public' },
    schema: {
      tags: ['auth'],
      summary: 'Exchange a refresh token for its successor',
      body: ref(Refresh),
      response: { 200: ref(Token), ...problems(400, 401, 422) },
    },
    handler: (request) => auth.refresh(request.body.refresh_token, deviceOf(request)),
  })

  app.post('/logout', {
    config: { access: 'user' },
    schema: { tags: ['auth'], summary: 'Sign this device out', response: { 204: Type.Null(), ...problems(401) } },
    handler: async (request, reply) => {
      await auth.logout(userOf(request))
      return reply.code(204).send(null)
    },
  })

  app.get('/me', {
    config: { access: 'user' },
    schema: { tags: ['auth'], summary: 'Who am I?', response: { 200: ref(UserResponse), ...problems(401) } },
    handler: (request) => users.get(userOf(request).id),
  })
}
