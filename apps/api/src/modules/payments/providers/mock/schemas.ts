import { type Static, Type } from 'typebox'

const strict = { additionalProperties: false }
const Id = Type.Integer({ minimum: 1 })
const Amount = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Nullable = Type.Union([Type.String(), Type.Null()])
const Status = Type.Enum(['requires_confirmation', 'processing', 'succeeded', 'failed', 'canceled'])

export const IntentCreate = Type.Object(
  {
    payment_id: Id,
    amount_minor: Amount,
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    card_token: Type.Optional(Type.String()),
  },
  strict,
)
export const IntentConfirm = Type.Object({ card_token: Type.String() }, strict)
export const RefundCreate = Type.Object({ reference: Type.String(), refund_id: Id, amount_minor: Amount }, strict)

export const Intent = Type.Object({
  reference: Type.String(),
  payment_id: Id,
  status: Status,
  amount_minor: Amount,
  currency: Type.String(),
  refunded_minor: Type.Integer({ minimum: 0 }),
  failure_code: Nullable,
  client_secret: Nullable,
  redirect_url: Nullable,
})
export const Intents = Type.Object({ items: Type.Array(Intent) })
export const Refund = Type.Object({ reference: Type.String(), amount_minor: Amount })

/** `idempotency_key` is `payment-<id>` or `refund-<id>`, so that the journal compares with our books line by line. */
export const JournalLine = Type.Object({
  id: Id,
  idempotency_key: Type.String(),
  reference: Type.String(),
  payment_id: Id,
  kind: Type.Enum(['charge', 'refund']),
  amount_minor: Amount,
  currency: Type.String(),
  created_at: Type.String(),
})
export type JournalLine = Static<typeof JournalLine>
export const Journal = Type.Object({ items: Type.Array(JournalLine) })

const EventType = Type.Enum(['payment.succeeded', 'payment.failed', 'payment.canceled', 'payment.processing', 'refund.succeeded'])
export type EventType = Static<typeof EventType>

/** What is posted to Marquee. `amount_minor` of a refund is the refund's. */
export const WebhookBody = Type.Object({
  id: Type.String({ pattern: '^evt_' }),
  type: EventType,
  created: Type.Integer(),
  data: Type.Object({ reference: Type.String(), payment_id: Id, amount_minor: Amount, currency: Type.String(), status: Status }),
})
export type WebhookBody = Static<typeof WebhookBody>

export const Operation = Type.Enum(['charge', 'confirm', 'find', 'cancel', 'refund'])
export type Operation = Static<typeof Operation>

const Count = Type.Integer({ minimum: 1 })
const Milliseconds = Type.Optional(Type.Integer({ minimum: 0 }))

/** `timeout_before`, `error_500` and `rate_limit_429` strike before the effect; `timeout_after`, `reset` and `slow` after it. */
export const CallFault = Type.Object(
  {
    kind: Type.Enum(['timeout_before', 'timeout_after', 'error_500', 'rate_limit_429', 'reset', 'slow']),
    operation: Type.Optional(Operation),
    count: Count,
    ms: Milliseconds,
  },
  strict,
)
export type CallFault = Static<typeof CallFault>

/** `reorder` holds a webhook back until the next one of the same intent has arrived, at most `ms`. */
export const WebhookFault = Type.Object(
  { webhooks: Type.Enum(['drop', 'duplicate', 'delay', 'reorder']), count: Count, ms: Milliseconds },
  strict,
)
export type WebhookFault = Static<typeof WebhookFault>

export const Fault = Type.Union([CallFault, WebhookFault])
export const FaultReport = Type.Object({ pending: Type.Integer(), struck: Type.Record(Type.String(), Type.Integer()) })
export const Problem = Type.Object({ code: Type.String(), message: Type.String() })
