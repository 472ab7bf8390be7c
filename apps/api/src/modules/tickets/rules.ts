import type { TicketStatus } from '#platform/db/types.gen.ts'

/** `expired` becomes `paid` only when money arrived late and the seats were still there. */
export const transitions = {
  reserved: ['paid', 'expired', 'cancelled'],
  expired: ['paid'],
  paid: ['used', 'cancelled'],
  used: ['paid', 'refunded'],
  cancelled: ['refunded'],
  refunded: [],
} as const satisfies Record<TicketStatus, readonly TicketStatus[]>
