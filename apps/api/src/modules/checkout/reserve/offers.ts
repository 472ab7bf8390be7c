import { doesNotApply, emailRequired } from '#modules/promotions/errors.ts'
import type { PromotionLine } from '#modules/promotions/rules.ts'
import type { Evaluated, Offers, PromotionsService } from '#modules/promotions/service.ts'
import type { BookableSession } from '#modules/sessions/service.ts'
import type { UsersService } from '#modules/users/service.ts'
import type { Clock } from '#platform/clock.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Actor } from '#platform/http/access.ts'
import type { SeatLine } from './selection.ts'

type Deps = { db: Db; clock: Clock; promotions: PromotionsService; users: Pick<UsersService, 'get'> }

/** What promotions take off seats that are not held yet. */
export const createOffers = ({ db, clock, promotions, users }: Deps) => {
  const holdersOf = (actor: Actor): string[] => {
    if (actor.kind === 'user') return promotions.holdersOf({ user_id: actor.id, guest_id: null, email: null })
    return actor.kind === 'guest' ? promotions.holdersOf({ user_id: null, guest_id: actor.id, email: null }) : []
  }

  /** The hold counts for their address too: who has used a promotion as a guest is not offered it again. */
  const moreOf = (actor: Actor) => async (): Promise<string[]> => {
    if (actor.kind !== 'user') return []
    const { email } = await users.get(actor.id)
    return promotions.holdersOf({ user_id: actor.id, guest_id: null, email })
  }

  return {
    /** All that must be asked of the database; a code that there is not is refused. `isHasty` leaves limits to the hold itself; `from` tells strangers apart. */
    read: (actor: Actor, code: string | undefined, { isHasty = false, from = '' } = {}): Promise<Offers> =>
      promotions.offersFor(db, {
        code: code ?? null,
        isTyped: true,
        isHasty,
        from,
        holders: holdersOf(actor),
        more: moreOf(actor),
      }),

    /** Refuses a code that takes nothing off, and one that is limited per person when nobody knows who that is. */
    weigh: (actor: Actor, offers: Offers, session: BookableSession, lines: SeatLine[]): Evaluated => {
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
      if (code?.is_personal && actor.kind !== 'user') throw emailRequired()
      return evaluated
    },
  }
}
export type CheckoutOffers = ReturnType<typeof createOffers>
