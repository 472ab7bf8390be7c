import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { CertificationsService } from './service.ts'

export const certificationsRouter: FastifyPluginAsyncTypebox<{ certifications: CertificationsService }> = async (_app, { certifications: _ }) => undefined
