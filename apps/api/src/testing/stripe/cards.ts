/** What a payment method does. Without `code` it pays. */
export type Card = {
  code?: string
  decline_code?: string
  /** The bank asks its owner first. */
  asks?: true
  /** The bank decides later. */
  later?: true
  refund?: 'pending' | 'fails'
}

/** Stripe's own test payment methods, by the names in its manual. */
export const CARDS: Record<string, Card> = {
  pm_card_visa: {},
  pm_card_mastercard: {},
  pm_card_visa_chargeDeclined: { code: 'card_declined', decline_code: 'generic_decline' },
  pm_card_visa_chargeDeclinedInsufficientFunds: { code: 'card_declined', decline_code: 'insufficient_funds' },
  pm_card_chargeDeclinedExpiredCard: { code: 'expired_card', decline_code: 'expired_card' },
  pm_card_authenticationRequired: { asks: true },
  pm_usBankAccount_success: { later: true },
  pm_card_pendingRefund: { refund: 'pending' },
  pm_card_refundFail: { refund: 'fails' },
}

/** The least Stripe takes in some currencies, in minor units; fifty of any other. */
export const LEAST: Record<string, number> = { gbp: 30, pln: 200, czk: 1500, uah: 50, usd: 50, eur: 50 }
export const CURRENCIES = new Set(['uah', 'usd', 'eur', 'gbp', 'pln', 'czk', 'ron', 'huf', 'chf', 'bgn', 'sek', 'nok', 'dkk'])
export const MOST = 99_999_999
