import { toMajor } from '#platform/money.ts'
import { allocate, containedIn, type Rounding, shareOf } from './rounding.ts'

export { allocate, containedIn } from './rounding.ts'

export const channels = ['web', 'counter'] as const
export type Channel = (typeof channels)[number]

/** What the cinema calls something, for those who read it. */
export type InLanguages = { uk: string; ru: string; en: string }

/** Where one cent comes from; `amount` is in major units and may be negative. `names` when it has one in each language. */
export type TraceEntry = { source: string; label: string; amount: number; names?: InLanguages }

/** What a cinema adds to its tickets in one channel. `basis_points` are hundredths of a per cent. */
export type CinemaRules = {
  fees: { per_ticket_minor: number; per_order_minor: number }
  tax: { mode: 'none' | 'included' | 'added'; name: string; basis_points: number }
  rounding: Rounding
}

/** Kept in `orders.rules.pricing`, so that an order is always priced as it was when its seats were taken. */
export type OrderRules = { channel: Channel; cinemas: Record<string, CinemaRules> }

/** A seat with its price, which is never worked out again while it is held. `key` names the line within its order. */
export type OrderLine = { key: string; cinema_id: number; price_minor: number; trace: TraceEntry[] }

/** Something that others have decided to take off a line; what goes beyond its price is not taken. */
export type Discount = { line: string; amount_minor: number; source: string; label: string; names?: InLanguages }

/** Points to be spent: shared out among the lines, fees stay. */
export type Points = { amount_minor: number; source: string; label: string }

export type OrderInput<L extends OrderLine = OrderLine> = {
  lines: L[]
  rules: OrderRules
  discounts?: Discount[]
  points?: Points | undefined
}

export type LinePrice = { discount_minor: number; total_minor: number }

/** `tax_minor` is what is added; `tax_included_minor` is contained in the total and adds nothing. */
export type Totals = {
  subtotal_minor: number
  discount_minor: number
  fees_minor: number
  tax_minor: number
  tax_included_minor: number
  total_minor: number
}

/** `trace` adds up to fees and tax; each line's adds up to its total. */
export type Priced<L extends OrderLine = OrderLine> = Totals & { lines: (L & LinePrice)[]; trace: TraceEntry[] }

export const NO_RULES: CinemaRules = {
  fees: { per_ticket_minor: 0, per_order_minor: 0 },
  tax: { mode: 'none', name: 'VAT', basis_points: 0 },
  rounding: { mode: 'half_up', step_minor: 1 },
}

/** Names a line by what nobody can have twice in an order. */
export const lineKey = ({ session_id, seat_id }: { session_id: number; seat_id: number }) => `${session_id}:${seat_id}`

type Why = Pick<Discount, 'source' | 'label' | 'names'>

const sum = <T>(rows: T[], of: (row: T) => number): number => rows.reduce((total, row) => total + of(row), 0)

const minus = ({ source, label, names }: Why, amount_minor: number): TraceEntry => ({
  source,
  label,
  amount: toMajor(-amount_minor),
  ...(names && { names }),
})

const open = <L extends OrderLine>(line: L): L & LinePrice => ({ ...line, discount_minor: 0, total_minor: line.price_minor })

const reduce = <L extends OrderLine>(line: L & LinePrice, why: Why, wanted_minor: number): L & LinePrice => {
  const amount_minor = Math.min(wanted_minor, line.total_minor)
  if (amount_minor <= 0) return line
  return {
    ...line,
    discount_minor: line.discount_minor + amount_minor,
    total_minor: line.total_minor - amount_minor,
    trace: [...line.trace, minus(why, amount_minor)],
  }
}

const discounted = <L extends OrderLine>(lines: L[], discounts: Discount[]): (L & LinePrice)[] => {
  if (discounts.length === 0) return lines.map(open)
  const byLine = Map.groupBy(discounts, ({ line }) => line)
  return lines.map((line) =>
    (byLine.get(line.key) ?? []).reduce((left, discount) => reduce(left, discount, discount.amount_minor), open(line)),
  )
}

const redeemed = <L extends OrderLine>(lines: (L & LinePrice)[], points: Points | undefined): (L & LinePrice)[] => {
  if (!points) return lines
  const most = Math.min(
    points.amount_minor,
    sum(lines, ({ total_minor }) => total_minor),
  )
  const shares = allocate(
    most,
    lines.map(({ key, total_minor }) => ({ key, weight_minor: total_minor })),
  )
  return lines.map((line) => reduce(line, points, shares.get(line.key) ?? 0))
}

const percent = (basis_points: number) => `${basis_points / 100} %`

type Charges = { fees_minor: number; tax_minor: number; tax_included_minor: number; trace: TraceEntry[] }

/** What one cinema adds to its lines: fees, then the tax on both. */
const chargesOf = (lines: LinePrice[], channel: Channel, { fees, tax, rounding }: CinemaRules): Charges => {
  const trace: TraceEntry[] = []
  const per_tickets = fees.per_ticket_minor * lines.length
  if (per_tickets > 0)
    trace.push({
      source: `fee.${channel}.ticket`,
      label: `Booking fee, ${toMajor(fees.per_ticket_minor)} a ticket`,
      amount: toMajor(per_tickets),
    })
  if (fees.per_order_minor > 0)
    trace.push({ source: `fee.${channel}.order`, label: 'Booking fee', amount: toMajor(fees.per_order_minor) })
  const fees_minor = per_tickets + fees.per_order_minor
  const taxed = sum(lines, ({ total_minor }) => total_minor) + fees_minor
  const label = `${tax.name} ${percent(tax.basis_points)}`
  if (tax.mode === 'none') return { fees_minor, tax_minor: 0, tax_included_minor: 0, trace }
  if (tax.mode === 'included') {
    trace.push({ source: 'tax.included', label: `${label}, included`, amount: 0 })
    return { fees_minor, tax_minor: 0, tax_included_minor: containedIn(taxed, tax.basis_points, rounding.mode), trace }
  }
  const tax_minor = shareOf(taxed, tax.basis_points, { mode: rounding.mode, step_minor: 1 })
  trace.push({ source: 'tax.added', label, amount: toMajor(tax_minor) })
  return { fees_minor, tax_minor, tax_included_minor: 0, trace }
}

/**
 * Prices an order. Pure: the same lines, in whatever order, under the same rules cost the same to the cent, and each
 * cent has its origin in a trace. Amounts are whole minor units and never negative.
 */
export const priceOrder = <L extends OrderLine>({ lines: asked, rules, discounts = [], points }: OrderInput<L>): Priced<L> => {
  const lines = redeemed(discounted(asked, discounts), points)
  const charges = [...Map.groupBy(lines, ({ cinema_id }) => cinema_id)]
    .toSorted(([a], [b]) => a - b)
    .map(([cinema_id, its]) => chargesOf(its, rules.channel, rules.cinemas[cinema_id] ?? NO_RULES))
  const subtotal_minor = sum(lines, ({ price_minor }) => price_minor)
  const discount_minor = sum(lines, (line) => line.discount_minor)
  const fees_minor = sum(charges, (charge) => charge.fees_minor)
  const tax_minor = sum(charges, (charge) => charge.tax_minor)
  const tax_included_minor = sum(charges, (charge) => charge.tax_included_minor)
  const total_minor = subtotal_minor - discount_minor + fees_minor + tax_minor
  const trace = charges.flatMap((charge) => charge.trace)
  return { lines, trace, subtotal_minor, discount_minor, fees_minor, tax_minor, tax_included_minor, total_minor }
}
