import { allocate, containedIn, type OrderRules, priceOrder } from '#modules/pricing/price-order.ts'

/** What an order has sold. Without a ticket: the difference that went back for a seat of a lesser class. */
export type SoldItem = {
  id: number
  ticket_id: number | null
  cinema_id: number
  total_minor: number
  cancellation_id: number | null
}
/** Money that went back: of items, and beside them of fees and added tax. */
export type Returned = {
  cancellation_id: number | null
  returns_fees: boolean
  amount_minor: number
  items: { id: number; amount_minor: number }[]
}
export type NoteFacts = {
  pricing: OrderRules
  /** Of the whole order. */
  total_minor: number
  tax_minor: number
  sold: SoldItem[]
  /** By their ids, the last is that of the note: so each has the same tax whichever is put on paper first. */
  returned: Returned[]
}

/** In minor units. */
type ByCinema = Map<number, number>
type Part = { cinema_id: number; amount_minor: number }

const sum = <T>(rows: T[], of: (row: T) => number): number => rows.reduce((total, row) => total + of(row), 0)

const byCinema = (parts: Part[]): ByCinema =>
  new Map([...Map.groupBy(parts, ({ cinema_id }) => cinema_id)].map(([id, its]) => [id, sum(its, (one) => one.amount_minor)]))

/** The fees and the added tax of these items. They depend on what all of a cinema's cost together, so one line has the whole of it. */
const besideOf = (pricing: OrderRules, items: SoldItem[], withFees: boolean): Part[] =>
  [...Map.groupBy(items, ({ cinema_id }) => cinema_id)].map(([cinema_id, its]) => {
    const whole_minor = sum(its, ({ total_minor }) => total_minor)
    const tickets = its.filter(({ ticket_id }) => ticket_id !== null)
    const lines = tickets.map(({ id }, at) => ({ key: `${id}`, cinema_id, price_minor: at === 0 ? whole_minor : 0, trace: [] }))
    const { fees_minor, tax_minor } = priceOrder({ lines, rules: pricing })
    return { cinema_id, amount_minor: (withFees ? fees_minor : 0) + tax_minor }
  })

/** Shares an amount out by the first of these weights that weigh anything. */
const shareOut = (amount_minor: number, ...choices: ByCinema[]): Part[] => {
  const weights = choices.find((choice) => [...choice.values()].some((minor) => minor > 0)) ?? new Map<number, number>()
  const parts = [...weights].map(([id, weight_minor]) => ({ key: String(id), weight_minor }))
  return [...allocate(amount_minor, parts)].map(([id, minor]) => ({ cinema_id: Number(id), amount_minor: minor }))
}

/** By how much fees and added tax have become less with a return. */
const lessWith = ({ pricing, sold }: NoteFacts, { cancellation_id, returns_fees }: Returned): Part[] => {
  if (cancellation_id === null) return []
  const before = sold.filter((item) => (item.cancellation_id ?? Infinity) >= cancellation_id)
  const after = before.filter((item) => item.cancellation_id !== cancellation_id)
  const rest = byCinema(besideOf(pricing, after, returns_fees))
  return besideOf(pricing, before, returns_fees).map(({ cinema_id, amount_minor }) => ({
    cinema_id,
    amount_minor: Math.max(0, amount_minor - (rest.get(cinema_id) ?? 0)),
  }))
}

/** What one return has given back of each cinema: fees and added tax are of those whose tickets went. */
const partsOf = (facts: NoteFacts, its: Returned[]): Part[] => {
  const cinemaOf = new Map(facts.sold.map(({ id, cinema_id }) => [id, cinema_id]))
  const items = its.flatMap((one) =>
    one.items.map(({ id, amount_minor }) => ({ cinema_id: cinemaOf.get(id) ?? 0, amount_minor })),
  )
  const beside_minor = sum(its, ({ amount_minor }) => amount_minor) - sum(items, ({ amount_minor }) => amount_minor)
  const less = its.slice(0, 1).flatMap((one) => lessWith(facts, one))
  const all = facts.sold.map(({ cinema_id, total_minor }) => ({ cinema_id, amount_minor: total_minor }))
  return [...items, ...shareOut(beside_minor, byCinema(less), byCinema(items), byCinema(all))]
}

/** The tax in all that has gone back so far, and how much that is of each cinema. */
const upTo = (facts: NoteFacts, returned: Returned[]): { tax_minor: number; amounts: ByCinema } => {
  const returns = [...Map.groupBy(returned, ({ cancellation_id }) => cancellation_id).values()]
  const amounts = byCinema(returns.flatMap((its) => partsOf(facts, its)))
  const contained = sum([...amounts], ([id, amount_minor]) => {
    const { tax, rounding } = facts.pricing.cinemas[id] ?? {}
    return tax && rounding && tax.mode !== 'none' ? containedIn(amount_minor, tax.basis_points, rounding.mode) : 0
  })
  const isWhole = sum(returned, ({ amount_minor }) => amount_minor) >= facts.total_minor
  return { amounts, tax_minor: isWhole ? facts.tax_minor : Math.min(contained, facts.tax_minor) }
}

/**
 * The tax of a credit note is that of the lines it returns: of all that went back so far less that of what went before, so
 * that the notes over an order contain its tax to the cent once everything has gone back. Names the cinemas it is about.
 */
export const taxOfNote = (facts: NoteFacts): { tax_minor: number; cinema_ids: number[] } => {
  const [before, after] = [upTo(facts, facts.returned.slice(0, -1)), upTo(facts, facts.returned)]
  return {
    tax_minor: Math.max(0, after.tax_minor - before.tax_minor),
    cinema_ids: [...after.amounts].flatMap(([id, minor]) => (minor > (before.amounts.get(id) ?? 0) ? id : [])),
  }
}
