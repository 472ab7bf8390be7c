import { type Static, Type } from 'typebox'

import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const ticketStatuses = ['reserved', 'paid', 'used', 'cancelled', 'expired', 'refunded'] as const
export const seatTypes = ['standard', 'premium', 'vip', 'wheelchair', 'companion', 'sofa'] as const
/** `cash` and `terminal` are taken by staff at the counter. */
export const paymentMethods = ['card', 'apple_pay', 'google_pay', 'cash', 'terminal'] as const

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
  ticket_type: Type.String({ description: 'Who it is for, such as child; GET /ticket-types names them.' }),
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
  returnable_until: Nullable(
    Type.Unsafe<Date>({
      type: 'string',
      format: 'date-time',
      description: 'Until when its holder may give it back for its money. Null when there is nothing to give back.',
    }),
  ),
  created_at: Timestamp,
}

export const Ticket = shape('Ticket', ticketFields)
export type Ticket = Static<typeof Ticket>
export const TicketList = cursorListOf('TicketList', ref(Ticket))

const Reference = Type.String({ minLength: 1, maxLength: 32, description: 'In any case, with or without spaces around it.' })

export const MyTicketQuery = Type.Object(
  { session_id: Type.Optional(Id), status: Type.Optional(TicketStatusName), user_id: Type.Optional(Id), ...cursorQuery },
  strict,
)

export const TicketQuery = Type.Object(
  {
    session_id: Type.Optional(Id),
    status: Type.Optional(TicketStatusName),
    user_id: Type.Optional(Id),
    cinema_id: Type.Optional(Id),
    booking_reference: Type.Optional(Reference),
    ...cursorQuery,
  },
  strict,
)
export type TicketQuery = Static<typeof TicketQuery>

const Device = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '\\S',
  description: 'The scanner or door, as staff know it.',
})
const Reason = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' })

export const CheckInCreate = shape(
  'CheckInCreate',
  {
    qr_code: Type.Optional(
      Type.String({ maxLength: 4000, description: 'What the scanner read, whatever it is. This or booking_reference.' }),
    ),
    booking_reference: Type.Optional(Reference),
    session_id: Type.Optional(Type.Integer({ ...Id, description: 'Which session this door is for, when it is for one.' })),
    hall_id: Type.Optional(Type.Integer({ ...Id, description: 'Which hall this door leads to, when it leads to one.' })),
    device: Device,
    nonce: Type.Optional(
      Type.String({
        minLength: 8,
        maxLength: 100,
        description: 'Drawn for each scan: the same request again lets nobody in twice.',
      }),
    ),
    force: Type.Optional(
      Type.Boolean({ description: 'Lets a paid ticket in at the wrong place or time; needs a reason, which is kept.' }),
    ),
    reason: Type.Optional(Reason),
  },
  { booking_reference: 'K7PX2M9Q', device: 'Door 1' },
)
export type CheckInCreate = Static<typeof CheckInCreate>

export const CheckInUndo = shape(
  'CheckInUndo',
  { reason: Reason, device: Type.Optional(Device) },
  { reason: 'Wrong ticket scanned' },
)
export type CheckInUndo = Static<typeof CheckInUndo>

const doorResults = ['ok', 'unknown', 'unpaid', 'cancelled', 'already_used', 'wrong_session', 'wrong_hall', 'wrong_time'] as const

const DoorTicket = Type.Object({
  id: Id,
  booking_reference: Type.String(),
  seat_row: Type.String(),
  seat_number: Type.Integer(),
  seat_type: SeatTypeName,
  ticket_type: Type.String(),
  needs_proof: Type.Boolean({ description: 'Whoever comes with it shows that they may.' }),
  status: TicketStatusName,
})

const DoorSession = Type.Object({
  id: Id,
  movie_title: Type.String(),
  cinema_id: Id,
  cinema_name: Type.String(),
  hall_id: Id,
  hall_name: Type.String(),
  hall_number: Type.Integer(),
  start_time: Timestamp,
  end_time: Timestamp,
  doors_open_at: Timestamp,
})

export const CheckIn = shape('CheckIn', {
  result: Type.Enum([...doorResults], { description: 'Only ok lets in.' }),
  detail: Type.String({ description: 'The result as an English sentence.' }),
  ticket: Nullable(DoorTicket),
  session: Nullable(DoorSession),
  checked_in_at: Nullable(
    Type.Unsafe<Date>({ type: 'string', format: 'date-time', description: 'When it was used: now, or before.' }),
  ),
  device: Nullable(Type.String({ description: 'Where it was used.' })),
  forced: Type.Boolean(),
  repeated: Type.Boolean({ description: 'This scan was answered before; nobody new may walk in.' }),
})
export type CheckIn = Static<typeof CheckIn>

export const SessionCheckIns = shape('SessionCheckIns', {
  session_id: Id,
  expected: Type.Integer({ description: 'Tickets that are paid, used or not.' }),
  entered: Type.Integer({ description: 'Those used.' }),
  left: Type.Integer({ description: 'Those still to come: expected less entered.' }),
})
export type SessionCheckIns = Static<typeof SessionCheckIns>

export const ticketsShapes = [Ticket, TicketList, CheckInCreate, CheckInUndo, CheckIn, SessionCheckIns]
