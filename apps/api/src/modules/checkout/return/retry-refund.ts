import type { PaymentsService } from '#modules/payments/service.ts'
import { recordEvent } from '#platform/audit.ts'
import type { Tx } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'

type Deps = { jobs: Jobs; payments: PaymentsService }
export type Refused = { id: number; payment_id: number; failure_code: string | null }

/** Asks the provider again for a refund that it had refused. False when it was not refused, or not any more. */
export const createRetryRefund =
  ({ jobs, payments }: Deps) =>
  async (tx: Tx, { id, payment_id, failure_code }: Refused): Promise<boolean> => {
    await payments.lock(tx, payment_id)
    if (!(await payments.reopenRefund(tx, id))) return false
    await payments.closeRefused(tx, payment_id)
    await jobs.send(tx, 'payments.refund', { refund_id: id })
    await recordEvent(tx, { action: 'refunds.retried', object_kind: 'refunds', object_id: id, before: { failure_code } })
    return true
  }
