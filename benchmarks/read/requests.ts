import { randomUUID } from 'node:crypto'

import { connect } from '../postgres.ts'
import type { SignToken } from '../web.ts'

const API = '/api/v1'
const BUYERS = 200
const FIRST_BUYER = 100
const VIEWERS = 200
const FIRST_VIEWER = 400
const SESSIONS = 400
const MANAGER = 1
const CASHIER = 2

type Asked = { method?: string; token?: string; body?: unknown; key?: boolean; headers?: Record<string, string> }

/** One request as it goes over the wire. */
export const raw = (path: string, { method = 'GET', token, body, key = false, headers = {} }: Asked = {}): string => {
  const text = body === undefined ? '' : JSON.stringify(body)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: bench',
    token !== undefined && `Authorization: Bearer ${token}`,
    key && `Idempotency-Key: ${randomUUID()}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(text === '' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
  ]
  return `${lines.filter((line) => line !== false).join('\r\n')}\r\n\r\n${text}`
}

const SEARCHED = [
  'harbour',
  'Shevchuk',
  'lantern',
  'night watch',
  'вокзал',
  'Rossi',
  'comet',
  'ferryman',
  'Greta',
  'тихий',
  'violin',
  'orchestra',
]
/** Zeros before a number make an address that no cache has heard of, for the same answer. */
const zeros = (count: number) => '0'.repeat(count)
const MOST_PAGE_ZEROS = 70
const firstPage = (n: number) =>
  `page=${zeros(n % MOST_PAGE_ZEROS)}1&size=${zeros(Math.floor(n / MOST_PAGE_ZEROS) % MOST_PAGE_ZEROS)}20`
const FIRST_PAGES = Array.from({ length: MOST_PAGE_ZEROS ** 2 }, (_, n) => firstPage(n))

/** `and` is said at the end of each address and changes no answer: scenes that ask the same must not find what another was told. */
export const newListAddresses = (and: string): string[] => FIRST_PAGES.map((page) => raw(`${API}/movies?${page}${and}`))
const LIST_PAGES = 100
const MOST_PAGES_ZEROS = 50
/** Pages of which no two neighbours are the same: hardly anybody shares a reading, and of few clients nobody does. */
export const differentListAddresses = (and: string): string[] =>
  Array.from({ length: MOST_PAGES_ZEROS }, (_, n) =>
    Array.from({ length: LIST_PAGES }, (__, page) => raw(`${API}/movies?size=20&page=${zeros(n + 1)}${page + 1}${and}`)),
  ).flat()
/** So many that no round comes back to an address that is kept by then. */
const MOST_ZEROS = 90
const movieAddress = (id: number, n: number) => raw(`${API}/movies/${zeros(n + 1)}${id}`)
/** Everybody wants the same movie, and after it the next. */
export const newMovieAddresses = (movies: number[]): string[] =>
  movies.flatMap((id) => Array.from({ length: MOST_ZEROS }, (_, n) => movieAddress(id, n)))
/** Neighbours want different movies. */
export const differentMovieAddresses = (movies: number[]): string[] =>
  Array.from({ length: MOST_ZEROS }, (_, n) => movies.map((id) => movieAddress(id, n))).flat()

const FREE_SEATS = `
  select s.id as session, seat.id as seat from sessions s join seats seat on seat.hall_id = s.hall_id and seat.is_active
  where s.start_time > now() + interval '1 hour' and not exists (select from seat_claims c where c.session_id = s.id and c.seat_id = seat.id)
  order by hashint8(s.id * 1000 + seat.id) limit $1`
const PAID = `
  select id from tickets where status = 'paid' and session_id in (select id from sessions where start_time > now() - interval '300 days')
  order by hashint8(id) limit $1`
const UPCOMING = `select id from sessions where start_time > now() + interval '1 hour' order by hashint8(id) limit ${SESSIONS}`
const DAYS = `
  select distinct h.cinema_id as cinema, s.business_day::text as day from sessions s join halls h on h.id = s.hall_id
  where s.start_time > now() order by 2, 1 limit 200`
const SPREAD = `select 1 + (n * 7919 % (select max(id) - 500 from users)) + ${FIRST_VIEWER} as id from generate_series(1, ${VIEWERS}) n`

type Sought = { url: string; sign: SignToken; bookings: number; check_ins: number }

/** What people ask of a database of any size; all that changes something is there as often as it will be asked. */
export const readRequests = async ({ url, sign, bookings, check_ins }: Sought) => {
  const client = await connect(url)
  const rows = async <Row extends object>(text: string, values: unknown[] = []) => (await client.query<Row>(text, values)).rows
  try {
    const tokens = await Promise.all(Array.from({ length: BUYERS }, (_, index) => sign(FIRST_BUYER + index, 'customer')))
    const [cashier, manager] = [await sign(CASHIER, 'cashier'), await sign(MANAGER, 'manager')]
    const free = await rows<{ session: number; seat: number }>(FREE_SEATS, [bookings])
    const paid = await rows<{ id: number }>(PAID, [check_ins])
    if (free.length < bookings || paid.length < check_ins)
      throw new Error('There are too few seats or tickets for so many rounds: take a larger size or fewer rounds.')
    const viewers = await rows<{ id: number }>(SPREAD)
    const upcoming = (await rows<{ id: number }>(UPCOMING)).map(({ id }) => id)
    const days = await rows<{ cinema: number; day: string }>(DAYS)
    return {
      greeting: tokens.map((token) => raw(`${API}/orders?size=1`, { token })),
      booking: free.map(({ session, seat }, index) =>
        raw(`${API}/tickets`, {
          method: 'POST',
          token: tokens[index % tokens.length] ?? '',
          key: true,
          body: { session_id: session, seat_ids: [seat] },
        }),
      ),
      'seat map': upcoming.map((id) => raw(`${API}/sessions/${id}/available-seats`)),
      'my tickets': await Promise.all(
        viewers.map(async ({ id }) => raw(`${API}/tickets/my`, { token: await sign(id, 'customer') })),
      ),
      'check-in': paid.map(({ id }) => raw(`${API}/tickets/${id}`, { method: 'PUT', token: cashier, body: { status: 'used' } })),
      search: FIRST_PAGES.map((page, index) =>
        raw(`${API}/movies?search=${encodeURIComponent(SEARCHED[index % SEARCHED.length] ?? '')}&${page}`),
      ),
      sessions: days.map(({ cinema, day }) => raw(`${API}/sessions?cinema_id=${cinema}&date=${day}&size=20`)),
      'all sessions': [raw(`${API}/sessions?size=20`)],
      statistics: [raw(`${API}/tickets/statistics`, { token: manager })],
    }
  } finally {
    await client.end()
  }
}
export type Requests = Awaited<ReturnType<typeof readRequests>>
