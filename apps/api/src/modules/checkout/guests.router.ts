import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { GuestAdopt, GuestAdopted } from '#modules/guests/schemas.ts'
import { userOf } from '#platform/http/auth.ts'
import { ClientHeaders, type Cookie, isWeb } from '#platform/http/cookies.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import type { CheckoutService } from './service.ts'

type Deps = { checkout: CheckoutService; guestCookie: Cookie }

/** Stands under /guests and moves orders, so it lives here: guests know no orders. */
export const checkoutGuestsRouter: FastifyPluginAsyncTypebox<Deps> = async (app, { checkout, guestCookie }) => {
  app.post('/adopt', {
    config: { access: 'user' },
    schema: {
      tags: ['guests'],
      headers: ClientHeaders,
      summary: 'Take over what I bought or hold as a guest',
      description:
        'Proofs: `X-Guest-Token` or the guest cookie for all of that guest’s orders, `order_key` for the order of a link, `verified_email` for what was bought with my address. Holds stay held, even more than ten together.',
      body: GuestAdopt,
      response: { 200: ref(GuestAdopted), ...problems(400, 401, 403, 404, 409, 422, 503) },
    },
    handler: (request) => {
      const sent = request.headers['x-guest-token']
      const proof = {
        sent: typeof sent === 'string' ? sent : undefined,
        kept: guestCookie.read(request),
        isWeb: isWeb(request),
      }
      return checkout.adopt(userOf(request), proof, request.body ?? {})
    },
  })
}
