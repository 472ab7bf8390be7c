import { currentLanguage } from '#lib/i18n.ts'
import type { SeatType, TypeOnSale } from './types.ts'

/** Nobody pays more for needing a wheelchair space or for keeping somebody company; a sofa costs what premium does. */
const CLASSES = {
  standard: 'standard',
  wheelchair: 'standard',
  companion: 'standard',
  premium: 'premium',
  sofa: 'premium',
  vip: 'vip',
} as const satisfies Record<SeatType, keyof TypeOnSale['prices']>

/** The one kind of seat that is not taken at the full price. */
export const COMPANION = 'companion'

/** What can be chosen for a seat, in the cinema's order. */
export const typesFor = (types: TypeOnSale[], seat_type: SeatType): TypeOnSale[] =>
  types.filter(({ seat_types }) => seat_types === null || seat_types.includes(seat_type))

export const priceFor = ({ prices }: TypeOnSale, seat_type: SeatType): number => prices[CLASSES[seat_type]]

/** What a seat is taken as before anybody says more: whoever keeps somebody company pays as such, without asking for it. */
export const firstType = (types: TypeOnSale[], seat_type: SeatType): TypeOnSale | undefined => {
  const offered = typesFor(types, seat_type)
  const own = seat_type === COMPANION ? offered.find(({ seat_types }) => seat_types?.includes(seat_type)) : undefined
  return own ?? offered.find(({ is_default }) => is_default)
}

export const typeName = ({ names }: Pick<TypeOnSale, 'names'>): string => names[currentLanguage()]
