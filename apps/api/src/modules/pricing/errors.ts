import { AppError, invalid } from '#platform/errors.ts'

export const typeNotFound = () => new AppError(404, 'pricing.type_not_found', 'There is no such type of ticket.')
export const codeTaken = () => new AppError(409, 'pricing.code_taken', 'There is already a type of ticket of this code.')
export const defaultType = () =>
  new AppError(
    409,
    'pricing.default_type',
    'Whoever says nothing is charged as this type: it is never retired, for every seat, and costs the full price.',
  )

export const cardNotFound = () => new AppError(404, 'pricing.card_not_found', 'There is no such price card.')
export const noSuchCinema = () => invalid('/cinema_id', 'There is no such cinema.', 'pricing.no_such_cinema')
export const endsBeforeItStarts = () =>
  invalid(
    '/to_time',
    'The cinema’s day lasts from 06:00 to 06:00, and a card ends after it begins. Make a card for each side of 06:00.',
    'pricing.bad_hours',
  )
export const neverValid = () => invalid('/valid_to', 'A card is valid until its first day or later.', 'pricing.bad_dates')
export const oneWay = (pointer: string) =>
  invalid(
    pointer,
    'Say what this type costs in one way: price, amount_off, percent_off, or is_sold: false.',
    'pricing.choose_one_way',
  )
export const tooPrecise = (pointer: string) => invalid(pointer, 'Per cent have at most two decimals.', 'pricing.too_precise')
export const typeTwice = (pointer: string, code: string) =>
  invalid(pointer, `The card says twice what a ticket of type ${code} costs.`, 'pricing.type_twice')
export const defaultHasNoOffer = (pointer: string, code: string) =>
  invalid(pointer, `A ticket of type ${code} costs the price of the card itself.`, 'pricing.default_type')

type Named = { id: number; name: string }

/** Two cards for one moment: which one would apply nobody could say. */
export const cardsOverlap = (card: Named | undefined) =>
  new AppError(
    409,
    'pricing.cards_overlap',
    card
      ? `The card “${card.name}” applies to some of these hours and formats already. Exactly one card may apply to a session.`
      : 'Another card applies to some of these hours and formats already. Exactly one card may apply to a session.',
    card && { card },
  )

const MAX_NAMED = 20
export const sessionsWithoutCard = (session_ids: number[]) =>
  new AppError(
    409,
    'pricing.sessions_without_card',
    `${session_ids.length === 1 ? 'A session' : `${session_ids.length} sessions`} would be left without a price. Make another card for their hours first, or give them prices of their own.`,
    { total: session_ids.length, session_ids: session_ids.slice(0, MAX_NAMED) },
  )

export const noCard = (format: string, day: string, time: string) =>
  invalid(
    '/base_price',
    `No price card of this cinema applies to a ${format} session on ${day} at ${time}. Give base_price, or make a card.`,
    'pricing.no_card',
  )

export const unknownType = (pointer: string, code: string) =>
  invalid(pointer, `There is no type of ticket “${code}”, or it is not sold any more.`, 'pricing.unknown_ticket_type')
export const typeNotForSeat = (pointer: string, code: string, seat_type: string) =>
  invalid(pointer, `A ticket of type ${code} is not for a ${seat_type} seat.`, 'pricing.type_not_for_seat')
export const typeNotSold = (pointer: string, code: string) =>
  invalid(pointer, `Tickets of type ${code} are not sold for this session.`, 'pricing.type_not_sold')
