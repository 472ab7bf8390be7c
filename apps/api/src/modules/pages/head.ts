import type { Locale } from '#platform/i18n.ts'
import { escapeJson, escapeMarkup, shorten } from './rules.ts'

/** What a page says of itself before any script has run. */
export type Head = {
  title: string
  description: string
  /** Missing: this address is nothing to be found by. */
  canonical?: string
  image?: string
  kind?: 'website' | 'video.movie'
  things?: object[]
}

const MOST_DESCRIBED = 200
const OG_LOCALES: Record<Locale, string> = { uk: 'uk_UA', ru: 'ru_UA', en: 'en_GB' }

const tag = (attribute: 'name' | 'property', name: string, content: string | undefined) =>
  content === undefined ? [] : [`<meta ${attribute}="${name}" content="${escapeMarkup(content)}">`]

export const writeHead = ({ title, description, canonical, image, kind = 'website', things }: Head, locale: Locale): string => {
  const said = shorten(description, MOST_DESCRIBED)
  const graph = things && JSON.stringify({ '@context': 'https://schema.org', '@graph': things })
  return [
    `<title>${escapeMarkup(title)}</title>`,
    ...tag('name', 'description', said),
    ...(canonical ? [`<link rel="canonical" href="${escapeMarkup(canonical)}">`] : tag('name', 'robots', 'noindex')),
    ...tag('property', 'og:site_name', 'Marquee'),
    ...tag('property', 'og:type', kind),
    ...tag('property', 'og:locale', OG_LOCALES[locale]),
    ...tag('property', 'og:title', title),
    ...tag('property', 'og:description', said),
    ...tag('property', 'og:url', canonical),
    ...tag('property', 'og:image', image),
    ...tag('name', 'twitter:card', image ? 'summary_large_image' : 'summary'),
    ...tag('name', 'twitter:title', title),
    ...tag('name', 'twitter:description', said),
    ...tag('name', 'twitter:image', image),
    ...(graph ? [`<script type="application/ld+json">${escapeJson(graph)}</script>`] : []),
  ].join('\n    ')
}

/** Together no longer than this: a page that waits for its data saves nothing. */
const MOST_CARRIED = 96 * 1024

/** The first answers that the page will ask for, by path, as JSON; whatever does not fit is asked for. */
export const carry = (answers: Record<string, string>): string => {
  let left = MOST_CARRIED
  const carried = Object.entries(answers).filter(([, json]) => {
    const fits = json.length <= left
    if (fits) left -= json.length
    return fits
  })
  return `{${carried.map(([path, json]) => `${JSON.stringify(path)}:${json}`).join(',')}}`
}

export const writeState = (answers: string): string =>
  `<script type="application/json" id="preload">${escapeJson(answers)}</script>\n  `
