import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { ReviewStatus } from '#platform/db/types.gen.ts'
import { countFor, cursorKey, type CursorPage, cut, orderBy, type Order } from '#platform/http/cursor.ts'
import type { ReviewQuery } from './schemas.ts'

const selectReviews = (db: Db) => db.selectFrom('reviews as r')
type Reviews = ReturnType<typeof selectReviews>

/** Asked of the tickets at each look: a refund takes the mark away, and no counter can lie. */
const isVerified = sql<boolean>`exists (
  select from tickets t join sessions s on s.id = t.session_id
  where t.user_id = r.user_id and s.movie_id = r.movie_id and t.status in ('paid', 'used')
)`

const votesOf = sql<{ helpful_votes: number; unhelpful_votes: number }>`(
  select count(*) filter (where v.is_helpful) as helpful_votes, count(*) filter (where not v.is_helpful) as unhelpful_votes
  from review_votes v where v.review_id = r.id
)`.as('votes')

const authorName = sql<string | null>`(
  select nullif(trim(u.first_name || case when u.last_name = '' then '' else ' ' || left(u.last_name, 1) || '.' end), '')
  from users u where u.id = r.user_id
)`

/** Takes the rows first and looks up their votes, authors and tickets after, so that a page costs what it shows. */
const shown = (db: Db, rows: Reviews) =>
  db
    .selectFrom(rows.selectAll('r').as('r'))
    .crossJoinLateral(votesOf)
    .select([
      'r.id',
      'r.movie_id',
      'r.user_id',
      'r.rating',
      'r.title',
      'r.content',
      'r.is_spoiler',
      'r.is_approved',
      'r.status',
      'r.moderation_reason',
      'r.submitted_at',
      'r.created_at',
      'r.updated_at',
      'helpful_votes',
      'unhelpful_votes',
    ])
    .select([authorName.as('author_name'), isVerified.as('is_verified_purchase')])

const helpfulVotes = sql`(select count(*) filter (where v.is_helpful) from review_votes v where v.review_id = r.id)`

const byId = { by: sql`r.id`, as: 'integer' } as const
const newestFirst: Order = { keys: [byId], falling: true }
/** Whoever waits longest comes first; an edited review waits from its edit. */
const longestFirst: Order = { keys: [{ by: sql`r.submitted_at`, as: 'moment' }, byId], falling: false }

const KEYS = {
  created_at: { by: sql`r.created_at`, as: 'moment' },
  rating: { by: sql`r.rating`, as: 'integer' },
  helpful: { by: helpfulVotes, as: 'integer' },
} as const

const orderOf = ({ sort, order }: Sorting): Order => ({ keys: [KEYS[sort], byId], falling: order === 'desc' })

export const orders = {
  own: newestFirst,
  waiting: longestFirst,
  /** What is counted anew for every review has no index to go on by. */
  ofMovie: (sorting: Sorting) => (sorting.sort === 'helpful' ? undefined : orderOf(sorting)),
}

type Sorting = Pick<ReviewQuery, 'sort' | 'order'>
type Approved = Pick<ReviewQuery, 'rating' | 'verified_only'>

const approved = (db: Db, movieId: number, { rating, verified_only }: Approved) => {
  let query = selectReviews(db).where('r.movie_id', '=', movieId).where('r.is_approved', '=', true)
  if (rating !== undefined) query = query.where('r.rating', '=', rating)
  if (verified_only) query = query.where(isVerified)
  return query
}

const listed = (db: Db, rows: Reviews, order: Order, page: CursorPage) =>
  Promise.all([
    shown(db, cut(rows, order, page))
      .select(cursorKey(order))
      .orderBy(orderBy(order))
      .execute(),
    countFor(db, rows, page),
  ])

export const listApproved = (db: Db, movieId: number, query: ReviewQuery, page: CursorPage) =>
  listed(db, approved(db, movieId, query), orderOf(query), page)

export const listOfUser = (db: Db, userId: number, page: CursorPage) =>
  listed(db, selectReviews(db).where('r.user_id', '=', userId), orders.own, page)

export const listWaiting = (db: Db, page: CursorPage) =>
  listed(db, selectReviews(db).where('r.status', '=', sql<ReviewStatus>`'pending'`), orders.waiting, page)

export const findReview = (db: Db, id: number) => shown(db, selectReviews(db).where('r.id', '=', id)).executeTakeFirst()

/** Held until the transaction ends: its rating cannot change while the movie's score does. */
export const lockReview = (tx: Db, id: number, seenAt: string | undefined) =>
  selectReviews(tx)
    .select(['r.id', 'r.movie_id', 'r.user_id', 'r.rating', 'r.title', 'r.content', 'r.is_spoiler', 'r.status', 'r.is_approved'])
    // The wire carries milliseconds.
    .select(
      sql<boolean>`coalesce(date_trunc('milliseconds', r.updated_at) = ${seenAt ?? null}::timestamptz, true)`.as('is_as_seen'),
    )
    .where('r.id', '=', id)
    .forUpdate()
    .executeTakeFirst()

export type ReviewText = { rating: number; title: string; content: string; is_spoiler: boolean }

export const insertReview = (tx: Db, review: ReviewText & { movie_id: number; user_id: number; status: ReviewStatus }) =>
  tx.insertInto('reviews').values(review).returning(['id', 'rating', 'is_approved']).executeTakeFirstOrThrow()

type Decision = { status: ReviewStatus; moderation_reason: string | null; moderated_by: number | null }

export const updateReview = (tx: Db, id: number, changes: Partial<ReviewText & Decision>, resubmitted: boolean) =>
  tx
    .updateTable('reviews')
    .set({ ...changes, ...(resubmitted ? { submitted_at: sql<Date>`app.now()` } : {}) })
    .where('id', '=', id)
    .returning(['rating', 'is_approved'])
    .executeTakeFirstOrThrow()

export const deleteReview = (tx: Db, id: number) => tx.deleteFrom('reviews').where('id', '=', id).execute()

/** One vote per person, changed by voting again; nobody's own review and none that is not shown takes it. */
export const saveVote = async (db: Db, reviewId: number, userId: number, isHelpful: boolean): Promise<boolean> => {
  const { rows } = await sql`
    insert into review_votes (review_id, user_id, is_helpful)
    select id, ${userId}::bigint, ${isHelpful}::boolean from reviews
     where id = ${reviewId} and is_approved and user_id <> ${userId} for key share
    on conflict (review_id, user_id) do update set is_helpful = excluded.is_helpful
    returning review_id`.execute(db)
  return rows.length > 0
}

export const deleteVote = (db: Db, reviewId: number, userId: number) =>
  db.deleteFrom('review_votes').where('review_id', '=', reviewId).where('user_id', '=', userId).execute()

/** Locked in one order, each before its movie's score is. */
export const deleteOfAuthor = (tx: Db, user_id: number) =>
  tx.deleteFrom('reviews').where('user_id', '=', user_id).returning(['movie_id', 'rating', 'is_approved']).execute()
