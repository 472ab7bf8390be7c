import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { deviceOf } from '#modules/auth/sign-ins/device.ts'
import type { WebSignIn } from '#modules/auth/web.ts'
import { userOf } from '#platform/http/auth.ts'
import { ClientHeaders as headers } from '#platform/http/cookies.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { EmailChange, LinkAsked, OwnPassword } from './account.schemas.ts'
import type { AccountsService } from './accounts.ts'

type Deps = { accounts: AccountsService; web: WebSignIn }

export const myAccountRouter: FastifyPluginAsyncTypebox<Deps> = async (app, { accounts, web }) => {
  app.post('/email', {
    config: { access: 'user', isAudited: true },
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

  app.post('/deactivate', {
    config: { access: 'user', isAudited: true },
    schema: {
      tags: ['users'],
      headers,
      summary: 'Close my account',
      description: 'Ends every sign-in. Tickets stay good. An activation link (`POST /accounts/activate/resend`) opens it again.',
      body: ref(OwnPassword),
      response: { 204: Type.Null(), ...problems(400, 401, 403, 409, 422, 429, 503) },
    },
    handler: async (request, reply) => {
      await accounts.deactivate(userOf(request), request.body, deviceOf(request))
      web.forget(request, reply)
      return reply.code(204).send(null)
    },
  })
}
