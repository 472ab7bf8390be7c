import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, pool } = await startTestApp()
const { body: document } = await anonymous.get('/openapi.json')
const shapes: Record<string, { properties?: object; additionalProperties?: boolean }> = document.components.schemas

/** The seven core resources and every field they are documented with. */
const resources: Record<string, [shape: string, fields: string]> = {
  users: [
    'UserResponse',
    `id username email hashed_password first_name last_name full_name phone role is_admin is_active is_verified activated_at address city
     postal_code locale loyalty_points total_spent tickets_count last_login_at failed_login_count locked_until created_at updated_at`,
  ],
  movies: [
    'Movie',
    `id title original_title description duration_minutes genre director producer cast release_year rating imdb_rating budget poster_url
     trailer_url is_active created_at updated_at uuid certification_id price imdb_votes meta_score gross`,
  ],
  cinemas: [
    'Cinema',
    `id name address city phone email latitude longitude opening_time closing_time is_active created_at updated_at timezone facilities`,
  ],
  halls: [
    'Hall',
    `id cinema_id name hall_number total_seats rows seats_per_row screen_type sound_system vip_seats premium_seats standard_seats is_active
     created_at updated_at accessibility seat_map`,
  ],
  sessions: [
    'Session',
    `id movie_id hall_id start_time end_time base_price vip_price premium_price available_seats sold_tickets language subtitles format_3d
     format_imax is_active created_at updated_at status reserved_tickets early_bird_discount`,
  ],
  tickets: [
    'Ticket',
    `id session_id user_id seat_row seat_number seat_type price final_price booking_reference status payment_method qr_code is_paid
     booking_time created_at seat_id expires_at discount_applied`,
  ],
  reviews: [
    'Review',
    `id movie_id user_id rating title content is_spoiler is_verified_purchase helpful_votes unhelpful_votes is_approved created_at updated_at`,
  ],
}
const COUNTS = { users: 25, movies: 24, cinemas: 15, halls: 17, sessions: 20, tickets: 18, reviews: 13 }
const NEVER_SHOWN = ['hashed_password', 'failed_login_count', 'locked_until']

const fieldsOf = (resource: string) => (resources[resource]?.[1] ?? '').split(/\s+/)

test('R-140: seven core resources have 132 fields, and the published contract shows all but three secrets', () => {
  const all = Object.keys(resources)
  expect(Object.fromEntries(all.map((resource) => [resource, fieldsOf(resource).length]))).toEqual(COUNTS)
  expect(all.flatMap(fieldsOf)).toHaveLength(132)
  const shown = all.map((resource) => [resource, Object.keys(shapes[resources[resource]?.[0] ?? '']?.properties ?? {})] as const)
  const missing = shown.flatMap(([resource, names]) =>
    fieldsOf(resource)
      .filter((field) => !names.includes(field))
      .map((field) => `${resource}.${field}`),
  )
  expect(missing).toEqual(NEVER_SHOWN.map((field) => `users.${field}`))
})

test('what must never leave the server is stored and in no answer of the contract', async () => {
  const { rows } = await pool.query(
    `select column_name from information_schema.columns where table_name = 'users' and column_name = any($1)`,
    [NEVER_SHOWN],
  )
  expect(rows).toHaveLength(NEVER_SHOWN.length)
  for (const name of NEVER_SHOWN) expect(JSON.stringify(document)).not.toContain(name)
})

test('R-144: the 21 schemas of a cinema chain are published under their names, and none takes unknown fields', () => {
  const names =
    `UserCreate UserUpdate UserResponse Token MovieCreate MovieUpdate Movie MovieList CinemaCreate Cinema HallCreate Hall
    SessionCreate SessionUpdate Session TicketCreate TicketUpdate Ticket ReviewCreate ReviewUpdate Review`.split(/\s+/)
  expect(names).toHaveLength(21)
  expect(names.filter((name) => shapes[name]?.additionalProperties !== false)).toEqual([])
})
