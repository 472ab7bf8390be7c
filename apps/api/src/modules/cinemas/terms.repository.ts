import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { ReturnTerms, SellerUpdate } from './terms.schemas.ts'

export const findPolicy = (db: Db, cinemaId: number): Promise<ReturnTerms | undefined> =>
  db
    .selectFrom('cancellation_policies')
    .select(['cutoff_minutes', 'returns_fees', 'charge_minor', 'charge_percent'])
    .where('cinema_id', '=', cinemaId)
    .executeTakeFirst()

export const putPolicy = (tx: Tx, cinema_id: number, terms: ReturnTerms) =>
  tx
    .insertInto('cancellation_policies')
    .values({ cinema_id, ...terms })
    .onConflict((conflict) => conflict.column('cinema_id').doUpdateSet(terms))
    .execute()

/** As receipts name whoever sells; without details of its own a cinema sells in its own name. */
export const findSeller = async (db: Db, cinemaId: number): Promise<SellerUpdate | undefined> => {
  const { rows } = await sql<SellerUpdate>`
    select coalesce(s.legal_name, c.name) as legal_name, s.tax_number,
      case when s.cinema_id is null then c.address || ', ' || c.city else s.legal_address end as legal_address
    from cinemas c left join sellers s on s.cinema_id = c.id where c.id = ${cinemaId}`.execute(db)
  return rows[0]
}

export const putSeller = (tx: Tx, cinema_id: number, seller: SellerUpdate) =>
  tx
    .insertInto('sellers')
    .values({ cinema_id, ...seller })
    .onConflict((conflict) => conflict.column('cinema_id').doUpdateSet(seller))
    .execute()
