import type { Db } from '#platform/db/kysely.ts'

export const createPeopleService = ({ db }: { db: Db }) => ({ db })
export type PeopleService = ReturnType<typeof createPeopleService>
