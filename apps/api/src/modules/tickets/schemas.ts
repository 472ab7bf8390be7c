import { type Static, Type } from 'typebox'

import { listOf, pageQuery } from '#platform/http/pagination.ts'
import { Id, Nullable, shape, Timestamp } from '#platform/http/schemas.ts'

export const ticketStatuses = ['reserved', 'paid', 'used', 'cancelled', 'expired', 'refunded'] as const
export const seatTypes = ['standard', 'premium', 'vip', 'wheelchair', 'companion', 'sofa'] as const
export const paymentMethods = ['card', 'apple_pay', 'google_pay'] as const

export const TicketStatusName = Type.Enum([...ticketStatuses])
export const SeatTypeName = Type.Enum([...seatTypes])
export const PaymentMethodName = Type.Enum([...paymentMethods])

export const ticketFields = {
  id: Id,
  session_id: Id,
  user_id: Nullable(Id),
  order_id: Id,
  seat_id: Id,
  seat_row: Type.String(),
  seat_number: Type.Integer(),
  seat_type: SeatTypeName,
  price: Type.Number(),
  discount_applied: Type.Number(),
  final_price: Type.Number(),
  booking_reference: Type.String({ description: 'What a person reads out at the counter.' }),
  status: TicketStatusName,
  is_paid: Type.Boolean(),
  payment_method: Nullable(PaymentMethodName),
  qr_code: Nullable(Type.String({ description: 'Null until paid.' })),
  booking_time: Timestamp,
  expires_at: Nullable(Type.Unsafe<Date>({ type: 'string', format: 'date-time', description: 'When an unpaid hold ends.' })),
  created_at: Timestamp,
}

export const Ticket = shape('Ticket', ticketFields)
export type Ticket = Static<typeof Ticket>
export const TicketList = listOf('TicketList', Type.Unsafe<Ticket>({ $ref: 'Ticket#' }))

export const TicketQuery = Type.Object(
  { session_id: Type.Optional(Id), status: Type.Optional(TicketStatusName), user_id: Type.Optional(Id), ...pageQuery },
  { additionalProperties: false },
)
export type TicketQuery = Static<typeof TicketQuery>

export const ticketsShapes = [Ticket, TicketList]
