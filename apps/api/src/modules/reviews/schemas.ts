import { type Static, Type } from 'typebox'

import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

/** Something to be seen, and no control characters or halves of characters. Writing in any direction is fine. */
const LINE = '^(?=.*[\\p{L}\\p{N}\\p{P}\\p{S}])[^\\p{Cc}\\p{Cs}]*$'
/** The same, with line breaks and tabs. */
const LINES = '^(?=[\\s\\S]*[\\p{L}\\p{N}\\p{P}\\p{S}])(?:[^\\p{Cc}\\p{Cs}]|[\\n\\r\\t])*$'

const Rating = Type.Integer({ minimum: 1, maximum: 10 })
const Title = Type.String({ maxLength: 200, pattern: LINE })
const Content = Type.String({ maxLength: 5000, pattern: LINES, description: 'Plain text; it is never read as HTML.' })
const Reason = Type.String({ maxLength: 500, pattern: LINES })

export const ReviewCreate = shape(
  'ReviewCreate',
  { movie_id: Id, rating: Rating, title: Title, content: Content, is_spoiler: Type.Boolean({ default: false }) },
  { movie_id: 1, rating: 9, title: 'Worth the night bus', content: 'I left humming and walked home.', is_spoiler: false },
)
export type ReviewCreate = Static<typeof ReviewCreate>

export const ReviewUpdate = shape(
  'ReviewUpdate',
  {
    rating: Type.Optional(Rating),
    title: Type.Optional(Title),
    content: Type.Optional(Content),
    is_spoiler: Type.Optional(Type.Boolean()),
  },
  { rating: 8 },
)
export type ReviewUpdate = Static<typeof ReviewUpdate>

const reviewFields = {
  id: Id,
  movie_id: Id,
  user_id: Id,
  author_name: Nullable(Type.String({ description: 'First name and initial, as the account gives them.' })),
  rating: Type.Integer(),
  title: Type.String(),
  content: Type.String(),
  is_spoiler: Type.Boolean(),
  is_verified_purchase: Type.Boolean({ description: 'Whether its author holds a paid or used ticket of the movie, now.' }),
  helpful_votes: Type.Integer(),
  unhelpful_votes: Type.Integer(),
  is_approved: Type.Boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
}

export const Review = shape('Review', reviewFields)
export type Review = Static<typeof Review>
export const ReviewList = cursorListOf('ReviewList', ref(Review))

export const reviewStatuses = ['pending', 'approved', 'rejected'] as const

/** What its author and the moderators see beside what everybody does. */
export const ReviewInProcess = shape('ReviewInProcess', {
  ...reviewFields,
  status: Type.Enum([...reviewStatuses]),
  moderation_reason: Nullable(Type.String()),
  submitted_at: Timestamp,
})
export type ReviewInProcess = Static<typeof ReviewInProcess>
export const ReviewInProcessList = cursorListOf('ReviewInProcessList', ref(ReviewInProcess))

export const ReviewVote = shape(
  'ReviewVote',
  { vote_type: Type.Optional(Type.Enum(['helpful', 'unhelpful'])), helpful: Type.Optional(Type.Boolean()) },
  { vote_type: 'helpful' },
)
export type ReviewVote = Static<typeof ReviewVote>

export const ReviewModeration = shape(
  'ReviewModeration',
  {
    is_approved: Type.Boolean(),
    reason: Type.Optional(Reason),
    updated_at: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Of the review as you read it; a review changed since is not decided on.',
      }),
    ),
  },
  { is_approved: false, reason: 'Tells the ending without a warning.' },
)
export type ReviewModeration = Static<typeof ReviewModeration>

export const ReviewPageQuery = Type.Object(cursorQuery, strict)
export type ReviewPageQuery = Static<typeof ReviewPageQuery>

export const ReviewQuery = Type.Object(
  {
    rating: Type.Optional(Rating),
    verified_only: Type.Boolean({ default: false }),
    sort: Type.Enum(['created_at', 'rating', 'helpful'], {
      default: 'created_at',
      description: 'Votes are counted when they are asked for, so helpful is reached by pages only, not by cursor.',
    }),
    order: Type.Enum(['asc', 'desc'], { default: 'desc' }),
    ...cursorQuery,
  },
  strict,
)
export type ReviewQuery = Static<typeof ReviewQuery>

export const MovieParams = Type.Object({ movie_id: Id }, strict)

export const reviewsShapes: object[] = [
  ReviewCreate,
  ReviewUpdate,
  Review,
  ReviewList,
  ReviewInProcess,
  ReviewInProcessList,
  ReviewVote,
  ReviewModeration,
]
