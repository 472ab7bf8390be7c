import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { hallOf } from '#testing/halls.ts'
import { kindOf, type Layout, layoutOf, type Seat } from './layout.ts'
import { mapSeats, type Party } from './mapping.ts'
import { windowsOf } from './rules.ts'

/** The seats of the other hall have other ids, as in a database. */
const OTHER = 10_000
const otherHall = (rows: string[]): Seat[] =>
  hallOf(rows).seats.map((seat) => ({ ...seat, id: seat.id + OTHER, pair_id: seat.pair_id && seat.pair_id + OTHER }))

const move = (from: string[], to: string[], parties: number[][]) => {
  const mapping = mapSeats(
    layoutOf(hallOf(from).seats),
    layoutOf(otherHall(to)),
    parties.map((seat_ids, key) => ({ key, seat_ids })),
  )
  return {
    seats: Object.fromEntries(mapping.placed.map(({ from: a, to: b }) => [a.id, b.id - OTHER])),
    fits: mapping.placed.map(({ fit }) => fit),
    unplaced: mapping.unplaced.map(({ id }) => id),
  }
}

describe('a hall is swapped', () => {
  test('R-116: into the same hall nobody moves', () => {
    const hall = ['Wk..vv..ss', '..........']
    const parties = [
      [1, 2],
      [3, 4, 5],
      [9, 10],
      [11, 12, 20],
    ]
    const { seats, fits, unplaced } = move(hall, hall, parties)
    expect(Object.entries(seats).every(([a, b]) => Number(a) === b)).toBe(true)
    expect([fits.length, unplaced]).toEqual([10, []])
  })

  test('R-116: who sat side by side stays so, at the same place relative to the walls', () => {
    expect(move(['..........'], ['....................'], [[5, 6]]).seats).toEqual({ 5: 10, 6: 11 })
    expect(move(['...', '...', '...'], ['.........', '.........', '.........'], [[8]]).seats).toEqual({ 8: 23 })
  })

  test('R-116: a party too long for any row is split into parts that sit near each other', () => {
    const { seats, unplaced } = move(['......'], ['...', '...', '...'], [[1, 2, 3, 4, 5, 6]])
    const rows = Map.groupBy(Object.values(seats), (id) => Math.floor((id - 1) / 3))
    expect([[...rows.values()].map(({ length }) => length), unplaced]).toEqual([[3, 3], []])
    const [one, other] = [...rows.keys()]
    expect(Math.abs((one ?? 0) - (other ?? 0))).toBe(1)
  })

  test('R-116: like goes to like; a better class is a gift, and a lesser one is what is left', () => {
    expect(
      move(
        ['..vv'],
        ['vv..'],
        [
          [1, 2],
          [3, 4],
        ],
      ).seats,
    ).toEqual({ 1: 3, 2: 4, 3: 1, 4: 2 })
    expect(move(['..'], ['vv'], [[1, 2]]).fits).toEqual(['better', 'better'])
    expect(move(['vv'], ['v.'], [[1], [2]]).fits).toEqual(['same', 'lesser'])
    expect(move(['ss'], ['..'], [[1, 2]]).fits).toEqual(['lesser', 'lesser'])
  })

  test('R-116: a party is rather parted than given a lesser class', () => {
    expect(move(['vv....'], ['v..v..'], [[1, 2]]).seats).toEqual({ 1: 1, 2: 4 })
  })

  test('R-116: a wheelchair goes to a wheelchair place and its company beside it, and nobody else goes there', () => {
    expect(move(['wk....'], ['....wk'], [[1, 2]]).seats).toEqual({ 1: 5, 2: 6 })
    expect(move(['wk....'], ['....w ....'], [[1, 2]]).seats).toEqual({ 1: 5, 2: 4 })
    expect(move(['....'], ['ww..'], [[1, 2, 3]])).toMatchObject({ unplaced: [3] })
  })

  test('R-116: without a wheelchair place nobody of the two is made to come', () => {
    expect(move(['wk....'], ['......'], [[1, 2]])).toMatchObject({ seats: {}, unplaced: [1, 2] })
    expect(move(['wk....'], ['......'], [[1], [2]])).toMatchObject({ unplaced: [1] })
  })

  test('R-116: a sofa stays whole, or becomes two seats side by side', () => {
    expect(move(['....ss'], ['ss....'], [[5, 6]]).seats).toEqual({ 5: 1, 6: 2 })
    expect(move(['ss....'], ['.v.vv.'], [[1, 2]])).toMatchObject({ seats: { 1: 4, 2: 5 }, fits: ['better', 'better'] })
  })

  test('R-116: who cannot be placed is named', () => {
    expect(move(['....'], ['..'], [[1, 2], [3], [4]]).unplaced).toEqual([3, 4])
  })
})

const cell = fc.constantFrom('.', '.', '.', '.', 'v', ' ', 'w', 'wk', 'ss')
const hall = fc
  .array(fc.array(cell, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 5 })
  .map((rows) => rows.map((row) => row.join('').replace(/^ +$/, '.')))

/** Stretches of the hall go to one party after the other; a party comes up again now and then, somewhere else. */
const partiesIn = ({ seats }: { seats: Seat[] }) =>
  fc.array(fc.nat(9), { minLength: seats.length, maxLength: seats.length }).map((draws) => {
    let owner = 0
    const owners = draws.map((draw) => {
      if (draw >= 5) owner += 1
      return draw === 9 ? undefined : owner % 11
    })
    const byOwner = Map.groupBy(seats, (_, index) => owners[index])
    return [...byOwner].flatMap(([key, its]): Party[] => (key === undefined ? [] : [{ key, seat_ids: its.map(({ id }) => id) }]))
  })

const world = fc.record({ from: hall, to: hall }).chain(({ from, to }) => {
  const drawn = hallOf(from)
  return partiesIn(drawn).map((parties) => ({ from: layoutOf(drawn.seats), to: layoutOf(otherHall(to)), parties }))
})

const stretchesFree = (to: Layout, taken: Set<number>, length: number, type: Seat['seat_type']) =>
  to.blocks
    .filter(({ kind }) => kind === 'ordinary')
    .flatMap((block) => [...windowsOf(block, length)])
    .filter((seats) => seats.every(({ id, seat_type }) => !taken.has(id) && seat_type === type))

describe('whatever the halls and the parties', () => {
  test('R-116: each seat gets one seat of its own or is named, whoever is asked about first', () => {
    fc.assert(
      fc.property(world, ({ from, to, parties }) => {
        const { placed, unplaced } = mapSeats(from, to, parties)
        const asked = parties.flatMap(({ seat_ids }) => seat_ids).toSorted((a, b) => a - b)
        expect([...placed.map((one) => one.from.id), ...unplaced.map(({ id }) => id)].toSorted((a, b) => a - b)).toEqual(asked)
        expect(new Set(placed.map((one) => one.to.id)).size).toBe(placed.length)
        expect(placed.every((one) => to.byId.has(one.to.id))).toBe(true)
        const reversed = parties.map(({ key, seat_ids }) => ({ key, seat_ids: seat_ids.toReversed() })).toReversed()
        expect(mapSeats(from, to, reversed)).toEqual({ placed, unplaced })
      }),
    )
  })

  test('R-116: wheelchair places are for wheelchairs only, and for all of them while there are some', () => {
    fc.assert(
      fc.property(world, ({ from, to, parties }) => {
        const { placed, unplaced } = mapSeats(from, to, parties)
        for (const one of placed) expect(one.to.seat_type === 'wheelchair').toBe(one.from.seat_type === 'wheelchair')
        const taken = new Set(placed.map((one) => one.to.id))
        const isLeft = (isFor: (seat: Seat) => boolean) => to.byId.values().some((seat) => isFor(seat) && !taken.has(seat.id))
        const isMissing = (isFor: (seat: Seat) => boolean) => unplaced.some(isFor)
        const isWheelchair = ({ seat_type }: Seat) => seat_type === 'wheelchair'
        expect(isMissing(isWheelchair) && isLeft(isWheelchair)).toBe(false)
        const isOrdinary = (seat: Seat) => kindOf(seat) === 'ordinary' || seat.seat_type === 'sofa'
        expect(isMissing(isOrdinary) && isLeft((seat) => !isWheelchair(seat))).toBe(false)
      }),
    )
  })

  test('R-116: nobody is parted, or put on a lesser class, while seats side by side of their class are left', () => {
    let parted = 0
    fc.assert(
      fc.property(world, ({ from, to, parties }) => {
        const { placed } = mapSeats(from, to, parties)
        const [taken, goal] = [new Set(placed.map((one) => one.to.id)), new Map(placed.map((one) => [one.from.id, one.to]))]
        for (const { seat_ids } of parties)
          for (const block of from.blocks.filter(({ kind }) => kind === 'ordinary'))
            for (const pair of windowsOf(block, 2)) {
              const [a, b] = pair.map(({ id }) => (seat_ids.includes(id) ? goal.get(id) : undefined))
              if (!a || !b || pair[0]?.seat_type !== pair[1]?.seat_type) continue
              const [here, there] = [to.placeOf.get(a.id), to.placeOf.get(b.id)]
              if (here?.block === there?.block && Math.abs((here?.index ?? 0) - (there?.index ?? 0)) === 1) continue
              parted += 1
              const its = block.seats.filter(({ id }) => seat_ids.includes(id))
              const type = pair[0]?.seat_type ?? 'standard'
              // A party of several classes is rather parted than put on a lesser one.
              if (its.some(({ seat_type }) => seat_type !== type)) continue
              expect(stretchesFree(to, taken, its.length, type)).toEqual([])
            }
      }),
    )
    expect(parted).toBeGreaterThan(0)
  })

  test('R-116: a hall for a hall of the same drawing leaves everybody where they sat', () => {
    fc.assert(
      fc.property(
        hall.chain((rows) => partiesIn(hallOf(rows)).map((parties) => ({ rows, parties }))),
        ({ rows, parties }) => {
          const { placed, unplaced } = mapSeats(layoutOf(hallOf(rows).seats), layoutOf(otherHall(rows)), parties)
          expect(unplaced).toEqual([])
          expect(placed.filter(({ from, to }) => to.id !== from.id + OTHER)).toEqual([])
        },
      ),
    )
  })
})
