import { createHash } from 'node:crypto'

const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script>/gi
/** Data, not code: browsers run neither and ask no policy about them. */
const DATA = /type=["']?(application\/(ld\+)?json|text\/plain)/i

const hashesOf = (page: string): string[] =>
  [...page.matchAll(SCRIPT)]
    .filter(([, attributes = '', text = '']) => !/\bsrc=/.test(attributes) && !DATA.test(attributes) && text.trim() !== '')
    .map(([, , text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)

const TRAILERS = 'https://www.youtube-nocookie.com https://www.youtube.com https://player.vimeo.com'

/** What Stripe's form needs of a page (docs.stripe.com/security/guide#content-security-policy): its script, its frames, its API. */
export const STRIPE_ORIGINS = {
  script: ['https://js.stripe.com', 'https://*.js.stripe.com'],
  frame: ['https://js.stripe.com', 'https://*.js.stripe.com', 'https://hooks.stripe.com'],
  connect: ['https://api.stripe.com'],
}
/** Origins that a page needs beside its own. */
type Guests = typeof STRIPE_ORIGINS
const NOBODY: Guests = { script: [], frame: [], connect: [] }

/**
 * Scripts are this site's files, or those written into its page when it was built; styles are its files. What a running
 * script sets on an element is no text of the page, so no policy asks about it; a painted page has no style attribute.
 */
export const contentSecurityPolicy = (page: string, assetBase: string, guests: Guests = NOBODY): string => {
  const assets = assetBase ? [new URL(assetBase).origin] : []
  const own = (...others: string[]) => ["'self'", ...assets, ...others].join(' ')
  return [
    "default-src 'none'",
    `script-src ${own(...hashesOf(page), ...guests.script)}`,
    `style-src ${own()}`,
    `font-src ${own()}`,
    `img-src ${own('data:', 'blob:', 'https:', 'http:')}`,
    "media-src 'self' blob: https:",
    `connect-src ${own(...guests.connect)}`,
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    `frame-src ${[TRAILERS, ...guests.frame].join(' ')}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
