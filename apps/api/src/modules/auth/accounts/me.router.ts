import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { UserList, UserQuery, UserResponse } from '#modules/users/schemas.ts'
import type { UsersService } from '#modules/users/service.ts'
import { userOf } from '#platform/http/auth.ts'
import { problems, ref } from '#platform/http/schemas.ts'

export const authUsersRouter: FastifyPluginAsyncTypebox<{ users: UsersService }> = async (app, { users }) => {
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
