import type { TFunction } from 'i18next'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import type { NameSeat } from './hall-plan.tsx'

type Place = { seat_row: string; seat_number: number }

/** A thousand seats are named at once: words that repeat are looked up once. */
const createNamer = (t: TFunction<'hall'>, currency: string): NameSeat => {
  const kept = new Map<string, string>()
  const word = (key: string, find: () => string) => {
    const found = kept.get(key) ?? find()
    kept.set(key, found)
    return found
  }
  return (seat, look) =>
    t('seat.name', {
      row: seat.seat_row,
      seat: seat.seat_number,
      type: word(seat.seat_type, () => t(`type.${seat.seat_type}`)),
      price: word(`price ${seat.price}`, () => money(seat.price, currency)),
      state: word(look, () => t(`state.${look}`)),
    })
}

/** Seats in words, in the language of the page. */
export const useNames = (currency: string) => {
  const { t } = useTranslation('hall')
  const full = useMemo(() => createNamer(t, currency), [t, currency])
  const place = useCallback((seat: Place) => t('seat.place', { row: seat.seat_row, seat: seat.seat_number }), [t])
  const short = useCallback((seat: Place) => t('seat.short', { row: seat.seat_row, seat: seat.seat_number }), [t])
  return { full, place, short }
}
