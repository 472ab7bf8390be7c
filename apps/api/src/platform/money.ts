import { type RawBuilder, sql } from 'kysely'

import { invalid } from './errors.ts'

const MINOR_PER_MAJOR = 100

/** Minor units as the JSON number of the wire. Every supported currency has two decimals. */
export const toMajor = (minor: number): number => minor / MINOR_PER_MAJOR

/** What we have written as a major amount ourselves, in minor units again. */
export const toMinorExactly = (major: number): number => Math.round(major * MINOR_PER_MAJOR)

/** An inbound amount in minor units; a third decimal is refused, not rounded away. */
export const toMinor = (amount: number, pointer: string): number => {
  const minor = Math.round(amount * MINOR_PER_MAJOR)
  if (!Number.isSafeInteger(minor)) throw invalid(pointer, 'The amount is too large.', 'money.too_large')
  if (minor / MINOR_PER_MAJOR !== amount) throw invalid(pointer, 'An amount has at most two decimals.', 'money.too_precise')
  return minor
}

/** Selects a `*_minor` column under its wire name, in major units. */
export const money = <T extends number | null = number>(column: string): RawBuilder<T> =>
  sql<T>`(${sql.ref(column)} / 100.0)::float8`
