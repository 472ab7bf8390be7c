import { createJsonLd } from './json-ld.ts'
import type { Address } from './repository.ts'
import { escapeMarkup } from './rules.ts'

const STANDING = ['/', '/films', '/cinemas']
/** The protocol's own limit, less the pages that stand in no table. */
export const MOST_ADDRESSES = 50_000 - STANDING.length
const PRIVATE = ['/account', '/pay/', '/order/', '/staff', '/search', '/api/', '/docs', '/redoc']

export const writeSitemap = (addresses: Address[], publicUrl: string): string => {
  const { filmUrl, cinemaUrl, showingUrl } = createJsonLd(publicUrl)
  const urlOf = (address: Address) => {
    if (address.kind === 'film') return filmUrl({ id: address.id, title: address.name })
    return address.kind === 'cinema' ? cinemaUrl(address) : showingUrl(address.id)
  }
  const entry = (url: string, changed = '') => `<url><loc>${escapeMarkup(url)}</loc>${changed}</url>`
  const entries = [
    ...STANDING.map((path) => entry(publicUrl + path)),
    ...addresses.map((address) => entry(urlOf(address), `<lastmod>${address.updated_at.toISOString()}</lastmod>`)),
  ]
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('\n')}\n</urlset>\n`
}

export const writeRobots = (publicUrl: string): string =>
  ['User-agent: *', ...PRIVATE.map((path) => `Disallow: ${path}`), '', `Sitemap: ${publicUrl}/sitemap.xml`, ''].join('\n')
