import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { SeatType } from '#modules/halls/schemas.ts'
import { hallOf } from '#testing/halls.ts'
import { type BestWish, chooseBest, type Spread } from './best.ts'
import { kindOf, type Layout, layoutOf, type Seat } from './layout.ts'
import { judge, loneBeside, windowsOf } from './rules.ts'

const chooseIn = (rows: string[], wish: BestWish, spread?: Spread) => {
  const { seats, taken } = hallOf(rows)
  const best = chooseBest(layoutOf(seats), new Set(taken), wish, spread)
  return 'available' in best ? best : { ids: best.seats.map(({ id }) => id), together: best.together }
}

describe('the best seats', () => {
  test('lie in the middle, two thirds of the way back', () => {
    const rows = Array.from({ length: 7 }, () => '.........')
    expect(chooseIn(rows, { count: 1 })).toEqual({ ids: [4 * 9 + 5], together: true })
    expect(chooseIn(rows, { count: 3 })).toEqual({ ids: [4, 5, 6].map((number) => 4 * 9 + number), together: true })
  })

  test('leave nobody alone, where that can be', () => {
    expect(chooseIn(['....'], { count: 2 })).toEqual({ ids: [1, 2], together: true })
    expect(chooseIn(['...', 'xxx', '....'], { count: 2 })).toEqual({ ids: [7, 8], together: true })
  })

  test('rather leave somebody alone than part a group', () => {
    expect(chooseIn(['...', 'xxx', 'x.x'], { count: 2 })).toEqual({ ids: [1, 2], together: true })
  })

  test('lie in neighbouring rows when no row has room, and then anywhere', () => {
    expect(chooseIn(['..xx', '..xx', 'x..x'], { count: 4 })).toMatchObject({ together: false })
    expect(chooseIn(['.xxx', 'xxxx', 'xx.x'], { count: 2 })).toEqual({ ids: [1, 11], together: false })
  })

  test('are neither places for wheelchairs nor sofas, unless somebody asks for them', () => {
    expect(chooseIn(['wk..ss'], { count: 3 })).toEqual({ available: 2 })
    expect(chooseIn(['wk..ss'], { count: 1, seat_type: 'wheelchair' })).toEqual({ ids: [1], together: true })
    expect(chooseIn(['wk..ss'], { count: 2, seat_type: 'sofa' })).toEqual({ ids: [5, 6], together: true })
    expect(chooseIn(['wk..ss'], { count: 1, seat_type: 'companion' })).toEqual({ available: 0 })
    expect(chooseIn(['wkxxss'], { count: 1, seat_type: 'companion' })).toEqual({ ids: [2], together: true })
  })

  test('are of one type when one is asked for', () => {
    expect(chooseIn(['....', 'vvvv', '....'], { count: 2, seat_type: 'vip' })).toEqual({ ids: [5, 6], together: true })
    expect(chooseIn(['....', 'vvxv'], { count: 4, seat_type: 'vip' })).toEqual({ available: 3 })
  })

  test('are drawn from several good places when others aim at the best', () => {
    const rows = Array.from({ length: 6 }, () => '..........')
    const last = chooseIn(rows, { count: 2 }, { places: 12, draw: (below) => below - 1 })
    expect(last).toMatchObject({ together: true })
    expect(last).not.toEqual(chooseIn(rows, { count: 2 }))
  })
})

const letter = fc.constantFrom('.', '.', '.', 'x', 'v', ' ', 'wk', '#k', 'ss')
const hall = fc
  .array(fc.array(letter, { minLength: 1, maxLength: 14 }), { minLength: 1, maxLength: 6 })
  .map((rows) => rows.map((row) => `.${row.join('')}`))
const types = fc.constantFrom<(SeatType | undefined)[]>(
  undefined,
  undefined,
  'standard',
  'vip',
  'wheelchair',
  'sofa',
  'companion',
)
const wish = fc
  .record({ count: fc.integer({ min: 1, max: 6 }), seat_type: types })
  .map(({ count, seat_type }) => ({ seat_type, count: seat_type === 'sofa' ? Math.ceil(count / 2) * 2 : count }))
const spread = fc
  .record({ places: fc.integer({ min: 1, max: 8 }), luck: fc.nat() })
  .map(({ places, luck }) => ({ places, draw: (below: number) => luck % Math.max(1, below) }))

/** What may be offered at all, found the long way. */
const offersFor = (layout: Layout, occupied: Set<number>, { seat_type }: BestWish) => {
  const free = [...layout.byId.values()].filter(({ id }) => !occupied.has(id))
  const ordinary = free.filter((seat) => kindOf(seat) === 'ordinary')
  if (seat_type === undefined) return ordinary
  if (seat_type === 'companion' && ordinary.length > 0) return []
  const ofType = free.filter((seat) => seat.seat_type === seat_type)
  return seat_type === 'sofa' ? ofType.filter(({ id }) => !occupied.has(layout.partnerOf.get(id)?.id ?? 0)) : ofType
}

test('they are as many as asked for, free, of the asked kind and in whole sofas, or it is said how many there are', () => {
  fc.assert(
    fc.property(hall, wish, spread, (rows, asked, luck) => {
      const { seats, taken } = hallOf(rows)
      const [layout, occupied] = [layoutOf(seats), new Set(taken)]
      const best = chooseBest(layout, occupied, asked, luck)
      const found = 'available' in best ? [] : best.seats
      const offers = offersFor(layout, occupied, asked)
      const ids = new Set(found.map(({ id }) => id))
      expect(ids.size).toBe(offers.length < asked.count ? 0 : asked.count)
      expect('available' in best ? best.available : offers.length).toBe(offers.length)
      expect(ids.isSubsetOf(new Set(offers.map(({ id }) => id)))).toBe(true)
      const halves = found.filter(({ seat_type }) => seat_type === 'sofa')
      expect(halves.filter(({ id }) => !ids.has(layout.partnerOf.get(id)?.id ?? 0))).toEqual([])
    }),
    { numRuns: 1_000 },
  )
})

test('they are together when any row has room, and leave nobody alone when any room does; the rules would sell them', () => {
  const oneByOne = wish.filter(({ seat_type }) => seat_type !== 'sofa')
  fc.assert(
    fc.property(hall, oneByOne, spread, (rows, asked, luck) => {
      const { seats, taken } = hallOf(rows)
      const [layout, occupied] = [layoutOf(seats), new Set(taken)]
      const best = chooseBest(layout, occupied, asked, luck)
      const offers = new Set(offersFor(layout, occupied, asked))
      const rooms = layout.blocks
        .flatMap((block) => [...windowsOf(block, asked.count)])
        .filter((room) => room.every((seat) => offers.has(seat)))
      const isFine = (some: Seat[]) => loneBeside(layout, new Set(some.map(({ id }) => id)), occupied).length === 0
      const together = 'together' in best && best.together ? best.seats : undefined
      expect(together !== undefined).toBe(rooms.length > 0)
      expect(together !== undefined && isFine(together)).toBe(rooms.some(isFine))
      const chosen = (asked.seat_type && together?.map(({ id }) => id)) ?? []
      expect(judge(layout, { chosen, occupied })).toBeUndefined()
    }),
    { numRuns: 1_000 },
  )
})

test('of a hall of a thousand seats they are found in a moment, however full it is', () => {
  const timesOf = (share: number) => {
    const { seats } = hallOf(Array.from({ length: 25 }, () => '.'.repeat(40)))
    const layout = layoutOf(seats)
    const occupied = new Set(seats.filter(({ id }) => ((id * 2_654_435_761) % 1_000) / 1_000 < share).map(({ id }) => id))
    const started = performance.now()
    for (let round = 0; round < 50; round += 1) chooseBest(layout, occupied, { count: 1 + (round % 10) })
    return (performance.now() - started) / 50
  }
  timesOf(0)
  const times = [0, 0.3, 0.6, 0.9].map(timesOf)
  expect(Math.max(...times)).toBeLessThan(100)
})
