import { type Db, violated } from '#platform/db/kysely.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { changedMeanwhile, directorNotFound, nameTaken, starNotFound } from './errors.ts'
import * as repository from './repository.ts'
import { cleanName, containing } from './rules.ts'
import type { Person, PersonCreate, PersonQuery, PersonUpdate } from './schemas.ts'

const notFound = { directors: directorNotFound, stars: starNotFound }

const named = (error: unknown) => (violated(error)?.endsWith('_name_key') ? nameTaken() : error)

/** The people of one trade. Who both directs and plays stands in both tables. */
const createTrade = (db: Db, table: repository.PersonTable) => ({
  list: async ({ search, ...query }: PersonQuery) => {
    const page = readPage(query)
    const text = cleanName(search ?? '')
    const pattern = text ? containing(text) : undefined
    const [items, total] = await Promise.all([
      repository.listPeople(db, table, pattern, page),
      repository.countPeople(db, table, pattern),
    ])
    return toList<Person>(items, total, page)
  },

  get: async (id: number): Promise<Person> => {
    const person = await repository.findPerson(db, table, id)
    if (!person) throw notFound[table]()
    return person
  },

  create: async ({ name }: PersonCreate): Promise<Person> => {
    try {
      return await repository.insertPerson(db, table, cleanName(name))
    } catch (error) {
      throw named(error)
    }
  },

  update: async (id: number, { name }: PersonUpdate): Promise<Person> => {
    try {
      const person = await repository.updatePerson(db, table, id, name === undefined ? {} : { name: cleanName(name) })
      if (!person) throw notFound[table]()
      return person
    } catch (error) {
      throw named(error)
    }
  },

  /** The ids of these names, in their order, each once. Whoever is not known yet is added in the same transaction. */
  ensure: async (tx: Db, names: string[]): Promise<number[]> => {
    const wanted = [...new Set(names.map(cleanName))]
    if (wanted.length === 0) return []
    const ids = new Map<string, number>()
    const hold = async (some: string[]) => {
      for (const { id, name } of await repository.holdByName(tx, table, some)) ids.set(name, id)
      return some.filter((name) => !ids.has(name))
    }
    const newcomers = await hold(wanted)
    if (newcomers.length > 0) {
      await repository.insertNewcomers(tx, table, newcomers)
      if ((await hold(newcomers)).length > 0) throw changedMeanwhile()
    }
    return wanted.flatMap((name) => ids.get(name) ?? [])
  },
})
export type Trade = ReturnType<typeof createTrade>

export const createPeopleService = ({ db }: { db: Db }) => ({
  directors: createTrade(db, 'directors'),
  stars: createTrade(db, 'stars'),
})
export type PeopleService = ReturnType<typeof createPeopleService>
