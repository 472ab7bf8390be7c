import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { userOf } from '#platform/http/auth.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { Loyalty, LoyaltyHistory, LoyaltyQuery } from './schemas.ts'
import type { LoyaltyService } from './service.ts'

const tags = ['loyalty']
const config = { access: 'user', reach: 'own' } as const

export const loyaltyRouter: FastifyPluginAsyncTypebox<{ loyalty: LoyaltyService }> = async (app, { loyalty }) => {
  app.get('', {
    config,
    schema: { tags, summary: 'My points and my tier', response: { 200: ref(Loyalty), ...problems(401) } },
    handler: (request) => loyalty.show(userOf(request).id),
  })

  app.get('/history', {
    config,
    schema: {
      tags,
      summary: 'What my points came from and went to, newest first',
      querystring: LoyaltyQuery,
      response: { 200: ref(LoyaltyHistory), ...problems(401, 422) },
    },
    handler: (request) => loyalty.history(userOf(request).id, request.query),
  })
}
