import type { Db } from '#platform/db/kysely.ts'

export const createCinemasService = ({ db }: { db: Db }) => ({ db })
export type CinemasService = ReturnType<typeof createCinemasService>
