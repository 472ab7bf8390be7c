import type { Db } from '#platform/db/kysely.ts'

export const createGenresService = ({ db }: { db: Db }) => ({ db })
export type GenresService = ReturnType<typeof createGenresService>
