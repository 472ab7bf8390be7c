import { type Static, Type } from 'typebox'

import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const receiptKinds = ['receipt', 'credit_note'] as const
export const ReceiptKindName = Type.Enum([...receiptKinds])

const Line = Type.Object({
  kind: Type.Enum(['ticket', 'fees'], { description: '`fees`: booking fees and added tax.' }),
  title: Type.String(),
  booking_reference: Nullable(Type.String()),
  price: Type.Number(),
  discount: Type.Number(),
  amount: Type.Number({ description: 'What of it this paper is about: less than its price when several payments share it.' }),
})

const Tax = Type.Object({
  name: Type.String(),
  percent: Nullable(Type.Number({ description: 'Null when the paper is about several rates.' })),
  amount: Type.Number({ description: 'Contained in the amount of the paper.' }),
})

export const Receipt = shape('Receipt', {
  id: Id,
  kind: ReceiptKindName,
  label: Type.String({ description: 'Kind, cinema, year and the number in that series, which has no gaps.' }),
  cinema_id: Id,
  year: Type.Integer(),
  number: Type.Integer(),
  order_id: Id,
  order_reference: Type.String(),
  payment_id: Nullable(Id),
  refund_id: Nullable(Id),
  currency: Type.String(),
  amount: Type.Number(),
  seller: Type.Object({ legal_name: Type.String(), tax_number: Nullable(Type.String()), legal_address: Nullable(Type.String()) }),
  lines: Type.Array(Line),
  taxes: Type.Array(Tax),
  issued_at: Timestamp,
})
export type Receipt = Static<typeof Receipt>
export const ReceiptList = cursorListOf('ReceiptList', ref(Receipt))
export const OrderReceipts = shape('OrderReceipts', { items: Type.Array(ref(Receipt)) })

export const ReceiptFilter = Type.Object(
  {
    cinema_id: Type.Optional(Id),
    kind: Type.Optional(ReceiptKindName),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Before this moment.' })),
  },
  strict,
)
export type ReceiptFilter = Static<typeof ReceiptFilter>
export const ReceiptQuery = Type.Object({ ...ReceiptFilter.properties, ...cursorQuery }, strict)
export type ReceiptQuery = Static<typeof ReceiptQuery>

export const receiptsShapes: object[] = [Receipt, ReceiptList, OrderReceipts]
