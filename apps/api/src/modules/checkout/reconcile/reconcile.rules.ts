import type { Movement } from '#modules/payments/service.ts'

export type OurRefund = { id: number; status: 'pending' | 'success' | 'failed'; amount_minor: number; reference: string | null }
/** A payment as our books tell it. */
export type OurSide = {
  id: number
  status: 'pending' | 'success' | 'failed' | 'canceled' | 'refunded' | 'partially_refunded'
  reference: string | null
  amount_minor: number
  currency: string
  refunds: OurRefund[]
}

/**
 * What our books say to a movement in the provider's. `agrees` names what was found; `follow` is to be asked about again,
 * by the way of all late news; `problem` is for a person, and its payment is asked about as well.
 */
export type Judgement =
  | { agrees: { payment_id: number } | { refund_id: number } }
  | { follow: { payment_id: number } | { refund_id: number } }
  | { problem: string; payment_id: number | null }

const judgeCharge = ({ amount_minor, currency }: Movement, ours: OurSide): Judgement => {
  const { id: payment_id, status } = ours
  if (status === 'pending') return { follow: { payment_id } }
  if (status === 'failed' || status === 'canceled') return { problem: 'given_up', payment_id }
  if (ours.amount_minor !== amount_minor || ours.currency !== currency) return { problem: 'amount_differs', payment_id }
  return { agrees: { payment_id } }
}

const judgeRefund = ({ refund_id, reference, amount_minor }: Movement, { id: payment_id, refunds }: OurSide): Judgement => {
  const refund = refunds.find((one) => one.id === refund_id || one.reference === reference)
  if (!refund) return { problem: 'unknown_refund', payment_id }
  if (refund.amount_minor !== amount_minor) return { problem: 'refund_differs', payment_id }
  if (refund.status === 'failed') return { problem: 'refund_given_up', payment_id }
  return refund.status === 'pending' ? { follow: { refund_id: refund.id } } : { agrees: { refund_id: refund.id } }
}

/** Of one payment both sides know the same reference; before we were told it, only the provider knows our id. */
export const sideOf = ({ payment_reference, payment_id }: Movement, ours: OurSide[]): OurSide | undefined =>
  ours.find(({ reference }) => reference === payment_reference) ??
  ours.find(({ id, reference }) => id === payment_id && reference === null)

export const judge = (movement: Movement, ours: OurSide[]): Judgement => {
  const side = sideOf(movement, ours)
  if (!side) return { problem: movement.kind === 'charge' ? 'unknown_charge' : 'unknown_refund', payment_id: null }
  return movement.kind === 'charge' ? judgeCharge(movement, side) : judgeRefund(movement, side)
}
