import { type Static, Type } from 'typebox'

import { PromoCode } from '#modules/promotions/schemas.ts'
import { Id, Nullable, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const PromoCodePut = shape(
  'PromoCodePut',
  {
    code: PromoCode,
    email: Type.Optional(
      Type.String({
        format: 'email',
        maxLength: 254,
        description: 'Where the tickets go. A guest’s order needs it for a code that is limited per person.',
      }),
    ),
  },
  { code: 'STUDENT20' },
)
export type PromoCodePut = Static<typeof PromoCodePut>

export const PointsPut = shape('PointsPut', { points: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }) }, { points: 50 })
export type PointsPut = Static<typeof PointsPut>

export const PromotionTryQuery = Type.Object(
  {
    days: Type.Integer({ minimum: 1, maximum: 31, default: 7, description: 'How far back orders are looked at.' }),
    order_id: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Only this order.' })),
  },
  strict,
)
export type PromotionTryQuery = Static<typeof PromotionTryQuery>

const TriedOrder = Type.Object(
  {
    order_id: Id,
    reference: Type.String(),
    user_id: Nullable(Id),
    created_at: Timestamp,
    total: Type.Number({ description: 'What was paid.' }),
    discount: Type.Number({ description: 'What this promotion would have taken off.' }),
    reason: Nullable(Type.String({ description: 'Why nothing.' })),
  },
  strict,
)

export const PromotionTry = shape('PromotionTry', {
  promotion_id: Id,
  orders: Type.Integer({ description: 'Paid orders that were looked at.' }),
  lowered: Type.Integer({ description: 'Of them, those that would have cost less.' }),
  people: Type.Integer({ description: 'How many people had bought these.' }),
  discount: Type.Number({ description: 'What they would have been given together.' }),
  reasons: Type.Record(Type.String(), Type.Integer(), { description: 'Why the others would have cost the same.' }),
  largest: Type.Array(TriedOrder, { description: 'The orders that would have been lowered most.' }),
})
export type PromotionTry = Static<typeof PromotionTry>

export const reductionShapes: object[] = [PromoCodePut, PointsPut, PromotionTry]
