import { AppError, invalid } from '#platform/errors.ts'

export const reviewNotFound = () => new AppError(404, 'reviews.not_found', 'There is no such review.')
export const alreadyReviewed = () =>
  new AppError(409, 'reviews.already_reviewed', 'You have reviewed this movie. Change that review instead.')
export const noSuchMovie = () => invalid('/movie_id', 'There is no such movie.', 'reviews.no_such_movie')
export const notYours = () => new AppError(403, 'reviews.not_yours', 'Only its author may do this with a review.')
export const ownReview = () => new AppError(403, 'reviews.own_review', 'Nobody votes on a review of their own.')
export const changedSince = () =>
  new AppError(409, 'reviews.changed_since', 'The review was changed after you read it. Read it again before you decide.')
export const nameOneVote = () => invalid('/vote_type', 'Give vote_type or helpful, one of the two.', 'reviews.name_one_vote')
