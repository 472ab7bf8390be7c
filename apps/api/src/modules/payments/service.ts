import { currentCaller } from '#platform/caller.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'
import type { PaymentMethod } from '#platform/db/types.gen.ts'
import type { Jobs } from '#platform/jobs.ts'
import { noProvider } from './errors.ts'
import { COUNTER, createInlineProvider, FREE } from './providers/inline.ts'
import type { PaymentProvider, ProviderPayment } from './providers/provider.ts'
import * as refunds from './refunds.repository.ts'
import * as repository from './repository.ts'
import type { PaymentRow } from './repository.ts'
import { sharePaid, shareRefund } from './rules.ts'

export type { Movement, PaymentProvider, ProviderEvent, ProviderPayment } from './providers/provider.ts'
export type { PaymentRow } from './repository.ts'

type Deps = { db: Db; jobs: Jobs; provider: PaymentProvider | undefined }

/** Money towards and back from an order. Knows amounts and references, never a seat. */
export const createPaymentsService = ({ db, jobs, provider }: Deps) => {
  const inline = new Map([FREE, ...COUNTER].map((name) => [name, createInlineProvider(name, (id) => repository.find(db, id))]))
  const required = (): PaymentProvider => {
    if (!provider) throw noProvider()
    return provider
  }

  /** Who took, or is taking, the money of this payment: nobody else can say what became of it. */
  const providerOf = ({ provider: name }: { provider: string }): PaymentProvider => {
    const its = inline.get(name) ?? required()
    if (its.name !== name) throw noProvider()
    return its
  }

  /** Owes an amount back and queues giving it, both on the caller's transaction. */
  const refund = async (tx: Db, payment_id: number, amount_minor: number, reason: string): Promise<number> => {
    const { id } = await refunds.insertRefund(tx, { payment_id, amount_minor, reason })
    await jobs.send(tx, 'payments.refund', { refund_id: id })
    // Staff give the money out of the drawer as they enter it; otherwise somebody must be told that it is owed.
    if (!currentCaller()) await repository.alarmAtCounter(tx, payment_id, COUNTER, { refund_id: id, amount_minor })
    return id
  }

  return {
    ...repository,
    ...refunds,
    /** Null when nobody takes money here. */
    whoTakes: { provider: provider?.name ?? null, publishable_key: provider?.publishable_key ?? null },
    /** Who takes the money now. */
    provider: required,
    providerOf,
    /** What whoever took, or is taking, the money of a payment knows of it. */
    seek: (payment: PaymentRow): Promise<ProviderPayment | null> => providerOf(payment).find(repository.asOurs(payment)),
    /** Who would take such a payment. */
    providerFor: (amount_minor: number, method: PaymentMethod): PaymentProvider =>
      inline.get(amount_minor === 0 ? FREE : method) ?? required(),
    isAtCounter: (method: PaymentMethod): boolean => COUNTER.some((name) => name === method),
    refund,
    standing: () => repository.readStanding(db),
    /** Snapshots what the payments of an order paid for, now that together they pay for all of it. */
    noteItems: async (tx: Tx, orderId: number, items: { id: number; total_minor: number }[]): Promise<void> =>
      repository.insertItems(tx, sharePaid(items, await repository.findKept(tx, [orderId]))),
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
