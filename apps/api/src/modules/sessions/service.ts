import type { Db } from '#platform/db/kysely.ts'

export const createSessionsService = ({ db }: { db: Db }) => ({ db })
export type SessionsService = ReturnType<typeof createSessionsService>
