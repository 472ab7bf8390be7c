import { expect, test } from 'vitest'

import type { Promotion } from './api.ts'
import { bodyOf, emptyPromotion, valuesOf } from './promotion-values.ts'

const KYIV = 'Europe/Kyiv'

const promotion: Promotion = {
  id: 1,
  names: { uk: 'Третій зі знижкою', ru: 'Третий со скидкой', en: 'The third for less' },
  kind: 'cheapest',
  is_automatic: false,
  priority: 10,
  is_active: true,
  percent: 50,
  amount: null,
  free_tickets: 1,
  of_tickets: 3,
  days_ahead: null,
  currency: 'UAH',
  starts_at: '2030-01-18T18:00:00.000Z',
  ends_at: null,
  first_day: '2030-01-18',
  last_day: null,
  weekdays: [1, 2],
  from_time: '10:00',
  until_time: '14:00',
  cinema_ids: [1],
  movie_ids: [7],
  ticket_types: ['child'],
  seat_types: ['vip', 'sofa'],
  minimum_amount: 300.5,
  minimum_tickets: null,
  limit_total: 100,
  limit_per_user: null,
  budget: null,
  codes: ['THIRD', 'TRETII'],
  used: { reserved: 0, confirmed: 0, amount: 0 },
  created_at: '2030-01-01T00:00:00.000Z',
  updated_at: '2030-01-01T00:00:00.000Z',
}

/** Not asked for in the form: the server tells them, or another button changes them. */
const ELSEWHERE = ['id', 'kind', 'is_automatic', 'is_active', 'currency', 'used', 'created_at', 'updated_at']

test('a promotion that nobody has touched is sent back as it came, with every condition that it has', () => {
  const body = bodyOf(valuesOf(promotion, KYIV), KYIV)
  expect(promotion).toMatchObject(body)
  const spokenOf = Object.keys(promotion).filter((name) => !ELSEWHERE.includes(name))
  expect(Object.keys(body).toSorted((a, b) => a.localeCompare(b))).toEqual(spokenOf.toSorted((a, b) => a.localeCompare(b)))
})

test('films and kinds of seats are conditions like the others, and with none chosen there is no such condition', () => {
  const values = valuesOf(promotion, KYIV)
  expect(bodyOf({ ...values, films: [7, 9], seat_types: [] }, KYIV)).toMatchObject({ movie_ids: [7, 9], seat_types: null })
})

test('a kind carries its own numbers and none of the others, and several codes are told apart', () => {
  const values = { ...emptyPromotion([]), percent: '12,5', amount: '40', codes: 'one, two;  three' }
  expect(bodyOf({ ...values, kind: 'percent' }, KYIV)).toMatchObject({
    percent: 12.5,
    amount: null,
    free_tickets: null,
    days_ahead: null,
    cinema_ids: null,
    codes: ['one', 'two', 'three'],
  })
  expect(bodyOf({ ...values, kind: 'fixed' }, KYIV)).toMatchObject({ percent: null, amount: 40 })
})
