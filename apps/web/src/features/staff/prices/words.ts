import { useTranslation } from 'react-i18next'

import { formatShortDay, formatWeekday } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import type { PriceCard } from './api.ts'

/** A Monday: days of the week are named by days after it. */
const MONDAY = 1
const dayOf = (weekday: number) => `2024-01-0${MONDAY + weekday - 1}`

const ALL_WEEK = 7
const DAY_BEGINS = '06:00'

/** Days, hours and dates of a price card as a person says them. */
export const useCardWords = () => {
  const { t } = useTranslation('prices')
  const language = useLanguage()
  const weekday = (day: number, length: 'short' | 'long' = 'short') => formatWeekday(language, dayOf(day), length)
  const isRow = (days: number[]) => days.length > 2 && days.every((day, at) => at === 0 || day === (days[at - 1] ?? 0) + 1)
  const weekdays = (days: number[]) => {
    const [first = 1, last = 1] = [days[0], days.at(-1)]
    if (days.length === ALL_WEEK) return t('words.daily')
    return isRow(days) ? `${weekday(first)}–${weekday(last)}` : days.map((day) => weekday(day)).join(', ')
  }
  const hours = ({ from_time, to_time }: Pick<PriceCard, 'from_time' | 'to_time'>) =>
    from_time === DAY_BEGINS && to_time === DAY_BEGINS ? t('words.all_day') : `${from_time}–${to_time}`
  const day = (date: string) => `${formatShortDay(language, date)} ${date.slice(0, 4)}`
  const valid = ({ valid_from, valid_to }: Pick<PriceCard, 'valid_from' | 'valid_to'>) =>
    valid_to === null
      ? t('words.from', { from: day(valid_from) })
      : t('words.from_to', { from: day(valid_from), to: day(valid_to) })
  return { weekday, weekdays, hours, valid }
}
