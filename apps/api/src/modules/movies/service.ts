import type { CertificationsService } from '#modules/certifications/service.ts'
import type { GenresService } from '#modules/genres/service.ts'
import type { PeopleService } from '#modules/people/service.ts'
import { type Db, transaction, violated } from '#platform/db/kysely.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { movieDuplicate, movieNotFound, unknownCertification, unknownGenre } from './errors.ts'
import * as repository from './repository.ts'
import { columnsOf, genrePointer, linksOf, text } from './rules.ts'
import type { GenreMoviesQuery, Movie, MovieCreate, MovieQuery, MovieUpdate } from './schemas.ts'

type Deps = { db: Db; people: PeopleService; genres: GenresService; certifications: CertificationsService }

const DUPLICATE = 'movies_title_release_year_duration_minutes_key'

const show = async (db: Db, id: number): Promise<Movie> => {
  const movie = await repository.findMovie(db, id)
  if (!movie) throw movieNotFound()
  return movie
}

/** Turns the names in a body into ids that cannot go away before the movie points to them. */
const createNaming = ({ genres, certifications }: Deps) => ({
  certification: async (tx: Db, { certification, certification_id }: MovieUpdate): Promise<number | null | undefined> => {
    const wanted = certification === undefined ? certification_id : certification
    if (wanted == null) return wanted
    const [by, pointer] =
      typeof wanted === 'string'
        ? ([{ name: text(wanted) }, '/certification'] as const)
        : ([{ id: wanted }, '/certification_id'] as const)
    const id = await certifications.hold(tx, by)
    if (id === undefined) throw unknownCertification(pointer)
    return id
  },

  genres: async (tx: Db, body: MovieUpdate, slugs: string[]): Promise<number[]> => {
    const known = await genres.hold(tx, slugs)
    return [...new Set(slugs)].map((slug) => {
      const id = known.get(slug)
      if (id === undefined) throw unknownGenre(genrePointer(body, slug), slug)
      return id
    })
  },
})

/** One short transaction for the movie, its links and whoever it names for the first time. */
const createWrite = (deps: Deps) => {
  const { db, people } = deps
  const naming = createNaming(deps)
  type Save = (tx: Db, row: repository.MovieRow) => Promise<number>

  return async (body: MovieUpdate, save: Save): Promise<Movie> => {
    const [columns, links] = [columnsOf(body), linksOf(body)]
    try {
      return await transaction(db, async (tx) => {
        const certification_id = await naming.certification(tx, body)
        const genreIds = links.genres && (await naming.genres(tx, body, links.genres))
        const id = await save(tx, { ...columns, certification_id })
        if (genreIds) await repository.replaceLinks(tx, id, 'genres', genreIds)
        if (links.directors)
          await repository.replaceLinks(tx, id, 'directors', await people.directors.ensure(tx, links.directors))
        if (links.stars) await repository.replaceLinks(tx, id, 'stars', await people.stars.ensure(tx, links.stars))
        return show(tx, id)
      })
    } catch (error) {
      throw violated(error) === DUPLICATE ? movieDuplicate() : error
    }
  }
}

export const createMoviesService = (deps: Deps) => {
  const { db, genres } = deps
  const write = createWrite(deps)

  const list = async ({ is_active = true, search = '', sort = 'newest', ...query }: MovieQuery) => {
    const page = readPage(query)
    const filters = { ...query, is_active, search: text(search) }
    const [items, total] = await Promise.all([
      repository.listMovies(db, filters, sort, page),
      repository.countMovies(db, filters),
    ])
    return toList<Movie>(items, total, page)
  }

  return {
    list,
    listOfGenre: async (genreId: number, query: GenreMoviesQuery) => {
      const { slug } = await genres.get(genreId)
      return list({ ...query, genre: slug })
    },

    get: (id: number) => show(db, id),

    create: (body: MovieCreate) =>
      write(body, (tx, row) =>
        repository.insertMovie(tx, { ...row, title: text(body.title), duration_minutes: body.duration_minutes }),
      ),

    update: (id: number, body: MovieUpdate) =>
      write(body, async (tx, row) => {
        if (!(await repository.updateMovie(tx, id, row))) throw movieNotFound()
        return id
      }),

    /** What a list of sessions says about its movies; an id that is none is missing. */
    summaries: async (ids: number[]): Promise<Map<number, repository.MovieSummary>> => {
      const rows = ids.length === 0 ? [] : await repository.listSummaries(db, [...new Set(ids)])
      return new Map(rows.map((row) => [row.id, row]))
    },

    /** What a new session must know. Ask before opening a transaction: this reads outside it. */
    forSchedule: (id: number) => repository.findForSchedule(db, id),
  }
}
export type MoviesService = ReturnType<typeof createMoviesService>
