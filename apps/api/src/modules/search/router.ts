import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { problems, ref } from '#platform/http/schemas.ts'
import { SuggestQuery, Suggestions } from './schemas.ts'
import type { SearchService } from './service.ts'

export const searchRouter: FastifyPluginAsyncTypebox<{ search: SearchService }> = async (app, { search }) => {
  app.get('/suggest', {
    config: { access: 'public' },
    schema: {
      tags: ['movies'],
      summary: 'Suggest movies and people while somebody types',
      description: 'Words that begin as typed come first; when there are none, similar ones. Only active movies.',
      querystring: SuggestQuery,
      response: { 200: ref(Suggestions), ...problems(422) },
    },
    handler: (request) => search.suggest(request.query.q, request.query.limit),
  })
}
