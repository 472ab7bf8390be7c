/** What somebody becomes by spending so much in twelve months, and which part of a payment comes back as points. */
export type Tier = { name: string; from_minor: number; basis_points: number }

export type LoyaltyTerms = {
  /** By what must have been spent, the least first; the first begins at nothing. */
  tiers: Tier[]
  /** What a point is worth. */
  point_minor: number
  /** Which part of an order's tickets may be paid with points, in hundredths of a per cent. */
  cap_basis_points: number
}

const BASIS_POINTS = 10_000n
const part = (amount: number, numerator: number, denominator: number): number =>
  denominator === 0 ? 0 : Number((BigInt(amount) * BigInt(numerator)) / BigInt(denominator))

/** `name:spent:percent`, spent in major units: `basic:0:5`. */
export const readTier = (text: string): Tier => {
  const [name = '', spent, percent] = text.split(':')
  return { name, from_minor: Math.round(Number(spent) * 100), basis_points: Math.round(Number(percent) * 100) }
}

export const tierOf = ({ tiers }: LoyaltyTerms, spent_minor: number): { tier: Tier; next: Tier | null } => {
  const [first] = tiers
  if (!first) throw new Error('There are no tiers.')
  const tier = tiers.findLast(({ from_minor }) => spent_minor >= from_minor) ?? first
  return { tier, next: tiers[tiers.indexOf(tier) + 1] ?? null }
}

/** Whole points only; what is left over is nobody's. */
export const pointsFor = ({ point_minor }: LoyaltyTerms, { basis_points }: Tier, paid_minor: number): number =>
  Number((BigInt(paid_minor) * BigInt(basis_points)) / (BASIS_POINTS * BigInt(point_minor)))

/** The most points that tickets of this price, discounts taken off, may be paid with. */
export const mostPoints = ({ point_minor, cap_basis_points }: LoyaltyTerms, price_minor: number): number =>
  Number((BigInt(price_minor) * BigInt(cap_basis_points)) / (BASIS_POINTS * BigInt(point_minor)))

type Price = { price_minor: number; total_minor: number }

/** By what tickets cost; by their prices when points have paid for everything. */
export const remainsOf = (bought: Price[], left: Price[]): { part_minor: number; whole_minor: number } => {
  const of = bought.some(({ total_minor }) => total_minor > 0) ? 'total_minor' : 'price_minor'
  const sum = (lines: Price[]) => lines.reduce((total, line) => total + line[of], 0)
  return { part_minor: sum(left), whole_minor: sum(bought) }
}

export type Spent = { earned: number; reversed: number; redeemed: number; returned: number }
export type Reversal = {
  /** Earned points that are taken back, from what there is. */
  reversed: number
  /** Spent points that come back. */
  returned: number
  /** What is taken off the refund for earned points that have been spent since. */
  deduct_minor: number
}

/**
 * What a refund means for the points of an order of which only a part remains. Pure. Earned points go back and spent points
 * come back in proportion; rounding is in the buyer's favour for the first and the house's for the second, and a whole refund is exact.
 */
export const reversalOf = (
  spent: Spent,
  remains: { part_minor: number; whole_minor: number },
  available: number,
  { point_minor }: Pick<LoyaltyTerms, 'point_minor'>,
): Reversal => {
  const gone_minor = remains.whole_minor - remains.part_minor
  const returned = part(spent.redeemed, gone_minor, remains.whole_minor) - spent.returned
  const owed = part(spent.earned, gone_minor, remains.whole_minor) - spent.reversed
  const reversed = Math.max(0, Math.min(owed, available + Math.max(0, returned)))
  return { reversed, returned: Math.max(0, returned), deduct_minor: Math.max(0, owed - reversed) * point_minor }
}
