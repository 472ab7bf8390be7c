import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { userOf } from '#platform/http/auth.ts'
import { IdParams, Nullable, problems, ref, strict } from '#platform/http/schemas.ts'
import {
  AdminUser,
  AdminUserList,
  AdminUserQuery,
  CinemasChange,
  GroupChange,
  Impersonation,
  MyAccess,
  RolesGranted,
  SignInsSeen,
  StaffCreate,
} from './schemas.ts'
import type { StaffService } from './service.ts'

const tags = ['admin']
const params = IdParams
const Why = Nullable(
  Type.Object({ reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' })) }, strict),
)

type Plugin = FastifyPluginAsyncTypebox<{ staff: StaffService }>

const reading: Plugin = async (app, { staff }) => {
  app.get('/users', {
    config: { access: 'users.read' },
    schema: { tags, summary: 'Accounts, newest first', querystring: AdminUserQuery, response: { 200: ref(AdminUserList) } },
    handler: (request) => staff.list(request.query),
  })

  app.get('/users/:id', {
    config: { access: 'users.read' },
    schema: { tags, summary: 'An account', params, response: { 200: ref(AdminUser), ...problems(404) } },
    handler: (request) => staff.get(request.params.id),
  })

  app.get('/users/:id/sign-ins', {
    config: { access: 'users.manage' },
    schema: { tags, summary: 'Where somebody is signed in', params, response: { 200: ref(SignInsSeen), ...problems(404) } },
    handler: (request) => staff.signIns(request.params.id),
  })

  app.get('/roles', {
    config: { access: 'users.read' },
    schema: { tags, summary: 'What each role may do', response: { 200: ref(RolesGranted) } },
    handler: () => staff.roles(),
  })
}

const changing: Plugin = async (app, { staff }) => {
  const change = { tags, params, response: { 200: ref(AdminUser), ...problems(404, 409) } }

  app.post('/users', {
    config: { access: 'users.manage' },
    schema: {
      tags,
      summary: 'Make an account for somebody',
      body: ref(StaffCreate),
      response: { 201: ref(AdminUser), ...problems(400, 409, 503) },
    },
    handler: async (request, reply) => reply.code(201).send(await staff.create(request.body)),
  })

  app.post('/users/:id/activate', {
    config: { access: 'users.manage' },
    schema: { ...change, summary: 'Activate an account without its mail' },
    handler: (request) => staff.activate(userOf(request), request.params.id),
  })

  app.post('/users/:id/block', {
    config: { access: 'users.manage' },
    schema: { ...change, summary: 'Block an account: it is signed out everywhere at once' },
    handler: (request) => staff.block(userOf(request), request.params.id),
  })

  app.post('/users/:id/unblock', {
    config: { access: 'users.manage' },
    schema: { ...change, summary: 'Let a blocked account in again' },
    handler: (request) => staff.unblock(userOf(request), request.params.id),
  })

  app.put('/users/:id/group', {
    config: { access: 'users.manage' },
    schema: { ...change, summary: 'Change what somebody is; it holds from the next request on', body: ref(GroupChange) },
    handler: (request) => staff.changeGroup(userOf(request), request.params.id, request.body),
  })

  app.put('/users/:id/cinemas', {
    config: { access: 'users.manage' },
    schema: { ...change, summary: 'Say at which cinemas a cashier or manager works', body: ref(CinemasChange) },
    handler: (request) => staff.changeCinemas(userOf(request), request.params.id, request.body.cinema_ids),
  })

  app.delete('/users/:id/sign-ins', {
    config: { access: 'users.manage' },
    schema: { tags, summary: 'Sign somebody out everywhere', params, response: { 204: Type.Null(), ...problems(404) } },
    handler: async (request, reply) => {
      await staff.endSignIns(request.params.id)
      return reply.code(204).send(null)
    },
  })

  app.delete('/users/:id/factors', {
    config: { access: 'users.manage' },
    schema: {
      tags,
      summary: 'Take away somebody’s authenticator app, recovery codes and passkeys',
      description:
        'For whoever has lost them and has shown who they are. They are signed out everywhere, sign in with the password alone, and are told by mail.',
      params,
      response: { 204: Type.Null(), ...problems(404, 409) },
    },
    handler: async (request, reply) => {
      await staff.removeFactors(userOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  })

  app.post('/users/:id/impersonate', {
    config: { access: 'users.impersonate' },
    schema: {
      tags,
      summary: 'Look through somebody’s eyes for ten minutes',
      description: 'The token reads what this person may read. Whatever would change anything answers 403 `auth.read_only`.',
      params,
      body: Why,
      response: { 201: ref(Impersonation), ...problems(404, 409) },
    },
    handler: async (request, reply) =>
      reply.code(201).send(await staff.impersonate(userOf(request), request.params.id, request.body?.reason)),
  })
}

export const staffRouter: Plugin = async (app, { staff }) => {
  await app.register(reading, { staff })
  await app.register(changing, { staff })
}

/** Stands under /users: what whoever asks may do. */
export const myAccessRouter: Plugin = async (app, { staff }) => {
  app.get('/me/access', {
    config: { access: 'user' },
    schema: { tags: ['users'], summary: 'What I may do, and where', response: { 200: ref(MyAccess) } },
    handler: async (request) => staff.accessOf(userOf(request)),
  })
}
