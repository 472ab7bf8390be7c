import type { Db } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import { noProvider } from './errors.ts'
import { createFreeProvider, FREE } from './providers/free.ts'
import type { PaymentProvider } from './providers/provider.ts'
import * as refunds from './refunds.repository.ts'
import * as repository from './repository.ts'
import { type RefundPart, shareRefund } from './rules.ts'

export type { PaymentProvider, ProviderPayment } from './providers/provider.ts'
export type { PaymentRow } from './repository.ts'

/** What an order's payments owe back: per item, and in all. */
type Owed = { items: RefundPart[]; amount_minor: number; cancellation_id: number; reason: string }
const besideItems = (items: RefundPart[], amount_minor: number) =>
  items.reduce((rest, item) => rest - item.amount_minor, amount_minor)

type Deps = { db: Db; jobs: Jobs; provider: PaymentProvider | undefined }

/** Money towards and back from an order. Knows amounts and references, never a seat. */
export const createPaymentsService = ({ db, jobs, provider }: Deps) => {
  const free = createFreeProvider(async (id) => (await repository.find(db, id))?.currency)
  const required = (): PaymentProvider => {
    if (!provider) throw noProvider()
    return provider
  }

  /** Owes an amount back and queues giving it, both on the caller's transaction. */
  const refund = async (tx: Db, wanted: refunds.NewRefund): Promise<number> => {
    const { id } = await refunds.insertRefund(tx, wanted)
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
    refund: (tx: Db, payment_id: number, amount_minor: number, reason: string) =>
      refund(tx, { payment_id, amount_minor, reason, fees_minor: 0, cancellation_id: null }),
    /** To which payments an amount would go back, and how much to each. */
    quoteGiveBack: async (on: Db, orderId: number, lines: { item_id: number; refund_minor: number }[], amount_minor: number) => {
      const items = lines.map(({ item_id, refund_minor }) => ({ order_item_id: item_id, amount_minor: refund_minor }))
      const found = await refunds.findRefundable(on, orderId)
      const shares = shareRefund({ items, fees_minor: besideItems(items, amount_minor) }, found)
      return shares.flatMap(({ payment_id, amount_minor: amount }) =>
        found
          .filter(({ id }) => id === payment_id)
          .map(({ provider, method }) => ({ payment_id, provider, method, amount_minor: amount })),
      )
    },
    /** Gives money back out of an order's captured payments, the newest first: what is not of an item is of fees and tax. */
    giveBack: async (tx: Db, orderId: number, owed: Owed): Promise<void> => {
      const { items, amount_minor, cancellation_id, reason } = owed
      const fees_minor = besideItems(items, amount_minor)
      const shares = shareRefund({ items, fees_minor }, await refunds.lockRefundable(tx, orderId))
      for (const { parts, ...share } of shares) {
        const refund_id = await refund(tx, { ...share, cancellation_id, reason })
        if (parts.length > 0)
          await refunds.insertRefundItems(
            tx,
            parts.map((part) => ({ ...part, refund_id })),
          )
      }
    },
  }
}
export type PaymentsService = ReturnType<typeof createPaymentsService>
