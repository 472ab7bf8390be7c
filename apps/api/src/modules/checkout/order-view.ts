import { orderNotFound } from '#modules/orders/errors.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import { type Buyer, type Holder, holds } from '#platform/http/access.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import type { Order, OrderQuery } from './schemas.ts'

type Deps = { db: Db; orders: OrdersService; tickets: TicketsService; payments: PaymentsService }

type OwnedOrder = Order & { user_id: number | null; guest_id: string | null; server_time: Date }

/** What is still to be paid when part of it has been. */
const dueOf = (amount: number, payments: { amount: number; is_kept: boolean }[]): number =>
  payments.filter(({ is_kept }) => is_kept).reduce((due, paid) => Math.round(Math.max(due - paid.amount, 0) * 100) / 100, amount)

/** Reads orders with all that belongs to them. */
export const createOrderView = ({ db, orders, tickets, payments }: Deps) => {
  /** In the order of the ids; those that do not exist are left out. */
  const readMany = async (ids: number[]): Promise<OwnedOrder[]> => {
    if (ids.length === 0) return []
    const [found, items, its, paid, refunds] = await Promise.all([
      orders.views(db, ids),
      orders.itemsOf(db, ids),
      tickets.findByOrders(db, ids),
      payments.findByOrders(db, ids),
      payments.findRefundsByOrders(db, ids),
    ])
    const of = <T extends { order_id: number }>(rows: T[], id: number) => rows.filter((row) => row.order_id === id)
    return ids.flatMap((id) =>
      found
        .filter((order) => order.id === id)
        .map((order) => {
          const made = of(paid, id)
          const amount_due = dueOf(order.amount_due, made)
          const parts = { items: of(items, id), tickets: of(its, id), payments: made, refunds: of(refunds, id) }
          return { ...order, amount_due, ...parts }
        }),
    )
  }

  const read = async (id: number): Promise<OwnedOrder> => {
    const [order] = await readMany([id])
    if (!order) throw orderNotFound()
    return order
  }

  /** One's own order, or any of their cinemas for staff; others are told it does not exist. */
  const readFor = async (actor: Holder, id: number): Promise<Order> => {
    const order = await read(id)
    if (!holds(actor, order) && !(await tickets.actsForCinema(db, actor, { order_id: id }))) throw orderNotFound()
    return order
  }

  return {
    read,
    readFor,
    /** One's own, newest first. */
    listFor: async (actor: Buyer, { status, ...paging }: OrderQuery) => {
      const question = { list: 'orders', of: { status, owner: actor.id }, order: orders.newestFirst }
      const window = readCursorPage(question, paging)
      const [rows, total] = await orders.findMine(db, actor, status, window)
      const { items, ...list } = toCursorList<{ id: number }>(rows, total, window)
      return { ...list, items: await readMany(items.map(({ id }) => id)) }
    },
    readByReference: async (actor: Holder, reference: string): Promise<Order> => {
      const id = await orders.findIdByReference(db, reference.toUpperCase())
      if (id === undefined) throw orderNotFound()
      return readFor(actor, id)
    },
    /** A ticket with its order. */
    ticketIn: (order: Order, ticketId: number) => {
      const ticket = order.tickets.find(({ id }) => id === ticketId)
      if (!ticket) throw orderNotFound()
      return { ...ticket, order }
    },
  }
}
export type OrderView = ReturnType<typeof createOrderView>
