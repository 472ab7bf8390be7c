import { type Static, Type } from 'typebox'

import { RefundStatusName } from '#modules/payments/schemas.ts'
import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const Refund = shape('Refund', {
  id: Id,
  order_id: Id,
  order_reference: Type.String(),
  payment_id: Id,
  provider: Type.String(),
  method: Type.String(),
  amount: Type.Number(),
  currency: Type.String(),
  status: RefundStatusName,
  reason: Type.String(),
  failure_code: Nullable(Type.String({ description: 'Why the provider refused it; `unavailable` when it did not answer.' })),
  attempts: Type.Integer({ description: 'How often the provider was asked.' }),
  retries: Type.Integer({ description: 'How often staff tried again what had been refused.' }),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type Refund = Static<typeof Refund>
export const RefundList = cursorListOf('RefundList', ref(Refund))

export const RefundQuery = Type.Object(
  {
    status: Type.Optional(RefundStatusName),
    cinema_id: Type.Optional(Id),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Before this moment.' })),
    ...cursorQuery,
  },
  strict,
)
export type RefundQuery = Static<typeof RefundQuery>

export const refundShapes: object[] = [Refund, RefundList]
