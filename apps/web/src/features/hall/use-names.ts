import type { TFunction } from 'i18next'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import type { NameSeat } from './hall-plan.tsx'
import type { PlacedSeat } from './plan.ts'
import type { SeatLook } from './seat-store.ts'
import type { SelectionRunner } from './selection-runner.ts'
import { heldPrices } from './selection.ts'

type Place = { seat_row: string; seat_number: number }

const HOLE = /\{(\w+)\}/g

/** A thousand seats are named at once: the sentence and the words that repeat are looked up once. */
const createNamer = (t: TFunction<'hall'>, currency: string, runner: SelectionRunner | undefined): NameSeat => {
  const kept = new Map<string, string>()
  const word = (key: string, find: () => string) => {
    const found = kept.get(key) ?? find()
    kept.set(key, found)
    return found
  }
  /** A held seat keeps the price it was taken at. */
  const priceOf = (seat: PlacedSeat, look: SeatLook) =>
    (look === 'mine' && runner ? heldPrices(runner.state()).get(seat.id) : undefined) ?? seat.price
  const sentence = t('seat.name', { row: '{row}', seat: '{seat}', type: '{type}', price: '{price}', state: '{state}' })
  return (seat, look) => {
    const price = priceOf(seat, look)
    const words: Record<string, string> = {
      row: seat.seat_row,
      seat: String(seat.seat_number),
      type: word(seat.seat_type, () => t(`type.${seat.seat_type}`)),
      price: word(`price ${price}`, () => money(price, currency)),
      state: word(look, () => t(`state.${look}`)),
    }
    return sentence.replace(HOLE, (hole, name: string) => words[name] ?? hole)
  }
}

/** Seats in words, in the language of the page. */
export const useNames = (currency: string, runner?: SelectionRunner) => {
  const { t } = useTranslation('hall')
  const full = useMemo(() => createNamer(t, currency, runner), [t, currency, runner])
  const place = useCallback((seat: Place) => t('seat.place', { row: seat.seat_row, seat: seat.seat_number }), [t])
  const short = useCallback((seat: Place) => t('seat.short', { row: seat.seat_row, seat: seat.seat_number }), [t])
  return { full, place, short }
}
