import { isStillDue } from '#modules/checkout/sessions/reminders.statement.ts'
import type { NotificationsService, OrderMail } from '#modules/notifications/service.ts'
import type { SignOrderKey } from '#modules/orders/service.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { JobMap } from '#platform/jobs.ts'
import {
  cancelledWith,
  exchangedIn,
  findOtherReference,
  type OrderFacts,
  readOrderFacts,
  reseatedBy,
  standingIn,
} from './mail.statement.ts'

type Deps = {
  db: Db
  notifications: NotificationsService
  sessions: SessionsService
  signOrderKey: SignOrderKey
  publicUrl: string
}
type Job = JobMap['mail.order']
type Told = {
  occasion: string
  facts: OrderFacts & Pick<OrderMail, 'moved_from' | 'notice' | 'returned_minor' | 'other_reference' | 'tickets'>
}

/** Tells the buyer what became of their order; an order without an address has nobody to tell. */
export const createOrderMail = ({ db, notifications, sessions, signOrderKey, publicUrl }: Deps) => {
  /** Opens this one order without signing in, wherever the mail is read. */
  const linkTo = ({ id, reference }: OrderFacts) => `${publicUrl}/order/${reference}?key=${signOrderKey(id)}`

  const ofOrder = async ({ order_id }: Job, occasion: string): Promise<Told | undefined> => {
    const facts = await readOrderFacts(db, order_id)
    return facts && { occasion, facts }
  }

  const ofMove = async (order_id: number, move_id: number): Promise<Told | undefined> => {
    const move = await sessions.findMove(db, move_id)
    const facts = move && (await readOrderFacts(db, order_id, standingIn(move.session_id)))
    // Given back, or cancelled with the session, before the mail left.
    if (!facts || facts.tickets.length === 0) return undefined
    const { old_start_time, notice } = move
    return { occasion: `session_moved.${move_id}`, facts: { ...facts, moved_from: old_start_time.toISOString(), notice } }
  }

  const ofCancellation = async (order_id: number, session_id: number): Promise<Told | undefined> => {
    const [facts, cancellation] = await Promise.all([
      readOrderFacts(db, order_id, cancelledWith(session_id)),
      sessions.findCancellation(db, session_id),
    ])
    const notice = cancellation?.notice ?? null
    const total_minor = facts?.tickets.reduce((sum, { price_minor }) => sum + price_minor, 0) ?? 0
    return facts && { occasion: `session_cancelled.${session_id}`, facts: { ...facts, total_minor, notice } }
  }

  const ofSwap = async (order_id: number, swap_id: number): Promise<Told | undefined> => {
    const [swap, facts] = await Promise.all([sessions.findSwap(db, swap_id), readOrderFacts(db, order_id, reseatedBy(swap_id))])
    if (!swap || !facts || facts.tickets.length === 0) return undefined
    const seats = new Map((await sessions.listSwapSeats(db, swap_id, order_id)).map((seat) => [seat.ticket_id, seat]))
    const tickets = facts.tickets.map((ticket) => {
      const seat = seats.get(ticket.ticket_id)
      if (!seat) return ticket
      const was = { hall: swap.old_hall, seat_row: seat.old_row, seat_number: seat.old_number, seat_type: seat.old_type }
      return { ...ticket, was, is_returned: seat.new_seat_id === null }
    })
    const returned_minor = seats.values().reduce((sum, { refund_minor }) => sum + refund_minor, 0)
    return { occasion: `hall_swapped.${swap_id}`, facts: { ...facts, tickets, returned_minor, notice: swap.notice } }
  }

  const ofExchange = async (order_id: number, exchange_id: number): Promise<Told | undefined> => {
    const [facts, other_reference] = await Promise.all([
      readOrderFacts(db, order_id, exchangedIn(exchange_id)),
      findOtherReference(db, exchange_id),
    ])
    if (!facts || other_reference === undefined) return undefined
    return { occasion: `tickets_exchanged.${exchange_id}`, facts: { ...facts, other_reference } }
  }

  const ofReminder = async (order_id: number, due: { session_id: number; occasion: string }): Promise<Told | undefined> => {
    const facts = (await isStillDue(db, due)) ? await readOrderFacts(db, order_id, standingIn(due.session_id)) : undefined
    return facts && facts.tickets.length > 0 ? { occasion: due.occasion, facts } : undefined
  }

  const read = async (job: Job): Promise<Told | undefined> => {
    if (job.kind === 'session_moved') return ofMove(job.order_id, job.move_id)
    if (job.kind === 'session_cancelled') return ofCancellation(job.order_id, job.session_id)
    if (job.kind === 'hall_swapped') return ofSwap(job.order_id, job.swap_id)
    if (job.kind === 'tickets_exchanged') return ofExchange(job.order_id, job.exchange_id)
    if (job.kind === 'session_reminder') return ofReminder(job.order_id, job)
    if (job.kind === 'money_returned') return ofOrder(job, `${job.kind}.${job.payment_id}`)
    const told = await ofOrder(job, job.kind)
    // Canceled before the mail left: there is no ticket to confirm.
    return told?.facts.tickets.length === 0 ? undefined : told
  }

  return async (job: Job): Promise<void> => {
    const told = await read(job)
    if (!told?.facts.recipient) return
    const { occasion, facts } = told
    await notifications.sendOrderMail({
      kind: job.kind,
      occasion,
      recipient: told.facts.recipient,
      order: { ...facts, link: linkTo(facts) },
    })
  }
}
