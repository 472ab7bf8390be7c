import { ofPercent, type Session } from './model.ts'

/** Where nobody says otherwise, each costs such a part of the full price. */
const USUAL = { adult: 100, child: 70, student: 80 } as const
export type TicketType = keyof typeof USUAL
export const TYPES = Object.keys(USUAL) as TicketType[]

/** A price list: full, for a child, and so much less for a student. */
export type Card = { id: number; full: number; child: number; studentOff: number }
/** By the hour of a session. */
export type Cards = { day: Card; evening: Card }

const HOUR = 3_600_000
/** Kyiv has its winter time as long as a life lasts. */
const EAST = 2 * HOUR
export const cardAt = ({ day, evening }: Cards, moment: number): Card => {
  const hour = Math.floor(((moment + EAST) % (24 * HOUR)) / HOUR)
  return hour >= 6 && hour < 18 ? day : evening
}

/** What a ticket costs that is booked now. */
export const priceOf = (cards: Cards, { own, starts }: Session, type: TicketType): number => {
  if (own !== undefined) return ofPercent(own, USUAL[type])
  const { full, child, studentOff } = cardAt(cards, starts)
  return { adult: full, child, student: Math.max(0, full - studentOff) }[type]
}
