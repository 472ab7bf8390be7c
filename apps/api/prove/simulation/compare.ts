import { deepStrictEqual } from 'node:assert/strict'

import { liveOf, type Model, type Order, type Payment } from './model.ts'
import type { World } from './world.ts'

type SeenRefund = { id: number; amount: number; status: string }
type SeenPayment = { id: number; order: number; status: string; amount: number; refunds: SeenRefund[] }
export type Seen = {
  orders: { id: number; status: string; total: number; expires: number }[]
  tickets: { id: number; order: number; session: number; seat: number; status: string; price: number }[]
  claims: { session: number; seat: number; state: string; order: number; ticket: number }[]
  payments: SeenPayment[]
  sessions: { id: number; status: string }[]
}

const byId = <T extends { id: number }>(things: T[]) => things.toSorted((a, b) => a.id - b.id)
const isCaptured = ({ status }: Payment) => ['success', 'partially_refunded', 'refunded'].includes(status)

/** What the database must show when the model is right. */
const imagine = ({ orders, claims, sessions }: Model): Seen => ({
  orders: byId(orders.map(({ id, status, total, expires }) => ({ id, status, total, expires }))),
  tickets: byId(
    orders.flatMap(({ id: order, tickets }) =>
      tickets.map(({ id, session, seat, status, price }) => ({ id, order, session: session.id, seat, status, price })),
    ),
  ),
  claims: [...claims.values()]
    .map(({ order, ticket, state }) => ({
      session: ticket.session.id,
      seat: ticket.seat,
      state,
      order: order.id,
      ticket: ticket.id,
    }))
    .toSorted((a, b) => a.session - b.session || a.seat - b.seat),
  payments: byId(
    orders.flatMap(({ id: order, payments }) =>
      payments.map((payment) => ({
        id: payment.id,
        order,
        status: payment.status,
        amount: isCaptured(payment) ? payment.captured : payment.amount,
        refunds: payment.refunds.map(({ id, amount, status }) => ({ id, amount, status })),
      })),
    ),
  ),
  sessions: byId(sessions.map(({ id, status }) => ({ id, status }))),
})

/** Only the database numbers payments and refunds; the first of ours is the first of theirs. */
const learnNumbers = ({ orders }: Model, { payments: seen }: Seen) => {
  const learn = (order: Order) => {
    const theirs = seen.filter((payment) => payment.order === order.id)
    order.payments.forEach((payment, index) => {
      payment.id ||= theirs[index]?.id ?? 0
      payment.refunds.forEach((refund, place) => (refund.id ||= theirs[index]?.refunds[place]?.id ?? 0))
    })
  }
  orders.forEach(learn)
}

/** Throws with the difference when the database is not what the model says. */
export const compare = async ({ model, world }: { model: Model; world: World }): Promise<void> => {
  const seen = await world.snapshot(model)
  learnNumbers(model, seen)
  deepStrictEqual(seen, imagine(model))
  // What is sold was paid for, to the last cent.
  for (const order of model.orders) {
    const owed = order.status === 'paid' || order.status === 'partially_refunded'
    const worth = owed ? liveOf(order).reduce((sum, { price }) => sum + price, 0) : 0
    const left = order.payments
      .filter(({ hasPaid }) => hasPaid)
      .reduce((sum, { captured, refunds }) => sum + captured - refunds.reduce((all, { amount }) => all + amount, 0), 0)
    deepStrictEqual({ order: order.id, left }, { order: order.id, left: worth })
  }
}
