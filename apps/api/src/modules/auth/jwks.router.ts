import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import type { TokenKeys } from '#platform/token-keys.ts'

/** Long enough for many checks, short enough that a new key is known before people wonder. */
const CACHE = 'public, max-age=300'

const text = Type.Optional(Type.String())
const PublishedKeys = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: text,
      kid: Type.String(),
      alg: Type.String(),
      use: Type.Literal('sig'),
      crv: text,
      x: text,
      n: text,
      e: text,
    }),
  ),
})

/** What others need to check our access tokens: public halves only, those of retired keys as long as they count. */
export const jwksRouter: FastifyPluginAsyncTypebox<{ keys: TokenKeys }> = async (app, { keys }) => {
  app.get('/.well-known/jwks.json', {
    config: { access: 'public' },
    schema: {
      tags: ['auth'],
      summary: 'The public keys of access tokens',
      description: 'A JSON Web Key Set (RFC 7517). Empty when tokens are signed with a shared secret.',
      response: { 200: PublishedKeys },
    },
    handler: async (_request, reply) => reply.header('cache-control', CACHE).send({ keys: keys.published() }),
  })
}
