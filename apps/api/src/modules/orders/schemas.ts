import { type Static, Type } from 'typebox'

import { Id, Nullable, shape } from '#platform/http/schemas.ts'

export const orderStatuses = ['pending', 'paid', 'partially_refunded', 'canceled', 'expired'] as const
export const OrderStatusName = Type.Enum([...orderStatuses])

export const TraceEntry = shape('TraceEntry', {
  source: Type.String({ description: 'The rule or price this part comes from.' }),
  label: Type.String(),
  names: Type.Optional(
    Type.Object(
      { uk: Type.String(), ru: Type.String(), en: Type.String() },
      { description: 'Of what the cinema has named itself.' },
    ),
  ),
  amount: Type.Number(),
})

export const OrderItem = Type.Object(
  {
    id: Id,
    kind: Type.Enum(['ticket', 'movie', 'fee']),
    session_id: Nullable(Id),
    ticket_id: Nullable(Id),
    movie_id: Nullable(Id),
    ticket_type: Nullable(Type.String()),
    title: Type.String(),
    price: Type.Number(),
    discount: Type.Number(),
    total: Type.Number(),
    is_canceled: Type.Boolean(),
    trace: Type.Array(Type.Unsafe<Static<typeof TraceEntry>>({ $ref: 'TraceEntry#' })),
  },
  { $id: 'OrderItem', additionalProperties: false },
)
export type OrderItem = Static<typeof OrderItem>
