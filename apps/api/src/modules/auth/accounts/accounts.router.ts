import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { Token } from '#modules/auth/schemas.ts'
import { deviceOf } from '#modules/auth/sign-ins/device.ts'
import type { WebSignIn } from '#modules/auth/web.ts'
import { userOf } from '#platform/http/auth.ts'
import { ClientHeaders as headers } from '#platform/http/cookies.ts'
import { problems, ref, strict } from '#platform/http/schemas.ts'
import { AccountEmail, AccountOpened, LinkAsked, LinkToken, PasswordChange, PasswordReset } from './account.schemas.ts'
import type { AccountsService } from './accounts.ts'

const ASKED = { detail: 'If there is such an account, a mail with a link is on its way.' }

export const activationRouter: FastifyPluginAsyncTypebox<{ accounts: AccountsService }> = async (app, { accounts }) => {
  app.post('/activate', {
    config: { access: 'public', isAudited: true },
    schema: {
      tags: ['auth'],
      summary: 'Activate an account with the token of the mail',
      body: ref(LinkToken),
      response: { 200: ref(AccountOpened), ...problems(400, 422) },
    },
    handler: ({ body }) => accounts.activate(body.token),
  })

  app.get('/activate', {
    config: { access: 'public', isAudited: true },
    schema: {
      tags: ['auth'],
      summary: 'Activate an account by a plain link',
      querystring: Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) }, strict),
      response: { 200: ref(AccountOpened), ...problems(422) },
    },
    handler: ({ query }) => accounts.activate(query.token),
  })

  app.post('/activate/resend', {
    config: { access: 'public', isAudited: true },
    schema: {
      tags: ['auth'],
      summary: 'Ask for a new activation link',
      description:
        'It replaces the link before, verifies an address that is not verified yet, and opens an account again that its owner has closed. The answer does not say whether there is such an account.',
      body: ref(AccountEmail),
      response: { 200: ref(LinkAsked), ...problems(400, 422) },
    },
    handler: async (request) => {
      await accounts.resendActivation(request.body.email, deviceOf(request))
      return ASKED
    },
  })
}

export const emailRouter: FastifyPluginAsyncTypebox<{ accounts: AccountsService }> = async (app, { accounts }) => {
  app.post('/confirm', {
    config: { access: 'public', isAudited: true },
    schema: {
      tags: ['auth'],
      summary: 'Move an account to the address that the mail went to',
      body: ref(LinkToken),
      response: { 200: ref(AccountOpened), ...problems(400, 409, 422) },
    },
    handler: ({ body }) => accounts.confirmEmail(body.token),
  })
}

type Deps = { accounts: AccountsService; web: WebSignIn }

export const passwordRouter: FastifyPluginAsyncTypebox<Deps> = async (app, { accounts, web }) => {
  app.post('/change', {
    config: { access: 'user', isAudited: true },
    schema: {
      tags: ['auth'],
      headers,
      summary: 'Change my password',
      description: 'Ends every sign-in. This device gets new tokens.',
      body: ref(PasswordChange),
      response: { 200: ref(Token), ...problems(400, 401, 403, 422, 503) },
    },
    handler: async (request, reply) => {
      web.requireOurs(request)
      return web.answer(
        request,
        reply,
        await accounts.changePassword(userOf(request), request.body, web.deviceOf(request, reply)),
      )
    },
  })

  app.post('/reset-request', {
    config: { access: 'public', isAudited: true },
    schema: {
      tags: ['auth'],
      summary: 'Ask for a link to set a new password',
      description: 'The answer does not say whether there is such an account.',
      body: ref(AccountEmail),
      response: { 200: ref(LinkAsked), ...problems(400, 422) },
    },
    handler: async (request) => {
      await accounts.askForReset(request.body.email, deviceOf(request))
      return ASKED
    },
  })

  app.post('/reset', {
    config: { access: 'public', isAudited: true },
    schema: {
      tags: ['auth'],
      summary: 'Set a new password with the token of the mail',
      description: 'Ends every sign-in; sign in with the new password.',
      body: ref(PasswordReset),
      response: { 204: Type.Null(), ...problems(400, 422, 503) },
    },
    handler: async ({ body }, reply) => {
      await accounts.resetPassword(body)
      return reply.code(204).send(null)
    },
  })
}
