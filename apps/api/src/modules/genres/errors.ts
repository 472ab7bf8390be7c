import { AppError, invalid } from '#platform/errors.ts'

export const genreNotFound = () => new AppError(404, 'genres.not_found', 'There is no such genre.')
export const slugTaken = () => new AppError(409, 'genres.slug_taken', 'There is already a genre of this slug.')
export const nameTaken = () => new AppError(409, 'genres.name_taken', 'There is already a genre of this name.')
export const genreInUse = (movies_count: number) =>
  new AppError(
    409,
    'genres.in_use',
    `${movies_count === 1 ? 'A movie has' : `${movies_count} movies have`} this genre. Give them another with PUT /api/v1/movies/{id}, then delete it.`,
    { movies_count },
  )
export const slugNeeded = () =>
  invalid('/slug', 'Give a slug: this name has too few Latin letters to make one from.', 'genres.slug_needed')
