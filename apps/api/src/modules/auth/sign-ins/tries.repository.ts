import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

export type Spent = { key: string; tries: number; seconds_left: number }

/** Counts before anything is tried, so that of many at once no more get through than one after the other would. */
export const spend = async (db: Db, keys: string[], window_seconds: number): Promise<Spent[]> => {
  const { rows } = await sql<Spent>`
    insert into auth_tries as t (key, tries, until)
    select key, 1, app.now() + make_interval(secs => ${window_seconds}) from unnest(${keys}::text[]) key order by key
    on conflict (key) do update set
      tries = case when t.until <= app.now() then 1 else least(t.tries + 1, 1000000) end,
      until = case when t.until <= app.now() then excluded.until else t.until end
    returning key, tries, ceil(extract(epoch from until - app.now()))::integer as seconds_left`.execute(db)
  return rows
}

export const giveBack = (db: Db, key: string) =>
  db
    .updateTable('auth_tries')
    .set({ tries: sql<number>`greatest(tries - 1, 0)` })
    .where('key', '=', key)
    .execute()

export const forget = (db: Db, keys: string[]) => db.deleteFrom('auth_tries').where('key', 'in', keys).execute()
