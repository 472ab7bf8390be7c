import { expect, test } from 'vitest'

import { withSeats } from './use-new-seats.ts'

test('there are never more new seats than tickets: the first choice makes room for the newest', () => {
  expect(withSeats([1], [2], 2)).toEqual([1, 2])
  expect(withSeats([1, 2], [3], 2)).toEqual([2, 3])
  expect(withSeats([5], [7, 8], 2)).toEqual([7, 8])
})

test('a second tap lets go of a seat, or of a whole sofa', () => {
  expect(withSeats([1, 2], [1], 2)).toEqual([2])
  expect(withSeats([7, 8, 9], [7, 8], 3)).toEqual([9])
  expect(withSeats([7], [7, 8], 2)).toEqual([7, 8])
})
