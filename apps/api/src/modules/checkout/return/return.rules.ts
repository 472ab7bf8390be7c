import type { ReturnTerms } from '#modules/cinemas/schemas.ts'

/** When the house changes what was bought, or only exchanges it. */
export const FREE_OF_CHARGE: ReturnTerms = { cutoff_minutes: 0, returns_fees: true, charge_minor: 0, charge_percent: 0 }

/** What an order costs: its items, and what stands beside them. All in minor units. */
export type Worth = { items_minor: number; fees_minor: number; tax_minor: number }
export type GoneLine = { item_id: number; paid_minor: number; terms: ReturnTerms }

export type ReturnedLine = {
  item_id: number
  paid_minor: number
  charge_minor: number
  lost_discount_minor: number
  refund_minor: number
}
/** More for an item that was given up before. */
export type CreditedLine = { item_id: number; refund_minor: number }
export type Return = {
  lines: ReturnedLine[]
  credits: CreditedLine[]
  items_minor: number
  fees_minor: number
  tax_minor: number
  /** Of fees and tax, what the terms keep for good. */
  kept_fees_minor: number
  kept_tax_minor: number
  /** Negative when what was taken at an earlier return is given back. */
  lost_discount_minor: number
  charge_minor: number
  refund_minor: number
}

type Asked = {
  gone: GoneLine[]
  /** What the order is worth now, and what the rest of it costs by the order's own rules. */
  now: Worth
  rest: Worth
  /** What earned points that are to go back and were spent since are worth, those of earlier returns too. */
  spent_points_minor?: number
  /** What earlier returns have lost, and of their items what has not gone back. */
  before?: { lost_minor: number; items: CreditedLine[] }
  /** The house gives everything back: its own fault, or its goodwill. */
  isWhole: boolean
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

/** Splits an amount by weights so that not a cent is lost: the largest remainders are rounded up, the first of equal ones first. */
export const split = (amount: number, weights: number[]): number[] => {
  const whole = sum(weights)
  if (whole === 0) return weights.map(() => 0)
  const exact = weights.map((weight) => (amount * weight) / whole)
  const parts = exact.map(Math.floor)
  const order = exact
    .map((share, at) => ({ at, rest: share - Math.floor(share) }))
    .toSorted((a, b) => b.rest - a.rest || a.at - b.at)
  for (const { at } of order.slice(0, amount - sum(parts))) parts[at] = (parts[at] ?? 0) + 1
  return parts
}

const chargeOf = ({ paid_minor, terms: { charge_minor, charge_percent } }: GoneLine) =>
  Math.min(paid_minor, charge_minor + Math.round((paid_minor * charge_percent) / 100))

const besideOf = ({ gone, now, rest, isWhole }: Asked, items_minor: number) => {
  const returnsFees = isWhole || gone.every(({ terms }) => terms.returns_fees)
  const feesLess = Math.max(0, now.fees_minor - rest.fees_minor)
  const taxLess = Math.max(0, now.tax_minor - rest.tax_minor)
  const fees_minor = returnsFees ? feesLess : 0
  // A fee that is kept keeps the tax that was added to it, and no other.
  const tax_minor = returnsFees ? taxLess : (split(taxLess, [items_minor, feesLess])[0] ?? 0)
  return { fees_minor, tax_minor, kept_fees_minor: feesLess - fees_minor, kept_tax_minor: taxLess - tax_minor }
}

/** What is lost over all returns of an order, less what earlier ones have taken; the house takes nothing, but gives back. */
const lossOf = ({ now, rest, spent_points_minor = 0, before, isWhole }: Asked, items_minor: number) => {
  const dearer = Math.max(0, rest.items_minor - (now.items_minor - items_minor))
  const loss = dearer + spent_points_minor - (before?.lost_minor ?? 0)
  return isWhole ? Math.min(0, loss) : loss
}

/** Gives an amount to the items given up before, in their order; what goes beyond them was taken from the fees. */
const creditTo = (items: CreditedLine[], amount_minor: number): CreditedLine[] => {
  let rest = amount_minor
  return items
    .map(({ item_id, refund_minor: room }) => {
      const refund_minor = Math.min(rest, room)
      rest -= refund_minor
      return { item_id, refund_minor }
    })
    .filter(({ refund_minor }) => refund_minor > 0)
}

/**
 * What goes back when these lines are given up: what was paid less what the rest costs, less what the terms keep, and never
 * less than nothing. A discount that the rest has lost, and points spent that are to go back, are taken from the lines given
 * up, then from the fees; when the rest costs less again they are credited. So parts give back what the whole would.
 */
export const priceReturn = (asked: Asked): Return => {
  const { gone, before, isWhole } = asked
  const items_minor = sum(gone.map(({ paid_minor }) => paid_minor))
  const charges = gone.map((line) => (isWhole ? 0 : chargeOf(line)))
  const charge_minor = sum(charges)
  const beside = besideOf(asked, items_minor)
  const loss = lossOf(asked, items_minor)
  const fromItems = Math.max(0, Math.min(loss, items_minor - charge_minor))
  const lost_discount_minor = Math.min(loss, items_minor - charge_minor + beside.fees_minor + beside.tax_minor)
  const losses = split(
    fromItems,
    gone.map(({ paid_minor }, at) => paid_minor - (charges[at] ?? 0)),
  )
  const lines = gone.map(({ item_id, paid_minor }, at) => {
    const [charge, lost] = [charges[at] ?? 0, losses[at] ?? 0]
    return { item_id, paid_minor, charge_minor: charge, lost_discount_minor: lost, refund_minor: paid_minor - charge - lost }
  })
  const credits = creditTo(before?.items ?? [], Math.max(0, -loss))
  const refund_minor = items_minor + beside.fees_minor + beside.tax_minor - lost_discount_minor - charge_minor
  return { lines, credits, items_minor, ...beside, lost_discount_minor, charge_minor, refund_minor }
}

type Owed = { items: { order_item_id: number; amount_minor: number }[]; amount_minor: number }

/** Parts what is owed in two, the first of this amount: out of the items in their order, then out of what is beside them. */
export const part = ({ items, amount_minor }: Owed, first_minor: number): [Owed, Owed] => {
  let rest = first_minor
  const firsts = items.map((item) => {
    const taken = Math.min(rest, item.amount_minor)
    rest -= taken
    return { ...item, amount_minor: taken }
  })
  const others = items.map((item, at) => ({ ...item, amount_minor: item.amount_minor - (firsts[at]?.amount_minor ?? 0) }))
  return [
    { items: firsts, amount_minor: first_minor },
    { items: others, amount_minor: amount_minor - first_minor },
  ]
}
