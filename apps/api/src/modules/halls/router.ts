import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { HallsService } from './service.ts'

export const hallsRouter: FastifyPluginAsyncTypebox<{ halls: HallsService }> = async (_app, { halls: _ }) => undefined
