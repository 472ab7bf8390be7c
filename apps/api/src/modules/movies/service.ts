import type { Db } from '#platform/db/kysely.ts'

export const createMoviesService = ({ db }: { db: Db }) => ({ db })
export type MoviesService = ReturnType<typeof createMoviesService>
