import { type Static, Type } from 'typebox'

import { RefundStatusName } from '#modules/payments/schemas.ts'
import { Moment, Notice } from '#modules/sessions/schemas.ts'
import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'
import { hallSwapShapes, OtherSession, ToldNotice } from './hall-swap.schemas.ts'

const affected = {
  orders: Type.Integer({ description: 'With sold tickets.' }),
  holders: Type.Integer({ description: 'Buyers of sold tickets, each once.' }),
  tickets: Type.Object(
    { paid: Type.Integer(), used: Type.Integer({ description: 'Their holders have walked in.' }), held: Type.Integer() },
    strict,
  ),
  pending_orders: Type.Integer({ description: 'That hold seats and are not paid.' }),
}

export const SessionCancelPreview = shape('SessionCancelPreview', {
  session_id: Id,
  currency: Type.String(),
  ...affected,
  refund_total: Type.Number({ description: 'For paid tickets, with their fees.' }),
  refunds: Type.Array(
    Type.Object({ provider: Type.String(), method: Type.String(), orders: Type.Integer(), amount: Type.Number() }, strict),
    { description: 'By where the money goes.' },
  ),
  in_flight: Type.Object(
    { payments: Type.Integer(), amount: Type.Number() },
    { ...strict, description: 'Payments under way; what comes in goes back whole.' },
  ),
})
export type SessionCancelPreview = Static<typeof SessionCancelPreview>

export const SessionMoveAsk = shape(
  'SessionMoveAsk',
  {
    start_time: Type.Optional(Moment),
    end_time: Type.Optional(Moment),
    hall_id: Type.Optional(Id),
    notice: Type.Optional(Notice),
  },
  { start_time: '2030-01-15T18:00:00Z' },
)
export type SessionMoveAsk = Static<typeof SessionMoveAsk>

const Place = Type.Object(
  { start_time: Timestamp, end_time: Timestamp, hall_id: Id, doors_open_at: Timestamp },
  { ...strict, description: 'A code opens the door from doors_open_at until end_time.' },
)

export const SessionMovePreview = shape('SessionMovePreview', {
  session_id: Id,
  old: Place,
  new: Place,
  ...affected,
  clash: Nullable(Type.Object(OtherSession.properties, { ...strict, description: 'What takes the hall at that time.' })),
  needs_hall_swap: Type.Boolean({ description: 'Seats are taken, so that the hall changes by hall-swap only.' }),
  free_cancellation_until: Nullable(
    Type.Unsafe<Date>({ type: 'string', format: 'date-time', description: 'Null when nobody has to be told.' }),
  ),
  notice: ToldNotice,
  overlaps: Type.Array(Type.Object({ order_id: Id, tickets: Type.Integer(), session: OtherSession }, strict), {
    description: 'Other sessions that holders have tickets for at that time.',
  }),
})
export type SessionMovePreview = Static<typeof SessionMovePreview>

export const SessionChange = shape('SessionChange', {
  kind: Type.Enum(['moved', 'hall_swapped', 'cancelled']),
  id: Id,
  actor: Type.String({ description: 'u: and the number of an account, or system.' }),
  created_at: Timestamp,
  old_start_time: Nullable(Timestamp),
  new_start_time: Nullable(Timestamp),
  old_hall: Nullable(Type.String()),
  new_hall: Nullable(Type.String()),
  tickets: Nullable(Type.Integer({ description: 'Sold ones, that were given another seat or given back.' })),
  unplaced: Nullable(Type.Integer({ description: 'Those of them for which the new hall had no seat.' })),
  notice: Nullable(Type.String({ description: 'What its holders were told by its staff.' })),
})
export const SessionChanges = shape('SessionChanges', { session_id: Id, items: Type.Array(ref(SessionChange)) })
export type SessionChanges = Static<typeof SessionChanges>

export const CancelledOrder = shape('CancelledOrder', {
  order_id: Id,
  order_reference: Type.String(),
  tickets: Type.Integer({ description: 'Of this session.' }),
  left: Type.Integer({ description: 'Of them still to be given back.' }),
  refund: Type.Number(),
  refund_status: Nullable(RefundStatusName),
  failure_code: Nullable(Type.String()),
})
export type CancelledOrder = Static<typeof CancelledOrder>
export const CancelledOrderList = cursorListOf('CancelledOrderList', ref(CancelledOrder))
export const CancelledOrderQuery = Type.Object({ refund_status: Type.Optional(RefundStatusName), ...cursorQuery }, strict)
export type CancelledOrderQuery = Static<typeof CancelledOrderQuery>

export const sessionPreviewShapes: object[] = [
  ...hallSwapShapes,
  SessionCancelPreview,
  SessionMoveAsk,
  SessionMovePreview,
  SessionChange,
  SessionChanges,
  CancelledOrder,
  CancelledOrderList,
]
