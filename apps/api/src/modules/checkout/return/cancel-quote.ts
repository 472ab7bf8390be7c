import type { OrderView } from '#modules/checkout/order-view.ts'
import type { ReturnTerms } from '#modules/cinemas/schemas.ts'
import { staffDecide, reasonNeeded } from '#modules/orders/errors.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import { tooLate } from '#modules/tickets/errors.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Holder } from '#platform/http/access.ts'
import { toMajor } from '#platform/money.ts'
import type { CancellationAsk, CancellationQuote, Refusal } from './cancel.schemas.ts'
import type { Return } from './return.rules.ts'
import type { ReturnOrder, ReturnTicket } from './return.statement.ts'
import type { Returning } from './returning.ts'

type Leave = { isStaff: boolean; reason: string | null; isWhole: boolean }

/** Refuses what goes beyond the terms; staff may, with a reason. True when they do. */
export const requireTerms = (
  chosen: ReturnTicket[],
  termsOf: (ticket: ReturnTicket) => ReturnTerms,
  { isStaff, reason, isWhole }: Leave,
): boolean => {
  const late = chosen.filter(({ is_late }) => is_late)
  const [first] = late
  if (isWhole && !isStaff) throw staffDecide()
  if (first && !isStaff)
    throw tooLate(
      termsOf(first).cutoff_minutes,
      late.map(({ ticket_id }) => ticket_id),
    )
  if ((isWhole || first) && reason === null) throw reasonNeeded()
  return isWhole || first !== undefined
}

const REFUSALS: Partial<Record<ReturnTicket['status'], Refusal>> = {
  used: 'used',
  expired: 'expired',
  cancelled: 'given_back',
  refunded: 'given_back',
}

const refusalOf = ({ status, is_late }: ReturnTicket, isStaff: boolean): Refusal | null =>
  REFUSALS[status] ?? (status === 'paid' && is_late && !isStaff ? 'too_late' : null)

type Deps = { db: Db; tickets: TicketsService; payments: PaymentsService; view: OrderView; returning: Returning }

/** What would be given back, to which payment, and why something cannot: nothing is written. */
export const createCancelQuote = ({ db, tickets, payments, view, returning }: Deps) => {
  const linesOf = (chosen: ReturnTicket[], back: Return, isStaff: boolean) =>
    chosen.map((ticket) => {
      const line = back.lines.find(({ item_id }) => item_id === ticket.item_id)
      return {
        ticket_id: ticket.ticket_id,
        session_id: ticket.session_id,
        refusal: refusalOf(ticket, isStaff),
        beyond_policy: ticket.status === 'paid' && ticket.is_late,
        returnable_until: ticket.until,
        paid: toMajor(line?.paid_minor ?? 0),
        charge: toMajor(line?.charge_minor ?? 0),
        lost_discount: toMajor(line?.lost_discount_minor ?? 0),
        refund: toMajor(line?.refund_minor ?? 0),
      }
    })

  const policiesOf = (chosen: ReturnTicket[]) =>
    [...Map.groupBy(chosen, ({ session_id }) => session_id)].map(([session_id, [first]]) => {
      const { charge_minor, ...terms } = returning.termsOf(first as ReturnTicket)
      return { session_id, ...terms, charge_per_ticket: toMajor(charge_minor) }
    })

  const sharesOf = async ({ id }: ReturnOrder, { lines, credits, refund_minor }: Return) =>
    (await payments.quoteGiveBack(db, id, [...lines, ...credits], refund_minor)).map(({ amount_minor, ...payment }) => ({
      ...payment,
      amount: toMajor(amount_minor),
    }))

  return async (actor: Holder, orderId: number, { ticket_ids, in_full = false }: CancellationAsk): Promise<CancellationQuote> => {
    await view.readFor(actor, orderId)
    const isStaff = await tickets.actsForCinema(db, actor, { order_id: orderId })
    if (in_full && !isStaff) throw staffDecide()
    const order = await returning.read(db, orderId)
    const chosen = returning.choose(order, ticket_ids)
    const gone = chosen.filter((ticket) => ticket.status === 'paid' && refusalOf(ticket, isStaff) === null)
    const back = returning.price(order, gone, { isWhole: in_full })
    return {
      order_id: orderId,
      currency: order.currency,
      tickets: linesOf(chosen, back, isStaff),
      items: toMajor(back.items_minor),
      fees: toMajor(back.fees_minor),
      tax: toMajor(back.tax_minor),
      lost_discount: toMajor(back.lost_discount_minor),
      charge: toMajor(back.charge_minor),
      refund: toMajor(back.refund_minor),
      payments: await sharesOf(order, back),
      policies: policiesOf(chosen),
    }
  }
}
