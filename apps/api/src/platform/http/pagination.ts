import { type TSchema, Type } from 'typebox'

import { AppError, invalid } from '../errors.ts'
import { strict } from './schemas.ts'

const DEFAULT_SIZE = 20
const MAX_SIZE = 100
/** How deep people may page by number; what lies deeper is reached by cursor. */
export const MAX_DEPTH = 10_000

/** Either `page` and `size`, or `skip` and `limit`. */
export const pageQuery = {
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_DEPTH })),
  size: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_SIZE })),
  skip: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_DEPTH })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_SIZE })),
}

/** What each list takes beside its filters. */
export type PageQuery = {
  page?: number | undefined
  size?: number | undefined
  skip?: number | undefined
  limit?: number | undefined
}
export type Page = { offset: number; size: number; page: number }

export const readPage = ({ page, size, skip, limit }: PageQuery): Page => {
  const paged = page !== undefined || size !== undefined
  const skipped = skip !== undefined || limit !== undefined
  if (paged && skipped) throw invalid('/page', 'Use page and size, or skip and limit, not both.', 'pagination.mixed')
  const length = size ?? limit ?? DEFAULT_SIZE
  const offset = skipped ? (skip ?? 0) : ((page ?? 1) - 1) * length
  if (offset + length > MAX_DEPTH + MAX_SIZE)
    throw new AppError(
      422,
      'pagination.too_deep',
      `A list can be paged ${MAX_DEPTH} rows deep. Narrow the filters, or go on by cursor where there is one.`,
    )
  return { offset, size: length, page: Math.floor(offset / length) + 1 }
}

export const toList = <T>(items: T[], total: number, { size, page }: Page) => ({
  items,
  total,
  page,
  size,
  pages: Math.ceil(total / size),
})

export const listOf = <T extends TSchema>($id: string, item: T) =>
  Type.Object(
    {
      items: Type.Array(item),
      total: Type.Integer({ minimum: 0 }),
      page: Type.Integer({ minimum: 1 }),
      size: Type.Integer({ minimum: 1 }),
      pages: Type.Integer({ minimum: 0 }),
    },
    { $id, ...strict },
  )
