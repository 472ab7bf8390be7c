import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { hallOf } from '#testing/halls.ts'
import { kindOf, layoutOf } from './layout.ts'
import { judge, loneBeside, type Verdict, windowsOf } from './rules.ts'

const verdictOn = (rows: string[], own: number[] = []): Verdict => {
  const { seats, taken, chosen } = hallOf(rows)
  return judge(layoutOf(seats), { chosen, occupied: new Set([...taken, ...own]), own: new Set(own) })
}

describe('no seat is left alone beside a choice', () => {
  test('between the choice and a wall; the nearest choice that leaves none is suggested', () => {
    expect(verdictOn(['.CC.......'])).toEqual({ refused: 'lone_seat', lone: [1], suggested: [1, 2] })
  })

  test('between the choice and a taken seat, on either side', () => {
    expect(verdictOn(['x.CC.....'])).toMatchObject({ refused: 'lone_seat', lone: [2], suggested: [2, 3] })
    expect(verdictOn(['.....CC.x'])).toMatchObject({ refused: 'lone_seat', lone: [8], suggested: [5, 6] })
  })

  test('between the choice and an aisle, and an aisle is no neighbour', () => {
    expect(verdictOn(['.... .CC.....'])).toMatchObject({ lone: [5], suggested: [5, 6] })
    expect(verdictOn(['....CC ......'])).toBeUndefined()
  })

  test('within the choice itself', () => {
    expect(verdictOn(['...C.C...'])).toMatchObject({ refused: 'lone_seat', lone: [5] })
  })

  test('between the choice and a place of another kind, which is nobody’s neighbour', () => {
    expect(verdictOn(['....CC.ww'])).toMatchObject({ refused: 'lone_seat', lone: [7] })
  })

  test('two seats left together are fine, and so is a gap filled to the last seat', () => {
    expect(verdictOn(['..CC..'])).toBeUndefined()
    expect(verdictOn(['xCCx..'])).toBeUndefined()
    expect(verdictOn(['CCCCCC'])).toBeUndefined()
  })

  test('a seat that was alone before is not this choice’s fault', () => {
    expect(verdictOn(['x.x.CC', '......'])).toMatchObject({ lone: [4] })
    expect(verdictOn(['x.xCC..', '......'])).toBeUndefined()
  })
})

describe('a choice that cannot be better goes on', () => {
  test('when every other choice of its size leaves somebody alone too', () => {
    expect(verdictOn(['x.CCx', 'xxxxx'])).toBeUndefined()
    expect(verdictOn(['.C.'])).toMatchObject({ suggested: [1] })
    expect(verdictOn(['xC.x'])).toBeUndefined()
  })

  test('when a better one would cost something else', () => {
    expect(verdictOn(['x.CCx', 'vvvvv'])).toBeUndefined()
    expect(verdictOn(['x.CCx', '.....'])).toMatchObject({ suggested: [9, 10] })
  })

  test('each part of a choice is moved by itself', () => {
    expect(verdictOn(['.CC.....', 'CC......'])).toMatchObject({ lone: [1], suggested: [1, 2, 9, 10] })
  })
})

describe('pairs', () => {
  test('a sofa is sold whole, or its second half to whoever has the first', () => {
    expect(verdictOn(['Ss......'])).toEqual({ refused: 'sofa_whole', missing: [2] })
    expect(verdictOn(['SS......'])).toBeUndefined()
    expect(verdictOn(['Ss......'], [2])).toBeUndefined()
  })

  test('a companion comes with the wheelchair, or later to whoever has its place', () => {
    expect(verdictOn(['wK......'])).toEqual({ refused: 'companion_alone', companions: [2], wheelchairs: [1] })
    expect(verdictOn(['WK......'])).toBeUndefined()
    expect(verdictOn(['wK......'], [1])).toBeUndefined()
  })

  test('somebody in a wheelchair may come alone, and the seat beside waits for the last', () => {
    expect(verdictOn(['Wk......'])).toBeUndefined()
    expect(verdictOn(['#K.xxxxx'])).toMatchObject({ refused: 'companion_alone' })
    expect(verdictOn(['#Kxxxxxx'])).toBeUndefined()
    expect(verdictOn(['#KCxxxxx'])).toBeUndefined()
  })
})

const cell = fc.constantFrom('.', '.', '.', 'x', 'C', 'v', 'V', ' ', 'w', 'Wk', 'SS', 'ss')
const hall = fc
  .array(fc.array(cell, { minLength: 1, maxLength: 14 }), { minLength: 1, maxLength: 5 })
  .map((rows) => rows.map((row) => row.join('').replace(/^ +$/, '.')))

test('what is suggested is free, of the same size and price, and would be sold; what is refused leaves somebody alone', () => {
  fc.assert(
    fc.property(hall, (rows) => {
      const { seats, taken, chosen } = hallOf(rows)
      const [layout, occupied] = [layoutOf(seats), new Set(taken)]
      const verdict = judge(layout, { chosen, occupied })
      if (verdict?.refused !== 'lone_seat') return
      const typesIn = (ids: number[]) => ids.map((id) => layout.byId.get(id)?.seat_type).toSorted()
      expect(verdict.suggested.some((id) => occupied.has(id))).toBe(false)
      expect(new Set(verdict.suggested).size).toBe(chosen.length)
      expect(typesIn(verdict.suggested)).toEqual(typesIn(chosen))
      expect(judge(layout, { chosen: verdict.suggested, occupied })).toBeUndefined()
      expect(verdict.lone).not.toEqual([])
    }),
    { numRuns: 2_000 },
  )
})

test('one person or a group side by side is refused exactly when another place in the hall leaves nobody alone', () => {
  const size = fc.integer({ min: 1, max: 4 })
  const place = fc.tuple(
    fc.array(fc.string({ unit: fc.constantFrom('.', '.', 'x', ' '), minLength: 1, maxLength: 9 }), {
      minLength: 1,
      maxLength: 3,
    }),
    size,
    fc.nat(),
  )
  fc.assert(
    fc.property(place, ([rows, count, luck]) => {
      const { seats, taken } = hallOf(rows.map((row) => `.${row}`))
      const [layout, occupied] = [layoutOf(seats), new Set(taken)]
      const stretches = layout.blocks
        .flatMap((block) => [...windowsOf(block, count)].map((window) => window.map(({ id }) => id)))
        .filter((ids) => ids.every((id) => !occupied.has(id)))
      const chosen = stretches[luck % Math.max(1, stretches.length)]
      if (!chosen) return
      const isFine = (ids: number[]) => loneBeside(layout, new Set(ids), occupied).length === 0
      expect(judge(layout, { chosen, occupied }) === undefined).toBe(isFine(chosen) || !stretches.some(isFine))
    }),
    { numRuns: 2_000 },
  )
})

test('whoever takes the last seats is never refused', () => {
  fc.assert(
    fc.property(hall, (rows) => {
      const { seats, taken } = hallOf(rows)
      const occupied = new Set(taken)
      const chosen = seats.filter(({ id }) => !occupied.has(id)).map(({ id }) => id)
      expect(judge(layoutOf(seats), { chosen, occupied })).toBeUndefined()
    }),
  )
})

test('a row of wide seats has no aisles, and one that curves neither', () => {
  const { seats } = hallOf(['......'])
  const wide = seats.map((seat) => ({ ...seat, x: seat.x * 2 }))
  const curved = seats.map((seat) => ({ ...seat, y: seat.y + (seat.x - 3) ** 2 / 8 }))
  for (const row of [wide, curved]) expect(layoutOf(row).blocks.map((block) => block.seats.length)).toEqual([6])
  expect(seats.every((seat) => kindOf(seat) === 'ordinary')).toBe(true)
})
