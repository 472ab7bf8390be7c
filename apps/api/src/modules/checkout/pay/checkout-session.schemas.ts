import { type Static, Type } from 'typebox'

import { Amount, Id, shape } from '#platform/http/schemas.ts'

export const ReturnUrl = Type.String({
  format: 'uri',
  maxLength: 2000,
  pattern: '^https?://',
  description:
    'A page of ours or of a listed origin. `redirect_url` of the answer is then our payment page, which leads back to it, unless the provider wants the buyer first.',
})

export const CheckoutSessionCreate = shape(
  'CheckoutSessionCreate',
  {
    order_id: Id,
    expected_total: Type.Optional(
      Type.Number({ ...Amount, description: 'As the buyer was shown. Refused with the new one when it is another by now.' }),
    ),
    email: Type.Optional(Type.String({ format: 'email', maxLength: 254, description: 'Needed of a guest, once.' })),
    return_url: Type.Optional(ReturnUrl),
  },
  { order_id: 1, expected_total: 360 },
)
export type CheckoutSessionCreate = Static<typeof CheckoutSessionCreate>
