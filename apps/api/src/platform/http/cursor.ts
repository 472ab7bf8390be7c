import { createHash } from 'node:crypto'

import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { type TSchema, Type } from 'typebox'

import type { Db } from '../db/kysely.ts'
import { invalid } from '../errors.ts'
import { MAX_DEPTH, type Page, pageQuery, type PageQuery, readPage } from './pagination.ts'
import { Nullable, strict } from './schemas.ts'

/** A title of 300 signs, none of them in ASCII, still fits. */
const MAX_CURSOR = 2500

/** For lists that may be longer than pages reach: they also go on after the last row that was seen. */
export const cursorQuery = {
  ...pageQuery,
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_CURSOR,
      description: 'The next_cursor of an earlier answer to the same question: the same filters, the same sort.',
    }),
  ),
}

type Kind = 'integer' | 'decimal' | 'moment' | 'text'
/** One thing to sort by. Never null: `coalesce` says where rows without a value stand. */
export type SortKey = { by: RawBuilder<unknown>; as: Kind }
/** All keys rise or all fall, and together they name one row, so that a page begins by one comparison of rows. */
export type Order = {
  keys: SortKey[]
  falling: boolean
  /** The first key is of another table than the rest, so it is compared on its own too, for its index. */
  isLedByAnother?: boolean
}

const ISSUED: Record<Kind, (value: string) => boolean> = {
  integer: (value) => /^-?\d{1,16}$/.test(value) && Number.isSafeInteger(Number(value)),
  decimal: (value) => /^-?\d{1,12}(\.\d{1,6})?$/.test(value),
  moment: (value) => /^-?\d{1,16}$/.test(value) && Number.isSafeInteger(Number(value)),
  text: (value) => value.isWellFormed() && !value.includes('\0'),
}

const fromKey = (value: string, as: Kind): RawBuilder<unknown> => {
  if (as === 'integer') return sql`${value}::bigint`
  if (as === 'decimal') return sql`${value}::numeric`
  if (as === 'text') return sql`${value}::text`
  return sql`(timestamptz 'epoch' + ${value}::float8 * interval '1 microsecond')`
}
/** Moments travel in microseconds since 1970: nothing of them is lost. */
const toKey = ({ by, as }: SortKey): RawBuilder<unknown> =>
  as === 'moment' ? sql`(extract(epoch from ${by}) * 1000000)::bigint::text` : sql`(${by})::text`

/** `after` is the key of the last row that was seen; `mark` tells this question from every other. */
export type CursorPage = Page & { after: string[] | undefined; mark: string }
type Question = {
  /** Names the list, so that the cursor of one is no cursor of another. */
  list: string
  /** Whatever decides which rows are in it and how they are sorted. */
  of: Record<string, unknown>
  /** Undefined: ranked, only pages reach it. */
  order: Order | undefined
}

const badCursor = () =>
  invalid(
    '/cursor',
    'This is no cursor of this list with these filters. Take next_cursor of an earlier answer to the same question.',
    'pagination.cursor',
  )

const markOf = ({ list, of }: Question): string => {
  const asked = Object.entries(of).filter(([, value]) => value !== undefined)
  const text = JSON.stringify([list, asked.toSorted(([a], [b]) => (a < b ? -1 : 1))])
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}

const writeCursor = (mark: string, key: string[]) => Buffer.from(JSON.stringify([mark, ...key])).toString('base64url')

const isKeyOf = (order: Order, key: unknown[]): key is string[] =>
  key.length === order.keys.length && order.keys.every(({ as }, at) => typeof key[at] === 'string' && ISSUED[as](key[at]))

const readCursor = (order: Order | undefined, mark: string, cursor: string): string[] => {
  try {
    const [its, ...key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (order && its === mark && isKeyOf(order, key) && writeCursor(mark, key) === cursor) return key
  } catch {
    // Not even JSON: the same answer as for any other that is not ours.
  }
  throw badCursor()
}

export const readCursorPage = (
  question: Question,
  { cursor, ...query }: PageQuery & { cursor?: string | undefined },
): CursorPage => {
  const { page, skip, size, limit } = query
  const mark = markOf(question)
  if (cursor === undefined) return { ...readPage({ page, size, skip, limit }), after: undefined, mark }
  if (page !== undefined || skip !== undefined)
    throw invalid('/cursor', 'Use a cursor, or page or skip, not both.', 'pagination.mixed')
  const { size: length } = readPage({ size, limit })
  return { offset: 0, size: length, page: 1, after: readCursor(question.order, mark, cursor), mark }
}

export const orderBy = ({ keys, falling }: Order): RawBuilder<unknown> =>
  sql.join(keys.map(({ by }) => sql`${by} ${sql.raw(falling ? 'desc' : 'asc')}`))

/** To be selected beside each row, so that the list can go on behind it. */
export const cursorKey = ({ keys }: Order) => sql<string[]>`array[${sql.join(keys.map(toKey))}]`.as('cursor_key')

const isBehind = ({ keys, falling, isLedByAnother }: Order, after: string[]): RawBuilder<boolean> => {
  const sign = sql.raw(falling ? '<' : '>')
  const here = keys.map(({ by }) => by)
  const there = keys.map(({ as }, at) => fromKey(after[at] ?? '', as))
  const isRowBehind = sql<boolean>`(${sql.join(here)}) ${sign} (${sql.join(there)})`
  return isLedByAnother ? sql<boolean>`(${here[0]} ${sign}= ${there[0]} and ${isRowBehind})` : isRowBehind
}

/** Sizes that many ask for. There are few, since each makes a statement of its own. */
const USUAL_SIZES = [10, 20, 50, 100]
export const isUsualSize = (size: number): boolean => USUAL_SIZES.includes(size)

/** A usual limit stands in the text, so that one general plan knows how little is wanted: guessing, every page would be planned anew. */
const limitOf = (size: number) => (isUsualSize(size) ? sql<number>`${sql.lit(size + 1)}` : size + 1)

/** The rows of one page and one more, which shows that the list goes on. */
export const cut = <DB, TB extends keyof DB, O>(
  rows: SelectQueryBuilder<DB, TB, O>,
  order: Order,
  { after, offset, size }: Pick<CursorPage, 'after' | 'offset' | 'size'>,
): SelectQueryBuilder<DB, TB, O> =>
  (after === undefined ? rows : rows.where(isBehind(order, after)))
    .orderBy(orderBy(order))
    .limit(limitOf(size))
    // Not `> 0`: in a query whose text is kept this is a place, and no number yet.
    .$if(offset !== 0, (rest) => rest.offset(offset))

/**
 * How many there are in all, as far as pages reach; null beyond, where counting would cost more the more there are, and
 * after a cursor, where nobody counts.
 */
export const countFor = async <DB, TB extends keyof DB, O>(
  db: Db,
  rows: SelectQueryBuilder<DB, TB, O>,
  { after }: Pick<CursorPage, 'after'>,
): Promise<number | null> => {
  if (after !== undefined) return null
  const some = rows.select(sql<number>`1`.as('one')).limit(sql<number>`${sql.lit(MAX_DEPTH + 1)}`)
  const counted = sql<{ total: number }>`select count(*) as total from (${some}) as counted`
  const total = (await counted.execute(db)).rows[0]?.total ?? 0
  return total > MAX_DEPTH ? null : total
}

type Keyed = { cursor_key?: string[] | null }

/** `rows` are one more than the page is long, when the list goes on. */
export const toCursorList = <T>(rows: (T & Keyed)[], total: number | null, { size, page, after, mark }: CursorPage) => {
  const items: T[] = rows.slice(0, size)
  const key = rows.length > size ? rows[size - 1]?.cursor_key : undefined
  return {
    items,
    total,
    page: after ? null : page,
    size,
    pages: total === null ? null : Math.ceil(total / size),
    next_cursor: key ? writeCursor(mark, key) : null,
  }
}

const Count = Type.Integer({ minimum: 0, description: `Null after a cursor, and when there are more than ${MAX_DEPTH}.` })

export const cursorListOf = <T extends TSchema>($id: string, item: T) =>
  Type.Object(
    {
      items: Type.Array(item),
      total: Nullable(Count),
      page: Nullable(Type.Integer({ minimum: 1, description: 'Null after a cursor.' })),
      size: Type.Integer({ minimum: 1 }),
      pages: Nullable(Count),
      next_cursor: Nullable(
        Type.String({ description: 'Where the list goes on; null at its end, and in lists that are ranked.' }),
      ),
    },
    { $id, ...strict },
  )
