import { type Static, type TOptional, Type } from 'typebox'

import { listOf, pageQuery } from '#platform/http/pagination.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'
import { promotionKinds } from './rules.ts'

const Name = Type.String({ maxLength: 100, pattern: '\\S' })
const Names = Type.Object({ uk: Name, ru: Name, en: Name }, { ...strict, description: 'What buyers read, in each language.' })
const Percent = Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'With two decimals at most.' })
const Day = Type.String({ format: 'date' })
const WallTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })
const Money = Type.Number({ exclusiveMinimum: 0, maximum: 1e9 })
const Ids = Type.Array(Id, { minItems: 1, maxItems: 500, uniqueItems: true })
const MAX_COUNT = 1_000_000

export const PromoCode = Type.String({
  minLength: 3,
  maxLength: 40,
  pattern: '^[A-Za-z0-9-]+$',
  description: 'Letters, digits and hyphens; small letters are taken for capitals.',
})

const kind = Type.Enum([...promotionKinds], {
  description:
    'percent: off each ticket. fixed: a sum off the order. cheapest: of each of_tickets, percent off the free_tickets cheapest. early_bird: percent off tickets bought days_ahead before the session.',
})

/** Null is no condition. */
const optional = {
  priority: Type.Integer({ minimum: 1, maximum: 1000, description: 'Smaller goes first, then the older promotion.' }),
  is_active: Type.Boolean(),
  percent: Nullable(Percent),
  amount: Nullable(Money),
  free_tickets: Nullable(Type.Integer({ minimum: 1, maximum: 9 })),
  of_tickets: Nullable(Type.Integer({ minimum: 2, maximum: 10 })),
  days_ahead: Nullable(Type.Integer({ minimum: 1, maximum: 365 })),
  currency: Nullable(Type.String({ pattern: '^[A-Z]{3}$', description: 'Of every amount here, and of the orders it is for.' })),
  starts_at: Nullable(Type.Unsafe<string>({ type: 'string', format: 'date-time' })),
  ends_at: Nullable(Type.Unsafe<string>({ type: 'string', format: 'date-time' })),
  first_day: Nullable(Day),
  last_day: Nullable(Day),
  weekdays: Nullable(Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, uniqueItems: true })),
  from_time: Nullable(WallTime),
  until_time: Nullable(WallTime),
  cinema_ids: Nullable(Ids),
  movie_ids: Nullable(Ids),
  ticket_types: Nullable(
    Type.Array(Type.String({ pattern: '^[a-z0-9_]{1,50}$' }), { minItems: 1, maxItems: 20, uniqueItems: true }),
  ),
  seat_types: Nullable(
    Type.Array(Type.Enum(['standard', 'premium', 'vip', 'sofa', 'wheelchair', 'companion']), { minItems: 1, uniqueItems: true }),
  ),
  minimum_amount: Nullable(Money),
  minimum_tickets: Nullable(Type.Integer({ minimum: 1, maximum: 100 })),
  limit_total: Nullable(Type.Integer({ minimum: 1, maximum: MAX_COUNT })),
  limit_per_user: Nullable(Type.Integer({ minimum: 1, maximum: MAX_COUNT })),
  budget: Nullable(Money),
  codes: Type.Array(PromoCode, {
    maxItems: 100,
    description: 'The words to type. With none it applies by itself.',
  }),
}
type Optional = typeof optional
const left = Object.fromEntries(Object.entries(optional).map(([name, schema]) => [name, Type.Optional(schema)])) as {
  [K in keyof Optional]: TOptional<Optional[K]>
}

export const PromotionCreate = shape(
  'PromotionCreate',
  { names: Names, kind, ...left },
  {
    names: { uk: 'Студентський вівторок', ru: 'Студенческий вторник', en: 'Student Tuesday' },
    kind: 'percent',
    percent: 20,
    weekdays: [2],
    codes: ['STUDENT20'],
  },
)
export type PromotionCreate = Static<typeof PromotionCreate>

export const PromotionUpdate = shape('PromotionUpdate', { names: Type.Optional(Names), ...left }, { is_active: false })
export type PromotionUpdate = Static<typeof PromotionUpdate>

export const Promotion = shape('Promotion', {
  id: Id,
  names: Names,
  kind,
  is_automatic: Type.Boolean(),
  ...optional,
  starts_at: Nullable(Timestamp),
  ends_at: Nullable(Timestamp),
  used: Type.Object(
    {
      reserved: Type.Integer({ description: 'By orders that wait to be paid.' }),
      confirmed: Type.Integer({ description: 'By paid orders.' }),
      amount: Type.Number({ description: 'What both of them were given.' }),
    },
    strict,
  ),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type Promotion = Static<typeof Promotion>
export const PromotionList = listOf('PromotionList', ref(Promotion))

export const PromotionQuery = Type.Object(
  { is_active: Type.Optional(Type.Boolean()), cinema_id: Type.Optional(Id), ...pageQuery },
  strict,
)
export type PromotionQuery = Static<typeof PromotionQuery>

export const promotionsShapes: object[] = [PromotionCreate, PromotionUpdate, Promotion, PromotionList]
