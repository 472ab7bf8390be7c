import type { CinemasService } from '#modules/cinemas/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { Log } from '#platform/log.ts'
import { deleteDue, findDue, insertReceipt, lockDue, readFacts, takeNumber } from './issue.statement.ts'
import { linesOf, taxesOf } from './rules.ts'

type Deps = { db: Db; log: Log; sellerOf: CinemasService['terms']['sellerOf'] }

const AT_ONCE = 200

/** Issues what is due. May be killed anywhere and run many times at once; one that fails does not keep the others waiting. */
export const createIssueReceipts = ({ db, log, sellerOf }: Deps) => {
  /** Puts one due thing on paper, in a transaction of its own. */
  const issue = (id: number): Promise<void> =>
    transaction(db, async (tx) => {
      const due = await lockDue(tx, id)
      if (!due) return
      const facts = await readFacts(tx, due)
      if (!facts) throw new Error(`What is due as ${id} is about nothing.`)
      const { cinema_id, year, order_id, currency, amount_minor } = facts
      const kind = due.payment_id === null ? ('credit_note' as const) : ('receipt' as const)
      const seller = await sellerOf(tx, cinema_id)
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

  return async (): Promise<void> => {
    for (const id of await findDue(db, AT_ONCE))
      await issue(id).catch((error: unknown) => log.error({ err: error, due_id: id }, 'a receipt is not issued'))
  }
}
