/** A payment as its provider tells it. Amounts are in minor units of `currency`. */
export type ProviderPayment = {
  reference: string
  /** The id of our payment, as we gave it in the metadata. */
  payment_id: number
  status: 'requires_confirmation' | 'processing' | 'succeeded' | 'failed' | 'canceled'
  amount_minor: number
  currency: string
  refunded_minor: number
  failure_code: string | null
  /** Open, and nobody is at it: the card that was tried last was declined, and no other has been tried since. */
  is_declined?: boolean
  client_secret: string | null
  redirect_url: string | null
}

/** `pending`: the provider will say later whether the money arrived; ask again, or hear of it. */
export type ProviderRefund = {
  reference: string
  amount_minor: number
  status: 'succeeded' | 'pending' | 'failed'
  failure_code: string | null
}

/**
 * What a webhook says: only a hint, the payment is always read again. Without a `payment_id` it is the payment of this
 * reference. `alarm` is something that a person must look at.
 */
export type ProviderEvent = {
  id: string
  type: string
  payment_id: number | null
  reference: string
  refund_id?: number
  alarm?: { kind: string; detail: Record<string, unknown> }
}

/** A payment of ours. `created_at` keeps apart what a database that was set back numbers twice. */
export type OurPayment = {
  payment_id: number
  amount_minor: number
  currency: string
  created_at: Date
  /** The provider's name for it, once we were told. */
  reference: string | null
}

export type ChargeRequest = {
  payment_id: number
  amount_minor: number
  currency: string
  created_at: Date
  /** Without one the payment waits for the buyer to confirm it. */
  card_token?: string | undefined
}

export type RefundRequest = {
  /** Of the payment. */
  reference: string
  refund_id: number
  amount_minor: number
  /** The provider's name for this refund, when it has been asked for it before. */
  refund_reference?: string | null
}

/** One movement of money in the provider's own books. An id of ours is null when the provider does not know it. */
export type Movement = {
  kind: 'charge' | 'refund'
  reference: string
  /** Of the payment: for a charge the same as `reference`. */
  payment_reference: string
  payment_id: number | null
  refund_id: number | null
  amount_minor: number
  currency: string
}
export type MovementPage = { movements: Movement[]; next: string | null }
export type MovementQuery = { from: Date; to: Date; cursor: string | null }

/**
 * A way to take money. Every call may time out after its effect; calling again with the same ids gives the same
 * effect once. The payment's id is the idempotency key of `charge`, the refund's id that of `refund`.
 * Throws `ProviderUnavailable` when nothing is known about the outcome, `ProviderRefused` when nothing happened.
 */
export type PaymentProvider = {
  name: string
  /** What a browser needs to speak to the provider itself; null when it never does. */
  publishable_key: string | null
  charge: (request: ChargeRequest) => Promise<ProviderPayment>
  confirm: (reference: string, card_token: string) => Promise<ProviderPayment>
  /** What the provider knows of a payment; null when it never heard of it. */
  find: (payment: OurPayment) => Promise<ProviderPayment | null>
  /** Cancels what has not succeeded; answers the state afterwards, which may be `succeeded`. */
  cancel: (reference: string) => Promise<ProviderPayment>
  refund: (request: RefundRequest) => Promise<ProviderRefund>
  /** What moved between two moments, page by page; absent where nobody else keeps books. */
  list?: (query: MovementQuery) => Promise<MovementPage>
  /**
   * Checks the signature over the raw bytes: `payments.webhook_forged`; then the shape: `payments.webhook_malformed`.
   * Null: signed, but nothing of ours.
   */
  readWebhook: (raw: Buffer, headers: Record<string, string | string[] | undefined>) => ProviderEvent | null
}
