import fc from 'fast-check'
import { expect, test } from 'vitest'

import { arrangeSeats, draftSeats, generateSeats, type SeatDraft, seatLabel } from './rules.ts'

const size = fc.integer({ min: 1, max: 40 })
const grid = fc.record({ rows: size, seats_per_row: size }).chain(({ rows, seats_per_row }) => {
  const row = fc.integer({ min: 1, max: rows })
  const aisles =
    seats_per_row > 1
      ? fc.uniqueArray(fc.integer({ min: 1, max: seats_per_row - 1 }), { maxLength: 3 })
      : fc.constant<number[]>([])
  return fc
    .record({
      rows: fc.constant(rows),
      seats_per_row: fc.constant(seats_per_row),
      aisles_after: aisles,
      special: fc.uniqueArray(row, { maxLength: 6 }),
    })
    .map(({ special, ...rest }) => ({
      ...rest,
      vip_rows: special.filter((_, i) => i % 2 === 0),
      premium_rows: special.filter((_, i) => i % 2 === 1).map(String),
    }))
})

const layout = fc.uniqueArray(
  fc.record({ seat_row: fc.constantFrom('A', 'B', 'C', 7, 'Ї'), seat_number: fc.integer({ min: 1, max: 60 }) }),
  { minLength: 1, maxLength: 80, selector: seatLabel },
)

const rowsOf = (seats: SeatDraft[]) => [...Map.groupBy(seats, (seat) => seat.seat_row).values()]
const codeOf = (work: () => unknown) => {
  try {
    work()
    return undefined
  } catch (error) {
    const { code, data } = error as { code: string; data: { errors: { pointer: string }[] } }
    return [code, data.errors[0]?.pointer]
  }
}

test('a rectangle has rows × seats, each under a label of its own and in a place of its own', () => {
  fc.assert(
    fc.property(grid, (wish) => {
      const seats = generateSeats(wish)
      expect(seats).toHaveLength(wish.rows * wish.seats_per_row)
      expect(new Set(seats.map(seatLabel)).size).toBe(seats.length)
      expect(new Set(seats.map(({ x, y }) => `${x}:${y}`)).size).toBe(seats.length)
    }),
  )
})

test('each row reaches from wall to wall, and only aisles part its seats', () => {
  fc.assert(
    fc.property(grid, (wish) => {
      for (const row of rowsOf(generateSeats(wish))) {
        expect(row[0]?.x).toBe(0.5)
        expect(row.at(-1)?.x).toBe(wish.seats_per_row + wish.aisles_after.length - 0.5)
        for (const [index, seat] of row.slice(1).entries())
          expect(seat.x - (row[index]?.x ?? 0)).toBe(wish.aisles_after.includes(seat.seat_number - 1) ? 2 : 1)
      }
    }),
  )
})

test('the named rows, and no others, are vip or premium', () => {
  fc.assert(
    fc.property(grid, ({ vip_rows, premium_rows, ...rest }) => {
      for (const { seat_row, seat_type } of generateSeats({ ...rest, vip_rows, premium_rows })) {
        const expected = vip_rows.map(String).includes(seat_row)
          ? 'vip'
          : premium_rows.includes(seat_row)
            ? 'premium'
            : 'standard'
        expect(seat_type).toBe(expected)
      }
    }),
  )
})

test('a drawing without places keeps all its seats, each row centred on the longest', () => {
  fc.assert(
    fc.property(layout, (drawn) => {
      const { rows, seats_per_row, seats } = arrangeSeats(drawn)
      expect(seats.map(seatLabel).toSorted()).toEqual(drawn.map(seatLabel).toSorted())
      expect(rowsOf(seats)).toHaveLength(rows)
      for (const row of rowsOf(seats)) {
        const middle = ((row[0]?.x ?? 0) + (row.at(-1)?.x ?? 0)) / 2
        expect(middle).toBeCloseTo(seats_per_row / 2, 9)
        expect(row[0]?.x).toBeGreaterThanOrEqual(0.5)
        expect(row.map((seat) => seat.seat_number)).toEqual(row.map((seat) => seat.seat_number).toSorted((a, b) => a - b))
      }
    }),
  )
})

test('a seat drawn twice is named', () => {
  fc.assert(
    fc.property(layout, fc.nat(), (drawn, pick) => {
      const twice = drawn[pick % drawn.length] as (typeof drawn)[number]
      expect(codeOf(() => arrangeSeats([...drawn, { ...twice, seat_row: String(twice.seat_row) }]))).toEqual([
        'halls.duplicate_seat',
        `/layout/seats/${drawn.length}`,
      ])
    }),
  )
})

test('a wheelchair place and its companion make a pair', () => {
  const seats = generateSeats({
    rows: 2,
    seats_per_row: 4,
    vip_rows: [1],
    wheelchair_seats: [
      { seat_row: 1, seat_number: 1, companion_number: 2 },
      { seat_row: '2', seat_number: 4 },
    ],
  })
  expect(seats.filter((seat) => seat.pair_id !== null).map(({ seat_type, pair_id }) => [seat_type, pair_id])).toEqual([
    ['wheelchair', 1],
    ['companion', 1],
  ])
  expect(seats.at(-1)).toMatchObject({ seat_type: 'wheelchair', pair_id: null })
  expect(seats[2]).toMatchObject({ seat_type: 'vip' })
})

test('rows and seats that the hall does not have are refused', () => {
  const hall = { rows: 3, seats_per_row: 5 }
  expect(codeOf(() => generateSeats({ ...hall, vip_rows: [1, 4] }))).toEqual(['halls.no_such_row', '/vip_rows/1'])
  expect(codeOf(() => generateSeats({ ...hall, vip_rows: ['A'] }))).toEqual(['halls.no_such_row', '/vip_rows/0'])
  expect(codeOf(() => generateSeats({ ...hall, vip_rows: ['01'] }))).toEqual(['halls.no_such_row', '/vip_rows/0'])
  expect(codeOf(() => generateSeats({ ...hall, vip_rows: [2], premium_rows: ['2'] }))).toEqual([
    'halls.row_named_twice',
    '/premium_rows/0',
  ])
  expect(codeOf(() => generateSeats({ ...hall, aisles_after: [2, 5] }))).toEqual(['halls.no_such_seat', '/aisles_after/1'])
  expect(codeOf(() => generateSeats({ ...hall, wheelchair_seats: [{ seat_row: 1, seat_number: 6 }] }))).toEqual([
    'halls.no_such_seat',
    '/wheelchair_seats/0',
  ])
  expect(
    codeOf(() => generateSeats({ ...hall, wheelchair_seats: [{ seat_row: 1, seat_number: 1, companion_number: 1 }] })),
  ).toEqual(['halls.duplicate_seat', '/wheelchair_seats/0/companion_number'])
})

test('a pair is two seats that belong together', () => {
  const seat = (seat_number: number, seat_type: SeatDraft['seat_type'], pair_id?: number) => ({
    seat_row: 'A',
    seat_number,
    seat_type,
    ...(pair_id && { pair_id }),
  })
  const { seats } = arrangeSeats([
    seat(1, 'sofa', 9),
    seat(2, 'sofa', 9),
    seat(3, 'wheelchair', 4),
    seat(4, 'companion', 4),
    seat(5, 'wheelchair'),
  ])
  expect(seats.map(({ pair_id }) => pair_id)).toEqual([9, 9, 4, 4, null])
  expect(codeOf(() => arrangeSeats([seat(1, 'sofa')]))).toEqual(['halls.bad_pair', '/layout/seats/0/pair_id'])
  expect(codeOf(() => arrangeSeats([seat(1, 'sofa', 1)]))).toEqual(['halls.bad_pair', '/layout/seats/0/pair_id'])
  expect(codeOf(() => arrangeSeats([1, 2, 3].map((number) => seat(number, 'sofa', 1))))).toEqual([
    'halls.bad_pair',
    '/layout/seats/0/pair_id',
  ])
  expect(codeOf(() => arrangeSeats([seat(1, 'standard', 1), seat(2, 'sofa', 1)]))).toEqual([
    'halls.bad_pair',
    '/layout/seats/1/pair_id',
  ])
  expect(codeOf(() => arrangeSeats([seat(1, 'companion', 1), seat(2, 'companion', 1)]))).toEqual([
    'halls.bad_pair',
    '/layout/seats/0/pair_id',
  ])
})

test('drawn places are kept as they are', () => {
  const { seats } = arrangeSeats([{ seat_row: 'A', seat_number: 1, x: 3.25, y: 0, rotation: -12 }])
  expect(seats).toEqual([{ seat_row: 'A', seat_number: 1, seat_type: 'standard', x: 3.25, y: 0, rotation: -12, pair_id: null }])
})

test('a hall has rows or a drawing, and never too many rows or seats', () => {
  const hall = { name: 'Red', hall_number: 1 }
  const one = { seats: [{ seat_row: 'A', seat_number: 1 }] }
  const line = (length: number, of: (n: number) => object) => ({
    seats: Array.from({ length }, (_, n) => ({ seat_row: 'A', seat_number: 1, ...of(n + 1) })),
  })
  expect(codeOf(() => draftSeats(hall))).toEqual(['request.missing_field', '/rows'])
  expect(codeOf(() => draftSeats({ ...hall, rows: 3 }))).toEqual(['request.missing_field', '/seats_per_row'])
  expect(codeOf(() => draftSeats({ ...hall, rows: 3, layout: one }))).toEqual(['halls.two_layouts', '/rows'])
  expect(codeOf(() => draftSeats({ ...hall, vip_rows: [1], layout: one }))).toEqual(['halls.two_layouts', '/vip_rows'])
  expect(codeOf(() => draftSeats({ ...hall, layout: line(101, (n) => ({ seat_row: `${n}` })) }))).toEqual([
    'halls.too_many_rows',
    '/layout/seats',
  ])
  expect(codeOf(() => draftSeats({ ...hall, layout: line(101, (n) => ({ seat_number: n })) }))).toEqual([
    'halls.row_too_long',
    '/layout/seats',
  ])
})
