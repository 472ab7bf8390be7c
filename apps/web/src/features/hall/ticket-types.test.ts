import { expect, test } from 'vitest'

import { firstType, priceFor, typesFor } from './ticket-types.ts'
import type { TypeOnSale } from './types.ts'

const names = { uk: '', ru: '', en: '' }
const type = (ticket_type: string, standard: number, more: Partial<TypeOnSale> = {}): TypeOnSale => ({
  ticket_type,
  names,
  who_may_buy: names,
  needs_proof: false,
  is_default: false,
  seat_types: null,
  prices: { standard, premium: standard + 60, vip: standard + 120 },
  ...more,
})
const types = [
  type('adult', 200, { is_default: true }),
  type('child', 140),
  type('veteran', 100, { seat_types: ['vip'] }),
  type('companion', 100, { seat_types: ['companion'] }),
]

test('a seat is taken at the full price, and the seat beside a wheelchair as a companion without asking', () => {
  expect(firstType(types, 'standard')?.ticket_type).toBe('adult')
  expect(firstType(types, 'vip')?.ticket_type).toBe('adult')
  expect(firstType(types, 'wheelchair')?.ticket_type).toBe('adult')
  expect(firstType(types, 'companion')?.ticket_type).toBe('companion')
  expect(firstType(types.slice(0, 2), 'companion')?.ticket_type).toBe('adult')
})

test('only types for this kind of seat are offered, each at the price of its class', () => {
  expect(typesFor(types, 'vip').map((one) => [one.ticket_type, priceFor(one, 'vip')])).toEqual([
    ['adult', 320],
    ['child', 260],
    ['veteran', 220],
  ])
  expect(typesFor(types, 'wheelchair').map((one) => priceFor(one, 'wheelchair'))).toEqual([200, 140])
  expect(types.map((one) => priceFor(one, 'sofa'))).toEqual([260, 200, 160, 160])
})
