import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Profile, ProfileInput } from './profile.schemas.ts'
import type { ProfilesService } from './profile.ts'

const tags = ['users']
const written = { 200: ref(Profile), ...problems(400, 401, 404, 422) }

export const profileRouter: FastifyPluginAsyncTypebox<{ profiles: ProfilesService }> = async (app, { profiles }) => {
  app.get('/:id/profile', {
    config: { access: 'user', reach: 'own or users.read' },
    schema: {
      tags,
      summary: 'A profile: one’s own, or any for admins',
      params: IdParams,
      response: { 200: ref(Profile), ...problems(401, 404, 422) },
    },
    handler: (request) => profiles.get(userOf(request), request.params.id),
  })

  app.post('/:id/profile', {
    config: { access: 'user', reach: 'own or users.manage' },
    schema: {
      tags,
      summary: 'Write a first profile',
      params: IdParams,
      body: ref(ProfileInput),
      response: { 201: ref(Profile), ...problems(400, 401, 404, 409, 422) },
    },
    handler: async (request, reply) =>
      reply.code(201).send(await profiles.create(userOf(request), request.params.id, request.body)),
  })

  app.put('/:id/profile', {
    config: { access: 'user', reach: 'own or users.manage' },
    schema: { tags, summary: 'Write a profile anew', params: IdParams, body: ref(ProfileInput), response: written },
    handler: (request) => profiles.replace(userOf(request), request.params.id, request.body),
  })

  app.patch('/:id/profile', {
    config: { access: 'user', reach: 'own or users.manage' },
    schema: { tags, summary: 'Change a profile', params: IdParams, body: ref(ProfileInput), response: written },
    handler: (request) => profiles.change(userOf(request), request.params.id, request.body),
  })
}

export const myProfileRouter: FastifyPluginAsyncTypebox<{ profiles: ProfilesService }> = async (app, { profiles }) => {
  app.get('/profile', {
    config: { access: 'user' },
    schema: { tags, summary: 'My profile', response: { 200: ref(Profile), ...problems(401) } },
    handler: (request) => profiles.get(userOf(request), userOf(request).id),
  })

  app.post('/profile', {
    config: { access: 'user' },
    schema: {
      tags,
      summary: 'Write my first profile',
      body: ref(ProfileInput),
      response: { 201: ref(Profile), ...problems(400, 401, 409, 422) },
    },
    handler: async (request, reply) =>
      reply.code(201).send(await profiles.create(userOf(request), userOf(request).id, request.body)),
  })

  app.put('/profile', {
    config: { access: 'user' },
    schema: { tags, summary: 'Write my profile anew', body: ref(ProfileInput), response: written },
    handler: (request) => profiles.replace(userOf(request), userOf(request).id, request.body),
  })

  app.patch('/profile', {
    config: { access: 'user' },
    schema: { tags, summary: 'Change my profile', body: ref(ProfileInput), response: written },
    handler: (request) => profiles.change(userOf(request), userOf(request).id, request.body),
  })

  app.delete('/avatar', {
    config: { access: 'user' },
    schema: { tags, summary: 'Take my picture away', response: { 204: Type.Null(), ...problems(401) } },
    handler: async (request, reply) => {
      await profiles.removeAvatar(userOf(request).id)
      return reply.code(204).send(null)
    },
  })
}

const PICTURES = ['image/png', 'image/jpeg', 'image/webp', 'application/octet-stream']

/** Takes the bytes of a picture and no other body. */
export const avatarRouter: FastifyPluginAsyncTypebox<{ profiles: ProfilesService; maxBytes: number }> = async (
  app,
  { profiles, maxBytes },
) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(PICTURES, { parseAs: 'buffer', bodyLimit: maxBytes }, async (_request: unknown, body: Buffer) => body)

  app.put('/avatar', {
    config: { access: 'user' },
    bodyLimit: maxBytes,
    schema: {
      tags,
      summary: 'Give me a picture',
      description: 'PNG, JPEG or WebP as the body. It is cut to a square and drawn anew.',
      consumes: PICTURES,
      body: Type.Unsafe<unknown>({ description: 'The bytes of the picture.' }),
      response: { 200: ref(Profile), ...problems(400, 401, 413, 415, 422, 503) },
    },
    handler: async (request) => {
      const actor = userOf(request)
      await profiles.putAvatar(actor.id, request.body)
      return profiles.get(actor, actor.id)
    },
  })
}
