import type { CheckoutService } from '#modules/checkout/service.ts'
import type { CinemasService } from '#modules/cinemas/service.ts'
import { recordEvent } from '#platform/audit.ts'
import { exportRows } from '#platform/csv.ts'
import type { Db } from '#platform/db/kysely.ts'
import { AppError } from '#platform/errors.ts'
import { cinemasOf, type Holder, requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import type { Log } from '#platform/log.ts'
import { createIssueReceipts } from './issue.ts'
import * as repository from './repository.ts'
import type { Receipt, ReceiptFilter, ReceiptQuery } from './schemas.ts'

type Deps = { db: Db; log: Log; cinemas: CinemasService; checkout: CheckoutService }

const AT_ONCE = 1_000
const COLUMNS =
  'id kind label cinema_id year number order_id order_reference payment_id refund_id currency amount tax_name tax_percent tax seller seller_tax_number issued_at'

/** A row of a file: what a paper says, without its lines. */
const rowOf = ({ seller, lines: _, taxes: [tax], ...paper }: Receipt) => ({
  ...paper,
  tax_name: tax?.name,
  tax_percent: tax?.percent,
  tax: tax?.amount,
  seller: seller.legal_name,
  seller_tax_number: seller.tax_number,
})

const notFound = () => new AppError(404, 'receipts.not_found', 'There is no such receipt.')

/** Papers about money that came and money that went back: each once, numbered without gaps by cinema and year. */
export const createReceiptsService = ({ db, log, cinemas, checkout }: Deps) => ({
  issueDue: createIssueReceipts({ db, log, sellerOf: cinemas.terms.sellerOf }),

  ofOrder: async (actor: Holder, orderId: number): Promise<{ items: Receipt[] }> => {
    await checkout.order(actor, orderId)
    return { items: await repository.findOfOrder(db, orderId) }
  },

  /** One's own, or of an order at one's cinemas for staff; others are told it does not exist. */
  get: async (actor: Holder, id: number): Promise<Receipt> => {
    const receipt = await repository.findReceipt(db, id)
    if (!receipt) throw notFound()
    await checkout.order(actor, receipt.order_id).catch((error: unknown) => {
      throw error instanceof AppError && error.status === 404 ? notFound() : error
    })
    return receipt
  },

  /** All that match, a thousand at a time. */
  export: (actor: SignedIn, filter: ReceiptFilter): AsyncIterable<string> => {
    if (filter.cinema_id !== undefined) requireWorkAt(actor, filter.cinema_id)
    const wanted = { ...filter, within: cinemasOf(actor) }
    return exportRows(COLUMNS.split(' '), AT_ONCE, async (last) =>
      (await repository.findBehind(db, wanted, last === 0 ? Number.MAX_SAFE_INTEGER : last, AT_ONCE)).map(rowOf),
    )
  },
  /** Whoever takes the papers away is written down first. */
  noteExport: (filter: ReceiptFilter) =>
    recordEvent(db, { action: 'sales.exported', object_kind: 'receipts', object_id: null, after: { ...filter } }),

  list: async (actor: SignedIn, { page, size, skip, limit, cursor, ...filter }: ReceiptQuery) => {
    if (filter.cinema_id !== undefined) requireWorkAt(actor, filter.cinema_id)
    const wanted = { ...filter, within: cinemasOf(actor) }
    const question = { list: 'receipts', of: wanted, order: repository.newestFirst }
    const window = readCursorPage(question, { page, size, skip, limit, cursor })
    const [rows, total] = await repository.findPage(db, wanted, window)
    return toCursorList<Receipt>(rows, total, window)
  },
})
export type ReceiptsService = ReturnType<typeof createReceiptsService>
