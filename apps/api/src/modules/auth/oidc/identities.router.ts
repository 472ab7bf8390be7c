import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import type { Identities } from './identities.ts'
import { IdentityList } from './oidc.schemas.ts'

const access = { access: 'user', reach: 'own', isAudited: true } as const
const tags = ['users']

/** Under /users/me/identities. */
export const identitiesRouter: FastifyPluginAsyncTypebox<{ identities: Identities }> = async (app, { identities }) => {
  app.get('', {
    config: access,
    schema: {
      tags,
      summary: 'The accounts elsewhere by which I sign in',
      response: { 200: ref(IdentityList), ...problems(401) },
    },
    handler: (request) => identities.list(userOf(request)),
  })

  app.delete('/:id', {
    config: access,
    schema: {
      tags,
      summary: 'Sign in by one of these accounts no more',
      description:
        'Within ten minutes of signing in. The last way to sign in stays. Whoever comes by it again with the same proved e-mail address is let in again.',
      params: IdParams,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => {
      await identities.remove(userOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  })
}
