import { type Static, Type } from 'typebox'

import { OrderStatusName } from '#modules/orders/schemas.ts'
import { PaymentStatusName } from '#modules/payments/schemas.ts'
import { PaymentMethodName } from '#modules/tickets/schemas.ts'
import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const SaleOrder = shape('SaleOrder', {
  id: Id,
  reference: Type.String(),
  status: OrderStatusName,
  user_id: Nullable(Id),
  email: Nullable(Type.String()),
  currency: Type.String(),
  subtotal: Type.Number(),
  discount: Type.Number(),
  fees: Type.Number(),
  tax: Type.Number(),
  total: Type.Number(),
  tickets: Type.Integer({ description: 'How many it has, given back or not.' }),
  created_at: Timestamp,
  paid_at: Nullable(Timestamp),
})
export type SaleOrder = Static<typeof SaleOrder>

export const SalePayment = shape('SalePayment', {
  id: Id,
  order_id: Id,
  order_reference: Type.String(),
  user_id: Nullable(Id),
  provider: Type.String(),
  provider_reference: Nullable(Type.String()),
  method: PaymentMethodName,
  status: PaymentStatusName,
  amount: Type.Number(),
  refunded: Type.Number({ description: 'What has been given back, or is on its way.' }),
  currency: Type.String(),
  failure_code: Nullable(Type.String()),
  created_at: Timestamp,
  captured_at: Nullable(Timestamp),
})
export type SalePayment = Static<typeof SalePayment>

export const SaleOrderList = cursorListOf('SaleOrderList', ref(SaleOrder))
export const SalePaymentList = cursorListOf('SalePaymentList', ref(SalePayment))

const filters = {
  user_id: Type.Optional(Id),
  cinema_id: Type.Optional(Id),
  reference: Type.Optional(
    Type.String({ minLength: 1, maxLength: 32, pattern: '^[A-Za-z0-9-]+$', description: 'Of the order.' }),
  ),
  from: Type.Optional(Type.String({ format: 'date-time' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Before this moment.' })),
}
const money = { ...filters, provider: Type.Optional(Type.String({ minLength: 1, maxLength: 20, pattern: '^[a-z]+$' })) }
const Successful = Type.Enum(['pending', 'success', 'successful', 'failed', 'canceled', 'refunded', 'partially_refunded'], {
  description: '`successful` is `success`.',
})

export const OrderFilter = Type.Object({ ...filters, status: Type.Optional(OrderStatusName) }, strict)
export const PaymentFilter = Type.Object(
  { ...money, status: Type.Optional(Successful), method: Type.Optional(PaymentMethodName) },
  strict,
)
export const RefundFilter = Type.Object({ ...money, status: Type.Optional(Type.Enum(['pending', 'success', 'failed'])) }, strict)
export type OrderFilter = Static<typeof OrderFilter>
export type PaymentFilter = Static<typeof PaymentFilter>
export type RefundFilter = Static<typeof RefundFilter>

export const OrderQuery = Type.Object({ ...OrderFilter.properties, ...cursorQuery }, strict)
export const PaymentQuery = Type.Object({ ...PaymentFilter.properties, ...cursorQuery }, strict)

export const salesShapes: object[] = [SaleOrder, SalePayment, SaleOrderList, SalePaymentList]
