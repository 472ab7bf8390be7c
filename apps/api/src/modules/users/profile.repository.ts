import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Gender } from '#platform/db/types.gen.ts'

export type Details = { bio: string | null; gender: Gender | null; date_of_birth: string | null }

export const findProfile = (db: Db, user_id: number) =>
  db
    .selectFrom('users as u')
    .leftJoin('user_profiles as p', 'p.user_id', 'u.id')
    .select(['u.id as user_id', 'u.first_name', 'u.last_name', 'p.bio', 'p.gender', 'p.date_of_birth'])
    .select([
      sql<string>`trim(u.first_name || ' ' || u.last_name)`.as('full_name'),
      sql<string | null>`'/media/' || p.avatar_key`.as('avatar_url'),
    ])
    .where('u.id', '=', user_id)
    .executeTakeFirst()

/** False when there is one already. */
export const insertProfile = async (db: Db, user_id: number, details: Partial<Details>): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('user_profiles')
    .values({ user_id, ...details })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export const updateProfile = async (db: Db, user_id: number, details: Partial<Details>): Promise<void> => {
  if (Object.keys(details).length === 0) return
  await db
    .insertInto('user_profiles')
    .values({ user_id, ...details })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(details))
    .execute()
}

export const isBirthday = async (db: Db, day: string): Promise<boolean> => {
  const { rows } = await sql<{ fits: boolean }>`
    select ${day}::date between '1900-01-01' and app.now()::date as fits`.execute(db)
  return rows[0]?.fits ?? false
}

/** Answers the key that stood there. */
export const swapAvatar = async (tx: Db, user_id: number, avatar_key: string | null): Promise<string | null> => {
  await insertProfile(tx, user_id, {})
  const { avatar_key: before } = await tx
    .selectFrom('user_profiles')
    .select('avatar_key')
    .where('user_id', '=', user_id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  await tx.updateTable('user_profiles').set({ avatar_key }).where('user_id', '=', user_id).execute()
  return before
}
