import type { OrderView } from '#modules/checkout/order-view.ts'
import type { Payment, PaymentQuery } from '#modules/checkout/schemas.ts'
import { paymentNotFound } from '#modules/payments/errors.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import { type Buyer, type Holder, holds } from '#platform/http/access.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import { findMyPayments, newestFirst } from './payments.statement.ts'

type Deps = { db: Db; payments: PaymentsService; tickets: Pick<TicketsService, 'actsForCinema'>; view: OrderView }

/** Reads payments: one's own, or those of the asker's cinemas. */
export const createPaymentView = ({ db, payments, tickets, view }: Deps) => ({
  /** One's own, newest first. */
  list: async (actor: Buyer, { status, ...paging }: PaymentQuery) => {
    const window = readCursorPage({ list: 'payments', of: { status, owner: actor.id }, order: newestFirst }, paging)
    const wanted = status === 'successful' ? 'success' : status
    const [rows, total] = await findMyPayments(db, actor, wanted, window)
    const { items, ...list } = toCursorList<{ id: number }>(rows, total, window)
    const found = await payments.findViews(
      db,
      items.map(({ id }) => id),
    )
    return { ...list, items: items.flatMap(({ id }) => found.find((payment) => payment.id === id) ?? []) }
  },
  read: async (actor: Holder, id: number): Promise<Payment> => {
    const payment = await payments.findView(db, id)
    if (!payment) throw paymentNotFound()
    const order = await view.read(payment.order_id)
    if (!holds(actor, order) && !(await tickets.actsForCinema(db, actor, { order_id: order.id }))) throw paymentNotFound()
    return { ...payment, order }
  },
})
