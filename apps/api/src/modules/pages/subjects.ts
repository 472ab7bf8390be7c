import type { Movie } from '#modules/movies/schemas.ts'
import { AppError } from '#platform/errors.ts'
import { type Locale, translator } from '#platform/i18n.ts'
import type { Head } from './head.ts'
import { createJsonLd } from './json-ld.ts'
import { type Answer, API, createAnswers, type Deps, type Page } from './page.ts'
import { absolute, idOf } from './rules.ts'

const EVENTS_TOLD = 20

const noSuchPage = () => new AppError(404, 'request.no_such_route', 'There is nothing at this address.')

const wordsOf = ({ title, description, translations }: Movie, locale: Locale) => ({
  title: translations[locale]?.title ?? title,
  description: translations[locale]?.description || description,
})

const numbered = (slug: string): number => {
  const id = idOf(slug)
  if (id === undefined) throw noSuchPage()
  return id
}

/** The pages of one film, one cinema, one session. */
export const createSubjects = (deps: Deps) => {
  const { movies, cinemas, sessions, publicUrl } = deps
  const read = createAnswers(deps)
  const ld = createJsonLd(publicUrl)

  const film = async (slug: string, locale: Locale): Promise<Page> => {
    const movie = await movies.get(numbered(slug))
    const [{ items: places, answer: theirs }, { items, answer }] = await Promise.all([read.cinemas(), read.showings(movie.id)])
    const t = translator(locale)
    const words = wordsOf(movie, locale)
    const work = ld.film(movie, words)
    const events = items.slice(0, EVENTS_TOLD).flatMap((session) => {
      const place = places.find(({ id }) => id === session.cinema_id)
      return place ? [ld.showing(session, place, { '@type': 'Movie', '@id': work['@id'], name: work['name'] })] : []
    })
    const head: Head = {
      title: t('page.film.title', { title: words.title }),
      description: words.description || t('page.film.description', { title: words.title }),
      kind: 'video.movie',
      things: [work, ...events],
      ...(movie.poster_url && { image: absolute(movie.poster_url, publicUrl) }),
      ...(movie.is_active && { canonical: ld.filmUrl(movie) }),
    }
    return { status: 200, head, answers: [{ path: `${API}/movies/${movie.id}`, shape: 'Movie', body: movie }, answer, theirs] }
  }

  const cinema = async (slug: string, locale: Locale, date: string | undefined): Promise<Page> => {
    const place = await cinemas.get(numbered(slug))
    const t = translator(locale)
    const values = { name: place.name, address: place.address, city: place.city }
    const head: Head = {
      title: t('page.cinema.title', values),
      description: t('page.cinema.description', values),
      things: [ld.cinema(place)],
      ...(place.is_active && { canonical: ld.cinemaUrl(place) }),
    }
    const [{ answer }, day, films] = await Promise.all([read.cinemas(), read.day(place, date), read.films()])
    return {
      status: 200,
      head,
      answers: [{ path: `${API}/cinemas/${place.id}`, shape: 'Cinema', body: place }, answer, day, films],
    }
  }

  const showing = async (text: string, locale: Locale): Promise<Page> => {
    if (!/^\d+$/.test(text)) throw noSuchPage()
    const session = await sessions.get(numbered(text))
    const [movie, place] = await Promise.all([movies.get(session.movie_id), cinemas.get(session.cinema_id)])
    const t = translator(locale)
    const words = wordsOf(movie, locale)
    const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: place.timezone })
    const values = { title: words.title, time: format.format(session.start_time), cinema: place.name, hall: session.hall_name }
    const isOpen = session.is_active && (session.status === 'scheduled' || session.status === 'rescheduled')
    const head: Head = {
      title: t('page.showing.title', values),
      description: t('page.showing.description', values),
      things: [ld.showing(session, place, ld.film(movie, words))],
      ...(movie.poster_url && { image: absolute(movie.poster_url, publicUrl) }),
      ...(isOpen && { canonical: ld.showingUrl(session.id) }),
    }
    const answers: Answer[] = [
      { path: `${API}/sessions/${session.id}`, shape: 'Session', body: session },
      { path: `${API}/movies/${movie.id}`, shape: 'Movie', body: movie },
      { path: `${API}/cinemas/${place.id}`, shape: 'Cinema', body: place },
    ]
    return { status: 200, head, answers }
  }

  return { film, cinema, showing }
}
