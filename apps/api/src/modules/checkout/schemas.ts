import { type Static, type TProperties, Type } from 'typebox'

import { CheckoutSessionCreate, ReturnUrl } from '#modules/checkout/pay/checkout-session.schemas.ts'
import { cancelShapes } from '#modules/checkout/return/cancel.schemas.ts'
import { refundShapes } from '#modules/checkout/return/refund.schemas.ts'
import { SessionCancellation } from '#modules/checkout/sessions/session-cancel.schemas.ts'
import { sessionPreviewShapes } from '#modules/checkout/sessions/session-preview.schemas.ts'
import { OrderItem, OrderStatusName, TraceEntry } from '#modules/orders/schemas.ts'
import { paymentFields, PaymentSummary, RefundSummary } from '#modules/payments/schemas.ts'
import { channels } from '#modules/pricing/price-order.ts'
import { TicketTypeCode } from '#modules/pricing/schemas.ts'
import { PromoCode } from '#modules/promotions/schemas.ts'
import { BestWish, MAX_SEATS } from '#modules/seats/schemas.ts'
import { PaymentMethodName, SeatTypeName, Ticket, ticketFields } from '#modules/tickets/schemas.ts'
import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Amount, Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

const SeatRow = Type.Union([Type.Integer({ minimum: 1, maximum: 999 }), Type.String({ minLength: 1, maxLength: 5 })], {
  description: '5 or "5".',
})
const SeatNumber = Type.Integer({ minimum: 1, maximum: 999 })
const CardToken = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'From the payment provider; card numbers never come here.',
})

const SeatLabel = Type.Object({ seat_row: SeatRow, seat_number: SeatNumber, ticket_type: Type.Optional(TicketTypeCode) }, strict)

export const ChannelName = Type.Optional(
  Type.Enum([...channels], { description: 'Where it is sold; `counter` is for staff of the cinema. Fees depend on it.' }),
)

/** Which seats, and as whom people are charged for them. */
export const seatsWish = {
  seat_row: Type.Optional(SeatRow),
  seat_number: Type.Optional(SeatNumber),
  seat_type: Type.Optional(SeatTypeName),
  seats: Type.Optional(Type.Array(SeatLabel, { minItems: 1, maxItems: MAX_SEATS })),
  seat_ids: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: MAX_SEATS, uniqueItems: true })),
  ticket_type: Type.Optional(
    Type.String({ ...TicketTypeCode, description: 'For each seat that has none of its own; by default the full price.' }),
  ),
  ticket_types: Type.Optional(
    Type.Array(TicketTypeCode, {
      minItems: 1,
      maxItems: MAX_SEATS,
      description: 'One for each of seat_ids, or of the best seats, in their order.',
    }),
  ),
}

export const TicketCreate = shape(
  'TicketCreate',
  {
    session_id: Id,
    order_id: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Adds the seats to this pending order of mine.',
      }),
    ),
    expected_total: Type.Optional(Type.Number({ minimum: 0, description: 'Refused when the order would cost more.' })),
    ...seatsWish,
    best: Type.Optional(BestWish),
    channel: ChannelName,
    promo_code: Type.Optional(PromoCode),
  },
  { session_id: 1, seat_row: '5', seat_number: 12 },
  { session_id: 1, best: { count: 2 } },
  { session_id: 1, seats: [{ seat_row: '5', seat_number: 13, ticket_type: 'child' }] },
)
export type TicketCreate = Static<typeof TicketCreate>

export const TicketUpdate = shape(
  'TicketUpdate',
  {
    seat_row: Type.Optional(SeatRow),
    seat_number: Type.Optional(SeatNumber),
    seat_id: Type.Optional(Id),
    ticket_type: Type.Optional(TicketTypeCode),
    status: Type.Optional(Type.Enum(['used'], { description: 'Staff only: the holder has walked in.' })),
  },
  { seat_row: '5', seat_number: 13 },
)
export type TicketUpdate = Static<typeof TicketUpdate>

export const Order = shape('Order', {
  id: Id,
  reference: Type.String(),
  status: OrderStatusName,
  email: Nullable(Type.String()),
  currency: Type.String(),
  subtotal: Type.Number(),
  discount: Type.Number(),
  fees: Type.Number(),
  tax: Type.Number({ description: 'What is added; see tax_included.' }),
  tax_included: Type.Number({ description: 'What of the total is tax that was in the prices already.' }),
  total: Type.Number(),
  trace: Type.Array(ref(TraceEntry), { description: 'Where fees and tax come from. Items have traces of their own.' }),
  amount_due: Type.Number(),
  promo_code: Nullable(Type.String({ description: 'The code that was put in; it may take nothing off by now.' })),
  points: Type.Integer({ description: 'Points that pay a part of it.' }),
  expires_at: Timestamp,
  items: Type.Array(ref(OrderItem)),
  tickets: Type.Array(ref(Ticket)),
  payments: Type.Array(ref(PaymentSummary)),
  refunds: Type.Array(ref(RefundSummary)),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type Order = Static<typeof Order>
export const OrderList = cursorListOf('OrderList', ref(Order))

export const OrderQuery = Type.Object({ status: Type.Optional(OrderStatusName), ...cursorQuery }, strict)
export type OrderQuery = Static<typeof OrderQuery>

const withOrder = <T extends TProperties>(fields: T) => ({ ...fields, order: ref(Order) })

/** The first ticket's own fields, then everything that was made. */
export const TicketCreated = shape('TicketCreated', {
  ...withOrder(ticketFields),
  tickets: Type.Array(ref(Ticket)),
  server_time: Timestamp,
})
export type TicketCreated = Static<typeof TicketCreated>

export const TicketChanged = shape('TicketChanged', withOrder(ticketFields))
export type TicketChanged = Static<typeof TicketChanged>

export const TicketCancelled = shape('TicketCancelled', { ...withOrder(ticketFields), refund: Nullable(ref(RefundSummary)) })
export type TicketCancelled = Static<typeof TicketCancelled>

export const OrderCanceled = shape('OrderCanceled', { order: ref(Order), refunds: Type.Array(ref(RefundSummary)) })
export type OrderCanceled = Static<typeof OrderCanceled>

/** A payment with the order it pays. */
export const Payment = shape('Payment', withOrder(paymentFields))
export type Payment = Static<typeof Payment>

export const PaymentList = cursorListOf('PaymentList', ref(PaymentSummary))
const Status = Type.Enum(['pending', 'success', 'successful', 'failed', 'canceled', 'refunded', 'partially_refunded'], {
  description: '`successful` is `success`.',
})
export const PaymentQuery = Type.Object({ status: Type.Optional(Status), ...cursorQuery }, strict)
export type PaymentQuery = Static<typeof PaymentQuery>

export const TicketPaid = shape('TicketPaid', { ...withOrder(ticketFields), payment: ref(PaymentSummary) })
export type TicketPaid = Static<typeof TicketPaid>

export const ReferenceParams = Type.Object({ reference: Type.String({ minLength: 1, maxLength: 32 }) }, strict)

const Email = Type.String({
  format: 'email',
  maxLength: 254,
  description: 'Where the tickets are sent. A guest’s order needs one; without it an account’s own is taken.',
})
const payFields = {
  payment_method: Type.Optional(PaymentMethodName),
  card_token: Type.Optional(CardToken),
  email: Type.Optional(Email),
}

export const PaymentInitiate = shape(
  'PaymentInitiate',
  {
    order_id: Type.Optional(Id),
    ticket_id: Type.Optional(
      Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Stands for the whole order of this ticket.' }),
    ),
    amount: Amount,
    method: Type.Optional(PaymentMethodName),
    card_token: Type.Optional(CardToken),
    email: Type.Optional(Email),
    return_url: Type.Optional(ReturnUrl),
  },
  { order_id: 1, amount: 360, method: 'card', card_token: 'tok_ok' },
)
export type PaymentInitiate = Static<typeof PaymentInitiate>

export const TicketPay = shape('TicketPay', payFields, { payment_method: 'card', card_token: 'tok_ok' })
export type TicketPay = Static<typeof TicketPay>

export const OrderPay = shape(
  'OrderPay',
  { ...payFields, amount: Type.Optional(Amount) },
  { payment_method: 'card', card_token: 'tok_ok' },
)
export type OrderPay = Static<typeof OrderPay>

export const TicketPurchase = shape(
  'TicketPurchase',
  { event_id: Id, seat_id: Id, ticket_type: Type.Optional(TicketTypeCode), ...payFields },
  { event_id: 1, seat_id: 1, payment_method: 'card', card_token: 'tok_ok' },
)
export type TicketPurchase = Static<typeof TicketPurchase>

export const WebhookReceived = shape('WebhookReceived', { received: Type.Boolean() })

export const checkoutShapes = [
  ...cancelShapes,
  ...refundShapes,
  ...sessionPreviewShapes,
  TraceEntry,
  OrderItem,
  TicketCreate,
  TicketUpdate,
  Order,
  OrderList,
  TicketCreated,
  TicketChanged,
  TicketCancelled,
  OrderCanceled,
  Payment,
  PaymentList,
  TicketPaid,
  PaymentInitiate,
  CheckoutSessionCreate,
  TicketPay,
  OrderPay,
  TicketPurchase,
  SessionCancellation,
  WebhookReceived,
]
