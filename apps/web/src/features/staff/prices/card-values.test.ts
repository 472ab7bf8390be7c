import { expect, test } from 'vitest'

import type { PriceCard } from './api.ts'
import { bodyOf, emptyCard, numberOf, valuesOf } from './card-values.ts'

const card: PriceCard = {
  id: 1,
  cinema_id: 1,
  name: 'Evenings',
  weekdays: [5, 6],
  from_time: '18:00',
  to_time: '06:00',
  formats: ['2d', '3d'],
  valid_from: '2030-01-01',
  valid_to: null,
  prices: { standard: 200, premium: 250.5, vip: 300 },
  ticket_types: [
    { ticket_type: 'child', percent_off: 30 },
    { ticket_type: 'senior', amount_off: 40 },
    { ticket_type: 'student', price: { standard: 150, premium: 200, vip: 250 } },
    { ticket_type: 'companion', is_sold: false },
  ],
  is_active: true,
  created_at: '2030-01-01T00:00:00Z',
  updated_at: '2030-01-01T00:00:00Z',
}

test('a price card that nobody has touched is sent back as it came, with every way in which a type is priced', () => {
  const { id: _id, cinema_id: _cinema, is_active: _active, created_at: _made, updated_at: _changed, ...said } = card
  expect(bodyOf(valuesOf(card))).toEqual(said)
})

test('numbers are taken with a comma or a point, and an empty field is no number', () => {
  expect([numberOf('12,5'), numberOf(' 12.5 '), numberOf('0')]).toEqual([12.5, 12.5, 0])
  expect([numberOf(''), numberOf('  '), numberOf('a lot')]).toEqual([Number.NaN, Number.NaN, Number.NaN])
})

test('a new card is for every day and hour from today on, and says nothing of types', () => {
  expect(bodyOf(emptyCard('2030-01-01'))).toMatchObject({
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    from_time: '06:00',
    to_time: '06:00',
    valid_to: null,
    ticket_types: [],
  })
})
