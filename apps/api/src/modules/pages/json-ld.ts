import type { Cinema } from '#modules/cinemas/schemas.ts'
import type { Movie } from '#modules/movies/schemas.ts'
import type { Session } from '#modules/sessions/schemas.ts'
import { absolute, slugOf, withOffset } from './rules.ts'

type Thing = Record<string, unknown>
const person = ({ name }: { name: string }) => ({ '@type': 'Person', name })
const schemaOrg = (name: string) => `https://schema.org/${name}`

const EVENT_STATUS = {
  scheduled: schemaOrg('EventScheduled'),
  rescheduled: schemaOrg('EventRescheduled'),
  finished: schemaOrg('EventScheduled'),
  cancelled: schemaOrg('EventCancelled'),
}

/** The words of schema.org, by which search engines understand what is shown where. */
export const createJsonLd = (publicUrl: string) => {
  const filmUrl = ({ id, title }: Pick<Movie, 'id' | 'title'>) => `${publicUrl}/films/${slugOf({ id, name: title })}`
  const cinemaUrl = (cinema: Pick<Cinema, 'id' | 'name'>) => `${publicUrl}/cinemas/${slugOf(cinema)}`
  const showingUrl = (id: number) => `${publicUrl}/showing/${id}`

  const film = (movie: Movie, words: { title: string; description: string }): Thing => ({
    '@type': 'Movie',
    '@id': filmUrl(movie),
    url: filmUrl(movie),
    name: words.title,
    ...(movie.original_title && movie.original_title !== words.title && { alternateName: movie.original_title }),
    ...(words.description && { description: words.description }),
    ...(movie.poster_url && { image: absolute(movie.poster_url, publicUrl) }),
    ...(movie.release_year && { datePublished: String(movie.release_year) }),
    duration: `PT${movie.duration_minutes}M`,
    ...(movie.certification && { contentRating: movie.certification.name }),
    genre: movie.genres.map(({ name }) => name),
    director: movie.directors.map(person),
    actor: movie.stars.map(person),
  })

  const cinema = (place: Cinema): Thing => ({
    '@type': 'MovieTheater',
    '@id': cinemaUrl(place),
    url: cinemaUrl(place),
    name: place.name,
    address: { '@type': 'PostalAddress', streetAddress: place.address, addressLocality: place.city },
    ...(place.phone && { telephone: place.phone }),
    ...(place.latitude !== null &&
      place.longitude !== null && {
        geo: { '@type': 'GeoCoordinates', latitude: place.latitude, longitude: place.longitude },
      }),
  })

  const showing = (session: Session, place: Cinema, work: Thing): Thing => ({
    '@type': 'ScreeningEvent',
    '@id': showingUrl(session.id),
    url: showingUrl(session.id),
    name: work['name'],
    startDate: withOffset(session.start_time, place.timezone),
    endDate: withOffset(session.end_time, place.timezone),
    eventStatus: EVENT_STATUS[session.status],
    eventAttendanceMode: schemaOrg('OfflineEventAttendanceMode'),
    location: cinema(place),
    workPresented: work,
    ...(work['image'] !== undefined && { image: work['image'] }),
    inLanguage: session.language,
    ...(session.subtitles && { subtitleLanguage: session.subtitles }),
    videoFormat: session.format_imax ? 'IMAX' : session.format_3d ? '3D' : '2D',
    offers: {
      '@type': 'Offer',
      url: showingUrl(session.id),
      price: session.base_price.toFixed(2),
      priceCurrency: session.currency,
      availability: schemaOrg(session.available_seats > 0 ? 'InStock' : 'SoldOut'),
    },
  })

  return { filmUrl, cinemaUrl, showingUrl, film, cinema, showing }
}
