import { type Static, Type } from 'typebox'

import { Reason } from '#modules/checkout/return/cancel.schemas.ts'
import { Notice } from '#modules/sessions/schemas.ts'
import { Id, Nullable, shape, strict } from '#platform/http/schemas.ts'

/** The body may be left out. */
export const SessionCancel = Nullable(Type.Object({ reason: Type.Optional(Reason), notice: Type.Optional(Notice) }, strict))
export type SessionCancel = NonNullable<Static<typeof SessionCancel>>

export const SessionDelete = Type.Object(
  { cancel: Type.Boolean({ default: false, description: 'Cancel it and give the money back when tickets have been sold.' }) },
  strict,
)

export const SessionCancellation = shape('SessionCancellation', {
  session_id: Id,
  status: Type.Enum(['cancelled']),
  tickets: Type.Object(
    {
      total: Type.Integer({ description: 'Paid when the session was cancelled.' }),
      done: Type.Integer(),
      left: Type.Integer({ description: 'Still to be given back.' }),
    },
    strict,
  ),
  refunds: Type.Object({ pending: Type.Integer(), success: Type.Integer(), failed: Type.Integer() }, strict),
  finished: Type.Boolean({ description: 'No ticket is left and no refund is pending.' }),
})
export type SessionCancellation = Static<typeof SessionCancellation>
