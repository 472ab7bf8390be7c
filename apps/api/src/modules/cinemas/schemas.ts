import { type Static, Type } from 'typebox'

import { listOf, pageQuery } from '#platform/http/pagination.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

const FACT_NAME = '^[a-z][a-z0-9_]{0,49}$'
/** No zero bytes and no halves of characters: the database cannot keep them in JSON. */
const FACT_TEXT = '^[^\\u0000\\p{Cs}]*$'

export const Fact = Type.Union([Type.String({ maxLength: 1000, pattern: FACT_TEXT }), Type.Number(), Type.Boolean(), Type.Null()])
export const factsOf = { type: 'object', maxProperties: 50, propertyNames: { pattern: FACT_NAME } } as const

/** Named plain facts, such as `{ "parking": true, "website": "…" }`. */
export const Facts = Type.Unsafe<Record<string, string | number | boolean | null>>({ ...factsOf, additionalProperties: Fact })
/** Stored facts on their way out. */
export const StoredFacts = Type.Unsafe<unknown>({ type: 'object', additionalProperties: true })

const WallTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'HH:MM on the cinema’s clock.' })

export const CinemaCreate = shape(
  'CinemaCreate',
  {
    name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
    address: Type.String({ minLength: 1, maxLength: 300, pattern: '\\S' }),
    city: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
    phone: Type.Optional(Nullable(Type.String({ maxLength: 32, pattern: '^[+0-9 ()-]{5,32}$' }))),
    email: Type.Optional(Nullable(Type.String({ format: 'email', maxLength: 254 }))),
    latitude: Type.Optional(Nullable(Type.Number({ minimum: -90, maximum: 90 }))),
    longitude: Type.Optional(Nullable(Type.Number({ minimum: -180, maximum: 180 }))),
    opening_time: Type.Optional(WallTime),
    closing_time: Type.Optional(
      Type.String({ ...WallTime, description: 'Before the opening: on the next day. The same: round the clock.' }),
    ),
    timezone: Type.Optional(Type.String({ maxLength: 50, description: 'IANA name, such as Europe/Kyiv.' })),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217, with two decimals.' })),
    facilities: Type.Optional(Facts),
  },
  {
    name: 'Kino Odesa',
    address: '1 Derybasivska St',
    city: 'Odesa',
    opening_time: '09:00',
    closing_time: '01:00',
    timezone: 'Europe/Kyiv',
  },
)
export type CinemaCreate = Static<typeof CinemaCreate>

export const Cinema = shape('Cinema', {
  id: Id,
  name: Type.String(),
  address: Type.String(),
  city: Type.String(),
  phone: Nullable(Type.String()),
  email: Nullable(Type.String()),
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
  opening_time: Type.String(),
  closing_time: Type.String(),
  timezone: Type.String(),
  currency: Type.String(),
  facilities: StoredFacts,
  is_active: Type.Boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type Cinema = Static<typeof Cinema>

export const CinemaList = listOf('CinemaList', ref(Cinema))

export const CinemaFilter = Type.Object(
  {
    city: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    is_active: Type.Boolean({ default: true }),
    ...pageQuery,
  },
  strict,
)
export type CinemaFilter = Static<typeof CinemaFilter>

export const cinemasShapes = [CinemaCreate, Cinema, CinemaList]
