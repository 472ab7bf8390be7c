import type { ReviewStatus } from '#platform/db/types.gen.ts'

/**
 * The author's edit makes an approved review wait again where reviews are moderated, and a rejected one everywhere. A
 * moderator may change their mind: without moderation taking a review down is the only way to reject it.
 */
export const transitions = {
  pending: ['approved', 'rejected'],
  approved: ['pending', 'rejected'],
  rejected: ['pending', 'approved'],
} as const satisfies Record<ReviewStatus, readonly ReviewStatus[]>

export const statusWhenNew = (moderated: boolean): ReviewStatus => (moderated ? 'pending' : 'approved')

export const statusWhenEdited = (status: ReviewStatus, moderated: boolean): ReviewStatus =>
  status === 'approved' && !moderated ? 'approved' : 'pending'

type Counted = { is_approved: boolean; rating: number }

/** What a change of one review adds to its movie's score. Before its birth and after its end a review counts for nothing. */
export const scoreChange = (before: Counted | null, after: Counted | null) => {
  const [lost, won] = [before?.is_approved ? before.rating : null, after?.is_approved ? after.rating : null]
  return {
    ratings_count: Number(won !== null) - Number(lost !== null),
    ratings_sum: (won ?? 0) - (lost ?? 0),
  }
}
