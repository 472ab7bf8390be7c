import type { Db } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import { noProvider } from './errors.ts'
import { createFreeProvider, FREE } from './providers/free.ts'
import type { PaymentProvider } from './providers/provider.ts'
import * as refunds from './refunds.repository.ts'
import * as repository from './repository.ts'
import { shareRefund } from './rules.ts'

export type { PaymentProvider, ProviderPayment } from './providers/provider.ts'
export type { PaymentRow } from './repository.ts'

type Deps = { db: Db; jobs: Jobs; provider: PaymentProvider | undefined }

/** Money towards and back from an order. Knows amounts and references, never a seat. */
export const createPaymentsService = ({ db, jobs, provider }: Deps) => {
  const free = createFreeProvider(async (id) => (await repository.find(db, id))?.currency)
  const required = (): PaymentProvider => {
    if (!provider) throw noProvider()
    return provider
  }

  /** Owes an amount back and queues giving it, both on the caller's transaction. */
  const refund = async (tx: Db, payment_id: number, amount_minor: number, reason: string): Promise<number> => {
    const { id } = await refunds.insertRefund(tx, { payment_id, amount_minor, reason })
    await jobs.send(tx, 'payments.refund', { refund_id: id })
    return id
  }

  return {
    ...repository,
    ...refunds,
    /** Null when nobody takes money here. */
    providerName: provider?.name ?? null,
    /** Who takes the money now. */
    provider: required,
    /** Who took, or is taking, the money of this payment. */
    providerOf: ({ provider: name }: { provider: string }): PaymentProvider => (name === FREE ? free : required()),
    providerFor: (amount_minor: number): PaymentProvider => (amount_minor === 0 ? free : required()),
    refund,
    /** Gives items back out of an order's captured payments, oldest first. Returns the refunds' ids. */
    refundItems: async (
      tx: Db,
      orderId: number,
      items: { id: number; total_minor: number }[],
      reason: string,
    ): Promise<number[]> => {
      const shares = shareRefund(items, await refunds.lockRefundable(tx, orderId))
      const ids: number[] = []
      for (const [payment_id, parts] of shares) {
        const refund_id = await refund(
          tx,
          payment_id,
          parts.reduce((sum, line) => sum + line.amount_minor, 0),
          reason,
        )
        await refunds.insertRefundItems(
          tx,
          parts.map((line) => ({ ...line, refund_id })),
        )
        ids.push(refund_id)
      }
      return ids
    },
  }
}
export type PaymentsService = ReturnType<typeof createPaymentsService>
