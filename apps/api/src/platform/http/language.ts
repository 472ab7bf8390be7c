import { type Locale, locales } from '../i18n.ts'

const isLocale = (tag: string): tag is Locale => (locales as readonly string[]).includes(tag)
const COOKIE = /(?:^|;\s*)marquee_lang=(\w\w)(?:;|$)/
const MOST_TAGS = 20

/** The tags of an `Accept-Language`, the most wanted first; those refused by q=0 are left out. */
const tagsOf = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',', MOST_TAGS)
    .map((part) => {
      const [tag = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/)
      const quality = parameters.find((parameter) => parameter.startsWith('q='))
      return { tag, quality: quality === undefined ? 1 : Number(quality.slice(2)) }
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)

/** The first language asked for that we speak. */
export const preferredLocale = (header: string | undefined): Locale | undefined =>
  tagsOf(header)
    .map((tag) => tag.slice(0, 2))
    .find(isLocale)

/** As the web app chooses: what was chosen before; Ukrainian in Ukraine; else the first language that we speak. */
export const visitorLocale = ({
  cookie,
  'accept-language': header,
}: {
  cookie?: string | undefined
  'accept-language'?: string | undefined
}): Locale => {
  const chosen = COOKIE.exec(cookie ?? '')?.[1]
  if (chosen !== undefined && isLocale(chosen)) return chosen
  if (tagsOf(header).some((tag) => tag.endsWith('-ua'))) return 'uk'
  return preferredLocale(header) ?? 'en'
}
