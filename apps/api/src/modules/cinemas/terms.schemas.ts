import { type Static, Type } from 'typebox'

import { Amount, Id, Nullable, shape } from '#platform/http/schemas.ts'

/** On which terms a ticket goes back, as its order keeps them. */
export type ReturnTerms = {
  cutoff_minutes: number
  /** Whether booking fees are given back with the tickets. */
  returns_fees: boolean
  /** What is kept for each ticket: an amount, or a share of what was paid for it. One of the two is 0. */
  charge_minor: number
  charge_percent: number
}

const MOST_MINUTES = 10_080

const policyFields = {
  cutoff_minutes: Type.Integer({
    minimum: 0,
    maximum: MOST_MINUTES,
    description: 'Until how long before the start buyers may give tickets back; after a move until the start itself.',
  }),
  returns_fees: Type.Boolean({ description: 'Whether booking fees are given back with the tickets.' }),
  charge_per_ticket: Type.Number({ ...Amount, description: 'Kept for each ticket; this or charge_percent.' }),
  charge_percent: Type.Integer({ minimum: 0, maximum: 100, description: 'Kept of what was paid for each ticket.' }),
}

export const CancellationPolicyUpdate = shape('CancellationPolicyUpdate', policyFields, {
  cutoff_minutes: 60,
  returns_fees: false,
  charge_per_ticket: 0,
  charge_percent: 10,
})
export type CancellationPolicyUpdate = Static<typeof CancellationPolicyUpdate>

export const CancellationPolicy = shape('CancellationPolicy', { cinema_id: Id, currency: Type.String(), ...policyFields })
export type CancellationPolicy = Static<typeof CancellationPolicy>

const Line = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\p{Cc}\\p{Cs}]*[^\\p{Cc}\\p{Cs}\\s][^\\p{Cc}\\p{Cs}]*$', description })

const sellerFields = {
  legal_name: Line(200, 'Who sells, as receipts say it.'),
  tax_number: Nullable(Line(32, 'The number under which the seller pays tax.')),
  legal_address: Nullable(Line(300, 'Where the seller is registered.')),
}

export const SellerUpdate = shape('SellerUpdate', sellerFields, {
  legal_name: 'ТОВ «Кіно Поділ»',
  tax_number: '41234567',
  legal_address: 'вул. Нижній Вал, 14, Київ',
})
export type SellerUpdate = Static<typeof SellerUpdate>

export const Seller = shape('Seller', { cinema_id: Id, ...sellerFields })
export type Seller = Static<typeof Seller>

export const termsShapes: object[] = [CancellationPolicy, CancellationPolicyUpdate, Seller, SellerUpdate]
