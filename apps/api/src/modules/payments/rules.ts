import type { PaymentStatus } from '#platform/db/types.gen.ts'

/** The provider has the last word: what we took for failed or canceled may still turn out to have succeeded. */
export const transitions = {
  pending: ['success', 'failed', 'canceled'],
  failed: ['success'],
  canceled: ['success'],
  success: ['partially_refunded', 'refunded'],
  partially_refunded: ['partially_refunded', 'refunded'],
  refunded: [],
} as const satisfies Record<PaymentStatus, readonly PaymentStatus[]>
