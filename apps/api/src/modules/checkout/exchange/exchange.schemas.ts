import { type Static, Type } from 'typebox'

import { Order } from '#modules/checkout/schemas.ts'
import { MAX_SEATS } from '#modules/seats/schemas.ts'
import { Amount, Id, Nullable, ref, shape, strict } from '#platform/http/schemas.ts'

const pairs = Type.Array(Type.Object({ ticket_id: Id, seat_id: Id }, strict), {
  minItems: 1,
  maxItems: MAX_SEATS,
  description: 'Each ticket with the seat that takes its place.',
})

export const ExchangeAsk = shape(
  'ExchangeAsk',
  { session_id: Id, tickets: pairs },
  { session_id: 2, tickets: [{ ticket_id: 1, seat_id: 5 }] },
)
export type ExchangeAsk = Static<typeof ExchangeAsk>

const Expected = (description: string) => Type.Optional(Type.Number({ ...Amount, description }))

export const ExchangeCreate = shape(
  'ExchangeCreate',
  {
    session_id: Id,
    tickets: pairs,
    expected_due: Expected('As the quote said. Refused with the new amount when it is another one by now.'),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Needed of staff beyond the terms.' })),
  },
  { session_id: 2, tickets: [{ ticket_id: 1, seat_id: 5 }], expected_due: 100 },
)
export type ExchangeCreate = Static<typeof ExchangeCreate>

const money = {
  currency: Type.String(),
  credit: Type.Number({ description: 'What the old tickets pay of the new ones.' }),
  total: Type.Number({ description: 'What the new tickets cost.' }),
  due: Type.Number({ description: 'Still to be paid: total less credit.' }),
  refund: Type.Number({ description: 'What the old tickets were worth more; it goes back to where it came from.' }),
}

export const ExchangeQuote = shape('ExchangeQuote', {
  order_id: Id,
  session_id: Id,
  ...money,
  beyond_policy: Type.Boolean({ description: 'Too late by the terms of the order; staff may with a reason.' }),
  tickets: Type.Array(Type.Object({ ticket_id: Id, seat_id: Id, paid: Type.Number(), price: Type.Number() }), {
    description: 'What each has cost and what takes its place costs.',
  }),
})
export type ExchangeQuote = Static<typeof ExchangeQuote>

/** `order` is that of the new tickets: paid when nothing was due, else pending until what is due is paid. */
export const Exchange = shape('Exchange', {
  id: Id,
  old_order_id: Id,
  done: Type.Boolean({ description: 'The new tickets are good and the old ones are not.' }),
  credit: Type.Number(),
  tickets: Type.Array(Type.Object({ old_ticket_id: Id, new_ticket_id: Id })),
  order_key: Nullable(
    Type.String({
      description: 'For whoever came by the key of the old order: the key of the new one, with which what is due may be paid.',
    }),
  ),
  order: ref(Order),
})
export type Exchange = Static<typeof Exchange>

export const exchangeShapes: object[] = [ExchangeAsk, ExchangeCreate, ExchangeQuote, Exchange]
