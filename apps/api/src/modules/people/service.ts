import { type Db, transaction, type Tx, violated } from '#platform/db/kysely.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import { type Match, meet } from '#platform/http/etag.ts'
import { searchTerms } from '#platform/search-text.ts'
import { cleanName, containing } from '#platform/text.ts'
import { changedMeanwhile, directorNotFound, nameTaken, personInUse, starNotFound } from './errors.ts'
import * as repository from './repository.ts'
import type { Person, PersonCreate, PersonQuery, PersonUpdate } from './schemas.ts'

const notFound = { directors: directorNotFound, stars: starNotFound }

const named = (error: unknown) => (violated(error)?.endsWith('_name_key') ? nameTaken() : error)

/** Writes what a search compares of these people and their movies; the search module stands above and hands it down. */
type IndexPerson = (tx: Tx, trade: repository.PersonTable, people: { id: number; name: string }[]) => Promise<void>
type Deps = { db: Db; indexPerson: IndexPerson }

/** The people of one trade. Who both directs and plays stands in both tables. */
const createTrade = ({ db, indexPerson }: Deps, table: repository.PersonTable) => ({
  list: async ({ search, ...query }: PersonQuery) => {
    const text = cleanName(search ?? '')
    const page = readCursorPage({ list: table, of: { search: text }, order: repository.byName }, query)
    const wanted = text === '' ? undefined : { pattern: containing(text), patterns: searchTerms(text)?.patterns }
    const [rows, total] = await repository.listPeople(db, table, wanted, page)
    return toCursorList<Person>(rows, total, page)
  },

  get: async (id: number): Promise<Person> => {
    const person = await repository.findPerson(db, table, id)
    if (!person) throw notFound[table]()
    return person
  },

  create: async ({ name }: PersonCreate): Promise<Person> => {
    try {
      return await transaction(db, async (tx) => {
        const person = await repository.insertPerson(tx, table, cleanName(name))
        await indexPerson(tx, table, [person])
        return person
      })
    } catch (error) {
      throw named(error)
    }
  },

  update: async (id: number, { name }: PersonUpdate, match?: Match): Promise<Person> => {
    try {
      return await transaction(db, async (tx) => {
        await meet(tx, match, table, id, () => repository.findPerson(tx, table, id))
        const person = await repository.updatePerson(tx, table, id, name === undefined ? {} : { name: cleanName(name) })
        if (!person) throw notFound[table]()
        if (name !== undefined) await indexPerson(tx, table, [person])
        return person
      })
    } catch (error) {
      throw named(error)
    }
  },

  remove: async (id: number, match?: Match): Promise<void> => {
    try {
      await transaction(db, async (tx) => {
        await meet(tx, match, table, id, () => repository.findPerson(tx, table, id))
        if (!(await repository.deletePerson(tx, table, id))) throw notFound[table]()
      })
    } catch (error) {
      if (violated(error)?.startsWith(`movie_${table}_`)) throw personInUse(await repository.countMovies(db, table, id))
      throw error
    }
  },

  /** The ids of these names, in their order, each once. Whoever is not known yet is added in the same transaction. */
  ensure: async (tx: Tx, names: string[]): Promise<number[]> => {
    const wanted = [...new Set(names.map(cleanName))]
    if (wanted.length === 0) return []
    const ids = new Map<string, number>()
    const hold = async (some: string[]) => {
      for (const { id, asked } of await repository.holdByName(tx, table, some)) ids.set(asked, id)
      return some.filter((name) => !ids.has(name))
    }
    const newcomers = await hold(wanted)
    if (newcomers.length > 0) {
      await repository.insertNewcomers(tx, table, newcomers)
      if ((await hold(newcomers)).length > 0) throw changedMeanwhile()
      // Two spellings of a name that differ in case only are one person.
      const added = new Map(newcomers.map((name) => [ids.get(name) ?? 0, name]))
      const byName = [...added].toSorted(([, a], [, b]) => (a < b ? -1 : 1))
      await indexPerson(
        tx,
        table,
        byName.map(([id, name]) => ({ id, name })),
      )
    }
    return [...new Set(wanted.flatMap((name) => ids.get(name) ?? []))]
  },
})
export type Trade = ReturnType<typeof createTrade>

export const createPeopleService = (deps: Deps) => ({
  directors: createTrade(deps, 'directors'),
  stars: createTrade(deps, 'stars'),
})
export type PeopleService = ReturnType<typeof createPeopleService>
