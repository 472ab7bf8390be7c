import { invalid } from '#platform/errors.ts'

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
  if (timezone !== undefined && !isTimezone(timezone))
    throw invalid('/timezone', 'This is not the name of an IANA time zone.', 'cinemas.unknown_timezone')
  if (currency !== undefined && !(currencies.has(currency) && decimalsOf(currency) === 2))
    throw invalid('/currency', 'This is not a currency with two decimals.', 'cinemas.unsupported_currency')
  if ((latitude === null) !== (longitude === null))
    throw invalid(
      latitude === null ? '/latitude' : '/longitude',
      'Give latitude and longitude, or neither.',
      'cinemas.half_a_position',
    )
}
