export const roundings = ['half_up', 'half_even', 'up', 'down'] as const
export type RoundingMode = (typeof roundings)[number]

/** Which part of a cent, or of a step of so many cents, is kept. */
export type Rounding = { mode: RoundingMode; step_minor: number }

const BASIS_POINTS = 10_000n

const isUp: Record<RoundingMode, (twice: bigint, divisor: bigint, quotient: bigint) => boolean> = {
  half_up: (twice, divisor) => twice >= divisor,
  half_even: (twice, divisor, quotient) => twice > divisor || (twice === divisor && quotient % 2n === 1n),
  up: (twice) => twice > 0n,
  down: () => false,
}

/** `numerator / divisor` as a whole number, of numbers that are not negative. */
const divide = (numerator: bigint, divisor: bigint, mode: RoundingMode): bigint => {
  const quotient = numerator / divisor
  return isUp[mode](2n * (numerator % divisor), divisor, quotient) ? quotient + 1n : quotient
}

/** A share of an amount, in steps; `basis_points` are hundredths of a per cent. */
export const shareOf = (amount_minor: number, basis_points: number, { mode, step_minor }: Rounding): number => {
  const step = BigInt(step_minor)
  return Number(divide(BigInt(amount_minor) * BigInt(basis_points), BASIS_POINTS * step, mode) * step)
}

/** The part of an amount that a tax of this rate makes up when it is already in it, to the cent. */
export const containedIn = (amount_minor: number, basis_points: number, mode: RoundingMode): number => {
  const rate = BigInt(basis_points)
  return Number(divide(BigInt(amount_minor) * rate, BASIS_POINTS + rate, mode))
}

type Weighed = { key: string; weight_minor: number }

/** Shares an amount out in proportion, to the cent; what is left over goes to the largest remainders, then by key, in whatever order they stand. */
export const allocate = (amount_minor: number, parts: Weighed[]): Map<string, number> => {
  const whole = parts.reduce((sum, { weight_minor }) => sum + BigInt(weight_minor), 0n)
  if (whole === 0n) return new Map(parts.map(({ key }) => [key, 0]))
  const shares = parts.map(({ key, weight_minor }) => {
    const product = BigInt(amount_minor) * BigInt(weight_minor)
    return { key, floor: Number(product / whole), rest: product % whole }
  })
  const left = amount_minor - shares.reduce((sum, { floor }) => sum + floor, 0)
  const byRest = shares.toSorted((a, b) => (a.rest === b.rest ? (a.key < b.key ? -1 : 1) : a.rest > b.rest ? -1 : 1))
  return new Map(byRest.map(({ key, floor }, index) => [key, index < left ? floor + 1 : floor]))
}
