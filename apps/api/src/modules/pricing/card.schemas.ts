import { type Static, Type } from 'typebox'

import { listOf, pageQuery } from '#platform/http/pagination.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'
import { roundings } from './rounding.ts'
import { formats, Percent, Price, Text, three, ticketTypeShapes, TicketTypeCode } from './schemas.ts'

/** What a type costs on a card. Exactly one of the ways. */
const TypePrice = Type.Object(
  {
    ticket_type: TicketTypeCode,
    price: Type.Optional(Type.Object(three, { ...strict, description: 'So much, by the seat.' })),
    amount_off: Type.Optional(Price),
    percent_off: Type.Optional(Percent),
    is_sold: Type.Optional(Type.Literal(false, { description: 'Not at these hours.' })),
  },
  strict,
)
export type TypePrice = Static<typeof TypePrice>

const WallTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'HH:MM on the cinema’s clock.' })
const Day = Type.String({
  format: 'date',
  pattern: '^[12]\\d{3}-',
  description: 'A day of the cinema: it lasts until six in the morning.',
})
const Weekdays = Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
  minItems: 1,
  maxItems: 7,
  uniqueItems: true,
  description: 'Monday is 1.',
})
const Formats = Type.Array(Type.Enum([...formats]), {
  minItems: 1,
  maxItems: 3,
  uniqueItems: true,
  description: 'IMAX in 3D is imax.',
})

const cardFields = {
  name: Text(100),
  weekdays: Weekdays,
  from_time: Type.String({ ...WallTime, description: 'When sessions start; the day begins at 06:00.' }),
  to_time: Type.String({ ...WallTime, description: 'Not any more then; 06:00 is the end of the day.' }),
  formats: Formats,
  valid_from: Day,
  valid_to: Nullable(Type.String({ ...Day, description: 'The last day; null has none.' })),
  prices: Type.Object(three, strict),
  ticket_types: Type.Array(TypePrice, {
    maxItems: 50,
    description: 'What types cost here; those left out cost their usual part of the price. The default one costs the price.',
  }),
}

export const PriceCard = shape('PriceCard', {
  id: Id,
  cinema_id: Id,
  ...cardFields,
  is_active: Type.Boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type PriceCard = Static<typeof PriceCard>
export const PriceCardList = listOf('PriceCardList', ref(PriceCard))

export const PriceCardCreate = shape(
  'PriceCardCreate',
  {
    cinema_id: Id,
    name: cardFields.name,
    weekdays: Type.Optional(Weekdays),
    from_time: Type.Optional(cardFields.from_time),
    to_time: Type.Optional(cardFields.to_time),
    formats: Type.Optional(Formats),
    valid_from: Day,
    valid_to: Type.Optional(cardFields.valid_to),
    prices: cardFields.prices,
    ticket_types: Type.Optional(cardFields.ticket_types),
  },
  {
    cinema_id: 1,
    name: 'Weekday evenings',
    weekdays: [1, 2, 3, 4],
    from_time: '18:00',
    to_time: '06:00',
    formats: ['2d', '3d'],
    valid_from: '2030-01-01',
    prices: { standard: 180, premium: 240, vip: 300 },
    ticket_types: [
      { ticket_type: 'child', price: { standard: 120, premium: 160, vip: 200 } },
      { ticket_type: 'student', percent_off: 25 },
    ],
  },
)
export type PriceCardCreate = Static<typeof PriceCardCreate>

export const PriceCardUpdate = shape(
  'PriceCardUpdate',
  {
    name: Type.Optional(cardFields.name),
    weekdays: Type.Optional(Weekdays),
    from_time: Type.Optional(cardFields.from_time),
    to_time: Type.Optional(cardFields.to_time),
    formats: Type.Optional(Formats),
    valid_from: Type.Optional(Day),
    valid_to: Type.Optional(cardFields.valid_to),
    prices: Type.Optional(cardFields.prices),
    ticket_types: Type.Optional(cardFields.ticket_types),
    is_active: Type.Optional(Type.Boolean({ description: 'False retires it.' })),
  },
  { prices: { standard: 190, premium: 250, vip: 310 } },
)
export type PriceCardUpdate = Static<typeof PriceCardUpdate>

export const PriceCardQuery = Type.Object(
  { cinema_id: Type.Optional(Id), is_active: Type.Boolean({ default: true }), ...pageQuery },
  strict,
)
export type PriceCardQuery = Static<typeof PriceCardQuery>

const Fees = Type.Object({ per_ticket: Price, per_order: Price }, strict)
const rulesFields = {
  fees: Type.Object({ web: Fees, counter: Fees }, strict),
  tax: Type.Object(
    {
      mode: Type.Enum(['none', 'included', 'added'], {
        description: 'Whether prices contain it, or it is added to prices and fees.',
      }),
      name: Text(50),
      percent: Percent,
    },
    strict,
  ),
  rounding: Type.Object(
    {
      mode: Type.Enum([...roundings]),
      step: Type.Enum([0.01, 0.05, 0.1, 0.5, 1], {
        description: 'What reduced prices are rounded to. A tax is rounded to the cent.',
      }),
    },
    strict,
  ),
}

export const PriceRules = shape('PriceRules', { cinema_id: Id, ...rulesFields })
export type PriceRules = Static<typeof PriceRules>
export const PriceRulesUpdate = shape(
  'PriceRulesUpdate',
  {
    fees: Type.Optional(rulesFields.fees),
    tax: Type.Optional(rulesFields.tax),
    rounding: Type.Optional(rulesFields.rounding),
  },
  { fees: { web: { per_ticket: 5, per_order: 0 }, counter: { per_ticket: 0, per_order: 0 } } },
)
export type PriceRulesUpdate = Static<typeof PriceRulesUpdate>

export const PricePreviewQuery = Type.Object(
  { cinema_id: Id, date: Day, time: WallTime, format: Type.Enum([...formats], { default: '2d' }) },
  strict,
)
export type PricePreviewQuery = Static<typeof PricePreviewQuery>

const OneSeat = Type.Object(
  { price: Type.Number(), fees: Type.Number(), tax: Type.Number(), total: Type.Number() },
  { ...strict, description: 'Of one such ticket bought alone on the web.' },
)

export const PricePreview = shape('PricePreview', {
  cinema_id: Id,
  currency: Type.String(),
  card: Nullable(ref(PriceCard)),
  tickets: Type.Array(
    Type.Object(
      { ticket_type: Type.String(), seat_class: Type.Enum(['standard', 'premium', 'vip']), ...OneSeat.properties },
      strict,
    ),
  ),
})
export type PricePreview = Static<typeof PricePreview>

/** What is added on the web. */
export const Charges = Type.Object({ fees: Fees, tax: rulesFields.tax }, strict)

export const pricingShapes = [
  ...ticketTypeShapes,
  PriceCard,
  PriceCardList,
  PriceCardCreate,
  PriceCardUpdate,
  PriceRules,
  PriceRulesUpdate,
  PricePreview,
]
