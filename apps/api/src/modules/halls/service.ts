import type { Db } from '#platform/db/kysely.ts'

export const createHallsService = ({ db }: { db: Db }) => ({ db })
export type HallsService = ReturnType<typeof createHallsService>
