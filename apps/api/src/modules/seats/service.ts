import type { HallsService, SeatPlan } from '#modules/halls/service.ts'
import { priceOrder } from '#modules/pricing/price-order.ts'
import { priceAt } from '#modules/pricing/price-seat.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import { sessionNotFound } from '#modules/sessions/errors.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Pool } from '#platform/db/pool.ts'
import { toMajor } from '#platform/money.ts'
import type { Touch } from '#platform/realtime.ts'
import { type Best, type BestWish, chooseBest, type Spread } from './best.ts'
import { createClaims } from './claims.ts'
import { notEnough, oddSofas } from './errors.ts'
import { createJudging } from './judging.ts'
import { layoutOf } from './layout.ts'
import { type Mapping, mapSeats, type Party } from './mapping.ts'
import * as repository from './repository.ts'
import type { BestSeats } from './schemas.ts'

export type { Fit, Mapping, Party, Placed } from './mapping.ts'

type Deps = {
  db: Db
  pool: Pool
  halls: Pick<HallsService, 'plan'>
  sessions: Pick<SessionsService, 'forBooking' | 'whyClosed'>
  pricing: Pick<PricingService, 'bookOf'>
  touch: Touch
  rules: { SEAT_RULES: boolean }
}

/** Who sits where, and who may. Whatever writes works on the caller's transaction. */
export const createSeatsService = ({ db, pool, halls, sessions, pricing, touch, rules }: Deps) => {
  const requireWhole = ({ count, seat_type }: BestWish, pointer: string) => {
    if (seat_type === 'sofa' && count % 2 === 1) throw oddSofas(pointer)
  }

  return {
    ...createClaims({ touch }),
    ...createJudging({ enforced: rules.SEAT_RULES }),
    requireWhole,

    /** The best of what these claims leave free. */
    choose: (
      { seats }: Pick<SeatPlan, 'seats'>,
      occupied: number[],
      wish: BestWish,
      spread?: Spread,
    ): Best | { available: number } => chooseBest(layoutOf(seats), new Set(occupied), wish, spread),

    /** Who sits where when a session moves to another hall; it moves nobody. */
    mapInto: (
      from: Pick<SeatPlan, 'seats'>,
      to: Pick<SeatPlan, 'seats'>,
      parties: Party[],
      occupied: ReadonlySet<number>,
    ): Mapping => mapSeats(layoutOf(from.seats), layoutOf(to.seats), parties, occupied),

    /** Seats to suggest; it holds none of them. */
    best: async (session_id: number, wish: BestWish): Promise<BestSeats> => {
      requireWhole(wish, '/count')
      const [session, occupied, closed] = await Promise.all([
        sessions.forBooking(session_id, { fresh: true }),
        repository.occupiedOn(pool, session_id),
        sessions.whyClosed(db, session_id),
      ])
      if (!session) throw sessionNotFound()
      if (closed) throw closed
      const [{ seats: plan }, book] = await Promise.all([
        halls.plan(session.hall_id, session.plan_version),
        pricing.bookOf(session),
      ])
      const best = chooseBest(layoutOf(plan), new Set(occupied), wish)
      if ('available' in best) throw notEnough(best.available)
      const lines = best.seats.map((seat) => ({ ...priceAt({ session, book }, seat.seat_type), key: `${seat.id}`, seat }))
      const onWeb = { channel: 'web' as const, cinemas: { [book.cinema_id]: book.web } }
      return {
        session_id,
        currency: session.currency,
        together: best.together,
        seats: lines.map(({ price_minor, seat }) => ({ ...seat, price: toMajor(price_minor) })),
        total: toMajor(priceOrder({ lines, rules: onWeb }).total_minor),
      }
    },
  }
}
export type SeatsService = ReturnType<typeof createSeatsService>
