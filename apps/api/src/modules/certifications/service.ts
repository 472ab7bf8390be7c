import type { Db } from '#platform/db/kysely.ts'

export const createCertificationsService = ({ db }: { db: Db }) => ({ db })
export type CertificationsService = ReturnType<typeof createCertificationsService>
