import { type Db, transaction, violated } from '#platform/db/kysely.ts'
import { type Match, meet } from '#platform/http/etag.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { cleanName } from '#platform/text.ts'
import { genreInUse, genreNotFound, nameTaken, slugNeeded, slugTaken } from './errors.ts'
import * as repository from './repository.ts'
import type { Genre, GenreCreate, GenreQuery, GenreUpdate } from './schemas.ts'

const SLUG_LENGTH = 50

const slugOf = (name: string) => {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, SLUG_LENGTH)
    .replaceAll(/^_+|_+$/g, '')
  if (slug.length < 2) throw slugNeeded()
  return slug
}

const named = (error: unknown) => {
  if (violated(error) === 'genres_slug_key') return slugTaken()
  if (violated(error)?.endsWith('_name_key')) return nameTaken()
  return error
}

export const createGenresService = ({ db }: { db: Db }) => ({
  list: async (query: GenreQuery) => {
    const page = readPage(query)
    const [items, total] = await Promise.all([repository.listGenres(db, page), repository.countGenres(db)])
    return toList<Genre>(items, total, page)
  },

  get: async (id: number): Promise<Genre> => {
    const genre = await repository.findGenre(db, id)
    if (!genre) throw genreNotFound()
    return genre
  },

  create: async ({ name, slug }: GenreCreate): Promise<Genre> => {
    const genre = { name: cleanName(name), slug: slug ?? slugOf(name) }
    try {
      return await transaction(db, (tx) => repository.insertGenre(tx, genre))
    } catch (error) {
      throw named(error)
    }
  },

  update: async (id: number, { name, slug }: GenreUpdate, match?: Match): Promise<Genre> => {
    const changes = { ...(name === undefined ? {} : { name: cleanName(name) }), ...(slug === undefined ? {} : { slug }) }
    try {
      return await transaction(db, async (tx) => {
        await meet(tx, match, 'genres', id, () => repository.findGenre(tx, id))
        const genre = await repository.updateGenre(tx, id, changes)
        if (!genre) throw genreNotFound()
        return genre
      })
    } catch (error) {
      throw named(error)
    }
  },

  remove: async (id: number, match?: Match): Promise<void> => {
    try {
      await transaction(db, async (tx) => {
        await meet(tx, match, 'genres', id, () => repository.findGenre(tx, id))
        if (!(await repository.deleteGenre(tx, id))) throw genreNotFound()
      })
    } catch (error) {
      throw violated(error) === 'movie_genres_genre_id_fkey' ? genreInUse(await repository.countMovies(db, id)) : error
    }
  },

  /** The ids of these slugs, held until the transaction ends; a slug that nobody knows is missing from the answer. */
  hold: async (tx: Db, slugs: string[]): Promise<Map<string, number>> => {
    if (slugs.length === 0) return new Map()
    const rows = await repository.holdGenres(tx, slugs)
    return new Map(rows.map(({ id, slug }) => [slug, id]))
  },
})
export type GenresService = ReturnType<typeof createGenresService>
