import { type Db, lockRow, transaction, type Tx, violated } from '#platform/db/kysely.ts'
import { cinemasOf, requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import type { PriceCard, PriceCardCreate, PriceCardQuery, PriceCardUpdate, TypePrice } from './card.schemas.ts'
import { cardNotFound, cardsOverlap, noSuchCinema, sessionsWithoutCard, unknownType } from './errors.ts'
import * as repository from './repository.ts'
import { cardColumns, type CardRow, requireHours, showCard } from './rules.ts'
import { formats } from './schemas.ts'
import type { PricedSchedule } from './service.ts'

type Deps = { db: Db; schedule: PricedSchedule }

const ONE_APPLIES = 'price_cards_one_applies'
const ANY_TIME = {
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  from_time: '06:00',
  to_time: '06:00',
  formats: [...formats],
  valid_to: null,
  ticket_types: [],
}

/** The price cards of the cinemas. Whoever changes one writes the prices of the sessions to come in the same transaction. */
export const createPriceCards = ({ db, schedule }: Deps) => {
  const find = async (on: Db, id: number): Promise<CardRow> => {
    const card = await repository.findCard(on, id)
    if (!card) throw cardNotFound()
    return card
  }

  /** Cards of one cinema change one after the other, and no session takes one meanwhile. */
  const lockCinema = (tx: Tx, cinema_id: number) => lockRow(tx, 'cinemas', cinema_id)

  const requireTypes = async (tx: Tx, asked: TypePrice[]) => {
    const [unknown] = await repository.findUnknownCodes(
      tx,
      asked.map(({ ticket_type }) => ticket_type),
    )
    if (unknown !== undefined)
      throw unknownType(`/ticket_types/${asked.findIndex(({ ticket_type }) => ticket_type === unknown)}`, unknown)
  }

  const reprice = async (tx: Tx, cinema_id: number) => {
    const bare = await schedule.repriceAhead(tx, cinema_id)
    if (bare.length > 0) throw sessionsWithoutCard(bare)
  }

  /** Runs the change of a card and names the card that it has met. */
  const alone = async <T>(hours: CardRow, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw violated(error) === ONE_APPLIES ? cardsOverlap(await repository.findRival(db, hours, hours.id)) : error
    }
  }

  const create = async (actor: SignedIn, input: PriceCardCreate): Promise<PriceCard> => {
    const asked = { ...ANY_TIME, ...input }
    requireWorkAt(actor, asked.cinema_id)
    requireHours(asked)
    const columns = cardColumns(asked, await repository.defaultCode(db))
    const row = { ...columns, id: 0 } as unknown as CardRow
    try {
      return await alone(row, () =>
        transaction(db, async (tx) => {
          await lockCinema(tx, asked.cinema_id)
          await requireTypes(tx, asked.ticket_types)
          const { id } = await repository.insertCard(tx, columns as never)
          await reprice(tx, asked.cinema_id)
          return showCard(await find(tx, id))
        }),
      )
    } catch (error) {
      throw violated(error) === 'price_cards_cinema_id_fkey' ? noSuchCinema() : error
    }
  }

  const update = async (actor: SignedIn, id: number, { is_active, ...changes }: PriceCardUpdate): Promise<PriceCard> => {
    const seen = await find(db, id)
    requireWorkAt(actor, seen.cinema_id)
    const columns = cardColumns(changes, await repository.defaultCode(db))
    const save = (tx: Tx) => repository.updateCard(tx, id, { ...columns, ...(is_active !== undefined && { is_active }) })
    return alone({ ...seen, ...changes }, () =>
      transaction(db, async (tx) => {
        await lockCinema(tx, seen.cinema_id)
        requireHours({ ...(await find(tx, id)), ...changes })
        if (changes.ticket_types) await requireTypes(tx, changes.ticket_types)
        await save(tx)
        await reprice(tx, seen.cinema_id)
        return showCard(await find(tx, id))
      }),
    )
  }

  return {
    listCards: async (actor: SignedIn, { cinema_id, is_active, ...paging }: PriceCardQuery) => {
      if (cinema_id !== undefined) requireWorkAt(actor, cinema_id)
      const page = readPage(paging)
      const { items, total } = await repository.listCards(db, { cinema_ids: cinemasOf(actor), cinema_id, is_active }, page)
      return toList<PriceCard>(items.map(showCard), total, page)
    },
    getCard: async (actor: SignedIn, id: number): Promise<PriceCard> => {
      const card = await find(db, id)
      requireWorkAt(actor, card.cinema_id)
      return showCard(card)
    },
    createCard: create,
    updateCard: update,
    retireCard: (actor: SignedIn, id: number) => update(actor, id, { is_active: false }),
  }
}
