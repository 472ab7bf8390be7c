import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { Token } from '#modules/auth/schemas.ts'
import type { WebSignIn } from '#modules/auth/web.ts'
import { userOf } from '#platform/http/auth.ts'
import { ClientHeaders as headers } from '#platform/http/cookies.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Passkey, PasskeyCreate, PasskeyCreation, PasskeyList, PasskeyRequest, PasskeySignIn } from './passkeys.schemas.ts'
import type { Passkeys } from './passkeys.ts'

const access = { access: 'user', reach: 'own', whileEnrolling: true, isAudited: true } as const

/** Under /users/me/passkeys. */
export const passkeysRouter: FastifyPluginAsyncTypebox<{ passkeys: Passkeys }> = async (app, { passkeys }) => {
  const tags = ['users']

  app.get('', {
    config: access,
    schema: { tags, summary: 'My passkeys', response: { 200: ref(PasskeyList), ...problems(401) } },
    handler: (request) => passkeys.list(userOf(request)),
  })

  app.post('/options', {
    config: access,
    schema: {
      tags,
      summary: 'What the browser is asked to make a passkey of',
      description: 'Within ten minutes of signing in. Goes to `navigator.credentials.create`.',
      response: { 200: ref(PasskeyCreation), ...problems(401, 403, 409) },
    },
    handler: (request) => passkeys.creationOptions(userOf(request)),
  })

  app.post('', {
    config: access,
    schema: {
      tags,
      summary: 'Keep a passkey that the browser has made',
      body: ref(PasskeyCreate),
      response: { 201: ref(Passkey), ...problems(401, 403, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await passkeys.create(userOf(request), request.body)),
  })

  app.delete('/:id', {
    config: access,
    schema: {
      tags,
      summary: 'Forget one of my passkeys',
      params: IdParams,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => {
      await passkeys.remove(userOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  })
}

/** Under /auth/passkeys. */
export const passkeySignInRouter: FastifyPluginAsyncTypebox<{ passkeys: Passkeys; web: WebSignIn }> = async (
  app,
  { passkeys, web },
) => {
  const tags = ['auth']

  app.post('/options', {
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'What a passkey is asked to sign',
      description: 'Goes to `navigator.credentials.get`. It is the same for everybody: the passkey says who is there.',
      response: { 200: ref(PasskeyRequest) },
    },
    handler: () => passkeys.signInOptions(),
  })

  app.post('', {
    config: { access: 'public', isAudited: true },
    schema: {
      tags,
      headers,
      summary: 'Sign in with a passkey',
      body: ref(PasskeySignIn),
      response: { 200: ref(Token), ...problems(401, 403, 422) },
    },
    handler: async (request, reply) => {
      web.requireOurs(request)
      return web.answer(request, reply, await passkeys.signIn(request.body, web.deviceOf(request, reply)))
    },
  })
}
