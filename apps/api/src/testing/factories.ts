import { sql } from 'kysely'

import type { SearchService } from '#modules/search/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { SeatType } from '#platform/db/types.gen.ts'
import { permissions, type Permission, type Role, type SignedIn } from '#platform/http/access.ts'

let counter = 0
const unique = () => {
  counter += 1
  return `${process.pid.toString(36)}${Date.now().toString(36)}${counter}`
}

/** The one sign-in that everybody made here has. */
export const signInOf = (userId: number) => `00000000-0000-4000-8000-${String(userId).padStart(12, '0')}`

/** Somebody as services see them once the door has let them in. */
export const actorOf = (id: number, role: Role, cinema_ids: readonly number[] | null = null): SignedIn => ({
  kind: 'user',
  id,
  role,
  sign_in: signInOf(id),
  permissions: new Set(
    (Object.keys(permissions) as Permission[]).filter((name) => (permissions[name] as readonly Role[]).includes(role)),
  ),
  cinema_ids,
  impersonated_by: null,
})

type UserWish = {
  role?: Role
  email?: string
  /** Where a cashier or a manager works; everywhere, also at cinemas made later, when left out. */
  cinema_ids?: number[]
}

type SessionWish = {
  rows?: number
  seats_per_row?: number
  seats?: number
  seat_type?: SeatType
  starts_in_minutes?: number
  duration_minutes?: number
  base_price_minor?: number
  hall_id?: number
  movie_id?: number
  cinema_id?: number
  currency?: string
}

/** Makes what a test needs and nothing else; tests name only the fields they care about. */
export const createFactories = ({ db, search }: { db: Db; search?: Pick<SearchService, 'indexMovie'> }) => {
  const everywhere = new Set<number>()

  const user = async ({ role = 'customer', email = `person-${unique()}@marquee.test`, cinema_ids }: UserWish = {}) => {
    const made = await db
      .insertInto('users')
      .values({ email, username: `person-${unique()}`, hashed_password: '!', first_name: 'Olena', last_name: 'Test', role })
      .returning(['id', 'email'])
      .executeTakeFirstOrThrow()
    await sql`
      insert into refresh_tokens (family_id, user_id, token_hash, expires_at)
      values (${signInOf(made.id)}::uuid, ${made.id}, ${`sign-in of ${made.id}`}, app.now() + interval '10 years')`.execute(db)
    if (role !== 'cashier' && role !== 'manager') return made
    if (cinema_ids === undefined) everywhere.add(made.id)
    await sql`
      insert into staff_assignments (user_id, cinema_id)
      select ${made.id}, id from cinemas
       where ${cinema_ids === undefined} or id = any(${cinema_ids ?? []}::bigint[])`.execute(db)
    return made
  }

  const movie = async ({ duration_minutes = 120 }: { duration_minutes?: number } = {}) => {
    const made = await db
      .insertInto('movies')
      .values({ title: `Movie ${unique()}`, duration_minutes, release_year: 2020 })
      .returning(['id', 'title'])
      .executeTakeFirstOrThrow()
    if (search) await transaction(db, (tx) => search.indexMovie(tx, made.id))
    return made
  }

  const cinema = async ({ currency = 'UAH', city = 'Kyiv' }: { currency?: string; city?: string } = {}) => {
    const made = await db
      .insertInto('cinemas')
      .values({
        name: `Cinema ${unique()}`,
        address: '1 Khreshchatyk',
        city,
        currency,
        opening_time: '00:00',
        closing_time: '00:00',
      })
      .returning(['id', 'name'])
      .executeTakeFirstOrThrow()
    if (everywhere.size > 0)
      await sql`
        insert into staff_assignments (user_id, cinema_id)
        select id, ${made.id} from users where id = any(${[...everywhere]}::bigint[])`.execute(db)
    return made
  }

  const hall = async ({ cinema_id, rows = 1, seats_per_row = 10, seat_type = 'standard' }: SessionWish = {}) => {
    const at = cinema_id ?? (await cinema()).id
    const { id } = await db
      .insertInto('halls')
      .values({
        cinema_id: at,
        name: `Hall ${unique()}`,
        rows,
        seats_per_row,
        hall_number: sql<number>`(select coalesce(max(hall_number), 0) + 1 from halls where cinema_id = ${at})`,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { rows: seats } = await sql<{ id: number }>`
      insert into seats (hall_id, seat_row, seat_number, seat_type, x, y)
      select ${id}, r::text, n, ${seat_type}::seat_type, n, r
      from generate_series(1, ${rows}::int) r, generate_series(1, ${seats_per_row}::int) n
      returning id`.execute(db)
    return { id, cinema_id: at, seat_ids: seats.map((seat) => seat.id).toSorted((a, b) => a - b) }
  }

  const session = async (wish: SessionWish = {}) => {
    const { starts_in_minutes = 24 * 60, duration_minutes = 120, base_price_minor = 20_000 } = wish
    const place = wish.hall_id
      ? {
          id: wish.hall_id,
          seat_ids: (await db.selectFrom('seats').select('id').where('hall_id', '=', wish.hall_id).orderBy('id').execute()).map(
            (s) => s.id,
          ),
        }
      : await hall({
          ...wish,
          ...(wish.currency ? { cinema_id: (await cinema({ currency: wish.currency })).id } : {}),
          ...(wish.seats ? { rows: 1, seats_per_row: wish.seats } : {}),
        })
    const movie_id = wish.movie_id ?? (await movie({ duration_minutes })).id
    const { rows } = await sql<{ id: number }>`
      insert into sessions (movie_id, hall_id, start_time, end_time, occupies, business_day, base_price_minor, vip_price_minor, premium_price_minor)
      select ${movie_id}, ${place.id}, t, t + d, tstzrange(t, t + d + interval '15 minutes'), ((t at time zone 'Europe/Kyiv') - interval '6 hours')::date,
             ${base_price_minor}::bigint, ${base_price_minor * 2}::bigint, ${Math.round(base_price_minor * 1.5)}::bigint
      from (select app.now() + make_interval(mins => ${starts_in_minutes}) as t, make_interval(mins => ${duration_minutes}) as d) as times
      returning id`.execute(db)
    return { id: rows[0]?.id ?? 0, movie_id, hall_id: place.id, seat_ids: place.seat_ids }
  }

  return { user, movie, cinema, hall, session }
}
