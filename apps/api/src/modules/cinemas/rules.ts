import { isDeepStrictEqual } from 'node:util'

import { invalid } from '#platform/errors.ts'
import { cleanName } from '#platform/text.ts'
import { unknownTimezone } from './errors.ts'
import type { Cinema, CinemaUpdate } from './schemas.ts'

const ZONE_NAME = /^[A-Za-z][A-Za-z_]*(\/[A-Za-z0-9_+-]+)*$/

const isTimezone = (name: string) => {
  try {
    return ZONE_NAME.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const currencies = new Set(Intl.supportedValuesOf('currency'))
const decimalsOf = (currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits

type Place = { timezone?: string; currency?: string; latitude?: number | null; longitude?: number | null }

/** Refuses a place whose clock or money nobody knows, and half a position. */
export const requirePlace = ({ timezone, currency, latitude = null, longitude = null }: Place) => {
  if (timezone !== undefined && !isTimezone(timezone)) throw unknownTimezone()
  if (currency !== undefined && !(currencies.has(currency) && decimalsOf(currency) === 2))
    throw invalid('/currency', 'This is not a currency with two decimals.', 'cinemas.unsupported_currency')
  if ((latitude === null) !== (longitude === null))
    throw invalid(
      latitude === null ? '/latitude' : '/longitude',
      'Give latitude and longitude, or neither.',
      'cinemas.half_a_position',
    )
}

/** The words of a body in one spelling; what is left out stays out. */
export const cleaned = <T extends CinemaUpdate>(body: T): T => {
  const words = (['name', 'address', 'city'] as const).flatMap((field) => {
    const word = body[field]
    return word === undefined ? [] : [[field, cleanName(word)] as const]
  })
  return { ...body, ...Object.fromEntries(words) }
}

/** What a body would really change. */
export const changesOf = (cinema: Cinema, body: CinemaUpdate): CinemaUpdate => {
  const changed = (Object.keys(body) as (keyof CinemaUpdate)[]).filter((field) => !isDeepStrictEqual(body[field], cinema[field]))
  return Object.fromEntries(changed.map((field) => [field, body[field]]))
}

/** Business days and prices of sessions lean on these. */
export const touchesSessions = ({ timezone, currency, is_active }: CinemaUpdate): boolean =>
  timezone !== undefined || currency !== undefined || is_active === false
