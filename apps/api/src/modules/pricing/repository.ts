import { type Insertable, sql, type Updateable } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { PriceCards, TicketTypes } from '#platform/db/types.gen.ts'
import type { Page } from '#platform/http/pagination.ts'
import type { CardRow, RulesRow } from './rules.ts'
import type { Format, TicketType } from './schemas.ts'

const total = sql<number>`count(*)`.as('total')

const selectTypes = (db: Db) =>
  db
    .selectFrom('ticket_types')
    .select(['id', 'code', 'percent_off', 'needs_proof', 'is_default', 'position', 'is_active', 'created_at', 'updated_at'])
    .select([
      sql<TicketType['names']>`names`.as('names'),
      sql<TicketType['who_may_buy']>`who_may_buy`.as('who_may_buy'),
      sql<TicketType['seat_types']>`to_json(seat_types)`.as('seat_types'),
    ])

export const listTypes = async (db: Db, is_active: boolean, { size, offset }: Page) => {
  const [items, { total: all }] = await Promise.all([
    selectTypes(db).where('is_active', '=', is_active).orderBy('position').orderBy('id').limit(size).offset(offset).execute(),
    db.selectFrom('ticket_types').select(total).where('is_active', '=', is_active).executeTakeFirstOrThrow(),
  ])
  return { items, total: all }
}

export const findType = (db: Db, id: number) => selectTypes(db).where('id', '=', id).executeTakeFirst()
export const lockType = (tx: Tx, id: number) => selectTypes(tx).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()

export const insertType = (tx: Tx, type: Insertable<TicketTypes>) =>
  tx.insertInto('ticket_types').values(type).returning('id').executeTakeFirstOrThrow()

/** Changes nothing when nothing is asked for: an update that sets nothing is no SQL. */
export const updateType = async (tx: Tx, id: number, changes: Updateable<TicketTypes>): Promise<void> => {
  if (Object.keys(changes).length > 0) await tx.updateTable('ticket_types').set(changes).where('id', '=', id).execute()
}

/** Codes that no type in use has. */
export const findUnknownCodes = async (db: Db, codes: string[]): Promise<string[]> => {
  const { rows } = await sql<{ code: string }>`
    select code from unnest(${codes}::text[]) as asked(code)
    where not exists (select from ticket_types t where t.code = asked.code and t.is_active)`.execute(db)
  return rows.map(({ code }) => code)
}

export const defaultCode = async (db: Db): Promise<string> =>
  (await db.selectFrom('ticket_types').select('code').where('is_default', '=', true).executeTakeFirstOrThrow()).code

const cardColumns = [
  'id',
  'cinema_id',
  'name',
  'valid_from',
  'valid_to',
  'base_price_minor',
  'premium_price_minor',
  'vip_price_minor',
  'is_active',
  'created_at',
  'updated_at',
] as const

const selectCards = (db: Db) =>
  db
    .selectFrom('price_cards')
    .select(cardColumns)
    .select([
      sql<number[]>`to_json(weekdays)`.as('weekdays'),
      sql<Format[]>`to_json(formats)`.as('formats'),
      sql<string>`to_char(from_time, 'HH24:MI')`.as('from_time'),
      sql<string>`to_char(to_time, 'HH24:MI')`.as('to_time'),
      sql<CardRow['offers']>`offers`.as('offers'),
    ])

type CardFilter = { cinema_ids: readonly number[] | null; cinema_id: number | undefined; is_active: boolean }

export const listCards = async (db: Db, { cinema_ids, cinema_id, is_active }: CardFilter, { size, offset }: Page) => {
  const matching = selectCards(db)
    .where('is_active', '=', is_active)
    .$if(cinema_id !== undefined, (query) => query.where('cinema_id', '=', cinema_id as number))
    .$if(cinema_ids !== null, (query) => query.where(sql<boolean>`cinema_id = any(${cinema_ids}::bigint[])`))
  const [items, counted] = await Promise.all([
    matching.orderBy('cinema_id').orderBy('valid_from').orderBy('id').limit(size).offset(offset).execute(),
    matching.clearSelect().select(total).executeTakeFirstOrThrow(),
  ])
  return { items, total: counted.total }
}

export const findCard = (db: Db, id: number): Promise<CardRow | undefined> =>
  selectCards(db).where('id', '=', id).executeTakeFirst()

export const insertCard = (tx: Tx, card: Insertable<PriceCards>) =>
  tx.insertInto('price_cards').values(card).returning('id').executeTakeFirstOrThrow()

export const updateCard = async (tx: Tx, id: number, changes: Updateable<PriceCards>): Promise<void> => {
  if (Object.keys(changes).length > 0) await tx.updateTable('price_cards').set(changes).where('id', '=', id).execute()
}

type Hours = Pick<CardRow, 'cinema_id' | 'weekdays' | 'from_time' | 'to_time' | 'formats' | 'valid_from' | 'valid_to'>

/** The card in use that applies to some of these hours already. */
export const findRival = (
  db: Db,
  { cinema_id, weekdays, from_time, to_time, formats, valid_from, valid_to }: Hours,
  except: number,
) =>
  db
    .selectFrom('price_cards')
    .select(['id', 'name'])
    .where('cinema_id', '=', cinema_id)
    .where('is_active', '=', true)
    .where('id', '<>', except)
    .where(
      sql<boolean>`slots && app.card_slots(${weekdays}::smallint[], ${from_time}::time, ${to_time}::time, ${formats}::text[])`,
    )
    .where(sql<boolean>`valid && daterange(${valid_from}::date, ${valid_to}::date, '[]')`)
    .orderBy('id')
    .executeTakeFirst()

/** A moment by the hands of the cinema's clock: its day, and HH:MM. */
export type Slot = { cinema_id: number; day: string; time: string; format: Format }

/** The one card in use that applies then. */
export const findApplying = (db: Db, { cinema_id, day, time, format }: Slot): Promise<CardRow | undefined> =>
  selectCards(db)
    .where('cinema_id', '=', cinema_id)
    .where('is_active', '=', true)
    .where(sql<boolean>`valid @> ${day}::date`)
    .where(sql<boolean>`slots @> app.card_slot(${format}, extract(isodow from ${day}::date)::int, app.day_minute(${time}::time))`)
    .executeTakeFirst()

/** Keeps the cards of a cinema as they are until the transaction ends; sessions that take one do not wait for each other. */
export const holdCards = (tx: Tx, cinema_id: number) => sql`select from cinemas where id = ${cinema_id} for share`.execute(tx)

const ruleColumns = [
  'web_ticket_fee_minor',
  'web_order_fee_minor',
  'counter_ticket_fee_minor',
  'counter_order_fee_minor',
  'tax_mode',
  'tax_name',
  'tax_percent',
  'rounding',
  'rounding_step_minor',
] as const

export const findRules = (db: Db, cinema_id: number): Promise<RulesRow | undefined> =>
  db.selectFrom('cinema_price_rules').select(ruleColumns).where('cinema_id', '=', cinema_id).executeTakeFirst()

export const saveRules = (tx: Tx, cinema_id: number, changes: Partial<RulesRow>) =>
  tx
    .insertInto('cinema_price_rules')
    .values({ cinema_id, ...changes })
    .onConflict((conflict) => conflict.column('cinema_id').doUpdateSet({ cinema_id, ...changes }))
    .execute()

type BookRow = {
  types: TicketType[]
  card: { id: number; name: string; offers: CardRow['offers'] } | null
  rules: RulesRow | null
}

/** All that the prices of a session depend on, in one look. */
export const findBook = async (db: Db, cinema_id: number, card_id: number | null): Promise<BookRow> => {
  const { rows } = await sql<BookRow>`
    select
      (select json_agg(to_json(t) order by t.position, t.id) from ticket_types t where t.is_active) as types,
      (select json_build_object('id', c.id, 'name', c.name, 'offers', c.offers) from price_cards c where c.id = ${card_id}) as card,
      (select to_json(r) from cinema_price_rules r where r.cinema_id = ${cinema_id}) as rules`.execute(db)
  return rows[0] as BookRow
}
