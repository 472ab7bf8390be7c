import { recordEvent } from '#platform/audit.ts'
import { exportRows } from '#platform/csv.ts'
import type { Db } from '#platform/db/kysely.ts'
import { cinemasOf, requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { countFor, cursorKey, cut, readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import type { PageQuery } from '#platform/http/pagination.ts'
import * as repository from './repository.ts'
import type { OrderFilter, PaymentFilter, RefundFilter, SaleOrder, SalePayment } from './schemas.ts'

type Asked<F> = F & PageQuery & { cursor?: string | undefined }
const AT_ONCE = 1_000

const COLUMNS = {
  orders: 'id reference status user_id email currency subtotal discount fees tax total tickets created_at paid_at',
  payments:
    'id order_id order_reference user_id provider provider_reference method status amount refunded currency failure_code created_at captured_at',
  refunds:
    'id payment_id order_id order_reference user_id provider provider_reference status amount currency reason failure_code created_at',
}

/** Orders, payments and refunds as staff see them: those of their cinemas. */
export const createSalesService = ({ db }: { db: Db }) => {
  const withinOf = (actor: SignedIn, { cinema_id }: { cinema_id?: number | undefined }): repository.Within => {
    if (cinema_id !== undefined) requireWorkAt(actor, cinema_id)
    return { among: cinemasOf(actor) }
  }

  const windowOf = <F extends object>(list: keyof typeof repository.newestFirst, actor: SignedIn, asked: Asked<F>) => {
    const { page, size, skip, limit, cursor, ...filter } = asked
    const of = { ...filter, among: cinemasOf(actor) }
    return readCursorPage({ list: `sales.${list}`, of, order: repository.newestFirst[list] }, { page, size, skip, limit, cursor })
  }

  const behind = (last: number) => (last === 0 ? Number.MAX_SAFE_INTEGER : last)

  return {
    orders: async (actor: SignedIn, asked: Asked<OrderFilter>) => {
      const order = repository.newestFirst.orders
      const window = windowOf('orders', actor, asked)
      const rows = repository.ordersLike(db, asked, withinOf(actor, asked))
      const page = cut(repository.showOrders(rows).select(cursorKey(order)), order, window).execute()
      return toCursorList<SaleOrder>(...(await Promise.all([page, countFor(db, rows, window)])), window)
    },
    payments: async (actor: SignedIn, asked: Asked<PaymentFilter>) => {
      const order = repository.newestFirst.payments
      const window = windowOf('payments', actor, asked)
      const rows = repository.paymentsLike(db, asked, withinOf(actor, asked))
      const page = cut(repository.showPayments(rows).select(cursorKey(order)), order, window).execute()
      return toCursorList<SalePayment>(...(await Promise.all([page, countFor(db, rows, window)])), window)
    },
    exportOrders: (actor: SignedIn, filter: OrderFilter) => {
      const rows = repository.showOrders(repository.ordersLike(db, filter, withinOf(actor, filter)))
      const next = (last: number) => rows.where('o.id', '<', behind(last)).orderBy('o.id', 'desc').limit(AT_ONCE).execute()
      return exportRows(COLUMNS.orders.split(' '), AT_ONCE, next)
    },
    exportPayments: (actor: SignedIn, filter: PaymentFilter) => {
      const rows = repository.showPayments(repository.paymentsLike(db, filter, withinOf(actor, filter)))
      const next = (last: number) => rows.where('p.id', '<', behind(last)).orderBy('p.id', 'desc').limit(AT_ONCE).execute()
      return exportRows(COLUMNS.payments.split(' '), AT_ONCE, next)
    },
    exportRefunds: (actor: SignedIn, filter: RefundFilter) => {
      const rows = repository.showRefunds(repository.refundsLike(db, filter, withinOf(actor, filter)))
      const next = (last: number) => rows.where('r.id', '<', behind(last)).orderBy('r.id', 'desc').limit(AT_ONCE).execute()
      return exportRows(COLUMNS.refunds.split(' '), AT_ONCE, next)
    },
    /** Whoever takes a list of buyers away is written down first. */
    noteExport: (what: keyof typeof COLUMNS, filter: object) =>
      recordEvent(db, { action: 'sales.exported', object_kind: what, object_id: null, after: { ...filter } }),
  }
}
export type SalesService = ReturnType<typeof createSalesService>
