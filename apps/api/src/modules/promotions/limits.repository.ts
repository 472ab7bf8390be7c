import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'

type Limits = { limit_total: number | null; limit_per_user: number | null; budget_minor: number | null }

/** So many pieces are enough for those who book at the same moment; a small limit has fewer. */
const MOST_PIECES = 64
const PIECE_MINOR = 50_000

export const countLive = async (tx: Tx, promotion_id: number) => {
  const { rows } = await sql<{ uses: number; minor: number; most_per_holder: number }>`
    with live as (select * from promotion_uses where promotion_id = ${promotion_id} and state in ('reserved', 'confirmed'))
    select (select count(*) from live) as uses, (select coalesce(sum(amount_minor), 0)::bigint from live) as minor,
      coalesce((select max(n) from (select count(*) as n from live, unnest(holders) h group by h) as each), 0) as most_per_holder`.execute(
    tx,
  )
  return rows[0] ?? { uses: 0, minor: 0, most_per_holder: 0 }
}

const piecesFor = (uses: number | null, minor: number | null) =>
  Math.max(1, Math.min(MOST_PIECES, uses ?? MOST_PIECES, Math.ceil((minor ?? Infinity) / PIECE_MINOR)))

/** The share of a whole that the piece at this place gets. */
const pieceOf = (whole: number | null, place: number, pieces: number) =>
  whole === null ? null : Math.floor((whole * (place + 1)) / pieces) - Math.floor((whole * place) / pieces)

/** Cuts what the limits leave into pieces anew. The promotion is locked, so nobody takes or gives back meanwhile. */
export const writeLimits = async (tx: Tx, promotion_id: number, { limit_total, limit_per_user, budget_minor }: Limits) => {
  await tx.deleteFrom('promotion_shares').where('promotion_id', '=', promotion_id).execute()
  await tx.deleteFrom('promotion_holders').where('promotion_id', '=', promotion_id).execute()
  const { uses, minor } = await countLive(tx, promotion_id)
  if (limit_total !== null || budget_minor !== null) {
    const left = { uses: limit_total && limit_total - uses, minor: budget_minor && budget_minor - minor }
    const pieces = piecesFor(left.uses, left.minor)
    const rows = Array.from({ length: pieces }, (_, place) => ({
      promotion_id,
      uses_left: pieceOf(left.uses, place, pieces),
      minor_left: pieceOf(left.minor, place, pieces),
    }))
    await tx.insertInto('promotion_shares').values(rows).execute()
  }
  if (limit_per_user === null) return
  await sql`
    insert into promotion_holders (promotion_id, holder, uses)
    select ${promotion_id}, holder, count(*) from promotion_uses, unnest(holders) holder
    where promotion_id = ${promotion_id} and state in ('reserved', 'confirmed') group by holder`.execute(tx)
}

/** What is left of these promotions for these holders, as far as has been committed: a look, not a promise. */
export const findLeft = async (db: Db, ids: number[], holders: string[]) => {
  const { rows } = await sql<{ id: number; uses_left: number | null; minor_left: number | null; is_used_up: boolean }>`
    select p.id, s.uses_left, s.minor_left,
      p.limit_per_user is not null and exists (
        select from promotion_holders h where h.promotion_id = p.id and h.holder = any(${holders}::text[]) and h.uses >= p.limit_per_user
      ) as is_used_up
    from promotions p left join lateral (
      select sum(uses_left)::bigint as uses_left, sum(minor_left)::bigint as minor_left from promotion_shares where promotion_id = p.id
    ) s on true
    where p.id = any(${ids}::bigint[])`.execute(db)
  return rows
}
