import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

/** What the rows of systems A and B ask of each operation: who may call it, how it answers, and the fields or parameters it takes. */
const ROWS = `
R-010 POST /auth/register | everybody | 201 409 422 | email password full_name
R-011 POST /auth/login | everybody | 200 401 | email password
R-012 GET /users/me | signed in | 200 401 |
R-013 PATCH /users/me | signed in | 200 422 | full_name first_name last_name phone
R-014 GET /events | everybody | 200 | page size search date date_from date_to cinema_id price_from price_to available sort cursor
R-015 GET /events/{id} | everybody | 200 404 |
R-016 POST /events | manager, admin | 201 401 403 409 422 | title description start_time duration_minutes price
R-017 PATCH /events/{id} | manager, admin | 200 404 | title description start_time duration_minutes price
R-018 DELETE /events/{id} | admin | 204 409 | cancel
R-019 GET /events/{id}/seats | everybody | 200 404 |
R-020 POST /events/{id}/seats/{seat_id}/reserve | signed in, or a guest | 201 409 |
R-021 POST /tickets/purchase | signed in, or a guest | 201 402 409 | event_id seat_id payment_method
R-022 GET /tickets/my | signed in, or a guest | 200 | page size status
R-023 GET /tickets/{id} | holder | 200 404 |
R-024 POST /tickets/{id}/cancel | holder | 200 409 |
R-025 POST /payments/initiate | signed in, or a guest | 201 402 409 | ticket_id amount
R-026 POST /payments/webhook | the payment provider, by signature | 200 400 |
R-030 POST /auth/register | everybody | 201 409 422 | username email password first_name last_name phone
R-031 POST /auth/login | everybody | 200 401 | username password
R-032 GET /auth/me | signed in | 200 |
R-033 GET /auth/users | admin | 200 403 | skip limit
R-034 GET /movies | everybody | 200 | genre year is_active search skip limit
R-035 POST /movies | moderator, manager, admin | 201 409 | title description duration_minutes genre director cast release_year
R-036 GET /movies/{id} | everybody | 200 404 |
R-037 PUT /movies/{id} | moderator, manager, admin | 200 404 409 | title
R-038 DELETE /movies/{id} | moderator, admin | 204 404 409 |
R-039 GET /movies/{id}/sessions | everybody | 200 404 |
R-040 GET /cinemas | everybody | 200 | city is_active
R-041 POST /cinemas | manager, admin | 201 409 | name address city phone email latitude longitude opening_time closing_time timezone facilities
R-042 GET /cinemas/{id} | everybody | 200 404 |
R-043 GET /cinemas/{id}/halls | everybody | 200 404 |
R-044 POST /cinemas/{id}/halls | manager, admin | 201 409 | name hall_number rows seats_per_row layout
R-045 GET /cinemas/search | everybody | 200 422 | latitude longitude lat lng radius
R-046 GET /sessions | everybody | 200 | movie_id hall_id date date_from date_to is_active cinema_id format
R-047 POST /sessions | manager, admin | 201 409 422 | movie_id hall_id start_time end_time base_price vip_price premium_price language subtitles format_3d format_imax
R-048 GET /sessions/{id} | everybody | 200 404 |
R-049 PUT /sessions/{id} | manager, admin | 200 409 | start_time
R-050 DELETE /sessions/{id} | admin | 204 409 | cancel
R-051 GET /sessions/{id}/available-seats | everybody | 200 404 |
R-052 POST /tickets | signed in, or a guest | 201 409 | session_id seat_row seat_number seat_type seats seat_ids best
R-053 GET /tickets | signed in, or a guest | 200 | session_id status user_id
R-054 GET /tickets/{id} | holder | 200 404 |
R-055 PUT /tickets/{id} | signed in, or a guest | 200 409 | seat_row seat_number status
R-056 DELETE /tickets/{id} | holder | 200 409 |
R-057 PATCH /tickets/{id}/pay | signed in, or a guest | 200 402 409 | payment_method card_token
R-058 GET /tickets/statistics | manager, admin | 200 403 | start_date end_date cinema_id
R-059 POST /reviews | signed in | 201 409 | movie_id rating title content is_spoiler
R-060 GET /reviews/movie/{movie_id} | everybody | 200 404 | rating sort order verified_only
R-061 GET /reviews/{id} | everybody; more for those who say who they are | 200 404 |
R-062 PUT /reviews/{id} | signed in | 200 403 404 | rating title content is_spoiler
R-063 DELETE /reviews/{id} | signed in | 204 403 404 |
R-064 POST /reviews/{id}/vote | signed in | 200 403 | vote_type helpful
R-065 GET /reviews/user/my-reviews | signed in | 200 | skip limit
R-066 PUT /cinemas/{id} | manager, admin | 200 412 | name
R-066 DELETE /cinemas/{id} | admin | 204 409 |
R-067 GET /halls/{id} | everybody | 200 404 |
R-067 PUT /halls/{id} | manager, admin | 200 409 | name
R-067 DELETE /halls/{id} | admin | 204 409 |
R-068 PATCH /reviews/{id}/moderate | moderator, manager, admin | 200 404 | is_approved
R-068 GET /reviews/pending | moderator, manager, admin | 200 403 |
R-096 GET /admin/orders | moderator, manager, admin | 200 403 | user_id from to status
R-097 POST /payments/checkout-session | signed in, or a guest | 201 409 | order_id expected_total
R-098 GET /payments | signed in, or a guest | 200 |
R-098 GET /payments/{id} | holder | 200 404 |
R-099 GET /admin/payments | moderator, manager, admin | 200 403 | user_id from to status`
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((part) => part.trim()))
  .map(([head = '', callers = '', answers = '', takes = '']) => {
    const [row = '', method = '', path = ''] = head.split(' ')
    return { row, method, path, callers, answers: answers.split(' '), takes: takes.split(' ').filter(Boolean) }
  })

const { server } = await startTestApp()

type Named = { name: string; in: string }
type Operation = { parameters?: Named[]; requestBody?: { content: Record<string, { schema: { $ref?: string } }> } }
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, { properties?: object }> }
}
const { paths, components } = server.swagger() as unknown as Document

/** Names of the fields of the body and of the parameters. */
const takenBy = ({ parameters = [], requestBody }: Operation): string[] => {
  const shape = requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1) ?? ''
  return [...parameters.map(({ name }) => name), ...Object.keys(components.schemas[shape]?.properties ?? {})]
}

/** Who may call what, and how it answers, as the generated list says; the proofs of access hold it against the server. */
const listed = new Map(
  [
    ...readFileSync(new URL('../../../docs/api/endpoints.md', import.meta.url), 'utf8').matchAll(
      /^\| `([^`]+)` \|.*\| ([^|]+) \| ([^|]+) \|$/gm,
    ),
  ].map(([, operation = '', callers, answers = '']) => [operation, { callers, answers: answers.split(' ') }]),
)

test.each(ROWS)(
  '$row: $method $path is for those it names, with its fields and answers',
  ({ method, path, callers, answers, takes }) => {
    const operation = paths[`/api/v1${path}`]?.[method.toLowerCase()]
    expect(operation).toBeDefined()
    const entry = listed.get(`${method} /api/v1${path}`)
    expect(entry?.callers).toBe(callers)
    expect(answers.filter((answer) => !entry?.answers.includes(answer))).toEqual([])
    const taken = takenBy(operation as Operation)
    expect(takes.filter((name) => !taken.includes(name))).toEqual([])
  },
)

test('R-010 … R-026: the operations of events answer without the prefix too', () => {
  for (const { row, method, path } of ROWS.filter((one) => one.row < 'R-030')) {
    const url = path.replaceAll(/\{(\w+)\}/g, ':$1')
    expect([row, url, server.hasRoute({ method: method as 'GET', url })]).toEqual([row, url, true])
  }
})

test('the chain’s 36 operations are 4 + 6 + 6 + 6 + 7 + 7', () => {
  const chain = ROWS.filter(({ row }) => row >= 'R-030' && row <= 'R-065')
  const sizes = ['auth', 'movies', 'cinemas', 'sessions', 'tickets', 'reviews'].map(
    (noun) => chain.filter(({ path }) => path.startsWith(`/${noun}`)).length,
  )
  expect([sizes, chain.length]).toEqual([[4, 6, 6, 6, 7, 7], 36])
})
