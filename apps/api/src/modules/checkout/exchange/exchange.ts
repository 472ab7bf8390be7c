import type { LockOwn } from '#modules/checkout/lock-pending.ts'
import type { OrderView } from '#modules/checkout/order-view.ts'
import type { Settle } from '#modules/checkout/pay/settle.ts'
import type { Reprice } from '#modules/checkout/reserve/reprice.ts'
import type { HoldRules } from '#modules/checkout/reserve/reservation.ts'
import { requireTerms } from '#modules/checkout/return/cancel-quote.ts'
import { keptTerms } from '#modules/checkout/return/return-terms.ts'
import type { Returning } from '#modules/checkout/return/returning.ts'
import { exchangeUnderWay, priceChanged, tooManySeats } from '#modules/orders/errors.ts'
import type { OrdersService, SignOrderKey } from '#modules/orders/service.ts'
import { MAX_SEATS } from '#modules/seats/schemas.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import { notOnSale, sessionChanged } from '#modules/sessions/errors.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import { notPaid, seatsTaken } from '#modules/tickets/errors.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { recordEvent } from '#platform/audit.ts'
import { bookingReference } from '#platform/codes.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'
import { actorKey, type Holder, holds } from '#platform/http/access.ts'
import { type Attempt, once } from '#platform/idempotency.ts'
import { toMajor, toMinor } from '#platform/money.ts'
import type { Choice, Draft, ExchangeDraft } from './exchange-draft.ts'
import type { Exchange, ExchangeAsk, ExchangeCreate, ExchangeQuote } from './exchange.schemas.ts'

type Deps = {
  db: Db
  sessions: SessionsService
  seats: SeatsService
  orders: OrdersService
  tickets: TicketsService
  view: OrderView
  lockOwn: LockOwn
  returning: Returning
  drafting: ExchangeDraft
  settle: Settle
  reprice: Reprice
  signOrderKey: SignOrderKey
  rules: HoldRules
}

const sessionIdsOf = ({ items }: { items: { session_id: number | null }[] }, more: number) =>
  [...new Set(items.flatMap(({ session_id }) => session_id ?? []).concat(more))].toSorted((a, b) => a - b)

/** Tickets for other seats: dearer ones are held until the difference is paid, others change hands at once. */
export const createExchange = (deps: Deps) => {
  const { db, sessions, seats, orders, tickets, view, lockOwn, returning, drafting, settle, reprice, signOrderKey, rules } = deps

  const lockSessions = async (tx: Tx, ids: number[], { session }: Choice) => {
    for (const id of ids) {
      const locked = await sessions.lockForBooking(tx, id)
      if (id !== session.id) continue
      if (!locked?.is_bookable) throw (await sessions.whyClosed(tx, id)) ?? notOnSale()
      if (locked.version !== session.version) throw sessionChanged()
    }
  }

  type Claim = { session_id: number; seat_id: number; ticket_id?: number }

  /** Takes the new seats and, when the old ones go at once, keeps those: in the order in which claims are locked. */
  const claim = async (tx: Tx, oldOrderId: number, newOrderId: number, claims: Claim[]) => {
    const sorted = claims.toSorted((a, b) => a.session_id - b.session_id || a.seat_id - b.seat_id)
    for (const { ticket_id, ...place } of sorted) {
      if (ticket_id === undefined) await seats.lockSold(tx, oldOrderId, place)
      else if ((await seats.hold(tx, newOrderId, [{ ...place, ticket_id }])).length === 0) throw seatsTaken([place.seat_id])
    }
  }

  /** An order of the new tickets, with all that belongs to it. */
  const write = async (tx: Tx, oldOrderId: number, user_id: number | null, choice: Choice, old: Claim[]) => {
    const { session, lines } = choice
    const reference = bookingReference()
    const made = { old_order_id: oldOrderId, reference, currency: session.currency, hold_seconds: rules.HOLD_SECONDS }
    const order_id = await orders.insertHolding(tx, { ...made, rules: { ...keptTerms(session, rules), pricing: choice.rules } })
    const written = await tickets.insert(
      tx,
      lines.map(({ id: seat_id, seat_row, seat_number, seat_type, ticket_type, price_minor, discount_minor, total_minor }) => ({
        session_id: session.id,
        seat_id,
        user_id,
        order_id,
        seat_row,
        seat_number,
        seat_type,
        ticket_type,
        price_minor,
        discount_minor,
        final_price_minor: total_minor,
        booking_reference: bookingReference(),
      })),
    )
    const ticketOf = new Map(written.map((ticket) => [ticket.seat_id, ticket.id]))
    const session_id = session.id
    const bought = lines.map((line) => ({ ...line, session_id, ticket_id: ticketOf.get(line.id) ?? 0 }))
    await claim(tx, oldOrderId, order_id, [
      ...old,
      ...bought.map(({ id, ticket_id }) => ({ session_id, seat_id: id, ticket_id })),
    ])
    const items = bought.map(({ ticket_id, price_minor, discount_minor, total_minor, trace }) => ({
      ticket_id,
      session_id,
      title: session.movie_title,
      price_minor,
      discount_minor,
      total_minor,
      trace: JSON.stringify(trace),
    }))
    await orders.addItems(tx, order_id, items)
    // As it was drawn: what lowered the old tickets is in what they are worth.
    await reprice(tx, [order_id], { reduce: async () => ({}) })
    return { order_id, pairs: bought.map((line) => ({ old_ticket_id: line.old_ticket_id, new_ticket_id: line.ticket_id })) }
  }

  const requireAgreed = ({ due_minor }: Draft, expected: number | undefined) => {
    if (expected !== undefined && toMinor(expected, '/expected_due') !== due_minor) throw priceChanged(due_minor)
  }

  const requireRoom = async (
    tx: Tx,
    owner: { user_id: number | null; guest_id: string | null },
    { session, plan, lines }: Choice,
  ) => {
    const held = await seats.countHeldByOwner(tx, owner, session.id)
    if (held + lines.length > MAX_SEATS) throw tooManySeats(MAX_SEATS)
    await seats.requireSound(tx, { session_id: session.id, plan, seat_ids: lines.map(({ id }) => id), owner })
  }

  /** Whoever exchanges by a key gets the key of the new order with it, and no other. */
  const keyFor = (actor: Holder, orderId: number, madeBy = actorKey(actor)) =>
    actor.kind === 'order_key' && madeBy === actorKey(actor) ? signOrderKey(orderId) : undefined

  const open = async (tx: Tx, actor: Holder, orderId: number, choice: Choice, body: ExchangeCreate): Promise<number> => {
    const old = await lockOwn(tx, actor, orderId)
    if (old.status !== 'paid' && old.status !== 'partially_refunded') throw notPaid()
    const live = await tickets.lockLive(tx, orderId)
    const draft = await drafting.draw(tx, orderId, choice)
    const ids = draft.gone.map(({ ticket_id }) => ticket_id)
    const isStaff = await tickets.actsForCinema(tx, actor, { order_id: orderId })
    const { reason = null } = body
    const beyond_policy = requireTerms(draft.gone, returning.termsOf, { isStaff, reason, isWhole: false })
    requireAgreed(draft, body.expected_due)
    const underWay = await orders.findExchangeUnderWay(tx, ids)
    if (underWay) throw exchangeUnderWay(underWay.order_id, keyFor(actor, underWay.order_id, underWay.actor))
    await requireRoom(tx, old, choice)
    const leaving = live.filter(({ id }) => draft.due_minor === 0 && ids.includes(id))
    const { order_id, pairs } = await write(tx, orderId, old.user_id, choice, leaving.map(({ session_id, seat_id }) => ({ session_id, seat_id }))) // prettier-ignore
    const { credit_minor } = draft
    await orders.insertExchange(tx, { old_order_id: orderId, new_order_id: order_id, actor: actorKey(actor), reason, credit_minor, pairs }) // prettier-ignore
    if (beyond_policy || !holds(actor, old)) {
      const after = { ticket_ids: ids, new_order_id: order_id, reason, beyond_policy }
      await recordEvent(tx, { action: 'orders.exchanged_by_staff', object_kind: 'orders', object_id: orderId, after })
    }
    if (draft.due_minor === 0) await settle.sellExchanged(tx, order_id, [choice.session.id])
    return order_id
  }

  const show = async (actor: Holder, newOrderId: number): Promise<Exchange> => {
    const exchange = await orders.findExchange(db, newOrderId)
    if (!exchange) throw new Error(`Order ${newOrderId} has no exchange.`)
    const { id, old_order_id, credit_minor, done_at } = exchange
    const pairs = await orders.findExchangePairs(db, id)
    return {
      id,
      old_order_id,
      done: done_at !== null,
      credit: toMajor(credit_minor),
      tickets: pairs,
      order_key: keyFor(actor, newOrderId) ?? null,
      order: await view.read(newOrderId),
    }
  }

  return {
    /** What it would cost: nothing is held. */
    quote: async (actor: Holder, orderId: number, ask: ExchangeAsk): Promise<ExchangeQuote> => {
      await view.readFor(actor, orderId)
      const choice = await drafting.choose(orderId, ask)
      const draft = await drafting.draw(db, orderId, choice)
      return {
        order_id: orderId,
        session_id: choice.session.id,
        currency: draft.order.currency,
        credit: toMajor(draft.credit_minor),
        total: toMajor(draft.total_minor),
        due: toMajor(draft.due_minor),
        refund: toMajor(draft.refund_minor),
        beyond_policy: draft.gone.some(({ is_late }) => is_late),
        tickets: choice.lines.map(({ old_ticket_id: ticket_id, id: seat_id, total_minor }) => ({
          ticket_id,
          seat_id,
          paid: toMajor(draft.gone.find((ticket) => ticket.ticket_id === ticket_id)?.total_minor ?? 0),
          price: toMajor(total_minor),
        })),
      }
    },

    create: async (actor: Holder, orderId: number, body: ExchangeCreate, attempt: Attempt | undefined): Promise<Exchange> => {
      const seen = await view.readFor(actor, orderId)
      const choice = await drafting.choose(orderId, body)
      const { id } = await once(db, attempt, async (tx) => {
        await lockSessions(tx, sessionIdsOf(seen, choice.session.id), choice)
        return { status: 201, kind: 'order', id: await open(tx, actor, orderId, choice, body) }
      })
      return show(actor, id)
    },
  }
}
