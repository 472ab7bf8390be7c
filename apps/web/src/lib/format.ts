import type { Language } from './language.ts'

const LOCALES: Record<Language, string> = { uk: 'uk-UA', ru: 'ru-UA', en: 'en-GB' }

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

/** Making a format costs a hundred times more than using it. */
const kept = <T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T => {
  const found = cache.get(key) ?? make()
  cache.set(key, found)
  return found as T
}

const dates = (language: Language, options: Intl.DateTimeFormatOptions) =>
  kept(`${language}${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(LOCALES[language], options))

const numbers = (language: Language, options: Intl.NumberFormatOptions) =>
  kept(`${language}${JSON.stringify(options)}`, () => new Intl.NumberFormat(LOCALES[language], options))

/** 230 ₴, and 230,50 ₴ where there are kopiykas. */
export const formatMoney = (language: Language, amount: number, currency: string): string => {
  const minimumFractionDigits = Number.isInteger(amount) ? 0 : 2
  const text = numbers(language, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits,
    maximumFractionDigits: 2,
  }).format(amount)
  return text
}

/** 12 450. */
export const formatNumber = (language: Language, value: number): string => numbers(language, {}).format(value)

/** Hryvnias in kopiykas, as payment forms count. */
export const minorUnits = (amount: number, currency: string): number => {
  const { maximumFractionDigits = 2 } = numbers('en', { style: 'currency', currency }).resolvedOptions()
  return Math.round(amount * 10 ** maximumFractionDigits)
}

/** The time on the wall of the cinema. */
export const formatClock = (language: Language, moment: string, timezone: string): string =>
  dates(language, { timeZone: timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(moment))

const ofDay = (language: Language, day: string, options: Intl.DateTimeFormatOptions) =>
  dates(language, { timeZone: 'UTC', ...options }).format(new Date(`${day}T12:00:00Z`))

export const capitalized = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1)

export const formatDay = (language: Language, day: string): string =>
  ofDay(language, day, { weekday: 'long', day: 'numeric', month: 'long' })
export const formatShortDay = (language: Language, day: string): string => ofDay(language, day, { day: 'numeric', month: 'long' })
export const formatWeekday = (language: Language, day: string, weekday: 'short' | 'long' = 'short'): string =>
  ofDay(language, day, { weekday })
export const formatDayNumber = (day: string): string => String(Number(day.slice(8)))
export const formatMonth = (language: Language, day: string): string =>
  ofDay(language, day, { day: 'numeric', month: 'short' }).replace(/[\d\s]/g, '')

export const formatMoment = (language: Language, moment: string): string =>
  dates(language, { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(moment))

const MINUTES = 60

/** 2 год 12 хв. */
export const formatLength = (language: Language, minutes: number): string => {
  const unit = (name: 'hour' | 'minute', value: number) =>
    numbers(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  const [hours, rest] = [Math.floor(minutes / MINUTES), minutes % MINUTES]
  return [...(hours > 0 ? [unit('hour', hours)] : []), ...(rest > 0 ? [unit('minute', rest)] : [])].join(' ')
}

export const formatDistance = (language: Language, km: number): string =>
  numbers(language, { style: 'unit', unit: 'kilometer', unitDisplay: 'short', maximumFractionDigits: km < 10 ? 1 : 0 }).format(km)

export const formatRating = (language: Language, rating: number): string =>
  numbers(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(rating)

const names = new Map<string, Intl.DisplayNames>()

/** "українська", by the code of the language. */
export const languageName = (language: Language, code: string): string => {
  const format = names.get(language) ?? new Intl.DisplayNames(LOCALES[language], { type: 'language', fallback: 'code' })
  names.set(language, format)
  try {
    return format.of(code) ?? code
  } catch {
    return code
  }
}
