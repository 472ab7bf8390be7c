import { type Db, transaction } from '#platform/db/kysely.ts'
import { AppError } from '#platform/errors.ts'
import { requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { toMajor, toMinor } from '#platform/money.ts'
import type { Cinema } from './schemas.ts'
import * as repository from './terms.repository.ts'
import type { CancellationPolicy, CancellationPolicyUpdate, ReturnTerms, Seller, SellerUpdate } from './terms.schemas.ts'

type Deps = { db: Db; get: (id: number) => Promise<Cinema>; rules: { CANCEL_CUTOFF_MINUTES: number } }

const oneCharge = () =>
  new AppError(422, 'cinemas.one_charge', 'Keep an amount for each ticket or a share of what was paid, not both.')

/** On which terms a cinema sells: how tickets go back, and in whose name receipts are written. */
export const createTermsService = ({ db, get, rules }: Deps) => {
  const house: ReturnTerms = {
    cutoff_minutes: rules.CANCEL_CUTOFF_MINUTES,
    returns_fees: true,
    charge_minor: 0,
    charge_percent: 0,
  }

  const policy = async (id: number): Promise<CancellationPolicy> => {
    const { currency } = await get(id)
    const { charge_minor, ...terms } = (await repository.findPolicy(db, id)) ?? house
    return { cinema_id: id, currency, ...terms, charge_per_ticket: toMajor(charge_minor) }
  }

  const seller = async (actor: SignedIn, id: number): Promise<Seller> => {
    await get(id)
    requireWorkAt(actor, id)
    const found = await repository.findSeller(db, id)
    return { cinema_id: id, legal_name: '', tax_number: null, legal_address: null, ...found }
  }

  return {
    policy,
    /** Speaks of orders made from now on: those that were made keep theirs. */
    setPolicy: async (actor: SignedIn, id: number, { charge_per_ticket, ...terms }: CancellationPolicyUpdate) => {
      await get(id)
      requireWorkAt(actor, id)
      const charge_minor = toMinor(charge_per_ticket, '/charge_per_ticket')
      if (charge_minor > 0 && terms.charge_percent > 0) throw oneCharge()
      await transaction(db, (tx) => repository.putPolicy(tx, id, { ...terms, charge_minor }))
      return policy(id)
    },
    seller,
    /** As a paper that is written now names whoever sells. */
    sellerOf: repository.findSeller,
    setSeller: async (actor: SignedIn, id: number, details: SellerUpdate): Promise<Seller> => {
      await get(id)
      requireWorkAt(actor, id)
      await transaction(db, (tx) => repository.putSeller(tx, id, details))
      return seller(actor, id)
    },
  }
}
