import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { matchOf } from '#platform/http/etag.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Certification, CertificationCreate, CertificationList, CertificationQuery, CertificationUpdate } from './schemas.ts'
import type { CertificationsService } from './service.ts'

const tags = ['certifications']

type Plugin = FastifyPluginAsyncTypebox<{ certifications: CertificationsService }>

const reading: Plugin = async (app, { certifications }) => {
  app.get('', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: {
      tags,
      summary: 'List age ratings, the mildest first',
      querystring: CertificationQuery,
      response: { 200: ref(CertificationList), ...problems(422) },
    },
    handler: (request) => certifications.list(request.query),
  })

  app.get('/:id', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: {
      tags,
      summary: 'Show an age rating',
      params: IdParams,
      response: { 200: ref(Certification), ...problems(404, 422) },
    },
    handler: (request) => certifications.get(request.params.id),
  })
}

const writing: Plugin = async (app, { certifications }) => {
  app.post('', {
    config: { access: 'catalogue.write', catalogue: 'write' },
    schema: {
      tags,
      summary: 'Add an age rating',
      body: ref(CertificationCreate),
      response: { 201: ref(Certification), ...problems(400, 401, 403, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await certifications.create(request.body)),
  })

  for (const method of ['PUT', 'PATCH'])
    app.route({
      method,
      url: '/:id',
      config: { access: 'catalogue.write', catalogue: 'write' },
      schema: {
        tags,
        summary: 'Change an age rating; what is left out stays',
        params: IdParams,
        body: ref(CertificationUpdate),
        response: { 200: ref(Certification), ...problems(400, 401, 403, 404, 409, 422) },
      },
      handler: (request) => certifications.update(request.params.id, request.body, matchOf(request)),
    })

  app.delete('/:id', {
    config: { access: 'catalogue.write', catalogue: 'write' },
    schema: {
      tags,
      summary: 'Delete an age rating that no movie has',
      params: IdParams,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => {
      await certifications.remove(request.params.id, matchOf(request))
      return reply.code(204).send(null)
    },
  })
}

export const certificationsRouter: Plugin = async (app, { certifications }) => {
  await app.register(reading, { certifications })
  await app.register(writing, { certifications })
}
