import { expect, test } from 'vitest'

import { sumWith } from './charges.ts'

const fees = { per_ticket: 5, per_order: 2.5 }
const included = { fees, tax: { mode: 'included' as const, name: 'VAT', percent: 20 } }
const added = { fees, tax: { mode: 'added' as const, name: 'VAT', percent: 7.5 } }

test('a first choice costs its seats, the fee of each and the fee of the order', () => {
  expect(sumWith(included, undefined, [100, 200.1])).toEqual({ added: 12.5, tax: 0, total: 312.6 })
})

test('seats that join an order bring their own fees only, and a tax is counted anew on everything', () => {
  const held = { subtotal: 120, discount: 20, fees: 7.5 }
  expect(sumWith(included, held, [50])).toEqual({ added: 12.5, tax: 0, total: 162.5 })
  expect(sumWith(added, held, [50])).toEqual({ added: 24.69, tax: 12.19, total: 174.69 })
})
