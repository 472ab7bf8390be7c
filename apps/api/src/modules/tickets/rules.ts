import type { SessionStatus, TicketStatus } from '#platform/db/types.gen.ts'

/** `expired` becomes `paid` only when money arrived late and the seats were still there. */
export const transitions = {
  reserved: ['paid', 'expired', 'cancelled'],
  expired: ['paid'],
  paid: ['used', 'cancelled'],
  used: ['paid', 'refunded'],
  cancelled: ['refunded'],
  refunded: [],
} as const satisfies Record<TicketStatus, readonly TicketStatus[]>

/** Shortly before the start; when the start itself has moved, until then. The views say the same in SQL. */
export const returnableUntil = ({ start_time, status }: { start_time: Date; status: SessionStatus }, cutoffMinutes: number) =>
  new Date(start_time.getTime() - (status === 'rescheduled' ? 0 : cutoffMinutes) * 60_000)

/** What a door answers, in a sentence for who has no lamp to look at. */
export const doorSentences = {
  ok: 'Welcome in.',
  unknown: 'This is no ticket of ours.',
  unpaid: 'This ticket has not been paid.',
  cancelled: 'This ticket is not good any more: it was cancelled, given back or replaced.',
  already_used: 'Somebody has walked in with this ticket.',
  wrong_session: 'This ticket is for another session.',
  wrong_hall: 'This ticket is for another hall.',
  wrong_time: 'The doors for this ticket are not open now.',
} as const
export type DoorResult = keyof typeof doorSentences

const byStatus = {
  reserved: 'unpaid',
  expired: 'cancelled',
  paid: 'ok',
  used: 'already_used',
  cancelled: 'cancelled',
  refunded: 'cancelled',
} as const satisfies Record<TicketStatus, DoorResult>

type Case = {
  status: TicketStatus
  session: { id: number; hall_id: number; status: string; is_open: boolean }
  asked: { session_id?: number; hall_id?: number; force?: boolean }
}

/** Force opens for a paid ticket at the wrong place or time, never for one that is not paid or has been used. */
export const judgeAtDoor = ({ status, session, asked }: Case): DoorResult => {
  const result = byStatus[status]
  if (result !== 'ok') return result
  if (session.status === 'cancelled') return 'cancelled'
  if (asked.force) return 'ok'
  if (asked.session_id !== undefined && asked.session_id !== session.id) return 'wrong_session'
  if (asked.hall_id !== undefined && asked.hall_id !== session.hall_id) return 'wrong_hall'
  return session.is_open ? 'ok' : 'wrong_time'
}
