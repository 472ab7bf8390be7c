import type { Db } from '#platform/db/kysely.ts'
import type { Touch } from '#platform/realtime.ts'
import * as repository from './repository.ts'

type ClaimLines = Parameters<typeof repository.hold>[2]

/** Every write of claims works on the caller's transaction and touches its sessions. */
export const createClaims = ({ touch }: { touch: Touch }) => {
  const touchAll = (db: Db, rows: { session_id: number }[]) => touch(db, [...new Set(rows.map(({ session_id }) => session_id))])

  return {
    ...repository,
    hold: async (db: Db, orderId: number, lines: ClaimLines) => {
      const got = await repository.hold(db, orderId, lines)
      touchAll(db, got)
      return got
    },
    sellHeld: async (db: Db, orderId: number): Promise<number> => {
      const sold = await repository.sellHeld(db, orderId)
      touchAll(db, sold)
      return sold.length
    },
    sellAgain: async (db: Db, orderId: number, lines: ClaimLines): Promise<number> => {
      touchAll(db, lines)
      return repository.sellAgain(db, orderId, lines)
    },
    releaseHeld: async (db: Db, orderIds: number[]): Promise<void> => touchAll(db, await repository.releaseHeld(db, orderIds)),
    releaseTickets: async (db: Db, orderId: number, ticketIds: number[]): Promise<void> =>
      touchAll(db, await repository.releaseTickets(db, orderId, ticketIds)),
    releaseSeat: async (db: Db, orderId: number, sessionId: number, seatId: number): Promise<void> => {
      await repository.releaseSeat(db, orderId, sessionId, seatId)
      touch(db, [sessionId])
    },
  }
}
