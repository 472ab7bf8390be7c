import { invalid } from '#platform/errors.ts'
import type { CinemaSearch } from './schemas.ts'

const EARTH_RADIUS_KM = 6371.0088
const DEGREES = 180 / Math.PI
/** Rounding must not leave out what lies on the edge; the distance itself is compared afterwards. */
const SLACK_DEGREES = 1e-6

export type Place = { latitude: number; longitude: number }
/** A box that an index can look in. Where it crosses the date line it has two spans of longitude. */
export type Box = { south: number; north: number; spans: { west: number; east: number }[] }

const ALL_AROUND = [{ west: -180, east: 180 }]

const spansOf = (longitude: number, reach: number) => {
  const [west, east] = [longitude - reach, longitude + reach]
  if (reach >= 180) return ALL_AROUND
  if (west < -180)
    return [
      { west: west + 360, east: 180 },
      { west: -180, east },
    ]
  if (east > 180)
    return [
      { west, east: 180 },
      { west: -180, east: east - 360 },
    ]
  return [{ west, east }]
}

/** The smallest box of latitudes and longitudes that contains everything within the radius. */
export const boxAround = ({ latitude, longitude }: Place, radius_km: number): Box => {
  const angle = radius_km / EARTH_RADIUS_KM
  const reach = angle * DEGREES + SLACK_DEGREES
  const [south, north] = [latitude - reach, latitude + reach]
  // Around a pole every longitude is near.
  if (south <= -90 || north >= 90) return { south: Math.max(south, -90), north: Math.min(north, 90), spans: ALL_AROUND }
  const widest = Math.asin(Math.min(1, Math.sin(angle) / Math.cos(latitude / DEGREES))) * DEGREES
  return { south, north, spans: spansOf(longitude, widest + SLACK_DEGREES) }
}

const one = (query: CinemaSearch, name: 'latitude' | 'longitude', alias: 'lat' | 'lng'): number => {
  if (query[name] !== undefined && query[alias] !== undefined)
    throw invalid(`/${alias}`, `Give ${name} or ${alias}, not both.`, 'cinemas.said_twice')
  const value = query[name] ?? query[alias]
  if (value === undefined) throw invalid(`/${name}`, 'Give latitude and longitude.', 'request.missing_field')
  return value
}

export const placeOf = (query: CinemaSearch): Place => ({
  latitude: one(query, 'latitude', 'lat'),
  longitude: one(query, 'longitude', 'lng'),
})
