import type { Channel } from '#modules/pricing/price-order.ts'
import { doesNotApply, emailRequired } from '#modules/promotions/errors.ts'
import type { PromotionLine } from '#modules/promotions/rules.ts'
import type { Evaluated, Offers, PromotionsService } from '#modules/promotions/service.ts'
import type { BookableSession } from '#modules/sessions/service.ts'
import type { UsersService } from '#modules/users/service.ts'
import type { Clock } from '#platform/clock.ts'
import type { Db } from '#platform/db/kysely.ts'
import { type Actor, actorKey } from '#platform/http/access.ts'
import type { SeatLine } from './selection.ts'

type Deps = { db: Db; clock: Clock; promotions: PromotionsService; users: Pick<UsersService, 'get'> }

/** The code that was typed, and where it is sold. */
type Sale = { promo_code?: string; channel?: Channel }

/** At the counter nobody knows the buyer: whoever sells there is not. */
const buyerOf = (actor: Actor, { channel }: Sale): Actor => (channel === 'counter' ? { kind: 'anonymous' } : actor)

/** What promotions take off seats that are not held yet. */
export const createOffers = ({ db, clock, promotions, users }: Deps) => {
  const holdersOf = (buyer: Actor): string[] => {
    if (buyer.kind === 'user') return promotions.holdersOf({ user_id: buyer.id, guest_id: null, email: null })
    return buyer.kind === 'guest' ? promotions.holdersOf({ user_id: null, guest_id: buyer.id, email: null }) : []
  }

  /** The hold counts for their address too: who has used a promotion as a guest is not offered it again. */
  const moreOf = (buyer: Actor) => async (): Promise<string[]> => {
    if (buyer.kind !== 'user') return []
    const { email } = await users.get(buyer.id)
    return promotions.holdersOf({ user_id: buyer.id, guest_id: null, email })
  }

  return {
    /** All that must be asked of the database; a code that there is not is refused. `isHasty` leaves limits to the hold itself; `from` tells strangers apart. */
    read: (actor: Actor, sale: Sale, { isHasty = false, from = '' } = {}): Promise<Offers> => {
      const buyer = buyerOf(actor, sale)
      return promotions.offersFor(db, {
        code: sale.promo_code ?? null,
        isTyped: true,
        isHasty,
        from: actor.kind === 'anonymous' ? from : actorKey(actor),
        holders: holdersOf(buyer),
        more: moreOf(buyer),
      })
    },

    /** Refuses a code that takes nothing off, and one that is limited per person when nobody knows who that is. */
    weigh: (offers: Offers, session: BookableSession, lines: SeatLine[]): Evaluated => {
      const { movie_id, cinema_id, currency, day, weekday, minute, start_time, early_bird_discount } = session
      const facts = { movie_id, cinema_id, day, weekday, minute, start_time, early_bird_discount }
      const its = lines.map(({ key, price_minor, seat_type, ticket_type }): PromotionLine => ({
        ...facts,
        key,
        price_minor,
        seat_type,
        ticket_type,
      }))
      const evaluated = promotions.evaluate(offers, { now: clock.now(), currency, lines: its })
      const { code } = evaluated
      if (code?.reason) throw doesNotApply[code.reason]()
      if (code?.needs_email) throw emailRequired()
      return evaluated
    },
  }
}
export type CheckoutOffers = ReturnType<typeof createOffers>
