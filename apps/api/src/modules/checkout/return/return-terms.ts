import type { ReturnTerms } from '#modules/cinemas/schemas.ts'

export type ReturnRules = { CANCEL_CUTOFF_MINUTES: number }
/** What an order keeps of the terms it was made under, by session: a change of the policy speaks only of later orders. */
export type KeptTerms = { cancellation: Record<number, ReturnTerms> }

export const houseTerms = ({ CANCEL_CUTOFF_MINUTES: cutoff_minutes }: ReturnRules): ReturnTerms => ({
  cutoff_minutes,
  returns_fees: true,
  charge_minor: 0,
  charge_percent: 0,
})

export const keptTerms = (session: { id: number; return_terms: ReturnTerms | null }, rules: ReturnRules): KeptTerms => ({
  cancellation: { [session.id]: session.return_terms ?? houseTerms(rules) },
})
