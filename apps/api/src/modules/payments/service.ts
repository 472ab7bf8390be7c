import { currentCaller } from '#platform/caller.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'
import type { PaymentMethod } from '#platform/db/types.gen.ts'
import type { Jobs } from '#platform/jobs.ts'
import * as alarms from './alarms.repository.ts'
import { moveCredit } from './credits.ts'
import { oweReceipts } from './dues.repository.ts'
import { noProvider } from './errors.ts'
import { COUNTER, createInlineProvider, FREE } from './providers/inline.ts'
import type { PaymentProvider, ProviderPayment } from './providers/provider.ts'
import * as refunds from './refunds.repository.ts'
import * as repository from './repository.ts'
import type { PaymentRow } from './repository.ts'
import { type RefundPart, sharePaid, shareRefund } from './rules.ts'

export type { Movement, PaymentProvider, ProviderEvent, ProviderPayment } from './providers/provider.ts'
export type { PaymentRow } from './repository.ts'

/** What an order's payments owe back: per item, and in all. */
type Owed = { items: RefundPart[]; amount_minor: number; cancellation_id: number; reason: string }
const besideItems = (items: RefundPart[], amount_minor: number) =>
  items.reduce((rest, item) => rest - item.amount_minor, amount_minor)

type Deps = { db: Db; jobs: Jobs; provider: PaymentProvider | undefined }

const AT_DESK = /\/(orders|tickets|payments)\b/
/** Staff who give an order back have its buyer before them; whoever changes a session has not. */
const isHandedOut = (): boolean => AT_DESK.test(currentCaller()?.operation ?? '')

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
  const refund = async (tx: Db, wanted: refunds.NewRefund): Promise<number> => {
    const { payment_id, amount_minor } = wanted
    const { id } = await refunds.insertRefund(tx, wanted)
    await jobs.send(tx, 'payments.refund', { refund_id: id })
    // Out of the drawer, as it is entered; otherwise somebody must be told that it is owed.
    if (!isHandedOut() && (await alarms.wasTakenBy(tx, payment_id, COUNTER)))
      await alarms.alarmOfRefund(tx, payment_id, 'hand_out_money', { refund_id: id, amount_minor })
    return id
  }

  const sharesOf = async (tx: Db, orderId: number, { items, amount_minor }: Pick<Owed, 'items' | 'amount_minor'>) =>
    shareRefund({ items, fees_minor: besideItems(items, amount_minor) }, await refunds.lockRefundable(tx, orderId))

  return {
    ...repository,
    ...alarms,
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
    standing: () => alarms.readStanding(db),
    /** Snapshots what the payments of an order paid for, now that together they pay for all of it. */
    noteItems: async (tx: Tx, orderId: number, items: { id: number; total_minor: number }[]): Promise<void> => {
      await repository.insertItems(tx, sharePaid(items, await repository.findKept(tx, [orderId])))
      await oweReceipts(tx, orderId)
    },
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
          .map((payment) => ({ payment_id, provider: payment.provider, method: payment.method, amount_minor: amount })),
      )
    },
    /** Gives money back out of an order's captured payments, the newest first: what is not of an item is of fees and tax. */
    giveBack: async (tx: Db, orderId: number, owed: Owed): Promise<void> => {
      const { cancellation_id, reason } = owed
      for (const { parts, ...share } of await sharesOf(tx, orderId, owed)) {
        const refund_id = await refund(tx, { ...share, cancellation_id, reason })
        if (parts.length > 0)
          await refunds.insertRefundItems(
            tx,
            parts.map((part) => ({ ...part, refund_id })),
          )
      }
    },
    /** Pays another order with money that this one would give back: nobody moves it. */
    moveCredit: async (tx: Db, orderId: number, { cancellation_id, reason, ...owed }: Owed, to_order_id: number): Promise<void> =>
      moveCredit(tx, { shares: await sharesOf(tx, orderId, owed), to_order_id, cancellation_id, reason }),
  }
}
export type PaymentsService = ReturnType<typeof createPaymentsService>
