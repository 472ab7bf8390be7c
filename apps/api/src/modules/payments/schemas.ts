import { type Static, Type } from 'typebox'

import { Id, Nullable, shape, Timestamp } from '#platform/http/schemas.ts'

export const PaymentProviderAnswer = shape('PaymentProvider', {
  provider: Nullable(
    Type.String({ description: 'Who takes the money here; mock takes none and knows test cards. Null: nobody does.' }),
  ),
  publishable_key: Nullable(
    Type.String({ description: 'With it a browser shows the provider’s own form; null where it has none.' }),
  ),
})

export const PaymentStatusName = Type.Enum(['pending', 'success', 'failed', 'canceled', 'refunded', 'partially_refunded'])

export const RefundStatusName = Type.Enum(['pending', 'success', 'failed'])

export const paymentFields = {
  id: Id,
  order_id: Id,
  provider: Type.String(),
  method: Type.Enum(['card', 'apple_pay', 'google_pay', 'cash', 'terminal']),
  amount: Type.Number(),
  refunded: Type.Number({ description: 'What has been given back, or is on its way.' }),
  currency: Type.String(),
  status: PaymentStatusName,
  next_action: Type.Enum(['none', 'confirm', 'redirect', 'wait']),
  client_secret: Nullable(Type.String()),
  redirect_url: Nullable(Type.String()),
  failure_code: Nullable(Type.String()),
  created_at: Timestamp,
}

/** One attempt to pay an order. */
export const PaymentSummary = shape('PaymentSummary', paymentFields)
export type PaymentSummary = Static<typeof PaymentSummary>

export const RefundSummary = shape('RefundSummary', {
  id: Id,
  payment_id: Id,
  amount: Type.Number(),
  status: RefundStatusName,
  reason: Type.String(),
  created_at: Timestamp,
})
export type RefundSummary = Static<typeof RefundSummary>

export const paymentsShapes = [PaymentProviderAnswer, PaymentSummary, RefundSummary]
