import { type Static, Type } from 'typebox'

import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

const Tier = Type.Object(
  {
    name: Type.String(),
    from: Type.Number({ description: 'What must have been spent in twelve months.' }),
    percent: Type.Number({ description: 'Which part of a payment comes back as points.' }),
  },
  strict,
)

export const Loyalty = shape('Loyalty', {
  points: Type.Integer({ description: 'What can be spent now.' }),
  reserved: Type.Integer({ description: 'What pending orders want to spend.' }),
  currency: Type.String(),
  point_value: Type.Number({ description: 'What a point is worth.' }),
  cap_percent: Type.Number({ description: 'Which part of an order can be paid with points.' }),
  tier: Tier,
  next_tier: Nullable(Tier),
  spent: Type.Number({ description: 'In the last twelve months, less what was given back.' }),
  expiring: Nullable(
    Type.Object({ points: Type.Integer(), expires_at: Timestamp }, { ...strict, description: 'What is lost next if not spent.' }),
  ),
})
export type Loyalty = Static<typeof Loyalty>

export const LoyaltyEntry = shape('LoyaltyEntry', {
  id: Id,
  kind: Type.Enum(['earned', 'redeemed', 'returned', 'reversed', 'expired']),
  points: Type.Integer(),
  order_id: Nullable(Id),
  expires_at: Nullable(Timestamp),
  created_at: Timestamp,
})
export type LoyaltyEntry = Static<typeof LoyaltyEntry>
export const LoyaltyHistory = cursorListOf('LoyaltyHistory', ref(LoyaltyEntry))
export const LoyaltyQuery = Type.Object(cursorQuery, strict)
export type LoyaltyQuery = Static<typeof LoyaltyQuery>

export const loyaltyShapes: object[] = [Loyalty, LoyaltyEntry, LoyaltyHistory]
