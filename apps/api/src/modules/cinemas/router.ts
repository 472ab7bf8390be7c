import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { CinemasService } from './service.ts'

export const cinemasRouter: FastifyPluginAsyncTypebox<{ cinemas: CinemasService }> = async (_app, { cinemas: _ }) => undefined
