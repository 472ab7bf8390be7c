import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { SessionsService } from './service.ts'

export const sessionsRouter: FastifyPluginAsyncTypebox<{ sessions: SessionsService }> = async (_app, { sessions: _ }) => undefined
