import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { AccountTokenKind } from '#platform/db/types.gen.ts'

export type LinkKind = AccountTokenKind
type NewToken = {
  id: string
  user_id: number
  kind: LinkKind
  token_hash: string
  email: string | null
  lifetime_seconds: number
}

const isLive = sql<boolean>`expires_at > app.now()`

/** The newest token of a person and kind is the only one. */
export const putToken = (db: Db, { lifetime_seconds, ...token }: NewToken) => {
  const expires_at = sql<Date>`app.now() + make_interval(secs => ${lifetime_seconds})`
  return db
    .insertInto('account_tokens')
    .values({ ...token, expires_at })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'kind']).doUpdateSet({
        id: token.id,
        token_hash: token.token_hash,
        email: token.email,
        expires_at,
        claimed_until: null,
        created_at: sql`app.now()`,
      }),
    )
    .execute()
}

/** Of many who try the same token at once, one gets it. */
export const takeToken = (db: Db, kind: LinkKind, token_hash: string) =>
  db
    .deleteFrom('account_tokens')
    .where('kind', '=', kind)
    .where('token_hash', '=', token_hash)
    .where(isLive)
    .returning(['user_id', 'email'])
    .executeTakeFirst()

/** For whoever has more to do than a transaction may last; a process that dies loses its claim. */
export const claimToken = (db: Db, kind: LinkKind, token_hash: string) =>
  db
    .updateTable('account_tokens')
    .set({ claimed_until: sql<Date>`app.now() + interval '30 seconds'` })
    .where('kind', '=', kind)
    .where('token_hash', '=', token_hash)
    .where(isLive)
    .where(sql<boolean>`coalesce(claimed_until < app.now(), true)`)
    .returning(['id', 'user_id'])
    .executeTakeFirst()

export const releaseToken = (db: Db, id: string) =>
  db.updateTable('account_tokens').set({ claimed_until: null }).where('id', '=', id).execute()

export const findToken = (db: Db, id: string) =>
  db.selectFrom('account_tokens').select(['kind', 'email']).where('id', '=', id).where(isLive).executeTakeFirst()

export const dropTokens = (db: Db, user_id: number, kinds: LinkKind[]) =>
  db.deleteFrom('account_tokens').where('user_id', '=', user_id).where('kind', 'in', kinds).execute()
