import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import cinemas from './data/cinemas.json' with { type: 'json' }
import { buildLayout, type LayoutSpec } from './layout.ts'

/** What a hall shows: its formats, what it adds to a price, how often in the original language, and which films. */
export type Programme = {
  formats: string[]
  surcharge: number
  originals: number
  films: string[]
  /** Only one film, on these days of the week (Sunday is 0); without it the hall plays from opening to closing. */
  evenings?: { weekdays: number[]; at: string }
}

type HallData = {
  number: number
  name: string
  screen_type: string
  sound_system: string
  layout: LayoutSpec
  broken_seat?: string
  programme: Programme
}

const hallsOf = (cinema: { name: string; halls: HallData[] }) => cinema.halls.map((hall) => ({ cinema: cinema.name, ...hall }))

export const demoCinemas = cinemas.map(({ name }) => name)
export const demoHalls = cinemas.flatMap(hallsOf)

const accessibility = { step_free: true, hearing_loop: true, wheelchair_places: true }

/** Cinemas, halls and their seats, in three statements. */
export const seedHalls = async (db: Db, currency: string): Promise<void> => {
  await sql`
    insert into cinemas (name, city, address, phone, email, latitude, longitude, opening_time, closing_time, facilities, currency)
    select name, city, address, phone, email, latitude, longitude, opening_time, closing_time, facilities, ${currency}
      from jsonb_to_recordset(${JSON.stringify(cinemas)}::jsonb)
        as c (name text, city text, address text, phone text, email text, latitude float8, longitude float8,
              opening_time time, closing_time time, facilities jsonb)`.execute(db)
  const halls = demoHalls.map((hall) => ({ ...hall, ...buildLayout(hall.layout) }))
  const plain = halls.map(({ seats: _, ...hall }) => ({ ...hall, accessibility }))
  await sql`
    insert into halls (cinema_id, name, hall_number, rows, seats_per_row, screen_type, sound_system, accessibility, seat_map)
    select c.id, h.name, h.number, h.rows, h.seats_per_row, h.screen_type, h.sound_system, h.accessibility, h.seat_map
      from jsonb_to_recordset(${JSON.stringify(plain)}::jsonb)
        as h (cinema text, name text, number integer, rows integer, seats_per_row integer, screen_type text, sound_system text,
              accessibility jsonb, seat_map jsonb)
      join cinemas c on c.name = h.cinema`.execute(db)
  const seats = halls.flatMap(({ cinema, number, ...hall }) => hall.seats.map((seat) => ({ cinema, number, ...seat })))
  await sql`
    insert into seats (hall_id, seat_row, seat_number, seat_type, x, y, rotation, pair_id)
    select h.id, s.seat_row, s.seat_number, s.seat_type, s.x, s.y, s.rotation, s.pair_id
      from jsonb_to_recordset(${JSON.stringify(seats)}::jsonb)
        as s (cinema text, number integer, seat_row text, seat_number integer, seat_type seat_type,
              x float8, y float8, rotation float8, pair_id integer)
      join cinemas c on c.name = s.cinema
      join halls h on h.cinema_id = c.id and h.hall_number = s.number`.execute(db)
}
