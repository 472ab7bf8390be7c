import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { GenresService } from './service.ts'

export const genresRouter: FastifyPluginAsyncTypebox<{ genres: GenresService }> = async (_app, { genres: _ }) => undefined
