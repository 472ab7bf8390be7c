import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { userOf } from '#platform/http/auth.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { UserResponse, UserUpdate } from './schemas.ts'
import type { UsersService } from './service.ts'

export const usersRouter: FastifyPluginAsyncTypebox<{ users: UsersService }> = async (app, { users }) => {
  app.get('/me', {
    config: { access: 'user' },
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
