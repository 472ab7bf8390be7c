import { type Static, Type } from 'typebox'

import { MAX_SEATS } from '#modules/seats/schemas.ts'
import { Amount, Id, Nullable, shape, strict } from '#platform/http/schemas.ts'

const TicketIds = Type.Array(Id, {
  minItems: 1,
  maxItems: MAX_SEATS,
  uniqueItems: true,
  description: 'Tickets of this order. Left out: all that are paid or held.',
})
const InFull = Type.Boolean({ description: 'Staff only, with a reason: everything goes back, whatever the terms keep.' })

export const Reason = Type.String({ minLength: 1, maxLength: 200, description: 'Why; for the records.' })
/** The body may be left out. */
export const CancelReason = Nullable(Type.Object({ reason: Type.Optional(Reason) }, strict))

const cancelFields = {
  reason: Type.Optional(Reason),
  ticket_ids: Type.Optional(TicketIds),
  expected_refund: Type.Optional(
    Type.Number({ ...Amount, description: 'As the quote said. Refused with the new amount when it is another one by now.' }),
  ),
  in_full: Type.Optional(InFull),
}

/** The body may be left out. */
export const OrderCancel = Nullable(Type.Object(cancelFields, strict))
export type OrderCancel = NonNullable<Static<typeof OrderCancel>>

export const CancellationAsk = Nullable(
  Type.Object({ ticket_ids: Type.Optional(TicketIds), in_full: Type.Optional(InFull) }, strict),
)
export type CancellationAsk = NonNullable<Static<typeof CancellationAsk>>

const refusals = ['used', 'too_late', 'given_back', 'expired'] as const
export type Refusal = (typeof refusals)[number]

export const CancellationQuote = shape('CancellationQuote', {
  order_id: Id,
  currency: Type.String(),
  tickets: Type.Array(
    Type.Object({
      ticket_id: Id,
      session_id: Id,
      refusal: Nullable(Type.Enum([...refusals], { description: 'Why it cannot be given back; null when it can.' })),
      beyond_policy: Type.Boolean({ description: 'Too late by its terms; staff may with a reason.' }),
      returnable_until: Nullable(
        Type.Unsafe<Date>({
          type: 'string',
          format: 'date-time',
          description: 'Null when its session was cancelled: then it goes back by itself.',
        }),
      ),
      paid: Type.Number(),
      charge: Type.Number({ description: 'Kept by the terms.' }),
      lost_discount: Type.Number({ description: 'What the other tickets cost more without this one.' }),
      refund: Type.Number(),
    }),
  ),
  items: Type.Number({ description: 'What the tickets that can be given back have cost.' }),
  fees: Type.Number({ description: 'Booking fees that go back.' }),
  tax: Type.Number({ description: 'Added tax that goes back.' }),
  lost_discount: Type.Number({
    description: 'What the rest costs more, and earned points that were spent. Negative when an earlier loss is credited again.',
  }),
  charge: Type.Number(),
  refund: Type.Number({ description: 'items + fees + tax - lost_discount - charge.' }),
  payments: Type.Array(Type.Object({ payment_id: Id, provider: Type.String(), method: Type.String(), amount: Type.Number() }), {
    description: 'Where it goes: to the newest payment first, to none more than it has left.',
  }),
  policies: Type.Array(
    Type.Object({
      session_id: Id,
      cutoff_minutes: Type.Integer(),
      returns_fees: Type.Boolean(),
      charge_per_ticket: Type.Number(),
      charge_percent: Type.Integer(),
    }),
    { description: 'The terms this order was made under.' },
  ),
})
export type CancellationQuote = Static<typeof CancellationQuote>

export const cancelShapes: object[] = [CancellationQuote]
