import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { userOf } from '#platform/http/auth.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { UserList, UserQuery, UserResponse, UserUpdate } from './schemas.ts'
import type { UsersService } from './service.ts'

export const usersRouter: FastifyPluginAsyncTypebox<{ users: UsersService }> = async (app, { users }) => {
  app.get('', {
    config: { access: 'users.read' },
    schema: {
      tags: ['users'],
      summary: 'Users, newest first',
      querystring: UserQuery,
      response: { 200: ref(UserList), ...problems(401, 403, 422) },
    },
    handler: (request) => users.list(request.query),
  })

  app.get('/me', {
    config: { access: 'user', whileEnrolling: true },
    schema: { tags: ['users'], summary: 'My account', response: { 200: ref(UserResponse), ...problems(401) } },
    handler: (request) => users.get(userOf(request).id),
  })

  app.patch('/me', {
    config: { access: 'user' },
    schema: {
      tags: ['users'],
      summary: 'Change my account',
      body: ref(UserUpdate),
      response: { 200: ref(UserResponse), ...problems(400, 401, 422) },
    },
    handler: (request) => users.update(userOf(request).id, request.body),
  })
}
