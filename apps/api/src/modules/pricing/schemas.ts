import { type Static, Type } from 'typebox'

import { SeatType } from '#modules/halls/schemas.ts'
import { listOf, pageQuery } from '#platform/http/pagination.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const formats = ['2d', '3d', 'imax'] as const
export type Format = (typeof formats)[number]

/** A price list is written by people; a mistyped one must not cost more than a house. */
export const Price = Type.Number({ minimum: 0, maximum: 1_000_000 })
export const Percent = Type.Number({ minimum: 0, maximum: 100, description: 'With at most two decimals.' })
export const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000]*\\S[^\\u0000]*$' })
const inLanguages = (maxLength: number) => Type.Object({ uk: Text(maxLength), ru: Text(maxLength), en: Text(maxLength) }, strict)

export const TicketTypeCode = Type.String({ pattern: '^[a-z][a-z0-9_]{0,29}$', description: 'A type of ticket, such as child.' })
const SeatTypes = Type.Array(SeatType, { minItems: 1, maxItems: 6, uniqueItems: true })

const typeFields = {
  names: inLanguages(60),
  who_may_buy: inLanguages(300),
  percent_off: Type.Number({ ...Percent, description: 'Of the full price, where no price card says otherwise.' }),
  seat_types: Nullable(Type.Array(SeatType, { ...SeatTypes, description: 'Only for these seats; null is for every seat.' })),
  needs_proof: Type.Boolean({ description: 'The door asks for it.' }),
  position: Type.Integer({ minimum: 0, maximum: 1000, description: 'Where it stands in a list.' }),
}

export const TicketType = shape('TicketType', {
  id: Id,
  code: Type.String(),
  ...typeFields,
  is_default: Type.Boolean({ description: 'What a ticket is when nobody says what.' }),
  is_active: Type.Boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type TicketType = Static<typeof TicketType>
export const TicketTypeList = listOf('TicketTypeList', ref(TicketType))

const { names, who_may_buy, percent_off, seat_types, needs_proof, position } = typeFields

export const TicketTypeCreate = shape(
  'TicketTypeCreate',
  {
    code: TicketTypeCode,
    names,
    who_may_buy,
    percent_off: Type.Optional(percent_off),
    seat_types: Type.Optional(seat_types),
    needs_proof: Type.Optional(needs_proof),
    position: Type.Optional(position),
  },
  {
    code: 'veteran',
    names: { uk: 'Ветеран', ru: 'Ветеран', en: 'Veteran' },
    who_may_buy: { uk: 'Ветерани з посвідченням', ru: 'Ветераны с удостоверением', en: 'Veterans with their card' },
    percent_off: 50,
    needs_proof: true,
  },
)
export type TicketTypeCreate = Static<typeof TicketTypeCreate>

export const TicketTypeUpdate = shape(
  'TicketTypeUpdate',
  {
    names: Type.Optional(names),
    who_may_buy: Type.Optional(who_may_buy),
    percent_off: Type.Optional(percent_off),
    seat_types: Type.Optional(seat_types),
    needs_proof: Type.Optional(needs_proof),
    position: Type.Optional(position),
    is_active: Type.Optional(Type.Boolean({ description: 'False retires it: nobody can choose it any more.' })),
  },
  { percent_off: 25 },
)
export type TicketTypeUpdate = Static<typeof TicketTypeUpdate>

export const TicketTypeQuery = Type.Object(
  { is_active: Type.Boolean({ default: true, description: 'False lists those that are retired.' }), ...pageQuery },
  strict,
)
export type TicketTypeQuery = Static<typeof TicketTypeQuery>

export const three = { standard: Price, premium: Price, vip: Price }

/** What each type costs in a session, by the seat, and what is added. */
export const TypeOnSale = Type.Object(
  {
    ticket_type: Type.String(),
    names: inLanguages(60),
    who_may_buy: inLanguages(300),
    needs_proof: Type.Boolean(),
    is_default: Type.Boolean(),
    seat_types: Nullable(SeatTypes),
    prices: Type.Object(three, strict),
  },
  strict,
)
export type TypeOnSale = Static<typeof TypeOnSale>

export const ticketTypeShapes = [TicketType, TicketTypeList, TicketTypeCreate, TicketTypeUpdate]
