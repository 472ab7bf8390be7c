import type { SeatType } from '#modules/halls/schemas.ts'
import type { HallsService } from '#modules/halls/service.ts'
import { seatPrice } from '#modules/pricing/price-seat.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import { chargesShown, typesOnSale } from '#modules/pricing/shown.ts'
import type { Db } from '#platform/db/kysely.ts'
import { toMajor } from '#platform/money.ts'
import { sessionNotFound } from './errors.ts'
import * as repository from './repository.ts'
import type { BookableSession } from './repository.ts'
import type { AvailableSeats, SeatStatus } from './schemas.ts'

type Deps = {
  db: Db
  halls: Pick<HallsService, 'plan'>
  forBooking: (id: number, options: { fresh: boolean }) => Promise<BookableSession | undefined>
  pricing: Pick<PricingService, 'bookOf'>
}

/** The hall of a session with every seat's state and price at this moment. */
export const createAvailableSeats =
  ({ db, halls, forBooking, pricing }: Deps) =>
  async (session_id: number): Promise<AvailableSeats> => {
    const [session, claims] = await Promise.all([forBooking(session_id, { fresh: true }), repository.readClaims(db, session_id)])
    if (!session) throw sessionNotFound()
    const [{ hall, seats }, book] = await Promise.all([
      halls.plan(session.hall_id, session.plan_version),
      pricing.bookOf(session),
    ])
    const priceOf = (seat_type: SeatType) => toMajor(seatPrice(seat_type, session).price_minor)
    const counts = { free: 0, held: 0, sold: 0, blocked: 0 }
    const shown = seats.map((seat) => {
      const status: SeatStatus = claims.states[seat.id] ?? 'free'
      counts[status] += 1
      return { ...seat, status, price: priceOf(seat.seat_type) }
    })
    const { free: available, ...taken } = counts
    return {
      session_id,
      hall,
      currency: session.currency,
      server_time: claims.server_time,
      counts: { total: seats.length, available, ...taken },
      prices: { standard: priceOf('standard'), premium: priceOf('premium'), vip: priceOf('vip') },
      ticket_types: typesOnSale(session, book),
      charges: chargesShown(book),
      seats: shown,
    }
  }
