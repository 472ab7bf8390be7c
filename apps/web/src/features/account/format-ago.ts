import { formatMoment } from '#lib/format.ts'
import type { Language } from '#lib/language.ts'

const MINUTE_MS = 60_000
const STEPS = [
  ['day', 1440],
  ['hour', 60],
  ['minute', 1],
] as const
/** Longer ago than this a date says more. */
const DAYS_IN_WORDS = 30

/** "5 minutes ago"; a date for what is long past, and nothing for this minute. */
export const formatAgo = (language: Language, moment: string, now_ms: number): string | undefined => {
  const minutes = Math.max(0, Math.round((now_ms - Date.parse(moment)) / MINUTE_MS))
  if (minutes > DAYS_IN_WORDS * 1440) return formatMoment(language, moment)
  const [unit, size] = STEPS.find(([, length]) => minutes >= length) ?? []
  if (unit === undefined) return undefined
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.floor(minutes / size), unit)
}
