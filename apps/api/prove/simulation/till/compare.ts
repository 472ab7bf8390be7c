import { deepStrictEqual, ok } from 'node:assert/strict'

import {
  countUses,
  finalsOf,
  isOverdue,
  itemsOf,
  liveOf,
  type Model,
  type Order,
  rootOf,
  RULES,
  sumOf,
  totalOf,
} from './model.ts'
import { availableTo } from './returns.model.ts'
import type { Till } from './world.ts'

type SeenOrder = {
  id: number
  status: string
  total: number
  taken: number
  returned: number
  expires: number
  /** Its payments of which nobody knows yet what came of them. */
  open: number
  earned: number
  reversed: number
  redeemed: number
  given: number
}
export type Seen = {
  orders: SeenOrder[]
  tickets: { id: number; order: number; session: number; seat: number; status: string; final: number }[]
  claims: { session: number; seat: number; state: string; order: number; ticket: number }[]
  /** Uses that count, by promotion as asked for. */
  uses: { code: number; automatic: number; most: number }
  accounts: { points: number; reserved: number; ledger: number }[]
}

/** Money from outside only: what an exchange moves from order to order is neither taken nor returned. */
export const SNAPSHOT = `select json_build_object(
  'orders', (select coalesce(json_agg(json_build_object('id', o.id, 'status', o.status, 'total', o.total_minor,
    'expires', round(extract(epoch from o.expires_at) * 1000),
    'taken', (select coalesce(sum(amount_minor), 0) from payments p where p.order_id = o.id and provider <> 'exchange'
      and status in ('success', 'partially_refunded', 'refunded')),
    'returned', (select coalesce(sum(r.amount_minor), 0) from refunds r join payments p on p.id = r.payment_id
      where p.order_id = o.id and r.status <> 'failed' and not exists (select from exchange_credits c where c.refund_id = r.id)),
    'open', (select count(*) from payments p where p.order_id = o.id and status = 'pending'),
    'earned', (select coalesce(sum(points), 0) from loyalty_entries where order_id = o.id and kind = 'earned'),
    'reversed', (select coalesce(-sum(points), 0) from loyalty_entries where order_id = o.id and kind = 'reversed'),
    'redeemed', (select coalesce(-sum(points), 0) from loyalty_entries where order_id = o.id and kind = 'redeemed'),
    'given', (select coalesce(sum(points), 0) from loyalty_entries where order_id = o.id and kind = 'returned')
    ) order by o.id), '[]') from orders o where o.id > $1),
  'tickets', (select coalesce(json_agg(json_build_object('id', id, 'order', order_id, 'session', session_id, 'seat', seat_id,
    'status', case when status in ('cancelled', 'refunded') then 'gone' else status::text end, 'final', final_price_minor) order by id), '[]')
    from tickets where order_id > $1),
  'claims', (select coalesce(json_agg(json_build_object('session', session_id, 'seat', seat_id, 'state', state, 'order', order_id,
    'ticket', ticket_id) order by ticket_id), '[]') from seat_claims where session_id = any($2)
    and (state = 'sold' or expires_at > app.now())),
  'uses', (select json_build_object('code', count(*) filter (where promotion_id = ($3::bigint[])[1]),
    'automatic', count(*) filter (where promotion_id = ($3::bigint[])[2]),
    'most', (select coalesce(max(n), 0) from (select count(*) as n from promotion_uses u, unnest(u.holders) h
      where u.promotion_id = ($3::bigint[])[1] and u.state in ('reserved', 'confirmed') group by h) each))
    from promotion_uses where promotion_id = any($3) and state in ('reserved', 'confirmed')),
  'accounts', (select coalesce(json_agg(json_build_object('points', points, 'reserved', reserved,
    'ledger', (select coalesce(sum(points), 0) from loyalty_entries e where e.user_id = a.user_id)) order by user_id), '[]')
    from loyalty_accounts a where user_id = any($4))
) as seen`

/** How points were shared out among tickets, and when an order ends: only the database knows. */
const learn = (model: Model, seen: Seen) => {
  for (const order of model.orders) {
    order.expires = seen.orders.find(({ id }) => id === order.id)?.expires ?? order.expires
    for (const ticket of order.tickets) ticket.final = seen.tickets.find(({ id }) => id === ticket.id)?.final ?? ticket.final
  }
}

const byId = <T extends { id: number }>(things: T[]) => things.toSorted((a, b) => a.id - b.id)

const comparePlaces = (model: Model, seen: Seen) => {
  const tickets = model.orders.flatMap(({ id: order, tickets: its }) =>
    its.map(({ id, session, seat, status: was, final }) => {
      const status = was === 'left' ? 'gone' : was
      return { id, order, session: session.id, seat, status, final }
    }),
  )
  deepStrictEqual(seen.tickets, byId(tickets))
  const claims = model.orders
    .filter((order) => !isOverdue(model, order))
    .flatMap((order) =>
      liveOf(order).map(({ id: ticket, session, seat, status }) => {
        return { session: session.id, seat, state: status === 'reserved' ? 'held' : 'sold', order: order.id, ticket }
      }),
    )
  deepStrictEqual(
    seen.claims,
    claims.toSorted((a, b) => a.ticket - b.ticket),
  )
}

/** Whatever is exchanged for what, a chain of orders has taken and returned what the model says, to the last cent. */
const compareMoney = ({ orders }: Model, seen: Seen) => {
  deepStrictEqual(
    seen.orders.map(({ id, status, open }) => ({ id, status, open })),
    byId(orders.map(({ id, status, open }) => ({ id, status, open: open ? 1 : 0 }))),
  )
  const seenOf = (order: Order) => seen.orders.filter(({ id }) => id === order.id)
  for (const order of orders.filter(({ status }) => status === 'pending')) {
    deepStrictEqual({ order: order.id, total: seenOf(order)[0]?.total }, { order: order.id, total: totalOf(order) })
    deepStrictEqual({ order: order.id, items: finalsOf(liveOf(order)) }, { order: order.id, items: itemsOf(order) })
  }
  for (const chain of Map.groupBy(orders, rootOf).values()) {
    const its = chain.flatMap(seenOf)
    const named = { chain: chain.map(({ id }) => id) }
    deepStrictEqual(
      { ...named, taken: sumOf(its, ({ taken }) => taken), returned: sumOf(its, ({ returned }) => returned) },
      { ...named, taken: sumOf(chain, ({ taken }) => taken), returned: sumOf(chain, ({ returned }) => returned) },
    )
  }
}

const compareBenefits = (model: Model, seen: Seen) => {
  deepStrictEqual(
    { code: seen.uses.code, automatic: seen.uses.automatic },
    { code: countUses(model, 'code'), automatic: countUses(model, 'automatic') },
  )
  const { code, automatic } = seen.uses
  ok(
    code <= model.promotions.code.total && automatic <= RULES.automatic.total,
    `A limit is exceeded: ${JSON.stringify(seen.uses)}`,
  )
  ok(seen.uses.most <= RULES.code.each, `One person has ${seen.uses.most} uses.`)
}

/** Whatever is exchanged for what: no points are earned by money that does not stay here. */
const requireEarned = ({ orders }: Model, seen: Seen) => {
  for (const chain of Map.groupBy(orders, rootOf).values()) {
    const its = chain.flatMap(({ id }) => seen.orders.filter((order) => order.id === id))
    const [money, lost] = [sumOf(its, ({ taken, returned }) => taken - returned), sumOf(chain, (order) => order.lost)]
    const points = sumOf(its, (order) => order.earned - order.reversed)
    const best = RULES.tiers[RULES.tiers.length - 1]?.percent ?? 0
    // Each order may leave what rounding leaves.
    const most = Math.ceil(((money * best) / 100 + lost) / RULES.point) + chain.length
    ok(points <= most, `${points} points are earned by ${money} that stay of ${JSON.stringify(its)}, and at most ${most}.`)
  }
}

/** Every point: what each order has done to its buyer's, what they have, and what of it is promised. */
const comparePoints = (model: Model, seen: Seen) => {
  deepStrictEqual(
    seen.orders.map(({ id, earned, reversed, redeemed, given }) => ({ id, earned, reversed, redeemed, given })),
    byId(model.orders.map(({ id, earned, reversed, redeemed, given }) => ({ id, earned, reversed, redeemed, given }))),
  )
  deepStrictEqual(
    seen.accounts,
    model.accounts.flatMap((account, buyer) => {
      if (!account) return []
      const { points } = account
      return [{ points, reserved: points - availableTo(model, buyer), ledger: points }]
    }),
  )
}

/** Throws with the difference when the database is not what the model says. */
export const compare = async ({ model, world }: { model: Model; world: Till }): Promise<void> => {
  const seen = await world.snapshot(model)
  learn(model, seen)
  comparePlaces(model, seen)
  compareMoney(model, seen)
  compareBenefits(model, seen)
  requireEarned(model, seen)
  comparePoints(model, seen)
}
