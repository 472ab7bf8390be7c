import { type Db, transaction, violated } from '#platform/db/kysely.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { codeTaken, defaultType, typeNotFound } from './errors.ts'
import * as repository from './repository.ts'
import { exactPercent } from './rules.ts'
import type { TicketType, TicketTypeCreate, TicketTypeQuery, TicketTypeUpdate } from './schemas.ts'
import type { PricedSchedule } from './service.ts'

type Deps = { db: Db; schedule: PricedSchedule }

const stored = <T extends Omit<TicketTypeUpdate, 'is_active'>>({ names, who_may_buy, percent_off, ...rest }: T) => ({
  ...rest,
  ...(names && { names: JSON.stringify(names) }),
  ...(who_may_buy && { who_may_buy: JSON.stringify(who_may_buy) }),
  ...(percent_off !== undefined && { percent_off: exactPercent(percent_off, '/percent_off') }),
})

/** The types of tickets of the chain. */
export const createTicketTypes = ({ db, schedule }: Deps) => {
  const find = async (on: Db, id: number): Promise<TicketType> => {
    const type = await repository.findType(on, id)
    if (!type) throw typeNotFound()
    return type
  }

  const update = (id: number, changes: TicketTypeUpdate): Promise<TicketType> =>
    transaction(db, async (tx) => {
      const seen = await repository.lockType(tx, id)
      if (!seen) throw typeNotFound()
      const { is_active, percent_off, seat_types } = { ...seen, ...changes }
      if (seen.is_default && !(is_active && percent_off === 0 && seat_types === null)) throw defaultType()
      await repository.updateType(tx, id, stored(changes))
      await schedule.raiseAhead(tx)
      return find(tx, id)
    })

  return {
    listTypes: async ({ is_active, ...paging }: TicketTypeQuery) => {
      const page = readPage(paging)
      const { items, total } = await repository.listTypes(db, is_active, page)
      return toList<TicketType>(items, total, page)
    },
    getType: (id: number) => find(db, id),
    createType: async (input: TicketTypeCreate): Promise<TicketType> => {
      try {
        return await transaction(db, async (tx) => {
          const { names, who_may_buy, ...rest } = input
          const columns = { ...stored(rest), names: JSON.stringify(names), who_may_buy: JSON.stringify(who_may_buy) }
          const { id } = await repository.insertType(tx, { ...columns, code: input.code })
          await schedule.raiseAhead(tx)
          return find(tx, id)
        })
      } catch (error) {
        throw violated(error) === 'ticket_types_code_key' ? codeTaken() : error
      }
    },
    updateType: update,
    retireType: (id: number) => update(id, { is_active: false }),
  }
}
