import { orderNotFound } from '#modules/orders/errors.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import { type Buyer, may } from '#platform/http/access.ts'
import type { Order } from './schemas.ts'

type Deps = { db: Db; orders: OrdersService; tickets: TicketsService; payments: PaymentsService }

export const isOwner = (actor: Buyer, order: { user_id: number | null; guest_id: string | null }) =>
  actor.kind === 'user' ? order.user_id === actor.id : order.guest_id === actor.id

type OwnedOrder = Order & { user_id: number | null; guest_id: string | null; server_time: Date }

/** Reads orders with all that belongs to them. */
export const createOrderView = ({ db, orders, tickets, payments }: Deps) => {
  /** In the order of the ids; those that do not exist are left out. */
  const readMany = async (ids: number[]): Promise<OwnedOrder[]> => {
    if (ids.length === 0) return []
    const [found, items, its, paid] = await Promise.all([
      orders.views(db, ids),
      orders.itemsOf(db, ids),
      tickets.findByOrders(db, ids),
      payments.findByOrders(db, ids),
    ])
    const of = <T extends { order_id: number }>(rows: T[], id: number) => rows.filter((row) => row.order_id === id)
    return ids.flatMap((id) =>
      found
        .filter((order) => order.id === id)
        .map((order) => ({ ...order, items: of(items, id), tickets: of(its, id), payments: of(paid, id) })),
    )
  }

  const read = async (id: number): Promise<OwnedOrder> => {
    const [order] = await readMany([id])
    if (!order) throw orderNotFound()
    return order
  }

  return {
    read,
    readMany,
    /** One's own order, or any for staff; others are told it does not exist. */
    readFor: async (actor: Buyer, id: number): Promise<Order> => {
      const order = await read(id)
      if (!isOwner(actor, order) && !may(actor, 'tickets.manage')) throw orderNotFound()
      return order
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
