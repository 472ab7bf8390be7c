import { type Static, Type } from 'typebox'

import { listOf, pageQuery } from '#platform/http/pagination.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'
import { termsShapes } from './terms.schemas.ts'

export type { ReturnTerms } from './terms.schemas.ts'

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

const required = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  address: Type.String({ minLength: 1, maxLength: 300, pattern: '\\S' }),
  city: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
}
const Latitude = Type.Number({ minimum: -90, maximum: 90 })
const Longitude = Type.Number({ minimum: -180, maximum: 180 })

const optional = {
  phone: Type.Optional(Nullable(Type.String({ maxLength: 32, pattern: '^[+0-9 ()-]{5,32}$' }))),
  email: Type.Optional(Nullable(Type.String({ format: 'email', maxLength: 254 }))),
  latitude: Type.Optional(Nullable(Latitude)),
  longitude: Type.Optional(Nullable(Longitude)),
  opening_time: Type.Optional(WallTime),
  closing_time: Type.Optional(
    Type.String({ ...WallTime, description: 'Before the opening: on the next day. The same: round the clock.' }),
  ),
  timezone: Type.Optional(Type.String({ maxLength: 50, description: 'IANA name, such as Europe/Kyiv.' })),
  currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217, with two decimals.' })),
  facilities: Type.Optional(Facts),
}

export const CinemaCreate = shape(
  'CinemaCreate',
  { ...required, ...optional },
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

export const CinemaUpdate = shape(
  'CinemaUpdate',
  {
    name: Type.Optional(required.name),
    address: Type.Optional(required.address),
    city: Type.Optional(required.city),
    ...optional,
    is_active: Type.Optional(Type.Boolean({ description: 'False closes the cinema, true opens it again.' })),
  },
  { phone: '+380 48 123 45 67', closing_time: '02:00' },
)
export type CinemaUpdate = Static<typeof CinemaUpdate>

const cinemaFields = {
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
}

export const Cinema = shape('Cinema', cinemaFields)
export type Cinema = Static<typeof Cinema>

export const CinemaList = listOf('CinemaList', ref(Cinema))

export const CinemaNearby = shape('CinemaNearby', {
  ...cinemaFields,
  distance_km: Type.Number({ minimum: 0, description: 'As the crow flies, to the metre.' }),
})
export const CinemaNearbyList = listOf('CinemaNearbyList', ref(CinemaNearby))

const open_now = Type.Optional(
  Type.Boolean({ description: 'True: those that are open at this moment, by their own clocks; false: those that are not.' }),
)

export const CinemaFilter = Type.Object(
  {
    city: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    is_active: Type.Boolean({ default: true }),
    open_now,
    ...pageQuery,
  },
  strict,
)
export type CinemaFilter = Static<typeof CinemaFilter>

const DEFAULT_RADIUS_KM = 10
const MAX_RADIUS_KM = 500

export const CinemaSearch = Type.Object(
  {
    latitude: Type.Optional(Latitude),
    longitude: Type.Optional(Longitude),
    lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90, description: 'The same as latitude; give one of them.' })),
    lng: Type.Optional(Type.Number({ minimum: -180, maximum: 180, description: 'The same as longitude; give one of them.' })),
    radius: Type.Number({
      exclusiveMinimum: 0,
      maximum: MAX_RADIUS_KM,
      default: DEFAULT_RADIUS_KM,
      description: 'In kilometres.',
    }),
    open_now,
    ...pageQuery,
  },
  strict,
)
export type CinemaSearch = Static<typeof CinemaSearch>

export const cinemasShapes: object[] = [
  ...termsShapes,
  CinemaCreate,
  CinemaUpdate,
  Cinema,
  CinemaList,
  CinemaNearby,
  CinemaNearbyList,
]
