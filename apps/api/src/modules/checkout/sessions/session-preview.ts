import { doorWindow } from '#modules/checkout/pay/door-window.ts'
import type { DoorRules } from '#modules/checkout/pay/settle.ts'
import type { Returning } from '#modules/checkout/return/returning.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import { sessionCancelled } from '#modules/sessions/errors.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import { toMajor } from '#platform/money.ts'
import type { SessionCancelPreview, SessionChanges, SessionMoveAsk, SessionMovePreview } from './session-preview.schemas.ts'
import { type Affected, countAffected, findInFlight, findOverlaps, findPaidOrders } from './session-preview.statement.ts'

type Deps = { db: Db; sessions: SessionsService; payments: PaymentsService; returning: Returning; rules: DoorRules }
type Share = { provider: string; method: string; order_id: number; amount_minor: number }

const showAffected = ({ paid, used, held, ...counts }: Affected) => ({ ...counts, tickets: { paid, used, held } })

/** What would come of cancelling or moving a session: nothing is written. */
export const createSessionPreview = ({ db, sessions, payments, returning, rules }: Deps) => {
  const sharesOf = async ({ order_id, ticket_ids }: { order_id: number; ticket_ids: number[] }): Promise<Share[]> => {
    const order = await returning.read(db, order_id)
    const back = returning.price(order, returning.choose(order, ticket_ids), { isWhole: true })
    const shares = await payments.quoteGiveBack(db, order_id, [...back.lines, ...back.credits], back.refund_minor)
    return shares.map(({ provider, method, amount_minor }) => ({ provider, method, order_id, amount_minor }))
  }

  const byMethod = (shares: Share[]) =>
    [...Map.groupBy(shares, ({ provider, method }) => `${provider} ${method}`)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, [first, ...rest]]) => ({
        provider: first?.provider ?? '',
        method: first?.method ?? '',
        orders: new Set([first, ...rest].map((share) => share?.order_id)).size,
        amount: toMajor([first, ...rest].reduce((sum, share) => sum + (share?.amount_minor ?? 0), 0)),
      }))

  const placeOf = ({ start, end }: { start: Date; end: Date }, hall_id: number) => ({
    start_time: start,
    end_time: end,
    hall_id,
    doors_open_at: doorWindow({ start_time: start, end_time: end }, rules.DOORS_OPEN_MINUTES).valid_from,
  })

  return {
    cancel: async (actor: SignedIn, id: number): Promise<SessionCancelPreview> => {
      await sessions.requireOwn(actor, id)
      const { status, currency } = await sessions.get(id)
      if (status === 'cancelled') throw sessionCancelled()
      const [affected, in_flight, orders] = await Promise.all([
        countAffected(db, id),
        findInFlight(db, id),
        findPaidOrders(db, id),
      ])
      const shares: Share[] = []
      for (const order of orders) shares.push(...(await sharesOf(order)))
      const refund_total = toMajor(shares.reduce((sum, { amount_minor }) => sum + amount_minor, 0))
      return { session_id: id, currency, ...showAffected(affected), refund_total, refunds: byMethod(shares), in_flight }
    },

    /** Refuses what a change would refuse, save that the hall is taken: that is told. */
    move: async (actor: SignedIn, id: number, patch: SessionMoveAsk): Promise<SessionMovePreview> => {
      await sessions.requireOwn(actor, id)
      const session = await sessions.get(id)
      const draft = await sessions.draftChange(id, patch)
      const [affected, clash, overlaps] = await Promise.all([
        countAffected(db, id),
        sessions.findClashOf(draft),
        findOverlaps(db, id, draft.span),
      ])
      return {
        session_id: id,
        old: placeOf({ start: session.start_time, end: session.end_time }, session.hall_id),
        new: placeOf(draft.span, draft.hall_id),
        ...showAffected(affected),
        clash: clash ?? null,
        needs_hall_swap: draft.rehoused && affected.paid + affected.used + affected.held > 0,
        free_cancellation_until: draft.starts && affected.paid > 0 ? draft.span.start : null,
        notice: draft.starts && affected.paid > 0 ? draft.notice : null,
        overlaps: overlaps.map(({ order_id, tickets, session_id, ...other }) => ({
          order_id,
          tickets,
          session: { id: session_id, ...other },
        })),
      }
    },

    /** Every time it was moved, given another hall or cancelled, newest first. */
    changes: async (actor: SignedIn, id: number): Promise<SessionChanges> => {
      await sessions.requireOwn(actor, id)
      await sessions.get(id)
      return { session_id: id, items: await sessions.listChanges(db, id) }
    },
  }
}
