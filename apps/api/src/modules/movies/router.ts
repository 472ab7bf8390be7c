import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { MoviesService } from './service.ts'

export const moviesRouter: FastifyPluginAsyncTypebox<{ movies: MoviesService }> = async (_app, { movies: _ }) => undefined
