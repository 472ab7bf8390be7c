import { useQuery } from '@tanstack/react-query'

import { cinemasQuery } from '#features/cinemas/api.ts'
import { formatClock, formatDay } from '#lib/format.ts'
import { currentLanguage } from '#lib/i18n.ts'

const HOME = 'Europe/Kyiv'

/** The time zone of a cinema: a showing is told by the clock on its wall. */
export const useTimezone = (cinema_id: number | undefined): string => {
  const { data } = useQuery(cinemasQuery)
  return data?.find(({ id }) => id === cinema_id)?.timezone ?? HOME
}

const dayIn = (moment: string, timezone: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(moment),
  )

/** субота, 21 листопада, 22:15 */
export const formatShowing = (moment: string, timezone: string) =>
  `${formatDay(currentLanguage(), dayIn(moment, timezone))}, ${formatClock(currentLanguage(), moment, timezone)}`
