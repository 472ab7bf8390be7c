import { type Static, Type } from 'typebox'

import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const PaymentAlarm = shape('PaymentAlarm', {
  id: Id,
  kind: Type.String({
    description:
      '`books_differ`: found by the daily comparison; `dispute`; `refund_refused`, `refund_stuck`, `refund_returned`; `wrong_amount`; `overdue`; `hand_out_money`: at the counter.',
  }),
  payment_id: Nullable(Id),
  order_id: Nullable(Id),
  order_reference: Nullable(Type.String()),
  reference: Nullable(Type.String({ description: 'The provider’s own, of money that we know nothing of.' })),
  detail: Type.Record(Type.String(), Type.Unknown()),
  created_at: Timestamp,
  resolved_at: Nullable(Timestamp),
  resolved_by: Nullable(Id),
  resolution: Nullable(Type.String()),
})
export type PaymentAlarm = Static<typeof PaymentAlarm>
export const PaymentAlarmList = cursorListOf('PaymentAlarmList', ref(PaymentAlarm))

const Kind = Type.String({ minLength: 1, maxLength: 60, pattern: '^[a-z_]+$' })
export const PaymentAlarmQuery = Type.Object(
  { status: Type.Enum(['open', 'resolved', 'all'], { default: 'open' }), kind: Type.Optional(Kind), ...cursorQuery },
  strict,
)
export type PaymentAlarmQuery = Static<typeof PaymentAlarmQuery>

export const AlarmResolve = shape(
  'AlarmResolve',
  { reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }) },
  { reason: 'Refunded by hand in the dashboard.' },
)

export const alarmShapes: object[] = [PaymentAlarm, PaymentAlarmList, AlarmResolve]
