import { type Locale, translator } from '#platform/i18n.ts'
import { createAnswers, type Deps, type Page } from './page.ts'
import { listAddresses } from './repository.ts'
import { MOST_ADDRESSES, writeRobots, writeSitemap } from './site-map.ts'
import { createSubjects } from './subjects.ts'

export type { Answer, Page } from './page.ts'

const DAYS_MAPPED = 14

/** What each page of the web app says of itself, and the first answers it needs. Only what everybody may read. */
export const createPagesService = (deps: Deps) => {
  const { db, publicUrl } = deps
  const read = createAnswers(deps)

  const plain = (name: string, locale: Locale, path?: string): Page => {
    const t = translator(locale)
    const head = { title: t(`page.${name}.title`), description: t(`page.${name}.description`) }
    return { status: 200, head: { ...head, ...(path && { canonical: `${publicUrl}${path}` }) }, answers: [] }
  }

  return {
    ...createSubjects(deps),
    home: async (locale: Locale, chosen: { cinema: string | undefined; date: string | undefined }): Promise<Page> => {
      const page = plain('home', locale, '/')
      const [{ items, answer }, films] = await Promise.all([read.cinemas(), read.films()])
      const oldest = items.toSorted((a, b) => a.id - b.id)[0]
      const place = items.find(({ id }) => String(id) === chosen.cinema) ?? oldest
      const things = [{ '@type': 'WebSite', '@id': `${publicUrl}/`, url: `${publicUrl}/`, name: 'Marquee' }]
      const day = place ? [await read.day(place, chosen.date)] : []
      return { ...page, head: { ...page.head, things }, answers: [answer, ...day, films] }
    },
    films: (locale: Locale) => plain('films', locale, '/films'),
    cinemas: async (locale: Locale): Promise<Page> => {
      const { answer } = await read.cinemas()
      return { ...plain('cinemas', locale, '/cinemas'), answers: [answer] }
    },
    /** Somebody's own pages: nothing to be found by, nothing to be written into them. */
    own: (locale: Locale) => plain('own', locale),
    /** The database is away: the app starts all the same, and goes on asking. */
    away: (locale: Locale): Page => ({ ...plain('own', locale), status: 503 }),
    missing: (locale: Locale): Page => ({ ...plain('missing', locale), status: 404 }),

    sitemap: async () => writeSitemap(await listAddresses(db, DAYS_MAPPED, MOST_ADDRESSES), publicUrl),
    robots: () => writeRobots(publicUrl),
  }
}
export type PagesService = ReturnType<typeof createPagesService>
