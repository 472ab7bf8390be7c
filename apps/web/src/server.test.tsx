import { expect, test } from 'vitest'

import { LANGUAGES, type Language } from '#lib/language.ts'
import { type Asked, paint } from './server.tsx'

const NOW = Date.parse('2026-11-21T10:00:00Z')
const list = (...items: object[]) => ({ items, total: items.length, page: 1, size: 100, pages: 1 })

const cinema = {
  id: 1,
  name: 'Marquee Podil',
  city: 'Kyiv',
  address: 'Khreshchatyk 1',
  timezone: 'Europe/Kyiv',
  opening_time: '09:00',
  closing_time: '23:00',
  phone: null,
  email: null,
  latitude: null,
  longitude: null,
}
const film = {
  id: 10,
  title: 'Dune',
  original_title: 'Dune',
  description: 'Sand.',
  translations: { uk: { title: 'Дюна', description: 'Пісок.' }, ru: { title: 'Дюна', description: 'Песок.' } },
  duration_minutes: 155,
  release_year: 2021,
  certification: { name: '12+', min_age: 12 },
  rating: 8,
  genres: [{ slug: 'drama', name: 'Drama' }],
  director: 'Denis Villeneuve',
  cast: ['Zendaya'],
  poster_url: '/media/posters/dune.svg',
  trailer_url: null,
}
const showing = (id: number, start_time: string) => ({
  id,
  movie_id: 10,
  movie_title: 'Dune',
  cinema_id: 1,
  cinema_name: cinema.name,
  hall_name: 'Red',
  start_time,
  end_time: '2026-11-21T20:00:00Z',
  business_day: '2026-11-21',
  status: 'scheduled',
  language: 'uk',
  subtitles: null,
  format_3d: false,
  format_imax: false,
  base_price: 200,
  currency: 'UAH',
  available_seats: 50,
  sold_tickets: 0,
  reserved_tickets: 0,
  sales_open_at: null,
  sales_close_at: null,
})
const showings = list(showing(1, '2026-11-21T09:00:00Z'), showing(2, '2026-11-21T17:30:00Z'))

const answersWith = (shown: object): Asked['answers'] => ({
  '/api/v1/cinemas?size=100': list(cinema),
  '/api/v1/cinemas/1': cinema,
  '/api/v1/movies?is_active=true&size=100': list(shown),
  '/api/v1/movies/10': shown,
  '/api/v1/movies/10/sessions?size=100': showings,
  '/api/v1/sessions?cinema_id=1&date=2026-11-21&size=100': showings,
})

const paintAt = (address: string, language: Language, answers = answersWith(film)) =>
  paint({ address, language, now: NOW, cinema: undefined, answers })

const WORDS = {
  uk: { title: 'Дюна', story: 'Пісок.', today: 'Сьогодні', cinemas: 'Кінотеатри' },
  ru: { title: 'Дюна', story: 'Песок.', today: 'Сегодня', cinemas: 'Кинотеатры' },
  en: { title: 'Dune', story: 'Sand.', today: 'Today', cinemas: 'Cinemas' },
} as const

test.for(LANGUAGES)('the first picture of each page is whole before any script has run (%s)', async (language) => {
  const words = WORDS[language]
  const filmPage = await paintAt('/films/10-dune', language)
  expect(filmPage).toMatch(new RegExp(`<h1[^>]*>${words.title}</h1>`))
  expect(filmPage).toContain(words.story)
  expect(filmPage).toContain('19:30')
  const home = await paintAt('/', language)
  expect(home).toMatch(new RegExp(`<h1[^>]*>${words.today}`))
  expect(home).toMatch(new RegExp(`<a[^>]*href="/films/10-dune"[^>]*>${words.title}</a>`))
  expect(home).toMatch(/<a[^>]*href="\/showing\/2"/)
  // What has begun is not offered.
  expect(home).not.toContain('href="/showing/1"')
  expect(await paintAt('/cinemas', language)).toMatch(new RegExp(`<h1[^>]*>${words.cinemas}</h1>`))
  expect(await paintAt('/cinemas/1-marquee-podil', language)).toContain('href="/showing/2"')
})

test('many pages at once are each painted in their own language and from their own answers', async () => {
  const asked = Array.from({ length: 12 }, (_, index) => LANGUAGES[index % LANGUAGES.length] ?? 'en')
  const pages = await Promise.all(
    asked.map((language, index) => paintAt('/films/10-dune', language, answersWith({ ...film, director: `Director ${index}` }))),
  )
  for (const [index, page] of pages.entries()) {
    expect(page).toContain(WORDS[asked[index] ?? 'en'].story)
    expect(page).toContain(`Director ${index}<`)
  }
})

test('a picture has one picture to wait for, ids that are its own, and nothing that belongs into the head', async () => {
  for (const address of ['/', '/films/10-dune', '/cinemas', '/cinemas/1']) {
    const page = await paintAt(address, 'uk')
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    expect(ids).toEqual([...new Set(ids)])
    expect(page).not.toMatch(/<title|<link|<script|<style/)
    // The policy of pages takes no style from their text: what it says would be lost.
    expect(page).not.toMatch(/\sstyle=/)
    expect(page.match(/fetchpriority="high"/gi)?.length ?? 0).toBe(/cinemas/.test(address) ? page.split('<img').length - 1 : 1)
  }
})

test('a name cannot smuggle markup into a picture', async () => {
  const name = `</script><script>alert(1)</script><img onerror="x"> "' $& <!--$!-->`
  const mean = { ...film, title: name, translations: {}, description: name, director: name, genres: [{ slug: name, name }] }
  for (const address of ['/', '/films/10-dune']) {
    const page = await paintAt(address, 'en', answersWith(mean))
    expect(page).toContain('&lt;script&gt;')
    expect(page).not.toMatch(/<script|<img onerror|<!--\$!-->/)
  }
})

test('what lacks an answer, or leads elsewhere, is left to the browser', async () => {
  await expect(paintAt('/films/11', 'uk')).rejects.toThrow('/films/11')
  await expect(paintAt('/films', 'uk')).rejects.toThrow('/films')
  await expect(paintAt('/films/10-dune', 'uk')).resolves.toContain('Дюна')
})
