import type { Cinema } from './api.ts'

export type Place = { latitude: number; longitude: number }

const EARTH_KM = 6371
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** As the crow flies. */
export const distanceKm = (a: Place, b: Place): number => {
  const [dLat, dLng] = [radians(b.latitude - a.latitude) / 2, radians(b.longitude - a.longitude) / 2]
  const h = Math.sin(dLat) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(dLng) ** 2
  return 2 * EARTH_KM * Math.asin(Math.sqrt(h))
}

export type CinemaNearby = { cinema: Cinema; km: number | undefined }

/** Nearest first; those whose place nobody wrote down come last. */
export const byDistance = (cinemas: Cinema[], here: Place | undefined): CinemaNearby[] =>
  cinemas
    .map((cinema) => {
      const { latitude, longitude } = cinema
      const known = here !== undefined && latitude !== null && longitude !== null
      return { cinema, km: known ? distanceKm(here, { latitude, longitude }) : undefined }
    })
    .toSorted((a, b) => (a.km ?? Infinity) - (b.km ?? Infinity) || a.cinema.id - b.cinema.id)

const PATIENCE_MS = 10_000

/** Asks the browser, and through it the person; only ever called from a click. */
export const whereAmI = (): Promise<Place> =>
  new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => resolve({ latitude, longitude }),
      () => reject(new Error('The place is not known.')),
      { timeout: PATIENCE_MS, maximumAge: 600_000 },
    )
  })
