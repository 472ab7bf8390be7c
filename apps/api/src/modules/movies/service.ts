import DataLoader from 'dataloader'

import type { CertificationsService } from '#modules/certifications/service.ts'
import type { GenresService } from '#modules/genres/service.ts'
import type { PeopleService } from '#modules/people/service.ts'
import { changedMeanwhile, type Db, transaction, type Tx, violated } from '#platform/db/kysely.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import { type Match, meet } from '#platform/http/etag.ts'
import { searchTerms } from '#platform/search-text.ts'
import { movieDuplicate, movieHasSessions, movieInactive, movieNotFound, unknownCertification, unknownGenre } from './errors.ts'
import { createRemove, type MovieUses } from './remove.ts'
import * as repository from './repository.ts'
import { columnsOf, genrePointer, linksOf, text } from './rules.ts'
import type { GenreMoviesQuery, Movie, MovieCreate, MovieQuery, MovieUpdate } from './schemas.ts'
import { findMovie, findMovies, foundBy, listMovies, orderOf } from './shown.statement.ts'

type Deps = {
  db: Db
  people: PeopleService
  genres: GenresService
  certifications: CertificationsService
  uses: MovieUses
  /** Writes what a search compares of this movie; the search module stands above and hands it down. */
  indexMovie: (tx: Tx, id: number) => Promise<void>
}

const DUPLICATE = 'movies_title_release_year_duration_minutes_key'

const show = async (db: Db, id: number): Promise<Movie> => {
  const movie = await findMovie(db, id)
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
  const { db, people, indexMovie } = deps
  const naming = createNaming(deps)
  type Save = (tx: Tx, row: repository.MovieRow) => Promise<number>

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
        await indexMovie(tx, id)
        return show(tx, id)
      })
    } catch (error) {
      throw violated(error) === DUPLICATE ? movieDuplicate() : error
    }
  }
}

const MOST_AT_ONCE = 100

/** Movies asked for at the same moment are read together; nothing is kept. */
const createLoader = (db: Db) =>
  new DataLoader<number, Movie | undefined>(
    async (ids) => {
      const found = new Map((await findMovies(db, [...ids])).map((movie) => [movie.id, movie]))
      return ids.map((id) => found.get(id))
    },
    { cache: false, maxBatchSize: MOST_AT_ONCE, batchScheduleFn: (read) => setImmediate(read) },
  )
/** Taking a movie off the screen is refused as deleting it is. Locks it, so that no session joins it meanwhile. */
const createRequireIdle =
  ({ uses }: Deps) =>
  async (tx: Tx, id: number) => {
    await repository.lockMovie(tx, id)
    if (!(await repository.findForSchedule(tx, id))?.is_active) return
    const ahead = await uses.aheadOfMovie(tx, id)
    if (ahead.total > 0) throw movieHasSessions(ahead, 'take it off the screen')
  }

export const createMoviesService = (deps: Deps) => {
  const { db, genres, indexMovie } = deps
  const write = createWrite(deps)
  const loader = createLoader(db)
  const requireIdle = createRequireIdle(deps)

  const list = async ({ is_active = true, search = '', sort, page, size, skip, limit, cursor, ...wanted }: MovieQuery) => {
    const terms = text(search) === '' ? undefined : (searchTerms(search) ?? null)
    const sorted = sort ?? (terms ? undefined : 'newest')
    const of = { ...wanted, is_active, search: terms, sort: sort ?? 'newest' }
    const window = readCursorPage({ list: 'movies', of, order: sorted && orderOf(sorted) }, { page, size, skip, limit, cursor })
    // Of what was asked for nothing is left that could be found.
    if (terms === null) return toCursorList<Movie>([], window.after ? null : 0, window)
    const [rows, total] = await listMovies(db, { ...wanted, is_active, search: terms }, sorted, window)
    return toCursorList<Movie>(rows, total, window)
  }

  return {
    list,
    listOfGenre: async (genreId: number, query: GenreMoviesQuery) => {
      const { slug } = await genres.get(genreId)
      return list({ ...query, genre: slug })
    },

    get: async (id: number): Promise<Movie> => {
      const movie = await loader.load(id)
      if (!movie) throw movieNotFound()
      return movie
    },

    create: (body: MovieCreate) =>
      write(body, (tx, row) =>
        repository.insertMovie(tx, { ...row, title: text(body.title), duration_minutes: body.duration_minutes }),
      ),

    update: (id: number, body: MovieUpdate, match?: Match) =>
      write(body, async (tx, row) => {
        await meet(tx, match, 'movies', id, () => findMovie(tx, id))
        if (body.is_active === false) await requireIdle(tx, id)
        if (!(await repository.updateMovie(tx, id, row))) throw movieNotFound()
        return id
      }),

    remove: createRemove({ db, uses: deps.uses, show }),

    /**
     * For lists of other things that are searched by their movie: a table expression (movie_id, relevance) to join;
     * undefined when the text leaves nothing to look for.
     */
    foundBy: (search: string) => {
      const terms = searchTerms(search)
      return terms && foundBy(terms)
    },

    /** What a list of sessions says about its movies; an id that is none is missing. */
    summaries: async (ids: number[]): Promise<Map<number, repository.MovieSummary>> => {
      const rows = ids.length === 0 ? [] : await repository.listSummaries(db, [...new Set(ids)])
      return new Map(rows.map((row) => [row.id, row]))
    },

    findByIdentity: repository.findByIdentity,

    /** The movie of this title, year and length, made when there is none; one that is not shown any more is refused. */
    ensure: async (
      tx: Tx,
      movie: repository.Identity & { description: string },
    ): Promise<{ id: number; description: string }> => {
      const made = await repository.insertUnlessKnown(tx, movie)
      if (made) await indexMovie(tx, made.id)
      const found = made ?? (await repository.findByIdentity(tx, movie))
      if (!found) throw changedMeanwhile()
      if (!found.is_active) throw movieInactive()
      return found
    },

    /** Changes what a movie is called and said to be; a rival that took the same name makes the transaction try again. */
    rewrite: async (tx: Tx, id: number, changes: Partial<repository.Identity> & { description?: string }): Promise<void> => {
      try {
        await repository.rewriteMovie(tx, id, changes)
        await indexMovie(tx, id)
      } catch (error) {
        throw violated(error) === DUPLICATE ? changedMeanwhile() : error
      }
    },

    /** Counts an approved review in or out, on the transaction that approves or withdraws it. */
    addToScore: repository.addToScore,

    /** What a new session must know. Ask before opening a transaction: this reads outside it. */
    forSchedule: (id: number) => repository.findForSchedule(db, id),
  }
}
export type MoviesService = ReturnType<typeof createMoviesService>
