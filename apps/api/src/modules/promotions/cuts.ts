import { allocate, shareOf } from '#modules/pricing/rounding.ts'
import type { Rule } from './terms.ts'

type Priced = { key: string; price_minor: number }
/** A line that a rule takes; `amount_minor` may be 0 for one that only helps others. */
export type Cut = { key: string; amount_minor: number }
type Tariff = Pick<Rule, 'kind' | 'basis_points'> & Partial<Pick<Rule, 'amount_minor' | 'free_lines' | 'group_lines'>>

const TO_THE_CENT = { mode: 'half_up', step_minor: 1 } as const

const shareOff = ({ basis_points }: Tariff, { key, price_minor }: Priced): Cut => ({
  key,
  amount_minor: shareOf(price_minor, basis_points, TO_THE_CENT),
})

const fixedOff = (amount_minor: number, lines: Priced[]): Cut[] => {
  const whole = lines.reduce((sum, { price_minor }) => sum + price_minor, 0)
  const shares = allocate(
    Math.min(amount_minor, whole),
    lines.map(({ key, price_minor }) => ({ key, weight_minor: price_minor })),
  )
  return lines.map(({ key }) => ({ key, amount_minor: shares.get(key) ?? 0 }))
}

/** The cheapest of all are reduced, the dearest make up the groups, and what fits into no group is left to other rules. */
const cheapestOff = (tariff: Tariff, lines: Priced[]): Cut[] => {
  const { free_lines, group_lines } = tariff
  if (!free_lines || !group_lines) return []
  const groups = Math.floor(lines.length / group_lines)
  const sorted = lines.toSorted((a, b) => a.price_minor - b.price_minor || (a.key < b.key ? -1 : 1))
  const helpers = groups * (group_lines - free_lines)
  const reduced = sorted.slice(0, groups * free_lines).map((line) => shareOff(tariff, line))
  return [...reduced, ...sorted.slice(sorted.length - helpers).map(({ key }) => ({ key, amount_minor: 0 }))]
}

/** What a rule takes off the lines it may lower, in minor units. */
export const cutsOf = (tariff: Tariff, lines: Priced[]): Cut[] => {
  if (tariff.kind === 'fixed') return fixedOff(tariff.amount_minor ?? 0, lines)
  if (tariff.kind === 'cheapest') return cheapestOff(tariff, lines)
  return lines.map((line) => shareOff(tariff, line))
}
