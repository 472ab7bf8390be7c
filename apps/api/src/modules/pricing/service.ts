import type { CinemasService } from '#modules/cinemas/service.ts'
import { type Db, lockRow, transaction, type Tx } from '#platform/db/kysely.ts'
import { requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { createBooks } from './books.ts'
import type { PricePreview, PricePreviewQuery, PriceRules, PriceRulesUpdate } from './card.schemas.ts'
import { noCard } from './errors.ts'
import { createPriceCards } from './price-cards.ts'
import type { SessionPrices } from './price-seat.ts'
import * as repository from './repository.ts'
import { type CardRow, NO_RULES_ROW, rulesColumns, showCard, showRules } from './rules.ts'
import { previewOf } from './shown.ts'
import { createTicketTypes } from './ticket-types.ts'

export type { Slot } from './repository.ts'

/** What the schedule does when prices change, which stands above them. */
export type PricedSchedule = {
  /** Gives the sessions to come that live by a card the prices of the one that applies now. Returns those that none applies to. */
  repriceAhead: (tx: Tx, cinema_id: number) => Promise<number[]>
  /** Makes everybody look again who knows by heart what is charged at the sessions to come, of one cinema or of all. */
  raiseAhead: (tx: Tx, cinema_id?: number) => Promise<void>
}

type Deps = { db: Db; cinemas: Pick<CinemasService, 'get'>; schedule: PricedSchedule }

const pricesOf = ({ base_price_minor, premium_price_minor, vip_price_minor }: CardRow): SessionPrices => ({
  base_price_minor,
  premium_price_minor,
  vip_price_minor,
})

/** What seats cost: types of tickets, price cards, and what a cinema adds. */
export const createPricingService = ({ db, cinemas, schedule }: Deps) => {
  const books = createBooks({ db })

  const rulesOf = async (on: Db, cinema_id: number): Promise<PriceRules> =>
    showRules(cinema_id, (await repository.findRules(on, cinema_id)) ?? NO_RULES_ROW)

  return {
    bookOf: books.bookOf,
    ...createTicketTypes({ db, schedule }),
    ...createPriceCards({ db, schedule }),

    /** Keeps the cards of a cinema as they are until the transaction ends. Before any session is locked. */
    holdCards: (tx: Tx, cinema_id: number) => repository.holdCards(tx, cinema_id),

    /** The prices that a session then takes from its card; refused when no card applies. The caller holds the cards. */
    takeCard: async (tx: Tx, slot: repository.Slot): Promise<SessionPrices & { price_card_id: number }> => {
      const card = await repository.findApplying(tx, slot)
      if (!card) throw noCard(slot.format, slot.day, slot.time)
      return { ...pricesOf(card), price_card_id: card.id }
    },

    /** What a buyer would pay then, whether or not there is a session. `date` is the cinema’s day. */
    preview: async (actor: SignedIn, { cinema_id, date, time, format }: PricePreviewQuery): Promise<PricePreview> => {
      const { currency } = await cinemas.get(cinema_id)
      requireWorkAt(actor, cinema_id)
      const card = await repository.findApplying(db, { cinema_id, day: date, time, format })
      if (!card) return { cinema_id, currency, card: null, tickets: [] }
      const book = await books.bookFor(cinema_id, card.id)
      return { cinema_id, currency, card: showCard(card), tickets: previewOf(pricesOf(card), book) }
    },

    getRules: async (cinema_id: number): Promise<PriceRules> => {
      await cinemas.get(cinema_id)
      return rulesOf(db, cinema_id)
    },

    updateRules: async (actor: SignedIn, cinema_id: number, changes: PriceRulesUpdate): Promise<PriceRules> => {
      await cinemas.get(cinema_id)
      requireWorkAt(actor, cinema_id)
      const columns = rulesColumns(changes)
      return transaction(db, async (tx) => {
        await lockRow(tx, 'cinemas', cinema_id)
        await repository.saveRules(tx, cinema_id, columns)
        await schedule.raiseAhead(tx, cinema_id)
        return rulesOf(tx, cinema_id)
      })
    },
  }
}
export type PricingService = ReturnType<typeof createPricingService>
