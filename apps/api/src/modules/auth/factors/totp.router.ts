import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { userOf } from '#platform/http/auth.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { FactorProof, RecoveryCodes, TotpConfirm, TotpStart, TotpStatus } from './totp.schemas.ts'
import type { Totp } from './totp.ts'

const access = { access: 'user', whileEnrolling: true, isAudited: true } as const
const tags = ['users']

/** Under /users/me/totp. */
export const totpRouter: FastifyPluginAsyncTypebox<{ totp: Totp }> = async (app, { totp }) => {
  app.get('', {
    config: access,
    schema: { tags, summary: 'Whether I use an authenticator app', response: { 200: ref(TotpStatus), ...problems(401) } },
    handler: (request) => totp.status(userOf(request)),
  })

  app.post('', {
    config: access,
    schema: {
      tags,
      summary: 'Begin to set up an authenticator app',
      description: 'Within ten minutes of signing in. Nothing changes until a code of the app has confirmed it.',
      response: { 201: ref(TotpStart), ...problems(401, 403, 409) },
    },
    handler: async (request, reply) => reply.code(201).send(await totp.start(userOf(request))),
  })

  app.post('/confirm', {
    config: access,
    schema: {
      tags,
      summary: 'Confirm the authenticator app and get recovery codes',
      body: ref(TotpConfirm),
      response: { 200: ref(RecoveryCodes), ...problems(401, 403, 409, 422, 429) },
    },
    handler: (request) => totp.confirm(userOf(request), request.body.totp_code),
  })

  app.post('/recovery-codes', {
    config: access,
    schema: {
      tags,
      summary: 'Replace my recovery codes',
      body: ref(FactorProof),
      response: { 200: ref(RecoveryCodes), ...problems(401, 409, 422, 429) },
    },
    handler: (request) => totp.renewRecoveryCodes(userOf(request), request.body),
  })

  app.delete('', {
    config: access,
    schema: {
      tags,
      summary: 'Stop using an authenticator app',
      body: ref(FactorProof),
      response: { 204: Type.Null(), ...problems(401, 409, 422, 429) },
    },
    handler: async (request, reply) => {
      await totp.remove(userOf(request), request.body)
      return reply.code(204).send(null)
    },
  })
}
