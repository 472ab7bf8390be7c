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
  client_secret: string | null
  redirect_url: string | null
}

export type ProviderRefund = { reference: string; amount_minor: number }

/** What a webhook says: only a hint, the payment is always read again. */
export type ProviderEvent = { id: string; type: string; payment_id: number; reference: string }

export type ChargeRequest = {
  payment_id: number
  amount_minor: number
  currency: string
  /** Without one the payment waits for the buyer to confirm it. */
  card_token?: string | undefined
}

export type RefundRequest = {
  reference: string
  refund_id: number
  amount_minor: number
  /** How often a person had it tried again after a refusal: a provider that keeps its refusals by key needs another key then. */
  retry: number
}

/**
 * A way to take money. Every call may time out after its effect; calling again with the same ids gives the same
 * effect once. The payment's id is the idempotency key of `charge`, the refund's id that of `refund`.
 * Throws `ProviderUnavailable` when nothing is known about the outcome, `ProviderRefused` when nothing happened.
 */
export type PaymentProvider = {
  name: string
  charge: (request: ChargeRequest) => Promise<ProviderPayment>
  confirm: (reference: string, card_token: string) => Promise<ProviderPayment>
  /** By our payment's id; null when the provider never heard of it. */
  find: (payment_id: number) => Promise<ProviderPayment | null>
  /** Cancels what has not succeeded; answers the state afterwards, which may be `succeeded`. */
  cancel: (reference: string) => Promise<ProviderPayment>
  refund: (request: RefundRequest) => Promise<ProviderRefund>
  /** Checks the signature over the raw bytes: `payments.webhook_forged`; then the shape: `payments.webhook_malformed`. */
  readWebhook: (raw: Buffer, headers: Record<string, string | string[] | undefined>) => ProviderEvent
}
