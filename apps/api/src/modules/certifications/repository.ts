import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Page } from '#platform/http/pagination.ts'

const columns = ['id', 'name', 'min_age', 'created_at', 'updated_at'] as const

export const listCertifications = (db: Db, { size, offset }: Page) =>
  db.selectFrom('certifications').select(columns).orderBy('min_age').orderBy('name').limit(size).offset(offset).execute()

export const countCertifications = async (db: Db) =>
  (
    await db
      .selectFrom('certifications')
      .select(sql<number>`count(*)`.as('total'))
      .executeTakeFirstOrThrow()
  ).total

/** Of all movies, those that are not active too. */
export const countMovies = async (db: Db, id: number) =>
  (
    await db
      .selectFrom('movies')
      .select(sql<number>`count(*)`.as('total'))
      .where('certification_id', '=', id)
      .executeTakeFirstOrThrow()
  ).total

export const deleteCertification = async (db: Db, id: number): Promise<boolean> =>
  (await db.deleteFrom('certifications').where('id', '=', id).returning('id').executeTakeFirst()) !== undefined

export const findCertification = (db: Db, id: number) =>
  db.selectFrom('certifications').select(columns).where('id', '=', id).executeTakeFirst()

/** Kept until the transaction ends, so that the movie which is about to name it can. */
export const holdCertification = (tx: Db, by: { id: number } | { name: string }) =>
  tx
    .selectFrom('certifications')
    .select('id')
    .where((eb) => ('id' in by ? eb('id', '=', by.id) : eb('name', '=', by.name)))
    .forKeyShare()
    .executeTakeFirst()

export type CertificationColumns = { name: string; min_age?: number }

export const insertCertification = (db: Db, certification: CertificationColumns) =>
  db.insertInto('certifications').values(certification).returning(columns).executeTakeFirstOrThrow()

export const updateCertification = (db: Db, id: number, changes: Partial<CertificationColumns>) =>
  db
    .updateTable('certifications')
    .set({ ...changes, updated_at: sql<Date>`app.now()` })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst()
