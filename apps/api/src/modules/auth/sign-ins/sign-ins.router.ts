import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import type { WebSignIn } from '#modules/auth/web.ts'
import { userOf } from '#platform/http/auth.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { SignInList, SignInParams } from './sign-ins.schemas.ts'
import type { SignIns } from './sign-ins.ts'

export const signInsRouter: FastifyPluginAsyncTypebox<{ signIns: SignIns; web: WebSignIn }> = async (app, { signIns, web }) => {
  app.get('/sign-ins', {
    config: { access: 'user', whileEnrolling: true },
    schema: {
      tags: ['auth'],
      summary: 'Where I am signed in, this device first',
      response: { 200: ref(SignInList), ...problems(401) },
    },
    handler: (request) => signIns.list(userOf(request)),
  })

  app.delete('/sign-ins/:id', {
    config: { access: 'user', reach: 'own', whileEnrolling: true },
    schema: {
      tags: ['auth'],
      summary: 'Sign one of my devices out',
      params: SignInParams,
      response: { 204: Type.Null(), ...problems(401, 404, 422) },
    },
    handler: async (request, reply) => {
      const actor = userOf(request)
      await signIns.end(actor, request.params.id)
      if (request.params.id === actor.sign_in) web.forget(request, reply)
      return reply.code(204).send(null)
    },
  })

  app.post('/logout-everywhere', {
    config: { access: 'user', whileEnrolling: true },
    schema: {
      tags: ['auth'],
      summary: 'Sign all my devices out, this one too',
      response: { 204: Type.Null(), ...problems(401) },
    },
    handler: async (request, reply) => {
      await signIns.endAll(userOf(request))
      web.forget(request, reply)
      return reply.code(204).send(null)
    },
  })
}
