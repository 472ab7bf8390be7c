import type { MovementPage, ProviderRefund } from '../provider.ts'
import type { JournalLine } from './schemas.ts'

export const PAGE = 500

const REFUND = /^refund-(\d+)$/

/** A page of the journal as the port tells it. */
export const toPage = (lines: JournalLine[]): MovementPage => ({
  movements: lines.map(({ id, idempotency_key, reference, payment_id, kind, amount_minor, currency }) => {
    const refund = REFUND.exec(idempotency_key)?.[1]
    return {
      kind,
      reference: kind === 'charge' ? reference : `journal_${id}`,
      payment_reference: reference,
      payment_id,
      refund_id: refund === undefined ? null : Number(refund),
      amount_minor,
      currency,
    }
  }),
  next: lines.length < PAGE ? null : String(lines.at(-1)?.id),
})

/** Here money arrives at once. */
export const toRefund = (given: Pick<ProviderRefund, 'reference' | 'amount_minor'>): ProviderRefund => ({
  ...given,
  status: 'succeeded',
  failure_code: null,
})
