import type { CheckoutService } from '#modules/checkout/service.ts'
import type { CinemasService } from '#modules/cinemas/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import { AppError } from '#platform/errors.ts'
import { cinemasOf, type Holder, requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import type { Log } from '#platform/log.ts'
import { deleteDue, findDue, insertReceipt, lockDue, readFacts, takeNumber } from './issue.statement.ts'
import * as repository from './repository.ts'
import { linesOf, taxesOf } from './rules.ts'
import type { Receipt, ReceiptQuery } from './schemas.ts'

type Deps = { db: Db; log: Log; cinemas: CinemasService; checkout: CheckoutService }

const AT_ONCE = 200

const notFound = () => new AppError(404, 'receipts.not_found', 'There is no such receipt.')

/** Papers about money that came and money that went back: each once, numbered without gaps by cinema and year. */
export const createReceiptsService = ({ db, log, cinemas, checkout }: Deps) => {
  /** Puts one due thing on paper, in a transaction of its own. */
  const issue = (id: number): Promise<void> =>
    transaction(db, async (tx) => {
      const due = await lockDue(tx, id)
      if (!due) return
      const facts = await readFacts(tx, due)
      if (!facts) throw new Error(`What is due as ${id} is about nothing.`)
      const { cinema_id, year, order_id, currency, amount_minor } = facts
      const kind = due.payment_id === null ? ('credit_note' as const) : ('receipt' as const)
      const seller = await cinemas.terms.sellerOf(tx, cinema_id)
      await insertReceipt(tx, {
        kind,
        cinema_id,
        year,
        number: await takeNumber(tx, { cinema_id, year, kind }),
        order_id,
        payment_id: due.payment_id,
        refund_id: due.refund_id,
        currency,
        amount_minor,
        seller: JSON.stringify(seller),
        lines: JSON.stringify(linesOf(facts)),
        taxes: JSON.stringify(taxesOf(facts)),
      })
      await deleteDue(tx, id)
    })

  return {
    /** Issues what is due. May be killed anywhere and run many times at once; one that fails does not keep the others waiting. */
    issueDue: async (): Promise<void> => {
      for (const id of await findDue(db, AT_ONCE))
        await issue(id).catch((error: unknown) => log.error({ err: error, due_id: id }, 'a receipt is not issued'))
    },

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

    list: async (actor: SignedIn, { page, size, skip, limit, cursor, ...filter }: ReceiptQuery) => {
      if (filter.cinema_id !== undefined) requireWorkAt(actor, filter.cinema_id)
      const wanted = { ...filter, within: cinemasOf(actor) }
      const question = { list: 'receipts', of: wanted, order: repository.newestFirst }
      const window = readCursorPage(question, { page, size, skip, limit, cursor })
      const [rows, total] = await repository.findPage(db, wanted, window)
      return toCursorList<Receipt>(rows, total, window)
    },
  }
}
export type ReceiptsService = ReturnType<typeof createReceiptsService>
