import type { MoviesService } from '#modules/movies/service.ts'
import { type Db, transaction, violated } from '#platform/db/kysely.ts'
import type { ReviewStatus } from '#platform/db/types.gen.ts'
import { type Actor, may, type SignedIn } from '#platform/http/access.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import { sourcesOf } from '#platform/transitions.ts'
import { alreadyReviewed, changedSince, nameOneVote, noSuchMovie, notYours, ownReview, reviewNotFound } from './errors.ts'
import * as repository from './repository.ts'
import { scoreChange, statusWhenEdited, statusWhenNew, transitions } from './rules.ts'
import type {
  Review,
  ReviewCreate,
  ReviewInProcess,
  ReviewModeration,
  ReviewPageQuery,
  ReviewQuery,
  ReviewUpdate,
  ReviewVote,
} from './schemas.ts'

type Deps = { db: Db; movies: MoviesService; moderated: boolean }
type Locked = NonNullable<Awaited<ReturnType<typeof repository.lockReview>>>

const isOwner = (actor: Actor, { user_id }: { user_id: number }) => actor.kind === 'user' && actor.id === user_id
const maySee = (actor: Actor, review: { user_id: number; is_approved: boolean }) =>
  review.is_approved || isOwner(actor, review) || may(actor, 'reviews.moderate')

const textOf = (body: ReviewUpdate) => ({
  ...body,
  ...(body.title === undefined ? {} : { title: body.title.trim() }),
  ...(body.content === undefined ? {} : { content: body.content.trim() }),
})

const differs = (review: Locked, changes: ReviewUpdate) =>
  (Object.keys(changes) as (keyof ReviewUpdate)[]).some((name) => changes[name] !== review[name])

const wantedVote = ({ vote_type, helpful }: ReviewVote): boolean => {
  if (vote_type === undefined ? helpful === undefined : helpful !== undefined) throw nameOneVote()
  return helpful ?? vote_type === 'helpful'
}

const createReading = ({ db, movies }: Deps) => {
  const show = async (actor: Actor, id: number): Promise<ReviewInProcess> => {
    const review = await repository.findReview(db, id)
    if (!review || !maySee(actor, review)) throw reviewNotFound()
    return review
  }
  return {
    show,
    /** One that is not approved is shown to its author and to moderators only. */
    get: (actor: Actor, id: number): Promise<Review> => show(actor, id),

    listOfMovie: async (movieId: number, query: ReviewQuery) => {
      const { rating, verified_only, sort, order } = query
      const of = { movieId, rating, verified_only, sort, order }
      const page = readCursorPage({ list: 'reviews', of, order: repository.orders.ofMovie(query) }, query)
      if (!(await movies.forSchedule(movieId))) await movies.get(movieId)
      const [rows, total] = await repository.listApproved(db, movieId, query, page)
      const { next_cursor, ...list } = toCursorList<Review>(rows, total, page)
      return { ...list, next_cursor: sort === 'helpful' ? null : next_cursor }
    },

    listMine: async (actor: SignedIn, query: ReviewPageQuery) => {
      const page = readCursorPage({ list: 'my-reviews', of: { user_id: actor.id }, order: repository.orders.own }, query)
      const [rows, total] = await repository.listOfUser(db, actor.id, page)
      return toCursorList<ReviewInProcess>(rows, total, page)
    },

    listWaiting: async (query: ReviewPageQuery) => {
      const page = readCursorPage({ list: 'waiting-reviews', of: {}, order: repository.orders.waiting }, query)
      const [rows, total] = await repository.listWaiting(db, page)
      return toCursorList<ReviewInProcess>(rows, total, page)
    },
  }
}

const createWriting = ({ db, movies, moderated }: Deps) => {
  const lock = async (tx: Db, actor: Actor, id: number, seenAt?: string): Promise<Locked> => {
    const review = await repository.lockReview(tx, id, seenAt)
    if (!review || !maySee(actor, review)) throw reviewNotFound()
    return review
  }

  /** Always after the review is locked, so that each change of a review reaches its movie's score once. */
  const count = async (tx: Db, movieId: number, ...[before, after]: Parameters<typeof scoreChange>) => {
    const change = scoreChange(before, after)
    if (change.ratings_count !== 0 || change.ratings_sum !== 0) await movies.addToScore(tx, movieId, change)
  }

  const insert = async (actor: SignedIn, { movie_id, ...body }: ReviewCreate) => {
    const text = { ...body, title: body.title.trim(), content: body.content.trim() }
    try {
      return await transaction(db, async (tx) => {
        const review = await repository.insertReview(tx, {
          ...text,
          movie_id,
          user_id: actor.id,
          status: statusWhenNew(moderated),
        })
        await count(tx, movie_id, null, review)
        return review.id
      })
    } catch (error) {
      if (violated(error) === 'reviews_one_per_movie') throw alreadyReviewed()
      if (violated(error) === 'reviews_movie_id_fkey') throw noSuchMovie()
      throw error
    }
  }

  const edit = (actor: SignedIn, id: number, body: ReviewUpdate) =>
    transaction(db, async (tx) => {
      const review = await lock(tx, actor, id)
      if (!isOwner(actor, review) && !may(actor, 'reviews.edit')) throw notYours()
      const changes = textOf(body)
      if (!differs(review, changes)) return
      // An admin who repairs somebody's review has read it.
      const status = isOwner(actor, review) ? statusWhenEdited(review.status, moderated) : review.status
      const decision = status === 'pending' ? { moderation_reason: null, moderated_by: null } : {}
      const after = await repository.updateReview(tx, id, { ...changes, status, ...decision }, status === 'pending')
      await count(tx, review.movie_id, review, after)
    })

  const remove = (actor: SignedIn, id: number) =>
    transaction(db, async (tx) => {
      const review = await lock(tx, actor, id)
      if (!isOwner(actor, review) && !may(actor, 'reviews.delete')) throw notYours()
      await repository.deleteReview(tx, id)
      await count(tx, review.movie_id, review, null)
    })

  /** Saying the same again changes nothing, also not who said it first. */
  const decide = (actor: SignedIn, id: number, { is_approved, reason, updated_at }: ReviewModeration) =>
    transaction(db, async (tx) => {
      const review = await lock(tx, actor, id, updated_at)
      const status: ReviewStatus = is_approved ? 'approved' : 'rejected'
      if (!sourcesOf(transitions, status).includes(review.status)) return
      if (!review.is_as_seen) throw changedSince()
      const decision = { status, moderation_reason: reason?.trim() ?? null, moderated_by: actor.id }
      const after = await repository.updateReview(tx, id, decision, false)
      await count(tx, review.movie_id, review, after)
    })

  /** All that somebody wrote goes, and what it added to the scores. */
  const forgetAuthor = async (tx: Db, user_id: number) => {
    const gone = await repository.deleteOfAuthor(tx, user_id)
    for (const review of gone.toSorted((a, b) => a.movie_id - b.movie_id)) await count(tx, review.movie_id, review, null)
  }

  return { insert, edit, remove, decide, forgetAuthor }
}

export const createReviewsService = (deps: Deps) => {
  const { db } = deps
  const { show, ...reading } = createReading(deps)
  const { insert, edit, remove, decide, forgetAuthor } = createWriting(deps)

  return {
    ...reading,
    create: async (actor: SignedIn, body: ReviewCreate) => show(actor, await insert(actor, body)),
    update: async (actor: SignedIn, id: number, body: ReviewUpdate) => {
      await edit(actor, id, body)
      return show(actor, id)
    },
    remove,
    forgetAuthor,
    moderate: async (actor: SignedIn, id: number, body: ReviewModeration) => {
      await decide(actor, id, body)
      return show(actor, id)
    },
    vote: async (actor: SignedIn, id: number, body: ReviewVote): Promise<Review> => {
      const isHelpful = wantedVote(body)
      if (await repository.saveVote(db, id, actor.id, isHelpful)) return show(actor, id)
      const review = await show(actor, id)
      throw isOwner(actor, review) ? ownReview() : reviewNotFound()
    },
    takeVoteBack: async (actor: SignedIn, id: number): Promise<Review> => {
      await repository.deleteVote(db, id, actor.id)
      return show(actor, id)
    },
  }
}
export type ReviewsService = ReturnType<typeof createReviewsService>
