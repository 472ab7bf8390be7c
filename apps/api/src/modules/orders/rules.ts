import type { OrderStatus } from '#platform/db/types.gen.ts'

/** `expired` becomes `paid` only when money arrived late and the seats were still there; a buyer's own cancellation is final. */
export const transitions = {
  pending: ['paid', 'expired', 'canceled'],
  expired: ['paid'],
  paid: ['partially_refunded', 'canceled'],
  partially_refunded: ['canceled', 'partially_refunded'],
  canceled: [],
} as const satisfies Record<OrderStatus, readonly OrderStatus[]>
