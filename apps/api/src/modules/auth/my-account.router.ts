import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { userOf } from '#platform/http/auth.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { EmailChange, LinkAsked } from './account.schemas.ts'
import type { AccountsService } from './accounts.ts'
import { deviceOf } from './device.ts'

export const myAccountRouter: FastifyPluginAsyncTypebox<{ accounts: AccountsService }> = async (app, { accounts }) => {
  app.post('/email', {
    config: { access: 'user' },
    schema: {
      tags: ['users'],
      summary: 'Move my account to another e-mail address',
      description: 'A link goes to the new address, a notice to the old one. Nothing changes before the link was opened.',
      body: ref(EmailChange),
      response: { 202: ref(LinkAsked), ...problems(400, 401, 422, 503) },
    },
    handler: async (request, reply) => {
      await accounts.askForEmail(userOf(request), request.body, deviceOf(request))
      return reply.code(202).send({ detail: 'A mail with a link is on its way to the new address, if it is free.' })
    },
  })
}
