import { type Db, violated } from '#platform/db/kysely.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { cinemaNameTaken, cinemaNotFound } from './errors.ts'
import * as repository from './repository.ts'
import { requirePlace } from './rules.ts'
import type { Cinema, CinemaCreate, CinemaFilter } from './schemas.ts'

export const createCinemasService = ({ db }: { db: Db }) => {
  const get = async (id: number): Promise<Cinema> => {
    const cinema = await repository.findCinema(db, id)
    if (!cinema) throw cinemaNotFound()
    return cinema
  }

  return {
    get,
    list: async (filter: CinemaFilter) => {
      const page = readPage(filter)
      const { items, total } = await repository.listCinemas(db, filter, page)
      return toList(items, total, page)
    },
    create: async ({ facilities, name, address, city, ...rest }: CinemaCreate): Promise<Cinema> => {
      requirePlace(rest)
      const words = { name: name.trim(), address: address.trim(), city: city.trim() }
      try {
        const { id } = await repository.insertCinema(db, {
          ...rest,
          ...words,
          ...(facilities && { facilities: JSON.stringify(facilities) }),
        })
        return await get(id)
      } catch (error) {
        if (violated(error) === 'cinemas_name_key') throw cinemaNameTaken()
        throw error
      }
    },
  }
}
export type CinemasService = ReturnType<typeof createCinemasService>
