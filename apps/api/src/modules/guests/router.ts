import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { ClientHeaders, type Cookie, type Cookies, isWeb } from '#platform/http/cookies.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { Guest, GuestCreate } from './schemas.ts'
import type { GuestsService } from './service.ts'

type Deps = { guests: GuestsService; cookies: Pick<Cookies, 'requireOurs'>; guestCookie: Cookie }

export const guestsRouter: FastifyPluginAsyncTypebox<Deps> = async (app, { guests, cookies, guestCookie }) => {
  app.post('', {
    config: { access: 'public' },
    schema: {
      tags: ['guests'],
      headers: ClientHeaders,
      summary: 'Become a guest, who can hold and buy without an account',
      description:
        'Send the token as `X-Guest-Token`. With `X-Marquee-Client: web` it travels in a cookie instead, and whoever has a live one stays the same guest (200).',
      body: GuestCreate,
      response: { 200: ref(Guest), 201: ref(Guest), ...problems(400, 403, 503) },
    },
    handler: async (request, reply) => {
      const locale = request.body?.locale
      if (!isWeb(request)) return reply.code(201).send(await guests.create({ locale }))
      cookies.requireOurs(request)
      const kept = guestCookie.read(request)
      const known = kept && (await guests.renew(kept, locale))
      if (known) {
        guestCookie.set(reply, kept)
        return reply.code(200).send({ guest_id: known.id, token: null })
      }
      const { guest_id, token } = await guests.create({ locale })
      guestCookie.set(reply, token)
      return reply.code(201).send({ guest_id, token: null })
    },
  })
}
