import fc from 'fast-check'
import { expect, test } from 'vitest'

import { boxAround, type Place } from './nearby.ts'

const EARTH_RADIUS_KM = 6371.0088
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** The spherical law of cosines: another formula than the database's. */
const distance = (a: Place, b: Place) =>
  EARTH_RADIUS_KM *
  Math.acos(
    Math.min(
      1,
      Math.max(
        -1,
        Math.sin(radians(a.latitude)) * Math.sin(radians(b.latitude)) +
          Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.cos(radians(a.longitude - b.longitude)),
      ),
    ),
  )

const place = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
})
const radius = fc.double({ min: 0.1, max: 500, noNaN: true })

const contains = (box: ReturnType<typeof boxAround>, { latitude, longitude }: Place) =>
  latitude >= box.south && latitude <= box.north && box.spans.some(({ west, east }) => longitude >= west && longitude <= east)

/** A place at this distance in this direction. */
const away = ({ latitude, longitude }: Place, km: number, bearing: number): Place => {
  const [angle, lat] = [km / EARTH_RADIUS_KM, radians(latitude)]
  const sine = Math.sin(lat) * Math.cos(angle) + Math.cos(lat) * Math.sin(angle) * Math.cos(bearing)
  const there = Math.asin(Math.min(1, Math.max(-1, sine)))
  const turn = Math.atan2(Math.sin(bearing) * Math.sin(angle) * Math.cos(lat), Math.cos(angle) - Math.sin(lat) * Math.sin(there))
  const east = longitude + (turn * 180) / Math.PI
  return { latitude: (there * 180) / Math.PI, longitude: ((((east + 180) % 360) + 360) % 360) - 180 }
}

test('R-045 whatever lies within the radius lies in the box, across the date line and at the poles too', () => {
  fc.assert(
    fc.property(
      place,
      radius,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
      (from, km, part, bearing) => {
        const to = away(from, km * part, bearing)
        expect(distance(from, to)).toBeLessThan(km + 0.2)
        expect(contains(boxAround(from, km), to)).toBe(true)
      },
    ),
    { numRuns: 2000 },
  )
})

test('R-045 the box is a small one: away from the poles nothing in it is farther than the corner of a square', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -60, max: 60, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
      radius,
      (latitude, longitude, km) => {
        const box = boxAround({ latitude, longitude }, km)
        expect((box.north - box.south) * 111.2).toBeLessThan(2 * km + 0.1)
        const width = box.spans.reduce((sum, { west, east }) => sum + east - west, 0)
        expect(width * 111.2 * Math.cos(radians(Math.abs(latitude)))).toBeLessThan(2 * km * 1.2 + 0.1)
      },
    ),
  )
})

test.each([
  [{ latitude: -17, longitude: 179.99 }, 2],
  [{ latitude: -17, longitude: -179.99 }, 2],
  [{ latitude: 50, longitude: 30 }, 1],
  [{ latitude: 89.99, longitude: 30 }, 1],
])('a box at %o has %i spans of longitude', (from, spans) => {
  expect(boxAround(from, 10).spans).toHaveLength(spans)
})
