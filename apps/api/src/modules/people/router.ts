import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { PeopleService } from './service.ts'

export const peopleRouter: FastifyPluginAsyncTypebox<{ people: PeopleService }> = async (_app, { people: _ }) => undefined
