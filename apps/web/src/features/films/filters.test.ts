import { expect, test } from 'vitest'

import type { Film, Showing } from './api.ts'
import { choicesOf, favouriteOf, isAhead, readFilters, roomIn, screeningsOf } from './filters.ts'

const NOW = Date.parse('2026-11-21T16:00:00Z')

const showing = (change: Partial<Showing>): Showing =>
  ({
    id: 1,
    movie_id: 1,
    movie_title: 'Dune',
    start_time: '2026-11-21T18:00:00.000Z',
    status: 'scheduled',
    language: 'uk',
    format_3d: false,
    format_imax: false,
    available_seats: 50,
    sold_tickets: 50,
    reserved_tickets: 0,
    sales_close_at: null,
    ...change,
  }) as Showing

const film = (id: number, min_age: number, ...genres: string[]): [number, Film] => [
  id,
  { id, title: `Film ${id}`, certification: { min_age }, genres: genres.map((slug) => ({ slug, name: slug })) } as Film,
]

test('an address keeps the filters it knows and drops what makes no sense', () => {
  expect(readFilters({ date: '2026-11-22', format: 'imax', language: 'uk', age: '12', genre: 'sci_fi' })).toEqual({
    date: '2026-11-22',
    format: 'imax',
    language: 'uk',
    age: 12,
    genre: 'sci_fi',
  })
  expect(readFilters({ date: '2026-13-45', format: '4d', language: '<b>', age: 'x', genre: 'a b', other: '1' })).toEqual({})
  expect(readFilters({ age: '0' })).toEqual({ age: 0 })
})

test('what has begun or was called off is gone from the programme', () => {
  expect(isAhead(showing({}), NOW)).toBe(true)
  expect(isAhead(showing({ start_time: '2026-11-21T15:59:00.000Z' }), NOW)).toBe(false)
  expect(isAhead(showing({ status: 'cancelled' }), NOW)).toBe(false)
  expect(isAhead(showing({ sales_close_at: '2026-11-21T15:00:00.000Z' }), NOW)).toBe(false)
})

test('films stand in the order of what starts next, each with its own showings', () => {
  const films = new Map([film(1, 12, 'drama'), film(2, 18, 'horror')])
  const late = showing({ id: 3, movie_id: 1, start_time: '2026-11-21T21:00:00.000Z' })
  const showings = [
    late,
    showing({ id: 1 }),
    showing({ id: 2, movie_id: 2, start_time: '2026-11-21T17:00:00.000Z', format_3d: true }),
  ]
  const order = (filters: object) =>
    screeningsOf(showings, films, filters, NOW).map(({ film_id, showings: own }) => [film_id, ...own.map(({ id }) => id)])
  expect(order({})).toEqual([
    [2, 2],
    [1, 1, 3],
  ])
  expect(order({ age: 12 })).toEqual([[1, 1, 3]])
  expect(order({ genre: 'horror' })).toEqual([[2, 2]])
  expect(order({ format: '2d' })).toEqual([[1, 1, 3]])
  expect(order({ language: 'en' })).toEqual([])
})

test('only what the day really offers can be chosen', () => {
  const films = new Map([film(1, 12, 'drama'), film(2, 18, 'horror', 'drama'), film(3, 0, 'comedy')])
  expect(choicesOf([showing({}), showing({ movie_id: 2, format_imax: true, language: 'en' })], films)).toMatchObject({
    formats: ['2d', 'imax'],
    languages: ['en', 'uk'],
    ages: [12, 18],
    genres: [{ slug: 'drama' }, { slug: 'horror' }],
  })
})

test('a hall with less than a seventh of its seats left is almost full', () => {
  expect(roomIn(showing({}))).toBe('free')
  expect(roomIn(showing({ available_seats: 14, sold_tickets: 80, reserved_tickets: 6 }))).toBe('almost_full')
  expect(roomIn(showing({ available_seats: 0 }))).toBe('sold_out')
})

test('the favourite is the film most seats are taken for, once there is a choice', () => {
  const screening = (film_id: number, sold_tickets: number) => ({
    film: undefined,
    film_id,
    title: '',
    showings: [showing({ sold_tickets })],
  })
  const all = [screening(1, 5), screening(2, 50), screening(3, 20), screening(4, 1)]
  expect(favouriteOf(all)?.film_id).toBe(2)
  expect(favouriteOf(all.slice(0, 3))).toBeUndefined()
})
