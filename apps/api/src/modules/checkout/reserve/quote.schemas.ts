import { type Static, Type } from 'typebox'

import { ChannelName, seatsWish } from '#modules/checkout/schemas.ts'
import { TraceEntry } from '#modules/orders/schemas.ts'
import { PromoCode } from '#modules/promotions/schemas.ts'
import { SeatTypeName } from '#modules/tickets/schemas.ts'
import { Id, ref, shape, strict } from '#platform/http/schemas.ts'

export const QuoteCreate = shape(
  'QuoteCreate',
  { session_id: Id, ...seatsWish, channel: ChannelName, promo_code: Type.Optional(PromoCode) },
  { session_id: 1, seats: [{ seat_row: '5', seat_number: 12, ticket_type: 'child' }] },
)
export type QuoteCreate = Static<typeof QuoteCreate>

export const Quote = shape('Quote', {
  session_id: Id,
  currency: Type.String(),
  lines: Type.Array(
    Type.Object(
      {
        seat_id: Id,
        seat_row: Type.String(),
        seat_number: Type.Integer(),
        seat_type: SeatTypeName,
        ticket_type: Type.String(),
        price: Type.Number(),
        discount: Type.Number(),
        total: Type.Number(),
        trace: Type.Array(ref(TraceEntry)),
      },
      strict,
    ),
  ),
  subtotal: Type.Number(),
  discount: Type.Number(),
  fees: Type.Number(),
  tax: Type.Number(),
  tax_included: Type.Number(),
  total: Type.Number(),
  trace: Type.Array(ref(TraceEntry)),
})
export type Quote = Static<typeof Quote>

export const quoteShapes = [QuoteCreate, Quote]
