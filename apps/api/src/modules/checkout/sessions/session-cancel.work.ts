import type { GiveBack } from '#modules/checkout/return/give-back.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Log } from '#platform/log.ts'
import { countTickets, findNextHolder } from './session-cancel.statement.ts'

type Deps = {
  db: Db
  log: Log
  jobs: Jobs
  sessions: SessionsService
  orders: OrdersService
  tickets: TicketsService
  giveBack: GiveBack
}

const SYSTEM = 'system'
const REASON = 'session_cancelled'
const BATCH = 20

/**
 * Gives the tickets of a cancelled session back, one order in one small transaction, until none is left. What is done
 * is read from the tickets, so it may be killed at any moment, run again, and run twice at once.
 */
export const createSessionCancelWork = ({ db, log, jobs, sessions, orders, tickets, giveBack }: Deps) => {
  /** Gives back what one order has in the session; returns how many tickets that were. */
  const one = (sessionId: number, orderId: number): Promise<number> =>
    transaction(db, async (tx) => {
      await sessions.lockForBooking(tx, sessionId)
      const order = await orders.lock(tx, orderId)
      if (!order) return 0
      const live = await tickets.lockLive(tx, orderId)
      const ids = live.filter(({ session_id, status }) => session_id === sessionId && status === 'paid').map(({ id }) => id)
      if (ids.length === 0) return 0
      await giveBack(tx, orderId, ids, { actor: SYSTEM, reason: REASON, isWhole: true })
      await jobs.send(tx, 'mail.order', { order_id: orderId, kind: 'session_cancelled', session_id: sessionId })
      return ids.length
    })

  /** Counts under the lock of the cancellation, so that a scan undone meanwhile is seen here or opens it again after. */
  const close = (sessionId: number) =>
    transaction(db, async (tx) => {
      await sessions.lockCancellation(tx, sessionId)
      const { paid } = await countTickets(tx, sessionId)
      if (paid > 0) throw new Error(`${paid} tickets of the cancelled session ${sessionId} are still to be given back.`)
      await sessions.markEmptied(tx, sessionId)
    })

  /** Returns how many orders it looked at and how many tickets it gave back itself. */
  const run = async (sessionId: number): Promise<{ orders: number; tickets: number }> => {
    const done = { orders: 0, tickets: 0 }
    if (!(await sessions.findCancellation(db, sessionId))) return done
    for (let after = 0; ;) {
      const orderId = await findNextHolder(db, sessionId, after)
      if (orderId === undefined) break
      after = orderId
      // One order that cannot be given back now does not keep the others waiting.
      done.orders += 1
      done.tickets += await one(sessionId, orderId).catch((error: unknown) => {
        log.error({ err: error, session_id: sessionId, order_id: orderId }, 'tickets of a cancelled session are not given back')
        return 0
      })
    }
    await close(sessionId)
    return done
  }

  return {
    run,
    /** The queue gives up after a while; a debt does not. */
    resume: async (): Promise<number> => {
      const open = await sessions.findOpenCancellations(BATCH)
      for (const id of open)
        await run(id).catch((error: unknown) => log.error({ err: error, session_id: id }, 'a cancelled session is not empty yet'))
      return open.length
    },
  }
}
