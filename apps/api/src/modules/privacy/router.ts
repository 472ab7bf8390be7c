import { Readable } from 'node:stream'

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { deviceOf } from '#modules/auth/sign-ins/device.ts'
import type { WebSignIn } from '#modules/auth/web.ts'
import { userOf } from '#platform/http/auth.ts'
import { ClientHeaders as headers } from '#platform/http/cookies.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { AccountErasure, ErasureOfOther } from './schemas.ts'
import type { PrivacyService } from './service.ts'

type Deps = { privacy: PrivacyService; web: Pick<WebSignIn, 'forget'> }

/** The handler sends a stream, so this shape only documents. */
const file: object = {
  200: { description: 'The file.', content: { 'application/zip': { schema: { type: 'string', format: 'binary' } } } },
}

export const myPrivacyRouter: FastifyPluginAsyncTypebox<Deps> = async (app, { privacy, web }) => {
  app.get('/export', {
    config: { access: 'user' },
    compress: false,
    schema: {
      tags: ['users'],
      summary: 'Everything that is kept about me, as a ZIP file',
      description: 'Holds `my-data.json` and, where there is one, `avatar.webp`.',
      response: { ...file, ...problems(401, 403) },
    },
    handler: async (request, reply) =>
      reply
        .type('application/zip')
        .header('content-disposition', 'attachment; filename="marquee-my-data.zip"')
        .header('cache-control', 'no-store')
        .send(Readable.from(await privacy.export(userOf(request)))),
  })

  app.delete('', {
    config: { access: 'user' },
    schema: {
      tags: ['users'],
      headers,
      summary: 'Delete my account and what is known about me',
      description:
        'At once, and for ever. What was bought stays in the books without my name. Refused while tickets for sessions to come are paid, unless `confirm` is true.',
      body: ref(AccountErasure),
      response: { 204: Type.Null(), ...problems(400, 401, 409, 422, 429, 503) },
    },
    handler: async (request, reply) => {
      await privacy.eraseMe(userOf(request), request.body, deviceOf(request))
      web.forget(request, reply)
      return reply.code(204).send(null)
    },
  })
}

export const adminPrivacyRouter: FastifyPluginAsyncTypebox<{ privacy: PrivacyService }> = async (app, { privacy }) => {
  app.delete('/users/:id', {
    config: { access: 'users.manage' },
    schema: {
      tags: ['admin'],
      summary: 'Delete somebody’s account, as its owner could',
      description: 'One with orders stays as a number without a name; any other goes as a whole.',
      params: IdParams,
      body: ErasureOfOther,
      response: { 204: Type.Null(), ...problems(404, 409) },
    },
    handler: async (request, reply) => {
      await privacy.eraseOther(userOf(request), request.params.id, request.body?.confirm)
      return reply.code(204).send(null)
    },
  })
}
