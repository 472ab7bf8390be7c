import { expect, test } from 'vitest'

import type { Order } from './api.ts'
import { reductionsOf } from './trace.ts'

const entry = (source: string, amount: number) => ({ source, label: source, amount })
const item = (trace: ReturnType<typeof entry>[], is_canceled = false) => ({ trace, is_canceled })

test('what is taken off is told once for each reason, over all seats that are still of the order', () => {
  const items = [
    item([
      entry('price_card.3', 200),
      entry('ticket_type.child', -60),
      entry('promotion.7', -14.1),
      entry('loyalty.points', -30),
    ]),
    item([entry('session.base_price', 200), entry('promotion.7', -20.2)]),
    item([entry('session.base_price', 200), entry('session.early_bird', -20), entry('promotion.7', -99)], true),
  ]
  expect(reductionsOf({ items } as unknown as Order)).toEqual([entry('promotion.7', -34.3), entry('loyalty.points', -30)])
})
